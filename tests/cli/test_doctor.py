"""`capdraft doctor`: what it says of each part, and how that can be mended."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from capdraft.diagnosing import (
    Diagnosis,
    Scene,
    endpoint,
    examine,
    files,
    look_around,
    machine,
)
from capdraft.diagnosing.examining import Examination
from capdraft.diagnosing.files import examine_disk, examine_locks
from capdraft.diagnosing.machine import EXTRAS, Extra, examine_extras
from capdraft.ledger import Ledger
from capdraft.settings import Settings
from stub_endpoint import Answer, completion, problem, stub_endpoint

Run = Callable[..., Any]
Parts = dict[str, dict[str, str]]
ROOT = Path(__file__).parents[2]
KEY = "sk-doctor-0123456789abcdef"
YES = completion({"words": ["yes"]})


def parts_of(said: Any) -> Parts:
    """Return what `doctor --json` said, by part."""
    return {part["part"]: part for part in json.loads(said.out)["parts"]}


def state(parts: Parts, name: str) -> tuple[str, str]:
    return parts[name]["state"], parts[name]["said"]


@contextmanager
def host(status: int, body: str, only: str = "", wait: float = 0) -> Iterator[str]:
    """Serve one answer to what is asked (`only` there, after a `wait`), and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(wait)
            with suppress(OSError):  # who waited too long has gone
                self.send_response(status if only in self.path else 404)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

        def finish(self) -> None:
            with suppress(OSError):
                super().finish()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_outside_of_a_workspace_and_without_a_key_it_says_what_to_do_first(run: Run) -> None:
    said = run("doctor")
    assert said.status == 1
    assert "! workspace   none: no capdraft.toml" in said.out
    assert "to mend: capdraft init" in said.out
    assert "✗ key         OPENAI_API_KEY is not set" in said.out
    assert "to mend: export OPENAI_API_KEY=…" in said.out
    assert said.out.rstrip().splitlines()[-1].startswith("1 part broken")


def test_all_is_well_where_the_model_answers_and_git_keeps_the_workspace(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("init")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with stub_endpoint(YES) as stub:
        said = run("doctor", "--ask", "--base-url", stub.url, "--json")
        (body,) = stub.requests
    parts = parts_of(said)
    assert said.status == 0
    assert "broken" not in {part["state"] for part in parts.values()}
    for name in ("workspace", "repository", "key", "endpoint", "model", "answers", "locks"):
        assert parts[name]["state"] == "well", parts[name]
    assert "the only one" in parts["model"]["said"]
    assert "its shape by json_schema, its price is unknown" in parts["answers"]["said"]
    assert sum(len(message["content"]) for message in body["messages"]) < 100
    assert KEY not in said.out + said.err


def test_a_paid_answer_is_kept_and_the_way_that_the_endpoint_takes_is_noted(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "capdraft.toml").write_text("[model]\nprices = {input = 1.0, output = 2.0}\n")

    def strict(body: dict[str, Any]) -> Answer:
        refused = body.get("tools") or body.get("response_format", {}).get("type") == "json_schema"
        return problem(400, "response_format json_schema and tools are unknown") if refused else YES

    with stub_endpoint(strict) as stub:
        parts = parts_of(run("doctor", "--ask", "--base-url", stub.url, "--json"))
        # 100 tokens for 1 dollar a million and 20 for 2
        assert parts["answers"]["said"].endswith("its shape by json_object, cost $0.000140")
        assert Ledger(tmp_path).shape(stub.url, "stub") == "json_object"
        assert [entry.document for entry in Ledger(tmp_path).entries()] == ["capdraft doctor"]
        asked = len(stub.requests)
        parts_of(run("doctor", "--base-url", stub.url, "--json"))
        assert len(stub.requests) == asked
        parts_of(run("doctor", "--ask", "--base-url", stub.url, "--json"))
        assert len(stub.requests) == asked + 1  # anew, and at once in the way that was noted


def test_a_model_that_is_busy_is_asked_once(run: Run) -> None:
    with stub_endpoint(problem(503, "loading")) as stub:
        parts = parts_of(run("doctor", "--ask", "--base-url", stub.url, "--json"))
        assert len(stub.requests) == 1
    assert parts["answers"]["state"] == "broken"
    assert "503: loading" in parts["answers"]["said"]


@pytest.mark.parametrize(
    ("answer", "told", "mend"),
    [
        ((401, '{"error": {"message": "wrong key: ' + KEY + '"}}'), "wrong key: …", "API_KEY"),
        ((200, "<html>Welcome</html>"), "a web page (HTML)", "/v1"),
        ((503, '{"error": {"message": "loading"}}'), "503: loading", "later"),
        ((404, "no such page"), "doesn't list its models", "--ask"),
    ],
    ids=["key", "page", "busy", "unlisted"],
)
def test_what_is_wrong_with_an_endpoint_is_told_with_how_to_mend_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, str], told: str, mend: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with host(*answer) as url:
        said = run("doctor", "--base-url", url, "--model", "stub", "--json")
    part = parts_of(said)["endpoint"]
    assert told in part["said"]
    assert mend in part["mend"]
    assert said.status == (0 if answer[0] == 404 else 1)
    assert KEY not in said.out


