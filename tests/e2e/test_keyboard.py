"""A reviewer takes twelve capabilities from the queue to the catalog by keys alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from capdraft.merging import merge_artifact
from capdraft.workspace import Workspace
from desk_server import beside_the_browser, serving
from label_press import EDITED, EXPECTED, planted_workspace
from workspaces import READ, draft, make_workspace

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
            # Whoever saved by a key may still be typing.
            expect(page.locator("html")).not_to_have_attribute("data-keys-rest", "")
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


LONG = """\
---
name: Long one
type: tool
---
# Long one

Begins here.

{filler}

## Speed

| Input | Seconds |
|---|---|
{rows}

## Use

```python
{code}
```

## Ends

Ends here, with three parts.
"""
IN_VIEW = """() => {
  const pane = document.querySelector(".document-pane").getBoundingClientRect();
  const title = document.querySelector("details.document[open] > summary");
  const current = document.querySelector(".passage.current").getBoundingClientRect();
  const under = title.getBoundingClientRect().bottom;
  return current.top >= under - 1 && (current.bottom <= pane.bottom || current.top <= under + 60);
}"""


def long_workspace(folder: Path) -> Workspace:
    filler = "\n\n".join(f"Paragraph {n} says nothing of it. " * 8 for n in range(90))
    rows = "\n".join(f"| part {n} | {n} |" for n in range(40))
    code = "\n".join(f"line_{n} = {n}" for n in range(80))
    card = LONG.format(filler=filler, rows=rows, code=code)
    workspace = make_workspace(folder)
    (folder / "ticket-reader.md").write_text(card, encoding="utf-8")
    speed = {"text": "Reads part 31 in 31 seconds, in three parts.", "passages": [123, 132, 133]}
    draft(workspace, {"capabilities": [{**READ, "description": speed, "unique": None}]})
    return workspace


def test_each_cited_passage_comes_into_view(tmp_path: Path, open_page: Callable[..., Page]) -> None:
    workspace = beside_the_browser(long_workspace, tmp_path)
    with serving(workspace, "--as", "ann") as server:
        page = open_page(reduced_motion="reduce")
        page.goto(server.urls["ann"].rstrip("/") + "/desk/ticket-reader/read-tickets/description")
        for kind in ("tr", "div:has(pre)", "div:has-text('Ends here')", "tr"):
            expect(page.locator(f"{kind}.passage.current")).to_have_count(1)
            page.wait_for_function(IN_VIEW)
            page.keyboard.press("]")
        expect(page.locator("#step [aria-current]")).to_have_text("citation 2")


def test_a_key_that_does_nothing_says_why_and_an_open_edit_is_not_passed_over(
    tmp_path: Path, open_page: Callable[..., Page]
) -> None:
    workspace = beside_the_browser(planted_workspace, tmp_path)
    with serving(workspace, "--as", "ann") as server:
        page = open_page()
        page.goto(server.urls["ann"])
        keys("o")(page)
        expect(page.locator("#refused")).to_have_text("No row is chosen: j goes to the first.")
        place = "/desk/label-press/check-postcodes/description"
        page.goto(server.urls["ann"].rstrip("/") + place)
        keys("d")(page)
        expect(page.locator("#refused")).to_have_text("Nothing stands against it: a accepts it.")
        keys("e")(page)
        page.keyboard.type(" Always.")
        expect(page.locator("#checked")).to_contain_text("Changed:")
        page.locator("button[data-accepts]").click()
        expect(page.locator("#refused")).to_contain_text("Your edit is not saved")
        assert shown(page) == "label-press/check-postcodes.description"
    assert workspace.decisions("label-press") == []


def test_an_edit_outlives_a_session_that_ended(
    tmp_path: Path, open_page: Callable[..., Page]
) -> None:
    workspace = beside_the_browser(planted_workspace, tmp_path)
    place = "/desk/label-press/check-postcodes/description"
    with serving(workspace, "--auth", "token", "--as", "ann") as server:
        page = open_page()
        page.goto(server.urls["ann"])
        expect(page.locator("h1")).to_contain_text("wait for you")
        desk = page.url.rstrip("/") + place
        page.goto(desk)
        keys("e")(page)
        page.keyboard.type(" Always.")
        keys("Tab", "End")(page)
        page.keyboard.type(" twice")
        page.context.clear_cookies()
        keys("Control+Enter")(page)
        expect(page.locator("h1")).to_have_text("Who are you?")
        page.goto(server.urls["ann"])
        expect(page.locator("h1")).to_contain_text("wait for you")
        page.goto(desk)
        keys("e")(page)
        expect(page.locator("#edit-text")).to_have_value(re.compile(r" Always\.$"))
        expect(page.locator("#edit-name")).to_have_value(re.compile(r" twice$"))
        keys("Control+Enter")(page)
        expect(page.locator("#notice")).to_contain_text("edited label-press")
        page.goto(desk)
        expect(page.locator("#edit-mode")).not_to_have_class(re.compile("unsaved"))
        expect(page.locator("h1")).to_have_text(re.compile(r" twice$"))
