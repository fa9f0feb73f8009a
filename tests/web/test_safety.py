"""What the desk refuses, who may enter, and what each answer carries."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
import uvicorn
from itsdangerous import URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from capdraft.checking.claims import MOST_PROBLEMS
from capdraft.reviewing import Target, open_review
from capdraft.web import connections, routes
from capdraft.web.access import Access, stored_secret
from capdraft.web.rendering import static
from capdraft.workspace import Workspace
from desks import HOST, Browser, open_desk
from workspaces import READ, drafted_workspace

NAMES = {
    "slug": "ticket-reader",
    "capability": "read-tickets",
    "field": "description",
    "number": "0001",
}
LINKS = Access("s" * 32, ("ann", "bo"), "token")
PROXIED = Access("s" * 32, (), "header", "X-Forwarded-User", "10.0.0.5")


def addresses(browser: Browser, method: str) -> Iterator[str]:
    """Yield the address of each route that takes `method`, its names filled in."""
    for route in cast(Starlette, browser.app).routes:
        if isinstance(route, Route) and method in (route.methods or ()):
            yield re.sub(r"{(\w+)(?::\w+)?}", lambda name: NAMES[name[1]], route.path)


def files(root: Path) -> dict[str, bytes]:
    """Return what the workspace holds beside local state."""
    paths = (path for path in root.rglob("*") if path.is_file())
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    return {name: data for name, data in found.items() if not name.startswith(".capdraft/")}


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8400",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8400",
        "127.0.0.1:8400@evil.example",
        "127.0.0.1:80:8400",
        "[::2]:8400",
        "review.example.org.",
        "",
    ],
)
def test_a_foreign_host_is_refused(browser: Browser, host: str) -> None:
    answer = browser.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "--name" in answer.text


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "LOCALHOST:8400", "[::1]:8400", "Review.example.org"]
)
def test_its_own_hosts_are_answered(workspace: Workspace, host: str) -> None:
    browser = open_desk(workspace, names=("review.example.org",))
    assert browser.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[evil"},
        {"Origin": "http://[evil]:8400"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "file://127.0.0.1:8400"},
        {"Origin": "http://127.0.0.1:8400.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_no_other_site_changes_anything(browser: Browser, headers: dict[str, str]) -> None:
    token = browser.token
    before = files(workspace_of(browser).root)
    for address in addresses(browser, "POST"):
        answer = browser.post(address, data={"csrf": token}, headers=headers)
        assert answer.status_code == 403, address
    assert files(workspace_of(browser).root) == before


def workspace_of(browser: Browser) -> Workspace:
    found: Workspace = cast(Starlette, browser.app).state.house.workspace
    return found


def test_its_own_pages_may_change_something_behind_a_proxy_too(workspace: Workspace) -> None:
    browser = open_desk(workspace, names=("review.example.org",))
    for origin, host in (
        ("http://127.0.0.1:8400", "127.0.0.1:8400"),
        ("https://review.example.org", "review.example.org"),
        ("https://review.example.org", "127.0.0.1:8400"),
    ):
        headers = {"Origin": origin, "Host": host, "Sec-Fetch-Site": "same-origin"}
        answer = browser.post("/bulk", data={"csrf": browser.token, "do": "x"}, headers=headers)
        assert answer.status_code == 422


def test_each_change_needs_the_token_of_its_own_session(workspace: Workspace) -> None:
    browser, other = open_desk(workspace), open_desk(workspace)
    before = files(workspace.root)
    assert list(addresses(browser, "POST"))
    browser.get("/")
    for token in ("", "x", "ä", other.token, browser.token[:-1]):
        for address in addresses(browser, "POST"):
            answer = browser.post(address, data={"csrf": token} if token else {})
            assert answer.status_code == 403, (address, token)
            assert "reload" in answer.text
    assert files(workspace.root) == before


def test_no_decision_by_get(browser: Browser, workspace: Workspace) -> None:
    before = files(workspace.root)
    for address in addresses(browser, "GET"):
        query = "?verdict=accept&reason=style&text=x&do=accept&step=decide&since=catalog"
        browser.get(address + query)
        browser.head(address)
    for address in set(addresses(browser, "POST")) - set(addresses(browser, "GET")):
        assert browser.get(address).status_code in (404, 405), address
    assert files(workspace.root) == before


def test_every_answer_carries_the_headers(workspace: Workspace) -> None:
    browser = open_desk(workspace)

    def fails(request: Request) -> None:
        raise RuntimeError("a <secret> in a traceback")

    cast(Starlette, browser.app).routes.append(Route("/fails", fails))
    answers = [
        browser.get("/"),
        browser.get(static("capdraft.css")),
        browser.get("/nowhere"),
        browser.get("/artifact/../../etc/passwd"),
        browser.get("/", headers={"Host": "evil.example"}),
        browser.post("/bulk"),
        browser.get("/bulk"),
        browser.get("/fails"),
        browser.post("/bulk", content=b"x" * 1_100_000),
        open_desk(workspace, access=LINKS).get("/"),
    ]
    codes = [200, 200, 404, 404, 400, 403, 405, 500, 413, 401]
    assert [answer.status_code for answer in answers] == codes
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "in a traceback" not in answer.text
    assert "what you typed is still there" in answers[8].text
    stored = [answer.headers["Cache-Control"] for answer in answers]
    assert [value for value in stored if value != "no-store"] == [
        "public, max-age=31536000, immutable"
    ]


def test_a_mishap_is_one_line_with_its_traceback_in_a_file(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = open_desk(workspace)

    def fails(request: Request) -> None:
        raise RuntimeError("two\nlines\x1b[2J")

    cast(Starlette, browser.app).routes.append(Route("/fails", fails))
    browser.get("/fails")
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "\x1b" not in said
    assert "Traceback" in (workspace.root / ".capdraft/web.log").read_text()


def test_what_a_workspace_can_not_say_is_told_with_its_place(workspace: Workspace) -> None:
    browser = open_desk(workspace)
    (workspace.root / "capdraft.toml").write_text("[rules]\nCD103 = 'loud'\n")
    answer = browser.get("/")
    assert answer.status_code == 422
    assert "capdraft.toml:2" in answer.text


def test_names_and_claims_are_text(tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>\"'{{ 7919*7919 }}</script>"
    said = {"text": f"Reads tickets {bad}.", "passages": [1]}
    drafted_workspace(tmp_path, {**READ, "name": f"Read {bad}", "description": said})
    page = open_desk(Workspace(tmp_path)).get(f"/?q={bad}").text
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "62710561" not in page


def test_a_secret_link_opens_the_desk_and_is_gone_from_the_address(workspace: Workspace) -> None:
    browser = open_desk(workspace, access=LINKS)
    refused = browser.get("/")
    assert refused.status_code == 401
    assert "capdraft serve" in refused.text
    entered = browser.get(f"/enter?token={LINKS.link_token('bo')}")
    assert 'content="0; url=/"' in entered.text
    cookie = entered.headers["Set-Cookie"]
    assert cookie.startswith("capdraft-8400=")
    assert {"HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))
    assert "</span>bo</p>" in browser.get("/").text


@pytest.mark.parametrize("token", ["", "bo", "bo.x", "zoe", "ann.ä"])
def test_no_other_link_opens_it(workspace: Workspace, token: str) -> None:
    browser = open_desk(workspace, access=LINKS)
    stranger = Access("s" * 32, ("zoe",), "token")
    for given in (token, stranger.link_token("zoe"), Access("t" * 32, ()).link_token("bo")):
        assert browser.get("/enter", params={"token": given}).status_code == 401
        assert browser.get("/").status_code == 401


def test_a_reviewer_who_is_named_no_longer_is_out(workspace: Workspace) -> None:
    browser = open_desk(workspace, access=LINKS)
    browser.get(f"/enter?token={LINKS.link_token('bo')}")
    later = open_desk(workspace, access=Access("s" * 32, ("ann",), "token"))
    later.cookies = browser.cookies
    assert later.get("/").status_code == 401


@pytest.mark.parametrize(
    ("address", "headers", "who"),
    [
        ("10.0.0.5", {"X-Forwarded-User": "Ann Bo"}, "ann-bo"),
        ("10.0.0.6", {"X-Forwarded-User": "ann"}, ""),
        ("127.0.0.1", {"X-Forwarded-User": "ann", "X-Forwarded-For": "10.0.0.5"}, ""),
        ("10.0.0.5", {}, ""),
        ("10.0.0.5", {"X-Forwarded-User": "/../"}, ""),
        ("10.0.0.5", {"X-Forwarded-User": "Änne".encode()}, "änne"),
        ("10.0.0.5", {"X-Forwarded-User": "a" * 81}, ""),
        ("10.0.0.5", [("X-Forwarded-User", "ann"), ("X-Forwarded-User", "bo")], ""),
        ("a strange address", {"X-Forwarded-User": "ann"}, ""),
    ],
    ids=str,
)
def test_a_header_is_believed_only_from_the_proxy(
    workspace: Workspace, address: str, headers: Any, who: str
) -> None:
    answer = open_desk(workspace, access=PROXIED, address=address).get("/", headers=headers)
    assert answer.status_code == (200 if who else 401)
    assert not who or f"</span>{who}</p>" in answer.text


@pytest.mark.parametrize(("sent", "who"), [("Änne".encode(), "änne"), (b"\xc4nne", "")])
def test_a_name_in_another_encoding_is_not_guessed(sent: bytes, who: str) -> None:
    headers = [(b"x-forwarded-user", sent)]
    scope = {"type": "http", "client": ("10.0.0.5", 50_000), "headers": headers}
    assert PROXIED.who(Request(scope), "") == who


def test_who_comes_from_another_site_opens_the_page_once_more_from_here(
    workspace: Workspace,
) -> None:
    browser = open_desk(workspace, access=LINKS)
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    page = browser.get(f"http://{HOST}//evil.example/x?a=1&b=%22", headers=headers)
    assert 'content="0; url=/evil.example/x?a=1&amp;b=%22"' in page.text
    assert "Set-Cookie" not in page.headers


def test_the_secret_stays_with_its_owner_and_is_made_once(tmp_path: Path) -> None:
    first = stored_secret(tmp_path / ".capdraft")
    assert first == stored_secret(tmp_path / ".capdraft")
    assert len(first) >= 32
    assert (tmp_path / ".capdraft/web-secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("how", ["readable", "link", "link to nothing"])
def test_a_secret_that_others_may_know_is_replaced(tmp_path: Path, how: str) -> None:
    known, folder = "k" * 43, tmp_path / ".capdraft"
    folder.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(known)
    elsewhere.chmod(0o600)
    path = folder / "web-secret"
    if how == "link":
        path.symlink_to(elsewhere)
    elif how == "readable":
        path.write_text(known)
        path.chmod(0o644)
    else:
        path.symlink_to(tmp_path / "nowhere")
    found = stored_secret(folder)
    assert found != known
    assert found == stored_secret(folder)
    assert not path.is_symlink()
    assert path.stat().st_mode & 0o077 == 0
    assert elsewhere.read_text() == known
    assert not (tmp_path / "nowhere").exists()


def write_late(path: Path) -> None:
    time.sleep(0.1)
    path.write_text("s" * 43)


def test_two_servers_that_start_at_once_have_one_secret(tmp_path: Path) -> None:
    path = tmp_path / "web-secret"
    path.touch(0o600)  # as another server has it for a moment
    with ThreadPoolExecutor(1) as other:
        writing = other.submit(write_late, path)
        assert stored_secret(tmp_path) == "s" * 43
        writing.result()


@pytest.mark.parametrize("held", [["ann"], ["x", "ann", 1], 7, {"name": "x"}, None], ids=str)
def test_a_session_that_another_version_signed_is_none(workspace: Workspace, held: object) -> None:
    browser = open_desk(workspace, access=LINKS)
    signed = URLSafeTimedSerializer(LINKS.secret, salt="capdraft session").dumps(held)
    browser.cookies.set("capdraft-8400", str(signed))
    assert browser.get("/").status_code == 401


def test_only_what_an_address_names_the_hash_of_is_kept_for_ever(browser: Browser) -> None:
    forever = "public, max-age=31536000, immutable"
    assert browser.get(static("vendor/htmx.min.js")).headers["Cache-Control"] == forever
    version = static("capdraft.css").partition("?")[2]
    for address in (
        "capdraft.css",
        "capdraft.css?v=1",
        f"none.css?{version}",
        f"desk.js?{version}",
    ):
        assert browser.get(f"/static/{address}").headers["Cache-Control"] == "no-cache"


def test_no_page_tells_where_the_workspace_is(workspace: Workspace, tmp_path: Path) -> None:
    browser = open_desk(workspace)

    def fails(request: Request) -> None:
        raise RuntimeError(f"in {workspace.root}")

    cast(Starlette, browser.app).routes.append(Route("/fails", fails))
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    (workspace.root / "reviews/linked").symlink_to(elsewhere)
    answers = [browser.get("/fails"), browser.get("/artifact/linked")]
    assert [answer.status_code for answer in answers] == [500, 500]
    for answer in answers:
        assert str(tmp_path) not in answer.text
    assert ".capdraft/web.log" in answers[0].text


def test_a_form_that_is_sent_too_slowly_is_not_waited_for(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "SENT_WITHIN", 0.05)
    told: list[int] = []

    async def ask() -> None:
        async def receive() -> dict[str, object]:
            await asyncio.sleep(0.04)
            return {"type": "http.request", "body": b"a", "more_body": True}

        async def send(message: Any) -> None:
            told.append(message.get("status", 0))

        headers = {"host": HOST, "content-type": "application/x-www-form-urlencoded"}
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/undo",
            "raw_path": b"/undo",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        await open_desk(workspace).app(scope, receive, send)

    asyncio.run(ask())
    assert told[0] == 408


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n"], ids=["nothing", "half"])
def test_a_connection_on_which_nothing_is_asked_ends(
    monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connections, "ASKED_WITHIN", 0.3)

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.6)
        await Response("done")(scope, receive, send)

    async def ask() -> None:
        config = uvicorn.Config(
            slow, port=0, http=connections.Connection, lifespan="off", ws="none", log_config=None
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        whole, late = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        whole[1].write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        late[1].write(sent)
        ended = asyncio.create_task(late[0].read())
        for _ in range(6):  # a little, again and again, is too slow as well
            await asyncio.sleep(0.1)
            late[1].write(b"X: y\r\n" if sent and not ended.done() else b"")
        assert await asyncio.wait_for(ended, 0.2) == b""
        assert (await whole[0].read()).endswith(b"done")
        late[1].close()
        whole[1].close()
        server.should_exit = True
        await serving

    asyncio.run(ask())


def test_a_claim_made_of_numbers_does_not_fill_the_page(tmp_path: Path) -> None:
    workspace = drafted_workspace(tmp_path)
    review = open_review(workspace, Target("ticket-reader", "read-tickets", "description"))
    text = "Reads seven pages. " * 200 + "Reads 3 GB. " * 200
    findings = review.findings(review.selected[0], {}, text)
    found = [item for item in findings if item.code == "CD103"]
    assert len(found) == MOST_PROBLEMS
    assert {item.severity for item in found} == {"error"}
