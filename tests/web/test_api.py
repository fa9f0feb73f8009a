"""The HTTP API: what is asked how, what is refused, and who may ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.applications import Starlette

from capdraft.searching import Matches
from capdraft.web.access import Access
from capdraft.web.api.callers import PACE
from capdraft.workspace import Workspace
from desks import Browser, open_desk
from small_catalog import PAINTS, READS, entry

LINKS = Access("s" * 32, ("ann", "bo"), "token")
PROXIED = Access("s" * 32, (), "header", "X-Forwarded-User", "10.0.0.5")
SEARCH = "/api/v1/search?need=read+handwritten+invoices"
PAINTER = "/api/v1/artifacts/painter"
BEARER = {"Authorization": f"Bearer {LINKS.link_token('ann')}"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "capdraft.toml").write_text("")
    workspace = Workspace(tmp_path)
    for item in (entry("invoice-reader", READS), entry("painter", PAINTS)):
        workspace.write_entry(item, workspace.read_entry(item.artifact.slug))
    return workspace


@pytest.fixture
def browser(workspace: Workspace) -> Browser:
    return open_desk(workspace)


def set_api(workspace: Workspace, text: str) -> None:
    (workspace.root / "capdraft.toml").write_text(f"[api]\n{text}\n")


def test_a_need_is_searched_and_what_came_of_it_is_noted(browser: Browser) -> None:
    found = browser.get(SEARCH).json()
    first = found["results"][0]
    assert first["record"] == "invoice-reader/reads-invoices"
    assert first["passage"]["quote"] == "It reads the total of a handwritten invoice."
    assert browser.get(first["url"]).json()["artifact"]["slug"] == "invoice-reader"
    assert browser.get(f"{first['url']}/reads-invoices").json()["record"]["id"] == "reads-invoices"
    for verdict, result in (("chosen", 1), ("success", None)):
        told = {"match": found["match"], "verdict": verdict, "result": result}
        assert browser.post("/api/v1/feedback", json=told).json()["counted"]
    passport = browser.get("/api/v1/passport/invoice-reader").json()
    assert passport["matches"] == {"shown": 1, "chosen": 1, "succeeded": 1, "failed": 0}


def test_crawlers_repeats_and_looks_at_the_head_do_not_count(
    browser: Browser, workspace: Workspace
) -> None:
    for agent in ("SomeBot/1.0", "curl/8", "curl/8"):
        assert browser.get(SEARCH, headers={"User-Agent": agent}).json()["match"]
    assert browser.head(SEARCH).status_code == 200
    browser.get(SEARCH, headers={"User-Agent": "python-httpx/1"})
    assert Matches(workspace.root).counts("invoice-reader").shown == 2


def test_what_was_merged_is_found_at_once(browser: Browser, workspace: Workspace) -> None:
    assert browser.get("/api/v1/search?need=paint+a+wall").json()["results"]
    assert browser.get("/api/v1/artifacts").json()["total"] == 2
    workspace.write_entry(entry("brush", PAINTS), workspace.read_entry("brush"))
    found = browser.get("/api/v1/search?need=paint+a+picture").json()["results"]
    assert {item["artifact"] for item in found} == {"painter", "brush"}
    assert browser.get("/api/v1/artifacts").json()["total"] == 3
    (workspace.root / "catalog/brush.json").unlink()
    assert browser.get("/api/v1/artifacts").json()["total"] == 2
    assert browser.get("/api/v1/resolve?name=brush").json()["artifacts"] == []


def test_the_list_is_read_page_by_page(browser: Browser) -> None:
    first = browser.get("/api/v1/artifacts?limit=1").json()
    assert ([item["slug"] for item in first["artifacts"]], first["next"]) == (
        ["invoice-reader"],
        "invoice-reader",
    )
    last = browser.get(f"/api/v1/artifacts?limit=1&cursor={first['next']}").json()
    assert ([item["slug"] for item in last["artifacts"]], last.get("next")) == (["painter"], None)
    assert browser.get("/api/v1/artifacts?type=dataset").json()["total"] == 0


def test_what_did_not_change_is_not_sent_again(browser: Browser, workspace: Workspace) -> None:
    first = browser.get(PAINTER)
    known = {"If-None-Match": f'"other", W/{first.headers["ETag"]}'}
    again = browser.get(PAINTER, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-cache"
    stored = workspace.read_entry("painter")
    workspace.write_entry(entry("painter", PAINTS, READS), stored)
    assert browser.get(PAINTER, headers=known).status_code == 200
    assert browser.get(SEARCH).headers["Cache-Control"] == "no-store"


def test_a_catalog_file_that_is_broken_is_told_with_its_place(
    browser: Browser, workspace: Workspace
) -> None:
    (workspace.root / "catalog/painter.json").write_text("{")
    answer = browser.get(PAINTER)
    assert (answer.status_code, answer.json()["where"]) == (500, "catalog/painter.json")
    assert str(workspace.root) not in answer.text
    assert browser.get(SEARCH).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/artifacts/nobody", 404, "no artifact 'nobody'"),
        ("/artifacts/No%20Body", 404, "is not a slug"),
        ("/artifacts/painter/x", 404, "no approved capability 'x'"),
        ("/passport/nobody", 404, "no artifact 'nobody'"),
        ("/compare?slugs=painter,nobody", 404, "no artifact 'nobody'"),
        ("/compare?slugs=painter,painter", 422, "compared with itself"),
        ("/compare?slugs=painter", 400, "at least 2"),
        ("/compare?slugs=painter,../x", 400, "is not a slug"),
        ("/search", 400, "need: Field required"),
        ("/search?need=", 400, "at least 1"),
        ("/search?need=x&limit=many", 400, "limit: Input should be a valid integer"),
        ("/search?need=x&need=y", 400, "given twice"),
        ("/search?need=x&sort=up", 400, "no parameter 'sort'"),
        ("/artifacts?cursor=..%2Fx", 400, "is not a slug"),
        ("/artifacts/painter?version=1", 400, "no parameter 'version'"),
        ("/nowhere", 404, "no page"),
    ],
)
def test_what_cannot_be_asked_says_why(browser: Browser, path: str, status: int, said: str) -> None:
    answer = browser.get(f"/api/v1{path}")
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, problem["status"]) == (status, status)
    assert said in problem["detail"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "said"),
    [
        ("{", {}, 400, "Invalid JSON"),
        ("[" * 100_000, {}, 400, "recursion"),
        ("[]", {}, 422, "object"),
        ("{}", {}, 422, "match: Field required"),
        ('{"match": "x", "verdict": "success"}', {}, 422, "match: String should match"),
        ('{"match": "000000000000", "verdict": "success", "x": 1}', {}, 422, "x: Extra inputs"),
        ('{"match": "000000000000", "verdict": "success"}', {}, 404, "no match"),
        ("a=1", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "only JSON"),
        ("{}", {"Content-Type": "application/json; charset=latin-1"}, 415, "only JSON"),
        ("{}", {"Accept": "text/html, application/json;q=0"}, 406, "application/json"),
        ("{}", {"Sec-Fetch-Site": "cross-site"}, 403, "another site"),
        ("{}", {"Origin": "https://evil.example"}, 403, "another site"),
        ("{}", {"Content-Length": "99999999"}, 413, "more was sent"),
    ],
)
def test_what_cannot_be_sent_says_why(
    browser: Browser, body: str, headers: dict[str, str], status: int, said: str
) -> None:
    sent = {"Content-Type": "application/json", **headers}
    answer = browser.post("/api/v1/feedback", content=body, headers=sent)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


def test_each_address_tells_what_it_allows(browser: Browser) -> None:
    for path, allowed in (("search", "GET, HEAD, OPTIONS"), ("feedback", "OPTIONS, POST")):
        answer = browser.options(f"/api/v1/{path}")
        assert (answer.status_code, answer.headers["Allow"]) == (204, allowed)
        assert "Access-Control-Allow-Origin" not in answer.headers
    for method, path in (("POST", "search"), ("GET", "feedback"), ("DELETE", "artifacts/painter")):
        answer = browser.request(method, f"/api/v1/{path}")
        assert (answer.status_code, bool(answer.headers["Allow"])) == (405, True)


def test_a_text_is_validated_up_to_its_own_limit(browser: Browser) -> None:
    def validate(text: str) -> Any:
        return browser.post("/api/v1/validate", json={"kind": "settings", "text": text})

    assert validate("[matches]\nkeep_queries = true\n").json()["valid"]
    assert validate("# long\n" * 100_000).json()["valid"]
    assert validate("x" * 1_100_000).status_code == 422
    assert validate("x" * 2_200_000).status_code == 413


def test_with_auth_it_takes_a_token_a_session_or_a_proxys_word(workspace: Workspace) -> None:
    stranger = open_desk(workspace, access=LINKS)
    refused = stranger.get(PAINTER)
    assert (refused.status_code, refused.headers["WWW-Authenticate"][:6]) == (401, "Bearer")
    assert "Set-Cookie" not in refused.headers
    assert stranger.get(PAINTER, headers=BEARER).status_code == 200
    assert stranger.get(PAINTER, headers={"Authorization": "Bearer ann.x"}).status_code == 401
    left = Access("s" * 32, ("bo",), "token")
    assert open_desk(workspace, access=left).get(PAINTER, headers=BEARER).status_code == 401
    stranger.get(f"/enter?token={LINKS.link_token('bo')}")
    assert stranger.get(PAINTER).status_code == 200
    named = {"X-Forwarded-User": "Ann"}
    for address, status in (("10.0.0.5", 200), ("10.0.0.6", 401)):
        proxied = open_desk(workspace, access=PROXIED, address=address)
        assert proxied.get(PAINTER, headers=named).status_code == status


def test_a_public_catalog_is_read_by_everybody_and_changed_by_nobody(workspace: Workspace) -> None:
    set_api(workspace, "public = true")
    stranger = open_desk(workspace, access=LINKS)
    answers = [stranger.get(SEARCH) for _ in range(PACE + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (429, "60")
    assert open_desk(workspace, access=LINKS, address="192.0.2.1").get(PAINTER).status_code == 200
    told = {"match": answers[0].json()["match"], "verdict": "success", "result": 1}
    assert stranger.post("/api/v1/feedback", json=told).status_code == 401
    assert stranger.post("/api/v1/feedback", json=told, headers=BEARER).status_code == 200
    assert stranger.get("/").status_code == 401


def test_scripts_of_other_sites_read_it_only_where_they_are_allowed(workspace: Workspace) -> None:
    browser = open_desk(workspace)
    page = {"Origin": "https://page.example", "Sec-Fetch-Site": "cross-site"}
    assert browser.get(SEARCH, headers=page).status_code == 403
    assert not Matches(workspace.root).counts("invoice-reader").shown
    set_api(workspace, 'origins = ["https://page.example"]')
    for path, status in ((PAINTER, 200), ("/api/v1/artifacts/nobody", 404)):
        answer = browser.get(path, headers=page)
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == "https://page.example"
        assert "Origin" in answer.headers["Vary"]
    asked = {**page, "Access-Control-Request-Method": "GET"}
    allowed = browser.options(PAINTER, headers=asked).headers
    assert allowed["Access-Control-Allow-Methods"] == "GET"
    assert browser.get(PAINTER, headers={**page, "Origin": "https://x.example"}).status_code == 403
    told = {"match": "0" * 12, "verdict": "success", "result": 1}
    assert browser.post("/api/v1/feedback", json=told, headers=page).status_code == 403


def test_another_host_and_a_mishap_are_told_to_programs_too(
    browser: Browser, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = browser.get(PAINTER, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["status"]) == (400, 400)
    cast(Starlette, browser.app).state.library = None
    answer = browser.get(PAINTER)
    assert (answer.status_code, answer.json()["detail"]) == (500, "capdraft made a mistake")
    assert "AttributeError" in capsys.readouterr().err


def test_settings_that_can_not_be_read_are_no_fault_of_who_asks(
    browser: Browser, workspace: Workspace
) -> None:
    set_api(workspace, "public = 3")
    answer = browser.get(PAINTER)
    assert (answer.status_code, "capdraft.toml:2" in answer.json()["detail"]) == (500, True)


def test_its_page_shows_commands_that_work(browser: Browser) -> None:
    page = browser.get("/api/v1").text
    for name in ("search", "resolve", "artifacts-slug", "compare", "feedback", "validate"):
        assert f'id="{name}"' in page
    assert "curl &#39;http://127.0.0.1:8400/api/v1/search?need=read+handwritten+invoices" in page
    token = open_desk(cast(Starlette, browser.app).state.house.workspace, access=LINKS)
    assert "Bearer $TOKEN" in token.get("/api/v1/").text
    assert json.loads(token.get("/api/v1/openapi.json").text)["openapi"] == "3.1.0"
