"""Several reviewers at once, and taking back what was decided."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from capdraft.reviewing import Target, open_review
from desk_server import Server, beside_the_browser, serving
from label_press import planted_workspace

FIELD = "/desk/label-press/sort-by-route/description"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    workspace = beside_the_browser(planted_workspace, tmp_path)
    with serving(workspace, "--auth", "token", "--as", "ann", "--as", "bo") as server:
        yield server


def statuses(server: Server) -> dict[str, str]:
    review = open_review(server.workspace, Target("label-press"))
    return {state.path: state.status for state in review.states}


def enter(server: Server, page: Page, who: str, place: str = "/") -> None:
    """Open the desk by the secret link, then a page of it."""
    page.goto(server.urls[who])
    address = server.urls[who].partition("/enter")[0]
    page.wait_for_url(f"{address}/")
    page.goto(address + place)


def save_edit(page: Page, text: str) -> None:
    page.keyboard.press("e")
    page.locator("#edit-text").fill(text)
    page.keyboard.press("Control+Enter")


def test_who_is_second_sees_what_changed_and_loses_nothing(
    server: Server, open_page: Callable[..., Page]
) -> None:
    ann, bo = open_page(), open_page()
    enter(server, ann, "ann", FIELD)
    enter(server, bo, "bo", FIELD)
    save_edit(ann, "Sorts labels by their route.")
    expect(ann.locator("#notice")).to_contain_text("sort-by-route")
    with bo.expect_response(lambda answer: answer.url.endswith("/edit")) as answer:
        save_edit(bo, "Puts labels in the order of the route.")
    assert answer.value.status == 409
    alert = bo.locator("[role=alert]")
    expect(alert).to_contain_text("ann")
    expect(alert.locator("ins").first).to_contain_text("their")
    expect(bo.locator("#claim")).to_have_text("Sorts labels by their route.")
    expect(bo.locator("#edit-text")).to_have_value("Puts labels in the order of the route.")
    assert [d.reviewer for d in server.workspace.decisions("label-press")] == ["ann"]
    bo.keyboard.press("Escape")
    bo.locator("button[data-key=a]").click()
    expect(bo.locator("#notice")).to_contain_text("sort-by-route")
    assert [d.reviewer for d in server.workspace.decisions("label-press")] == ["ann", "bo"]
    assert statuses(server)["sort-by-route.description"] == "approved"


def test_what_is_edited_in_a_terminal_meanwhile_is_seen_in_the_browser(
    server: Server, open_page: Callable[..., Page]
) -> None:
    ann = open_page()
    enter(server, ann, "ann", FIELD)
    command = ["review", "edit", "label-press/sort-by-route", "--field", "description"]
    subprocess.run(
        [sys.executable, "-m", "capdraft", *command, "--from", "-", "--as", "cy"],
        cwd=server.workspace.root,
        input="Sorts labels by route, then prints.",
        text=True,
        check=True,
        capture_output=True,
    )
    ann.keyboard.press("a")
    expect(ann.locator("[role=alert]")).to_contain_text("cy")
    expect(ann.locator("#claim")).to_have_text("Sorts labels by route, then prints.")
    assert [d.reviewer for d in server.workspace.decisions("label-press")] == ["cy"]


def test_what_one_has_open_is_passed_over_by_the_other(
    server: Server, open_page: Callable[..., Page]
) -> None:
    ann, bo = open_page(), open_page()
    with ann.expect_response(lambda answer: "/claim/" in answer.url):
        enter(server, ann, "ann", "/desk")
    held = ann.locator(".desk").get_attribute("data-path")
    enter(server, bo, "bo", "/")
    row = bo.locator(".row", has_text="Simpler than Parcelmate")
    expect(row).to_contain_text("ann has this open")
    bo.keyboard.press("g")
    expect(bo.locator(".desk")).to_be_visible()
    assert bo.locator(".desk").get_attribute("data-path") != held


def test_the_last_action_is_taken_back_from_anywhere(
    server: Server, open_page: Callable[..., Page]
) -> None:
    ann = open_page()
    enter(server, ann, "ann", FIELD)
    ann.keyboard.press("x")
    ann.keyboard.press("9")
    expect(ann.locator("#notice")).to_contain_text("sort-by-route")
    assert statuses(server)["sort-by-route.description"] == "rejected"
    ann.keyboard.press("u")
    expect(ann.locator(".desk")).to_have_attribute(
        "data-path", "label-press/sort-by-route.description"
    )
    assert statuses(server)["sort-by-route.description"] == "pending"


def test_a_selection_is_decided_as_one_and_taken_back_as_one(
    server: Server, open_page: Callable[..., Page]
) -> None:
    ann = open_page()
    enter(server, ann, "ann")
    ann.get_by_label("Select all 14 shown").check()
    ann.keyboard.press("A")
    expect(ann.locator("h1")).to_have_text("Accept 11 fields as one?")
    left = ann.locator("section.warning")
    expect(left).to_contain_text("3 fields stay as they are")
    expect(left).to_contain_text("CD201")
    ann.keyboard.press("Control+Enter")
    expect(ann.locator("h1")).to_have_text("3 fields wait for you")
    decisions = server.workspace.decisions("label-press")
    assert len({d.bulk.id for d in decisions if d.bulk}) == 1
    assert [d.bulk.size for d in decisions if d.bulk] == [11] * 11
    assert list(statuses(server).values()).count("approved") == 11
    ann.keyboard.press("u")
    expect(ann.locator("h1")).to_have_text("14 fields wait for you")
    assert set(statuses(server).values()) == {"pending"}