def test_an_endpoint_that_is_not_there_is_broken_and_not_asked_offline(run: Run) -> None:
    with host(200, "") as url:
        pass  # its port is free again
    parts = parts_of(run("doctor", "--base-url", url, "--json"))
    assert parts["endpoint"]["state"] == "broken"
    assert "can't be reached" in parts["endpoint"]["said"]
    assert "ollama serve" in parts["endpoint"]["mend"]
    parts = parts_of(run("doctor", "--base-url", url, "--offline", "--ask", "--json"))
    assert (
        state(parts, "endpoint") == state(parts, "answers") == ("skipped", "not asked: --offline")
    )


def test_a_forgotten_v1_is_told_with_the_address_to_set(run: Run) -> None:
    with host(200, '{"data": [{"id": "stub"}]}', only="/v1/models") as url:
        found = parts_of(run("doctor", "--base-url", url.removesuffix("/v1"), "--json"))["endpoint"]
    assert found["state"] == "broken"
    assert found["mend"] == f"Add /v1: export OPENAI_BASE_URL={url}"


def test_an_endpoint_that_is_slow_to_list_is_not_mended_by_a_setting(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "ANSWER_WITHIN", 0.1)
    with host(200, '{"data": []}', wait=0.5) as url:
        found = parts_of(run("doctor", "--base-url", url, "--json"))["endpoint"]
    assert "did not list its models within 0.1 seconds" in found["said"]
    assert "timeout" not in found["mend"]


def test_an_endpoint_without_any_model_is_to_get_one(run: Run) -> None:
    with host(200, '{"data": []}') as url:
        found = parts_of(run("doctor", "--base-url", url, "--json"))["model"]
    assert (found["state"], "ollama pull" in found["mend"]) == ("broken", True)


@pytest.mark.parametrize(
    ("model", "expected", "mend"),
    [
        ("qwen3", "well", ""),
        ("qwen3:latest", "well", ""),
        ("gema3:4b", "note", "Did you mean gemma3:4b?"),
        (None, "broken", "OPENAI_MODEL"),
    ],
)
def test_the_model_is_looked_for_among_those_that_are_served(
    run: Run, model: str | None, expected: str, mend: str
) -> None:
    named = ["--model", model] if model else []
    with stub_endpoint(models=["gemma3:4b", "qwen3:latest"]) as stub:
        part = parts_of(run("doctor", "--base-url", stub.url, *named, "--json"))["model"]
    assert part["state"] == expected
    assert mend in part["mend"]


def test_embeddings_are_looked_at_where_the_settings_name_some(run: Run, tmp_path: Path) -> None:
    (tmp_path / "capdraft.toml").write_text('[search]\nembeddings = "tiny"\n')
    vector = Answer(json.dumps({"data": [{"index": 0, "embedding": [0.5, 0.25]}]}))
    with stub_endpoint(lambda body: vector if "input" in body else YES) as stub:
        asked = parts_of(run("doctor", "--ask", "--base-url", stub.url, "--json"))
        parts = parts_of(run("doctor", "--base-url", stub.url, "--json"))
    assert state(asked, "embeddings") == ("well", "tiny answers with vectors of 2 numbers")
    assert parts["embeddings"]["state"] == "skipped"


def test_settings_that_are_not_valid_are_told_with_their_line_and_the_rest_goes_on(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "capdraft.toml").write_text("[model]\nnane = 'x'\n")
    said = run("doctor", "--json")
    parts = parts_of(said)
    assert said.status == 1
    assert parts["workspace"]["said"].startswith("capdraft.toml:2: model.nane")
    assert state(parts, "endpoint")[0] == state(parts, "key")[0] == "skipped"
    assert state(parts, "prompts")[0] == state(parts, "sqlite")[0] == "well"


@pytest.mark.parametrize(
    ("source", "told"),
    [("{% block user %}{{ name }", "draft.jinja"), ("Write records.", "no {% block user %}")],
)
def test_a_prompt_that_can_ask_nothing_is_broken(
    run: Run, tmp_path: Path, source: str, told: str
) -> None:
    run("init")
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/draft.jinja").write_text(source)
    parts = parts_of(run("doctor", "--json"))
    assert parts["prompts"]["state"] == "broken"
    assert told in parts["prompts"]["said"]


