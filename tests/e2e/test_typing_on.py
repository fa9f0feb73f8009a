"""What is typed for one claim never decides on it unasked, nor on another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from desk_server import Server, beside_the_browser, serving
from label_press import planted_workspace

PRINT = "label-press/print-labels.description"
CHECK = "label-press/check-postcodes.description"
CARET = "() => [document.activeElement.id, document.activeElement.selectionStart]"
EVERY_KEY = "a1.5Bx suspends kqrj0 "
OPEN = "An edit is open: Ctrl Enter saves, Esc leaves it."


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(beside_the_browser(planted_workspace, tmp_path), "--as", "ann") as server:
        yield server


def at_desk(server: Server, page: Page, path: str) -> Page:
    page.goto(f"{server.urls['ann'].rstrip('/')}/desk/{path.replace('.', '/')}")
    expect(page.locator(".desk")).to_have_attribute("data-path", path)
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def refuse_an_edit(page: Page) -> None:
    """Save a number that no passage has, with the caret in the middle of the text."""
    press(page, "e", "Control+a")
    page.keyboard.type("Prints 77 labels.")
    press(page, *["ArrowLeft"] * len(" labels."), "Control+Enter")
    expect(page.locator("#alert")).to_contain_text("CD103")


def decided(server: Server) -> list[str]:
    return [d.verdict for d in server.workspace.decisions("label-press")]


def still_here(server: Server, page: Page, path: str = PRINT) -> None:
    page.wait_for_timeout(300)
    expect(page.locator(".desk")).to_have_attribute("data-path", path)
    assert decided(server) == []


def test_after_a_refused_save_typing_goes_on_in_the_text(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = at_desk(server, open_page(), PRINT)
    refuse_an_edit(page)
    assert page.evaluate(CARET) == ["edit-text", len("Prints 77")]
    expect(page.locator("#checked")).to_contain_text("CD103")
    expect(page.locator("#alert")).to_be_in_viewport()
    page.keyboard.type(EVERY_KEY)
    expect(page.locator("#edit-text")).to_have_value(f"Prints 77{EVERY_KEY} labels.")
    still_here(server, page)


def test_a_name_that_was_being_edited_gets_the_focus_back(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = at_desk(server, open_page(), CHECK)
    press(page, "e", "Tab", "Control+a", "Delete", "Control+Enter")
    expect(page.locator("#alert")).to_be_visible()
    assert page.evaluate(CARET) == ["edit-name", 0]


@pytest.mark.parametrize("saved", [True, False])
def test_while_an_edit_is_open_no_letter_acts_whatever_has_the_focus(
    server: Server, open_page: Callable[..., Page], *, saved: bool
) -> None:
    page = at_desk(server, open_page(), PRINT)
    if saved:
        refuse_an_edit(page)
    else:
        press(page, "e")
    for key in ("a", "x", "d", "u", "j", "k", "q", "c", "e", " ", "1", "?", "/"):
        page.locator(".desk h1").focus()
        press(page, key)
        expect(page.locator("#refused")).to_have_text(OPEN)
        assert page.evaluate("() => document.activeElement.id") == "edit-text"
        expect(page.locator("#edit-mode")).to_have_attribute("open", "")
    still_here(server, page)


def test_other_forms_hold_the_keys_too(server: Server, open_page: Callable[..., Page]) -> None:
    page = at_desk(server, open_page(), PRINT)
    for form, says, field in (
        ("x", "A rejection is open", "reject-note"),
        ("d", "A note is open", "despite-note"),
        ("c", "A choice of passages is open", None),
    ):
        press(page, form)
        page.locator(".desk h1").focus()
        press(page, "a")
        expect(page.locator("#refused")).to_contain_text(says)
        assert page.evaluate("() => document.activeElement.id || null") == field
        page.keyboard.type("a" if field else "aju ")
        press(page, "Escape")
    still_here(server, page)


def test_a_rejection_that_was_refused_comes_back_with_its_note(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = at_desk(server, open_page(), PRINT)
    press(page, "x", "n")
    page.keyboard.type("It is ")
    # Another window decided meanwhile: this one shows what is not there any more.
    page.locator("#reject-mode input[name=text_sha256]").evaluate("box => { box.value = 'gone' }")
    page.locator("#reject-mode button[value=unsupported]").click()
    expect(page.locator("#alert")).to_contain_text("changed while you had it open")
    assert page.evaluate("() => document.activeElement.id") == "reject-note"
    page.keyboard.type("60, not 90")
    expect(page.locator("#reject-note")).to_have_value("It is 60, not 90")
    still_here(server, page)


def test_a_choice_of_passages_that_was_refused_stays_open(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = at_desk(server, open_page(), PRINT)
    press(page, "c", "Control+Enter")
    expect(page.locator("#alert")).to_contain_text("is unchanged")
    assert page.evaluate("() => document.activeElement.name") == "cite"
    page.keyboard.type("ajuqx1")
    expect(page.locator("#cite-mode")).to_have_attribute("open", "")
    still_here(server, page)


def test_what_is_typed_while_a_save_is_on_its_way_is_kept_and_decides_on_nothing(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = at_desk(server, open_page(), CHECK)
    held: list[Route] = []
    page.route("**/edit*", lambda route: held.append(route))
    press(page, "e")
    page.keyboard.type(" Always.")
    press(page, "Control+Enter")
    expect(page.locator("html")).to_have_attribute("data-keys-rest", "")
    press(page, "Control+Enter")
    page.keyboard.type(" As a rule")
    expect(page.locator("#edit-text")).to_have_value(
        "Checks the postcodes of 31 countries. Always. As a rule"
    )
    (save,) = held
    save.continue_()
    expect(page.locator(".desk")).not_to_have_attribute("data-path", CHECK)
    reached = page.locator(".desk").get_attribute("data-path")
    page.keyboard.type("aju 1xq")
    expect(page.locator("#refused")).to_contain_text("You typed on")
    page.wait_for_timeout(300)
    expect(page.locator(".desk")).to_have_attribute("data-path", reached or "")
    assert decided(server) == ["edit"]
    at_desk(server, page, CHECK)
    press(page, "e")
    expect(page.locator("#edit-text")).to_have_value(
        "Checks the postcodes of 31 countries. Always. As a rule"
    )


def test_what_is_typed_while_a_refusal_is_on_its_way_stands_in_the_text(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = at_desk(server, open_page(), PRINT)
    held: list[Route] = []
    page.route("**/edit*", lambda route: held.append(route))
    press(page, "e", "Control+a")
    page.keyboard.type("Prints 77")
    press(page, "Control+Enter")
    page.keyboard.type(" labels")
    held[0].continue_()
    expect(page.locator("#alert")).to_contain_text("CD103")
    page.keyboard.type(" a day")
    expect(page.locator("#edit-text")).to_have_value("Prints 77 labels a day")
    still_here(server, page)


def test_a_key_that_is_pressed_twice_decides_once(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = at_desk(server, open_page(), CHECK)
    held: list[Route] = []
    page.route("**/accept*", lambda route: held.append(route))
    press(page, "a", "a", "x", "1", "j")
    assert len(held) == 1
    expect(page.locator("#refused")).to_contain_text("on its way")
    held[0].continue_()
    expect(page.locator(".desk")).not_to_have_attribute("data-path", CHECK)
    assert decided(server) == ["accept"]
