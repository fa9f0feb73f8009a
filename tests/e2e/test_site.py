"""The static site in a browser, from files: search, reading, accessibility, hostile records."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from capdraft.merging import merge_artifact
from capdraft.publishing.site import SiteOptions, build_site
from capdraft.reviewing import Judgement, Target, approve, open_review
from capdraft.settings import RankSettings
from capdraft.workspace import Workspace
from desk_server import beside_the_browser
from hostile import hostile_workspace
from label_press import planted_workspace

CAPABILITIES = (
    "read-spreadsheets",
    "check-postcodes",
    "print-qr-codes",
    "sort-by-route",
)
OPTIONS = SiteOptions(title="Label tools")


def approved_workspace(folder: Path) -> Workspace:
    """Return a workspace with the label press and its twin in the catalog."""
    workspace = planted_workspace(folder)
    for capability in CAPABILITIES:
        review = open_review(workspace, Target("label-press", capability, "description"))
        approve(review, Judgement("bo", {}))
    merge_artifact(workspace, "label-press")
    data = json.loads((folder / "catalog/label-press.json").read_text())
    twin = data["artifact"] | {"slug": "label-twin", "name": "Label Twin", "type": "tool"}
    data["artifact"]["type"] = "tool"
    for artifact in (data["artifact"], twin):
        path = folder / f"catalog/{artifact['slug']}.json"
        path.write_text(json.dumps(data | {"artifact": artifact}))
    return workspace


def hostile_site(folder: Path) -> Path:
    (folder / "workspace").mkdir()
    workspace = hostile_workspace(folder / "workspace")
    (slug,) = workspace.artifacts()
    merge_artifact(workspace, slug)
    build_site(workspace, folder / "out", RankSettings(), OPTIONS)
    return folder / "out"


def built_site(folder: Path) -> Path:
    (folder / "workspace").mkdir()
    workspace = approved_workspace(folder / "workspace")
    out = folder / "a folder" / "süß"
    options = replace(OPTIONS, report="https://example.org/report?title={title}&body={body}")
    twin = workspace.root / "catalog/label-twin.json"
    text = twin.read_text()
    unsealed = re.sub(r',\s*"seal": "\w+"', "", text)
    twin.write_text(unsealed.replace("spreadsheet", "ledgersheet"))
    old = workspace.root / "catalog/label-old.json"
    old.write_text(text.replace('"label-twin"', '"label-old"'))
    assert build_site(workspace, out, RankSettings(), options).failed == []
    twin.write_text(text)
    told = {"by": "bo", "at": "2026-05-02T09:00:00Z", "reason": "outdated", "note": "Sold out."}
    gone = json.loads(old.read_text()) | {"capabilities": [], "documents": [], "withdrawn": told}
    old.write_text(json.dumps(gone))
    built = build_site(workspace, out, RankSettings(), options)
    assert (built.artifacts, built.withdrawn, built.comparisons, built.failed) == (2, 1, 1, [])
    return out


OpenPage = Callable[..., Page]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    made: Path = beside_the_browser(built_site, tmp_path)
    return made


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as a plain host does, and give its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def requests_of(page: Page) -> list[str]:
    """Return the addresses that the page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def test_search_works_from_a_file_with_the_keyboard_and_says_what_matched(
    out: Path, open_page: OpenPage
) -> None:
    page = open_page()
    asked = requests_of(page)
    page.goto((out / "index.html").as_uri())
    page.get_by_role("searchbox").fill("postcodes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("2 capabilities")
    first = page.locator("#results li").first
    expect(first).to_contain_text("Check postcodes")
    expect(first).to_contain_text("matched postcodes in capability, need, description")
    expect(first.locator("mark").first).to_have_text("postcodes")
    box = page.get_by_role("searchbox")
    box.fill("PRINT qr nonsense")
    expect(first).to_contain_text(
        "matched print, qr in capability, need, description; without nonsense"
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Label press")
    assert page.url.endswith("label-press.html#c-print-qr-codes")
    page.go_back()
    expect(box).to_have_value("PRINT qr nonsense")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    box.fill("postcode printing")
    expect(page.get_by_role("status")).to_have_text("4 capabilities")
    expect(page.locator("#results mark").first).to_have_text("postcodes")
    box.fill("zebra")
    expect(page.get_by_role("status")).to_contain_text("Nothing found")
    assert {address.split(":")[0] for address in asked} == {"file"}


def test_everything_can_be_read_without_a_script(out: Path, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto((out / "index.html").as_uri())
    page.get_by_role("link", name="tool", exact=True).click()
    page.get_by_role("link", name="Label Twin").click()
    expect(page.get_by_text("approved by bo on").first).to_be_visible()
    page.get_by_role("link", name="Label press").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("vs")
    expect(page.get_by_role("img", name="found in common: 4")).to_be_visible()
    page.goto((out / "search.html").as_uri())
    expect(page.get_by_text("Searching needs JavaScript")).to_be_visible()


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
    ],
    ids=["light", "dark", "phone"],
)
def test_pages_are_accessible_and_fit_their_screen(
    out: Path, open_page: OpenPage, options: dict[str, object]
) -> None:
    page = open_page(**options, bypass_csp=True)
    found: list[tuple[str, str, list[str]]] = []
    with served(out.parent) as address:
        _audit(page, f"{address}/{quote(out.name)}", found)
    assert found == []


def _fits(table: Locator) -> bool:
    """Tell whether all of a table is in sight, and no cell runs over."""
    return bool(
        table.evaluate(
            "table => [table.parentElement, ...table.querySelectorAll('th, td')]"
            ".every(item => item.scrollWidth <= item.clientWidth)"
        )
    )


def _audit(page: Page, root: str, found: list[tuple[str, str, list[str]]]) -> None:
    for name in (
        "index.html",
        "changes.html",
        "artifacts/label-press.html",
        "artifacts/label-old.html",
        "artifacts/label-twin/changes.html",
        "compare/label-press--label-twin.html",
        "search.html#q=print",
    ):
        page.goto(f"{root}/{name}")
        for summary in page.locator("summary").all():
            summary.click()
        for violation in Axe().run(page).response["violations"]:
            nodes = [node["html"][:100] for node in violation["nodes"][:3]]
            found.append((name, violation["id"], nodes))
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name
        tables = page.locator(".sides-table:not(.many)").all()
        assert all(_fits(table) for table in tables), name


def test_from_an_address_of_a_version_one_finds_the_present_page_and_what_changed(
    out: Path, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto((out / "artifacts/label-twin.html").as_uri())
    page.get_by_role("link", name="1 earlier").click()
    first = page.locator("article").first
    expect(first.locator("del").first).to_have_css("text-decoration-line", "line-through")
    expect(first.locator("ins").first).to_have_css("text-decoration-line", "underline")
    page.locator("article").last.get_by_role("link", name="Version").click()
    expect(page.get_by_role("note")).to_contain_text("As it read from")
    page.get_by_role("link", name="The present page").click()
    expect(page).to_have_title("Label Twin · Label tools")
    link = page.get_by_role("link", name="Report an error in Read spreadsheets, description")
    expect(link).to_have_attribute("href", re.compile("^https://example.org/report.title=Error%20"))
    page.goto((out / "artifacts/label-old.html").as_uri())
    expect(page.get_by_text("Outdated: Sold out.")).to_be_visible()


PAGES = (
    "artifacts/label-twin.html",
    "artifacts/label-twin/changes.html",
    "artifacts/label-old.html",
    "changes.html",
)


def test_nothing_on_the_pages_moves_while_they_load_and_paper_has_only_what_is_read(
    out: Path, open_page: OpenPage
) -> None:
    page = open_page(viewport={"width": 400, "height": 800})
    (version,) = list((out / "artifacts/label-press").glob("*.html"))
    for name in (*PAGES, version.relative_to(out).as_posix()):
        page.goto((out / name).as_uri())
        assert page.evaluate(SHIFTS) == 0, name
        page.emulate_media(media="print")
        for hidden in ("header.bar", ".report", ".contents"):
            for item in page.locator(hidden).all():
                expect(item).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.emulate_media(media="screen")


SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
})"""


def test_nothing_in_a_hostile_catalog_runs(tmp_path: Path, open_page: OpenPage) -> None:
    out = beside_the_browser(hostile_site, tmp_path)
    page = open_page()
    asked = requests_of(page)
    places = [path.as_uri() for path in sorted(out.rglob("*.html"))]
    for place in [*places, f"{out.as_uri()}/search.html#q=script"]:
        page.goto(place)
        assert page.evaluate("window.ran") is None
    assert page.locator("#results li").count() > 0
    assert {address.split(":")[0] for address in asked} == {"file"}
