"""Cassettes: what is recorded, that it replays, how it reads, and what must never be lost."""

from __future__ import annotations

import asyncio
import gzip
import json
import math
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from vcr.errors import CannotOverwriteExistingCassetteException

from capdraft.client.cassettes import CassetteSession, Mode, RecordedRequest, mismatch, use_cassette
from capdraft.client.cassettes import format as cassette_format
from capdraft.errors import CassetteError, CassetteInvalid, CassetteMismatch, CassetteSecret

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).parents[1] / "conftest.py"
DEAD = "http://127.0.0.1:9/v1"
# Some versions of the SDK wrap what the transport raises, others don't.
UNANSWERED = (openai.APIConnectionError, CannotOverwriteExistingCassetteException)
Answer = tuple[int, dict[str, str], bytes]


class Endpoint:
    """An OpenAI-compatible endpoint on loopback that answers with the prompt in capitals."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Callable[[str], Answer] = lambda prompt: completion(prompt.upper())
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                prompt = body["messages"][-1]["content"]
                endpoint.asked.append(prompt)
                status, headers, answer = endpoint.answer(prompt)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.address}/v1"


def completion(content: str, **headers: str) -> Answer:
    message = {"role": "assistant", "content": content}
    body = {"id": "c1", "object": "chat.completion", "choices": [{"index": 0, "message": message}]}
    return 200, {"content-type": "application/json", **headers}, json.dumps(body).encode()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    served = Endpoint()
    thread = threading.Thread(target=served.server.serve_forever, args=(0.01,))
    thread.start()
    yield served
    served.server.shutdown()
    served.server.server_close()
    thread.join()


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    return tmp_path / "recorded.yaml"


def ask(url: str, *prompts: str, model: str = "small") -> list[str | None]:
    """Ask all `prompts` at once."""

    async def all_at_once() -> list[str | None]:
        async with openai.AsyncOpenAI(base_url=url, api_key="unused", max_retries=0) as client:

            async def one(prompt: str) -> str | None:
                reply = await client.chat.completions.create(
                    model=model, messages=[{"role": "user", "content": prompt}]
                )
                return reply.choices[0].message.content

            return await asyncio.gather(*map(one, prompts))

    return asyncio.run(all_at_once())


def use(cassette: Path, mode: Mode, *asked: tuple[str, str]) -> None:
    """Ask each URL its prompt, one after the other."""
    with use_cassette(cassette, mode):
        for url, prompt in asked:
            ask(url, prompt)


def record(cassette: Path, endpoint: Endpoint, *prompts: str) -> None:
    use(cassette, "once", *((endpoint.url, prompt) for prompt in prompts))


def refusal(cassette: Path, *prompts: str) -> CassetteError:
    """Replay `prompts` and return what `mismatch` makes of the error."""
    with pytest.raises(UNANSWERED) as caught:
        use(cassette, "none", *((DEAD, prompt) for prompt in prompts))
    problem = mismatch(caught.value)
    assert problem is not None
    return problem


def stored(raw: bytes) -> tuple[str, bytes]:
    """Return the text of a cassette whose response is `raw`, and the response read from it."""
    request = {"method": "POST", "uri": "http://h/v1/x", "headers": {}, "body": b""}
    status = {"code": 200, "message": "OK"}
    response = {"status": status, "headers": {}, "body": {"string": raw}}
    text = cassette_format.serialize({"interactions": [{"request": request, "response": response}]})
    body = cassette_format.deserialize(text)["interactions"][0]["response"]["body"]["string"]
    return text, body


def bare(raw: bytes) -> bytes:
    """Return JSON without the white space between its tokens."""
    return re.sub(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+', rb"\1", raw, flags=re.DOTALL)


# ---- replaying


def test_a_recording_replays_from_any_base_url_and_needs_no_settings(
    cassette: Path, endpoint: Endpoint
) -> None:
    with use_cassette(cassette, "once") as recording:
        assert ask(endpoint.url, "one", "two") == ["ONE", "TWO"]
    assert (recording.recorded, recording.played, recording.unused) == (2, 0, 0)

    with use_cassette(cassette, "none") as replay:
        assert replay.first_request() == RecordedRequest("small", endpoint.url)
        assert ask("http://nowhere.invalid/openai/v1", "two") == ["TWO"]
    assert (replay.recorded, replay.played, replay.unused) == (0, 1, 1)
    assert len(endpoint.asked) == 2


def test_answers_to_requests_in_flight_together_are_not_swapped(
    cassette: Path, endpoint: Endpoint
) -> None:
    prompts = [f"prompt {number}" for number in range(12)]
    with use_cassette(cassette, "once"):
        ask(endpoint.url, *prompts)
    with use_cassette(cassette, "none"):
        assert ask(DEAD, *reversed(prompts)) == [p.upper() for p in reversed(prompts)]


def test_an_existing_cassette_is_only_played_by_once(cassette: Path, endpoint: Endpoint) -> None:
    record(cassette, endpoint, "one")
    with pytest.raises(UNANSWERED):
        record(cassette, endpoint, "two")
    assert endpoint.asked == ["one"]


def test_there_must_be_a_cassette_to_play(cassette: Path) -> None:
    with (
        pytest.raises(CassetteInvalid, match="no such cassette") as caught,
        use_cassette(cassette, "none"),
    ):
        pytest.fail("nothing to play")
    assert "--record-mode once" in caught.value.hint


def test_a_compressed_answer_replays_as_the_text_it_was(cassette: Path, endpoint: Endpoint) -> None:
    def compressed(prompt: str) -> Answer:
        status, headers, body = completion(prompt.upper())
        return status, {**headers, "content-encoding": "gzip"}, gzip.compress(body)

    endpoint.answer = compressed
    record(cassette, endpoint, "one")
    assert "content: ONE" in cassette.read_text()
    assert "content-encoding" not in cassette.read_text()
    with use_cassette(cassette, "none"):
        assert ask(DEAD, "one") == ["ONE"]


# ---- what is recorded


def test_cookies_keys_and_organisations_are_not_recorded(
    cassette: Path, endpoint: Endpoint
) -> None:
    private = {"set-cookie": "sid=1", "openai-organization": "acme", "retry-after": "1"}
    endpoint.answer = lambda prompt: completion(prompt, **private)
    url = f"http://user:pass@{endpoint.address}/v1?api-key=abc&sig=def&api-version=3"
    with use_cassette(cassette, "once"):
        asyncio.run(_post(url))
    text = cassette.read_text()
    assert f"uri: http://{endpoint.address}/v1/chat/completions?api-version=3\n" in text
    names = set(re.findall(r"^      ([\w-]+):$", text, re.MULTILINE)) - {"json"}
    assert names == {"content-type", "retry-after"}


async def _post(url: str) -> None:
    base, _, query = url.partition("?")
    body = {"model": "m", "messages": [{"role": "user", "content": "x"}]}
    async with httpx2.AsyncClient(trust_env=False) as client:
        await client.post(f"{base}/chat/completions?{query}", json=body)


@pytest.mark.parametrize(
    ("status", "is_recorded"),
    [(400, True), (401, True), (404, True), (408, False), (409, False), (429, False), (503, False)],
)
def test_only_failures_that_pass_are_left_out(
    cassette: Path, endpoint: Endpoint, status: int, is_recorded: bool
) -> None:
    endpoint.answer = lambda _: (status, {"content-type": "application/json"}, b'{"error": {}}')
    with use_cassette(cassette, "once"):
        with pytest.raises(openai.APIStatusError):
            ask(endpoint.url, "one")
        endpoint.answer = lambda prompt: completion(prompt)
        ask(endpoint.url, "two")
    assert (f"code: {status}" in cassette.read_text()) is is_recorded


# ---- saving


def test_rewrite_replaces_the_file_only_when_the_block_succeeds(
    cassette: Path, endpoint: Endpoint
) -> None:
    record(cassette, endpoint, "old")
    before = cassette.read_bytes()
    with pytest.raises(openai.APIConnectionError):
        use(cassette, "rewrite", (endpoint.url, "new"), (DEAD, "new"))
    assert cassette.read_bytes() == before

    with use_cassette(cassette, "rewrite"):
        ask(endpoint.url, "new")
    assert "content: NEW" in cassette.read_text()
    assert "content: OLD" not in cassette.read_text()
    assert [path.name for path in cassette.parent.iterdir()] == [cassette.name]


def test_rewrite_does_not_mind_what_the_old_file_holds(cassette: Path, endpoint: Endpoint) -> None:
    cassette.write_text("{broken")
    with use_cassette(cassette, "rewrite"):
        ask(endpoint.url, "new")
    assert "content: NEW" in cassette.read_text()


@pytest.mark.parametrize(
    ("decide", "fails", "is_saved"),
    [
        (CassetteSession.keep, True, True),
        (CassetteSession.discard, False, False),
    ],
)
def test_the_session_decides_explicitly(
    cassette: Path,
    endpoint: Endpoint,
    decide: Callable[[CassetteSession], None],
    fails: bool,
    is_saved: bool,
) -> None:
    try:
        with use_cassette(cassette, "once") as session:
            ask(endpoint.url, "one")
            decide(session)
            if fails:
                raise KeyError
    except KeyError:
        pass
    assert cassette.exists() is is_saved


def test_a_full_disk_leaves_the_old_file(
    cassette: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    record(cassette, endpoint, "old")
    before = cassette.read_bytes()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CassetteError, match="No space left"), use_cassette(cassette, "rewrite"):
        ask(endpoint.url, "new")
    assert cassette.read_bytes() == before
    assert [path.name for path in cassette.parent.iterdir()] == [cassette.name]


# ---- secrets


SECRETS = {
    "API key": "sk-proj-" + "aB3dE6gH" * 4,
    "GitHub": "ghp_" + "aB3dE6gH" * 5,
    "GitHub token": "github_pat_" + "aB3dE6gH" * 5,
    "Hugging Face": "hf_" + "aB3dE6gH" * 5,
    "Slack": "xoxb-" + "12345678-" * 3,
    "AWS": "AKIA" + "Q3Z7" * 4,
    "Google": "AIza" + "aB3_E" * 7,
    "JSON Web Token": "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.aB3dE6gHaB3dE6gH",
    "bearer token": "Authorization: Bearer " + "aB3dE6gH" * 4,
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
    "CATALOG_API_KEY": 'opens "all" doors',
    "OUR_SECRET_WORD": "open sesame",
}


@pytest.mark.parametrize(("kind", "secret"), SECRETS.items())
def test_a_cassette_with_a_secret_is_not_saved(
    cassette: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, kind: str, secret: str
) -> None:
    monkeypatch.setenv("CATALOG_API_KEY", SECRETS["CATALOG_API_KEY"])
    monkeypatch.setenv("OUR_SECRET_WORD", SECRETS["OUR_SECRET_WORD"])
    endpoint.answer = lambda prompt: completion(
        json.dumps({"a": [secret]}) if prompt == "leak" else "fine"
    )
    with pytest.raises(CassetteSecret, match=kind) as caught:
        record(cassette, endpoint, "fine", "leak")
    assert "response of interaction 2" in caught.value.message
    assert caught.value.where == str(cassette)
    assert secret not in str(caught.value)
    assert not cassette.exists()
    ask(endpoint.url, "no cassette is in use any more")
    assert endpoint.asked[-1] == "no cassette is in use any more"


def test_placeholders_and_class_names_are_no_secrets(cassette: Path, endpoint: Endpoint) -> None:
    harmless = "sk-xxxxxxxxxxxxxxxxxxxxxxxx sk-text-repr-fallback-label Bearer YOUR_API_KEY hf_xxx"
    record(cassette, endpoint, harmless)
    assert harmless in cassette.read_text()


# ---- mismatches


def test_a_changed_prompt_is_shown_line_by_line_and_uncut(
    cassette: Path, endpoint: Endpoint
) -> None:
    long = "word " * 100 + "end"
    record(cassette, endpoint, f"first\n{long}\nlast")
    problem = refusal(cassette, f"first\n{long}, changed\nlast")
    assert isinstance(problem, CassetteMismatch)
    assert problem.where == str(cassette)
    assert "--record-mode rewrite" in problem.hint
    headline, *diff = problem.message.split("\n")
    assert headline == "the prompt changed since it was recorded (messages):"
    assert diff[:2] == ["--- recorded", "+++ now"]
    assert diff[3:8] == [" [user]", " first", f"-{long}", f"+{long}, changed", " last"]


def test_a_changed_parameter_is_named(cassette: Path, endpoint: Endpoint) -> None:
    record(cassette, endpoint, "one")
    cassette.write_text(cassette.read_text().replace("model: small", "model: large"))
    problem = refusal(cassette, "one")
    headline, *diff = problem.message.split("\n")
    assert headline == "the request changed since it was recorded (model):"
    assert [line for line in diff if line[0] in "+-"][2:] == [
        '-  "model": "large"',
        '+  "model": "small"',
    ]


def test_a_long_difference_says_how_much_more_there_is(cassette: Path, endpoint: Endpoint) -> None:
    same = "\n".join(f"same {n}" for n in range(30))
    record(cassette, endpoint, same + "\nold" * 60)
    message = refusal(cassette, same + "\nnew" * 60).message
    assert len(message.split("\n")) == 1 + 80 + 1
    assert re.search(r"\n… \d+ more lines$", message)


def test_the_only_recorded_request_is_compared_even_if_every_line_changed(
    cassette: Path, endpoint: Endpoint
) -> None:
    record(cassette, endpoint, "old\n" * 200)
    assert "\n-old\n" in refusal(cassette, "new\n" * 200).message


def test_asking_more_often_than_recorded_is_said(cassette: Path, endpoint: Endpoint) -> None:
    record(cassette, endpoint, "one")
    problem = refusal(cassette, "one", "one")
    assert "asked more often than the once it is recorded" in problem.message


def test_nothing_alike_is_said(cassette: Path, endpoint: Endpoint) -> None:
    record(cassette, endpoint, "one")
    text = cassette.read_text()
    cassette.write_text(text.replace("/chat/completions", "/embeddings"))
    assert "nothing like this request is recorded: POST /chat" in refusal(cassette, "one").message


def test_the_closest_request_that_was_not_played_yet_is_compared(
    cassette: Path, endpoint: Endpoint
) -> None:
    record(cassette, endpoint, "head\nplayed\ntail", "head\nwaiting\ntail", "quite different")
    message = refusal(cassette, "head\nplayed\ntail", "head\nplayed twice\ntail").message
    assert "\n-waiting\n+played twice\n" in message


def test_control_characters_are_shown_not_sent_to_the_terminal(
    cassette: Path, endpoint: Endpoint
) -> None:
    record(cassette, endpoint, "line\r\nend")
    message = refusal(cassette, "line\x1b[2J\nend").message
    assert "\n-line\\x0d\n+line\\x1b[2J\n" in message


def test_other_errors_are_no_mismatch() -> None:
    assert mismatch(ValueError("x")) is None


def test_a_mismatch_is_found_behind_other_errors(cassette: Path, endpoint: Endpoint) -> None:
    record(cassette, endpoint, "one")
    with pytest.raises(UNANSWERED) as caught:
        use(cassette, "none", (DEAD, "two"))
    wrapped = openai.APIConnectionError(request=httpx2.Request("POST", DEAD))
    wrapped.__cause__ = caught.value
    for error in (wrapped, ExceptionGroup("tasks", [ValueError(), wrapped])):
        assert isinstance(mismatch(error), CassetteMismatch)


# ---- the format


def test_prompts_and_answers_read_as_lines_and_trees(cassette: Path, endpoint: Endpoint) -> None:
    endpoint.answer = lambda _: completion('{"name": "Größe 📏", "passages": [1, 2]}')
    record(cassette, endpoint, "# Card 🎉\n\n\tx: 1 \nicon \ue0b0 yes\nyes\nan: entry\nx\u2028y")
    shown = cassette.read_text("utf-8")
    assert shown.startswith("version: 1\ninteractions:\n- request:\n    method: POST\n")
    assert (
        "        - role: user\n"
        "          content:\n"
        "            $lines:\n"
        "            - '# Card 🎉'\n"
        "            - ''\n"
        '            - "\\tx: 1 "\n'
        "            - icon \ue0b0 yes\n"
        "            - 'yes'\n"
        "            - 'an: entry'\n"
        '            - "x\\Ly"\n'
    ) in shown
    assert (
        "            content:\n"
        "              $json:\n"
        "                name: Größe 📏\n"
        "                passages:\n"
        "                - 1\n"
        "                - 2\n"
        "              $layout: spaced\n"
    ) in shown


JSON_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
MARKS = ["$lines", "$json", "$layout", "$escaped", "$number", "$pairs", "$literal"]
WORDS = ["<<", "=", "yes", "null", "~", "2024-01-01", "1_0", "- x", "a: b", "", " "]
BREAKS = [
    "a\nb",
    "\n",
    "a\r\nb",
    "\x85",
    "a\u2028b\n",
    "🎉\n ",
    "\ud800",
    "\ufeff",
    "\ue000🎉",
    "\x7f",
]
SPECIAL = st.sampled_from([*MARKS, *WORDS, *BREAKS])
TEXTS = JSON_TEXT | SPECIAL
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def as_embedded(value: Any, indent: int | None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(TEXTS, inner, max_size=3),
        st.builds(
            as_embedded, st.dictionaries(SPECIAL, inner, max_size=2), st.sampled_from([2, 4])
        ),
        st.builds(as_embedded, st.lists(inner, max_size=2), st.none()),
    ),
    max_leaves=8,
)


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
@example({"$json": {"$lines": ["x"]}, "$layout": 1}, None, False)
@example({"$literal": {"$literal": 1}}, None, False)
@example([math.pi, 1e16, 1e-7, -0.0, 10**40], None, False)
def test_any_json_value_comes_back_as_the_bytes_it_was(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    escaped = re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", raw).encode()
    assert bare(stored(escaped)[1]) == bare(escaped)


@pytest.mark.parametrize(
    ("raw", "is_tree"),
    [
        ('{"n": [1.10, 1e400, -0, 1E5, 0.0, 1.0e+5, ' + "9" * 5000 + "]}", True),
        ('{"twice": 1, "twice": {"$lines": "no list"}}', True),
        ('{"html": "\\u003cb\\u003e", "amp": "\\u0026"}', True),
        ('{"ascii": "\\u00e9 \\ud83d\\ude00"}', True),
        ('{"lone": "\\ud800 and \\udfff", "\\ud801": 1}', True),
        ('[{"$json": 1}, {"$number": "x"}, {"$pairs": []}, {"$escaped": "\\\\"}]', True),
        ('{"slash": "a\\/b", "upper": "\\u00E9"}', False),
        ('{"cut off": ', False),
        ("[" * 200 + "]" * 200, False),
        ("data: {}\n\ndata: [DONE]\r\n", False),
        ('"only a string"', False),
        ("", False),
        ("NaN", False),
    ],
)
def test_unusual_bodies_come_back_as_the_bytes_they_were(raw: str, is_tree: bool) -> None:
    text, back = stored(raw.encode())
    assert bare(back) == bare(raw.encode())
    assert ("\n      json:\n" in text) is is_tree


def test_json_in_strings_in_json_is_written_however_deep_it_goes() -> None:
    value: Any = "end"
    for _ in range(9):
        for _ in range(50):
            value = [value]
        value = json.dumps(value, separators=(",", ":"))
    raw = json.dumps({"content": value}).encode()
    assert bare(stored(raw)[1]) == bare(raw)


def test_a_body_that_is_no_text_comes_back() -> None:
    assert stored(b"\xff\x00\xfe")[1] == b"\xff\x00\xfe"


def test_an_answer_in_no_usual_layout_loses_only_white_space() -> None:
    raw = json.dumps({"content": '{"a b" :1,\n "c": [ 2 ]}\n'}).encode()
    text, back = stored(raw)
    assert "$json:\n            a b: 1\n" in text
    assert json.loads(back) == {"content": '{"a b":1,"c":[2]}'}


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        (lambda text: text.replace("method: POST", "method: [POST"), None),
        (lambda text: text.replace("version: 1", "version: 7"), 1),
        (lambda text: text.replace("method: POST", "verb: POST"), 3),
        (lambda text: text.replace("code: 200", "code: fine"), None),
        (lambda text: text.replace("content: one", "content: 2024-01-01"), None),
        (lambda text: text.replace("content: one", "content: {$lines: 3}"), None),
        (lambda text: "version: 1\nwhen: 2024-13-45\n", 1),
        (lambda text: "just: a file\n", 1),
        (lambda text: "- a\n- \x00\n", 2),
        (lambda text: "", 1),
    ],
)
def test_a_file_that_is_no_cassette_is_named_with_its_line(
    cassette: Path, endpoint: Endpoint, broken: Callable[[str], str], line: int | None
) -> None:
    record(cassette, endpoint, "one")
    cassette.write_text(broken(cassette.read_text()))
    with (
        pytest.raises(CassetteInvalid, match="not a cassette") as caught,
        use_cassette(cassette, "none"),
    ):
        pytest.fail("it can't be played")
    assert re.fullmatch(re.escape(str(cassette)) + rf":{line or '[1-9][0-9]*'}", caught.value.where)


def test_a_file_in_no_unicode_is_named_with_its_line(cassette: Path) -> None:
    cassette.write_bytes(b"version: 1\n\xff")
    with pytest.raises(CassetteInvalid) as caught, use_cassette(cassette, "once"):
        pytest.fail("it can't be played")
    assert caught.value.where == f"{cassette}:2"


# ---- under pytest-recording


class Suite:
    """A test module of its own that records from `endpoint`."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.folder = pytester.path / "cassettes" / "test_drafts"
        pytester.makeconftest(CONFTEST.read_text())

    def run(self, body: str, *, url: str, mode: str) -> pytest.RunResult:
        head = (
            "import openai, pytest\n"
            "def ask(prompt):\n"
            f"    with openai.OpenAI(base_url={url!r}, api_key='x', max_retries=0) as client:\n"
            "        reply = client.chat.completions.create(\n"
            "            model='m', messages=[{'role': 'user', 'content': prompt}])\n"
            "    return reply.choices[0].message.content\n"
        )
        self.pytester.makepyfile(test_drafts=head + body)
        return self.pytester.runpytest_inprocess("--record-mode", mode, "-p", "no:cacheprovider")


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


