"""What the desk refuses, who may enter, and what each answer carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from desks import HOST, Browser, open_desk
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from capdraft.web.access import Access, stored_secret
from capdraft.workspace import Workspace
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
        browser.get("/static/capdraft.css?v=1"),
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
    bad = "<img src=x onerror=alert(1)>\"'{{ 7*7 }}</script>"
    said = {"text": f"Reads tickets {bad}.", "passages": [1]}
    drafted_workspace(tmp_path, {**READ, "name": f"Read {bad}", "description": said})
    page = open_desk(Workspace(tmp_path)).get(f"/?q={bad}").text
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "49" not in page


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
    ],
    ids=str,
)
def test_a_header_is_believed_only_from_the_proxy(
    workspace: Workspace, address: str, headers: dict[str, str], who: str
) -> None:
    answer = open_desk(workspace, access=PROXIED, address=address).get("/", headers=headers)
    assert answer.status_code == (200 if who else 401)
    assert not who or f"</span>{who}</p>" in answer.text


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
