"""axe-core finds no serious violation on any page, light or dark, wide or narrow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from capdraft.reviewing import Judgement, Target, edit, open_review, reject
from capdraft.workspace import Workspace
from desk_server import beside_the_browser, serving
from label_press import planted_workspace

PLACES = (
    "/",
    "/?q=nothing+like+it",
    "/desk/label-press/print-labels/description",
    "/desk/label-press/place-a-logo/vs_alternatives",
    "/desk/label-press/sort-by-route/description",
    "/artifacts",
    "/artifact/label-press",
    "/artifact/label-press/proposal/0001",
    "/artifact/label-press/history",
    "/history",
    "/stats",
    "/help",
    "/artifact/none-of-this-name",
)
RICHEST = {"/", PLACES[2], PLACES[4], "/artifact/label-press", "/history"}


def worked_on(folder: Path) -> Workspace:
    workspace = planted_workspace(folder)
    review = open_review(workspace, Target("label-press", "sort-by-route", "description"))
    edit(review, Judgement("bo", {}), "Sorts labels by route, then prints them.")
    review = open_review(workspace, Target("label-press", "print-in-colour", "description"))
    reject(review, Judgement("bo", {}, note="It prints in black only."), "contradicted")
    return workspace


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"color_scheme": "light", "viewport": {"width": 400, "height": 800}},
    ],
    ids=["light", "dark", "phone"],
)
def test_no_page_has_a_serious_violation(
    tmp_path: Path, open_page: Callable[..., Page], options: dict[str, object]
) -> None:
    workspace = beside_the_browser(worked_on, tmp_path)
    # What differs on other screens is colours and widths: the pages that have all parts tell.
    light = options == {"color_scheme": "light"}
    places = PLACES if light else [place for place in PLACES if place in RICHEST]
    found = []
    with serving(workspace, "--as", "ann") as server:
        page = open_page(**options, bypass_csp=True, reduced_motion="reduce")
        for place in places:
            for mode in ("", "x", "e", "c") if light and "print-labels" in place else ("",):
                page.goto(server.urls["ann"].rstrip("/") + place)
                if mode:
                    page.keyboard.press(mode)
                for violation in Axe().run(page).response["violations"]:
                    if violation["impact"] in ("serious", "critical"):
                        nodes = [node["html"][:100] for node in violation["nodes"][:3]]
                        found.append((place, mode, violation["id"], nodes))
    assert found == []