ONE = "@pytest.mark.vcr\ndef test_one():\n    assert ask('one') == 'ONE'\n"


def test_a_test_replays_what_it_recorded(suite: Suite, endpoint: Endpoint) -> None:
    suite.run(ONE, url=endpoint.url, mode="once").assert_outcomes(passed=1)
    suite.run(ONE, url=DEAD, mode="none").assert_outcomes(passed=1)
    assert [path.name for path in suite.folder.iterdir()] == ["test_one.yaml"]


def test_rewrite_keeps_the_old_file_when_the_test_fails(suite: Suite, endpoint: Endpoint) -> None:
    file = suite.folder / "test_one.yaml"
    suite.run(ONE, url=endpoint.url, mode="rewrite").assert_outcomes(passed=1)
    before = file.read_bytes()
    suite.run(ONE, url=DEAD, mode="rewrite").assert_outcomes(failed=1)
    assert file.read_bytes() == before
    endpoint.answer = lambda prompt: completion("another answer")
    suite.run(ONE, url=endpoint.url, mode="rewrite").assert_outcomes(failed=1)
    assert file.read_bytes() == before
    other = ONE.replace("'ONE'", "'another answer'")
    suite.run(other, url=endpoint.url, mode="rewrite").assert_outcomes(passed=1)
    assert "content: another answer" in file.read_text()
    assert "content: ONE" not in file.read_text()


