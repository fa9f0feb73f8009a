"""No text from a document, a claim, a name, a note or an address ever runs or becomes markup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page

from desk_server import beside_the_browser, serving
from hostile import HOSTILE, hostile_workspace

ACTIVE = ", ".join(
    (
        "script:not([src^='/static/'])",
        "iframe, object, embed, base, meta[http-equiv], svg script, img[onerror]",
        "[onerror], [onload], [onclick], [onfocus], [ontoggle], [onpageshow]",
        "a[href^='javascript' i], form[action^='http'], [hx-get='/help'], [hx-on\\\\:click]",
    )
)


def check(page: Page, where: str) -> None:
    ran, active = page.evaluate(
        f'() => [window.ran ?? 0, [...document.querySelectorAll("{ACTIVE}")].map(e => e.outerHTML)]'
    )
    assert (where, ran, active) == (where, 0, [])


def test_nothing_that_is_hostile_runs_on_any_page(
    tmp_path: Path, open_page: Callable[..., Page]
) -> None:
    workspace = beside_the_browser(hostile_workspace, tmp_path)
    (slug,) = workspace.artifacts()
    ids = [item.id for item in workspace.read_proposal(slug).proposal.capabilities]
    artifact = f"/artifact/{quote(slug)}"
    places = [
        "/",
        "/?reviewer=anyone",
        "/artifacts",
        artifact,
        f"{artifact}/proposal/0001",
        f"{artifact}/proposal/0002",
        f"{artifact}/history",
        f"{artifact}/diff?since=0001",
        "/history",
        "/stats",
        "/help",
        # Each has all hostile texts in its document.
        *(f"/desk/{quote(slug)}/{quote(id_)}/description" for id_ in ids[:4]),
        f"/desk/{quote(slug)}/{quote(ids[0])}/vs_alternatives",
        *(f"/?q={quote(text)}" for text in HOSTILE[:5]),
        *(f"/desk/{quote(text, safe='')}/x/description" for text in HOSTILE[:4]),
        *(f"/artifact/{quote(text, safe='')}" for text in HOSTILE[:4]),
    ]
    with serving(workspace, "--as", HOSTILE[3]) as server:
        page = open_page()
        (address,) = server.urls.values()
        for place in places:
            page.goto(address.rstrip("/") + place)
            check(page, place)
        page.goto(address.rstrip("/") + f"/desk/{quote(slug)}/{quote(ids[1])}/description")
        page.keyboard.press("e")
        for text in HOSTILE[::4]:
            with page.expect_response(lambda answer: answer.url.endswith("/check")):
                page.locator("#edit-text").fill(text)
            page.wait_for_timeout(30)
            check(page, f"typed {text}")