def test_a_catalog_file_that_no_reader_could_read_is_named(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog/gemma-2.json").write_text("{")
    parts = parts_of(run("doctor", "--json"))
    assert parts["catalog"]["state"] == "broken"
    assert parts["catalog"]["said"].startswith("catalog/gemma-2.json")


def test_git_must_keep_the_workspace_and_leave_local_state_out(run: Run, tmp_path: Path) -> None:
    def repository() -> dict[str, str]:
        return parts_of(run("doctor", "--json"))["repository"]

    run("init")
    assert repository()["mend"] == f"git init {tmp_path}"
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").unlink()
    assert "not ignored" in repository()["said"]
    (tmp_path / ".capdraft").mkdir(exist_ok=True)
    (tmp_path / ".capdraft/ledger.sqlite3").touch()
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    found = repository()
    assert found["state"] == "broken"
    run("init")
    subprocess.run(found["mend"].partition(" && ")[0], shell=True, cwd=tmp_path, check=True)  # noqa: S602
    assert repository()["state"] == "well"


def test_what_is_to_be_typed_is_quoted_where_a_folder_has_spaces(run: Run, tmp_path: Path) -> None:
    run("init", "two words")
    said = run("doctor", "--offline", "--workspace", "two words", "--json")
    mend = parts_of(said)["repository"]["mend"]
    subprocess.run(mend, shell=True, cwd=tmp_path, check=True, capture_output=True)  # noqa: S602
    again = run("doctor", "--offline", "--workspace", "two words", "--json")
    assert parts_of(again)["repository"]["state"] == "well"


def test_without_git_nothing_is_told_to_be_done_with_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("init")
    monkeypatch.setenv("PATH", str(tmp_path))
    parts = parts_of(run("doctor", "--offline", "--json"))
    assert "Install git" in parts["git"]["mend"]
    assert parts["identity"]["mend"] == "Decide with --as NAME"
    assert parts["repository"]["state"] == "skipped"


def test_a_full_disk_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    assert examine_disk(Scene(tmp_path, None, Settings())).mend.startswith("Make room")


def test_a_part_that_hangs_or_breaks_stops_no_other(tmp_path: Path) -> None:
    def hang(_: Scene) -> list[Diagnosis]:
        time.sleep(60)
        return []

    def fail(_: Scene) -> list[Diagnosis]:
        raise ZeroDivisionError("of all things")

    looks = (
        Examination("slow", hang, 0.05),
        Examination("wrong", fail),
        Examination("none", lambda _: []),
        Examination("good", lambda _: Diagnosis("good", "well", "as ever")),
    )
    slow, wrong, good = examine(Scene(tmp_path, None, Settings()), looks)
    assert (slow.state, slow.said) == ("broken", "no answer within 0.05 seconds")
    assert wrong.said == "can't be looked at: ZeroDivisionError: of all things"
    assert good.state == "well"


def test_a_folder_that_cannot_be_written_or_is_on_a_network_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Scene(tmp_path / "gone", None, Settings())
    assert (examine_disk(gone).state, examine_locks(gone).state) == ("broken", "skipped")
    mounts = tmp_path / "mounts"
    mounts.write_text(f"disk / ext4 rw 0 0\nhost:/home {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(files, "MOUNTS", mounts)
    there = examine_locks(look_around(tmp_path, {}))
    assert there.state == "note"
    assert "is on nfs4" in there.said
    assert not list(tmp_path.glob(".doctor-*"))


def test_an_extra_that_is_missing_is_told_with_what_it_is_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(machine, "EXTRAS", {"odd": Extra("odd files", ("no-such-package",))})
    found = examine_extras(Scene(tmp_path, None, Settings()))
    assert (found.state, found.mend) == ("note", "pip install 'capdraft[odd]'")
    assert found.said == "not installed: odd (odd files)"


def test_the_extras_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = {
        extra: tuple(sorted(line.partition(">")[0].partition("[")[0] for line in lines))
        for extra, lines in project["optional-dependencies"].items()
        if extra != "all"
    }
    assert packages == {name: tuple(sorted(extra.packages)) for name, extra in EXTRAS.items()}


def test_a_bare_machine_with_an_old_terminal_gets_plain_words(tmp_path: Path) -> None:
    bare = {"PATH": str(tmp_path), "PYTHONIOENCODING": "ascii", "HOME": str(tmp_path)}
    path = {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = subprocess.run(
        [sys.executable, "-m", "capdraft", "doctor", "--offline"],
        cwd=tmp_path,
        env=bare | path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert "!  git         not found" in done.stdout
    assert "!  terminal    prints ascii" in done.stdout
    assert "no key         OPENAI_API_KEY is not set" in done.stdout
    assert "✗" not in done.stdout
