"""A reviewer takes twelve capabilities from the queue to the catalog by keys alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from capdraft.merging import merge_artifact
from desk_server import beside_the_browser, serving
from label_press import EDITED, EXPECTED, planted_workspace

Act = Callable[[Page], None]


def keys(*pressed: str) -> Act:
    def press(page: Page) -> None:
        for key in pressed:
            page.keyboard.press(key)

    return press


def edits(text: str) -> Act:
    def edit(page: Page) -> None:
        keys("e", "Control+a")(page)
        page.keyboard.type(text)
        expect(page.locator("#checked")).to_contain_text("no findings")
        keys("Control+Enter")(page)

    return edit


def is_among_passages(page: Page) -> bool:
    inside: bool = page.evaluate(
        "() => document.querySelector('#documents').contains(document.activeElement)"
    )
    return inside


def cites(*wanted: str) -> Act:
    """Walk over the passages with Tab and leave only those chosen that hold what is wanted."""

    def cite(page: Page) -> None:
        keys("c")(page)
        expect(page.locator("input[name=cite]:focus")).to_be_visible()
        while is_among_passages(page):
            keys("Shift+Tab")(page)
        keys("Tab")(page)
        while is_among_passages(page):
            box = page.locator("input[name=cite]:focus")
            if box.count():
                said = page.locator(".passage:has(input[name=cite]:focus)").inner_text()
                if any(words in said for words in wanted) != box.is_checked():
                    keys("Space")(page)
            keys("Tab")(page)
        expect(page.locator("#checked")).to_contain_text("no findings")
        keys("Control+Enter")(page)

    return cite


ACTS: dict[str, Act] = {
    "place-a-logo.vs_alternatives": keys("x", "7"),
    "fit-sizes.description": cites("three sizes"),
    "print-labels.description": edits(EDITED),
    "keep-addresses-private.unique": keys("x", "1"),
    "print-in-colour.description": keys("x", "2"),
    "reprint-after-a-jam.description": cites("reports a jam"),
}


def shown(page: Page) -> str:
    return page.locator(".desk").get_attribute("data-path") or ""


def test_a_proposal_goes_from_the_queue_to_the_catalog_by_keyboard_alone(
    tmp_path: Path, open_page: Callable[..., Page]
) -> None:
    workspace = beside_the_browser(planted_workspace, tmp_path)
    with serving(workspace, "--as", "ann") as server:
        page = open_page()
        page.goto(server.urls["ann"])
        expect(page.locator("h1")).to_have_text("14 fields wait for you")
        page.keyboard.press("g")
        walked = []
        for _ in range(14):
            expect(page.locator(".desk")).to_be_visible()
            path = shown(page)
            walked.append(path)
            field = path.partition("/")[2]
            ACTS.get(field, keys("a"))(page)
            page.wait_for_function(
                "path => document.querySelector('.desk')?.dataset.path !== path", arg=path
            )
        assert len(set(walked)) == 14
        expect(page.locator("main")).to_contain_text("you decided on 14 claims")
    merge_artifact(workspace, "label-press")
    entry = json.loads((tmp_path / "catalog/label-press.json").read_text())
    told = {
        record["id"]: {
            name: record[name]["text"] for name in ("description", "unique") if name in record
        }
        for record in entry["capabilities"]
    }
    assert told == EXPECTED
    by_id = {record["id"]: record for record in entry["capabilities"]}
    (cited,) = by_id["reprint-after-a-jam"]["description"]["evidence"]
    assert cited["quote"] == "Prints a label again when the printer reports a jam."
    assert all(d.seconds is not None for d in workspace.decisions("label-press"))