def test_tests_never_share_a_cassette(suite: Suite, endpoint: Endpoint) -> None:
    body = (
        "@pytest.mark.vcr\n@pytest.mark.parametrize('name', ['a/b', 'a-b', 'A-B', 'x' * 200])\n"
        "def test_one(name):\n    assert ask(name) == name.upper()\n"
    )
    suite.run(body, url=endpoint.url, mode="once").assert_outcomes(passed=4)
    suite.run(body, url=DEAD, mode="none").assert_outcomes(passed=4)
    names = sorted(path.name.lower() for path in suite.folder.iterdir())
    assert len(set(names)) == 4
    assert names[0].startswith("test_one[a-b]")


def test_a_changed_prompt_is_explained_in_the_report(suite: Suite, endpoint: Endpoint) -> None:
    suite.run(ONE, url=endpoint.url, mode="once").assert_outcomes(passed=1)
    result = suite.run(ONE.replace("ask('one')", "ask('two')"), url=DEAD, mode="none")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*test_one.yaml: the prompt changed*", "-one", "+two", "*--record-mode rewrite*"]
    )


def test_a_secret_fails_the_test_and_is_not_saved(suite: Suite, endpoint: Endpoint) -> None:
    leak = f"@pytest.mark.vcr\ndef test_leak():\n    ask({SECRETS['GitHub']!r})\n"
    unrecorded = "def test_after():\n    assert ask('one') == 'ONE'\n"
    result = suite.run(leak + unrecorded, url=endpoint.url, mode="rewrite")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*CassetteSecret*request of interaction 1*"])
    assert not suite.folder.exists()
