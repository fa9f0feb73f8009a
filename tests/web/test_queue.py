"""The queue in the browser: what is listed, how it is narrowed, and decisions over a selection."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

from capdraft.reviewing import (
    Judgement,
    QueueIndex,
    Review,
    Target,
    approve,
    edit,
    open_review,
)
from capdraft.reviewing.seeding import Planter
from capdraft.web.queue import LONGEST_WHY, shorten_why
from capdraft.workspace import Workspace
from desks import Browser, open_desk
from workspaces import READ, drafted_workspace, make_workspace


def record(letter: str) -> dict[str, Any]:
    text = f"Reads printed tickets of up to 40 fields in corner {letter}."
    said = {"text": text, "passages": [1]}
    return {
        "name": f"Skill {letter}",
        "description": said,
        "unique": None,
        "vs_alternatives": None,
        "intents": [f"read a ticket in corner {letter}"],
    }


def rows(page: str) -> list[str]:
    """Return what the checkboxes of a page send."""
    return [html.unescape(row) for row in re.findall(r'name="row" value="([^"]+)"', page)]


def headline(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return found.group(1).strip() if found else ""


def notice(page: str) -> str:
    found = re.search(r'id="notice">(.*?)</p>', page, re.DOTALL)
    return html.unescape(found.group(1)) if found else ""


def decided(workspace: Workspace) -> list[tuple[str, str, str]]:
    return [(d.reviewer, d.verdict, d.field) for d in workspace.decisions("ticket-reader")]


@pytest.fixture
def several(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path, READ, *map(record, "abc"))


def test_the_riskiest_comes_first_and_every_row_leads_to_the_desk(browser: Browser) -> None:
    page = browser.get("/").text
    assert headline(page) == "3 fields wait for you"
    assert [row.split("/")[2] for row in rows(page)] == ["unique", "vs_alternatives", "description"]
    assert "CD103 error" in page
    assert 'href="/desk/ticket-reader/read-tickets/unique"' in page


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("rule=CD103", 1),
        ("field=description", 1),
        ("state=stale", 0),
        ("artifact=ticket-*", 3),
        ("artifact=other", 0),
        ("q=printed+TICKETS", 1),
        ("q=%22%27%3B--+%28", 0),
        ("reviewer=anyone&page=9", 3),
    ],
)
def test_filters_leave_what_they_count(browser: Browser, query: str, left: int) -> None:
    page = browser.get(f"/?{query}")
    assert page.status_code == 200
    assert len(rows(page.text)) == left
    if not left:
        assert "Nothing fits these filters" in page.text


@pytest.mark.parametrize(
    "query", ["field=name", "state=lost", "rule=x", "page=0", "page=-1", "q=" + "a" * 201]
)
def test_what_can_not_be_asked_is_refused(browser: Browser, query: str) -> None:
    assert browser.get(f"/?{query}").status_code == 400


def test_an_empty_queue_says_what_to_do_next(tmp_path: Path) -> None:
    page = open_desk(make_workspace(tmp_path)).get("/").text
    assert "Nothing is drafted yet" in page
    assert "capdraft draft" in page


def test_a_finished_queue_says_what_to_do_next(workspace: Workspace) -> None:
    (workspace.root / "capdraft.toml").write_text('[review]\nreviewers = ["bo", "cy"]\n')
    page = open_desk(workspace).get("/").text
    assert "Nothing waits for you" in page
    assert "capdraft merge" in page
    assert 'href="/?reviewer=anyone"' in page


def test_an_artifact_that_can_not_be_read_is_told_and_the_rest_is_listed(
    workspace: Workspace,
) -> None:
    folder = workspace.root / "reviews/torn"
    folder.mkdir()
    (folder / "0001.toml").write_text("schema = \n")
    page = open_desk(workspace).get("/").text
    assert "reviews/torn/0001.toml:1" in page
    assert len(rows(page)) == 3


def test_a_selection_is_shown_once_more_before_it_is_decided(several: Workspace) -> None:
    browser = open_desk(several)
    shown = rows(browser.get("/?field=description").text)
    page = browser.submit("/bulk", do="accept", row=shown)
    assert headline(page) == "Accept 4 fields as one?"
    assert "Reads printed tickets of up to 40 fields." in page  # the passage beside the claim
    assert decided(several) == []


def test_a_bulk_carries_its_size_and_is_undone_as_a_whole(several: Workspace) -> None:
    browser = open_desk(several)
    shown = rows(browser.submit("/bulk", do="accept", row=rows(browser.get("/").text)))
    page = browser.submit("/bulk", do="accept", step="decide", row=shown, back="/?field=unique")
    assert notice(page) == "5 fields accepted"
    assert 'action="/undo"' in page
    bulks = [decision.bulk for decision in several.decisions("ticket-reader")]
    assert [bulk.size for bulk in bulks if bulk] == [5] * 5
    assert len(set(bulks)) == 1
    browser.submit("/undo")
    assert headline(browser.get("/").text) == "6 fields wait for you"


def test_what_has_errors_stays_when_others_are_accepted(browser: Browser) -> None:
    page = browser.submit("/bulk", do="accept", row=rows(browser.get("/").text))
    assert headline(page) == "Accept 2 fields as one?"
    assert "has error findings (CD103): decide on it by itself" in page


def test_a_rejection_needs_a_reason_and_keeps_the_note(several: Workspace) -> None:
    browser = open_desk(several)
    shown = rows(browser.submit("/bulk", do="reject", row=rows(browser.get("/").text)))
    page = browser.submit("/bulk", do="reject", step="decide", row=shown, note="All too long")
    assert "Choose a reason" in page
    assert "All too long" in page
    assert decided(several) == []
    page = browser.submit("/bulk", do="reject", step="decide", row=shown, reason="style")
    assert notice(page) == "6 fields rejected"


def test_what_changed_since_it_was_shown_is_left_out_and_told(several: Workspace) -> None:
    browser = open_desk(several)
    shown = rows(browser.submit("/bulk", do="accept", row=rows(browser.get("/?q=skill").text)))
    review = open_review(several, Target("ticket-reader", "skill-b", "description"))
    edit(review, Judgement("bo", {}), "Reads printed tickets of 40 fields.")
    page = browser.submit("/bulk", do="accept", step="decide", row=shown)
    assert notice(page) == (
        "2 fields accepted. 1 left as they are: "
        "ticket-reader/skill-b.description changed since it was shown"
    )
    assert decided(several).count(("ann", "accept", "description")) == 2


def test_only_what_a_list_showed_can_be_decided(browser: Browser, workspace: Workspace) -> None:
    guessed = "ticket-reader/read-tickets/description/" + "0" * 64 + "/" + "0" * 64
    for row in (guessed, "ticket-reader/read-tickets/description", "nothing", "../../x/y/z"):
        browser.submit("/bulk", do="reject", step="decide", reason="style", row=row)
    assert decided(workspace) == []


def test_planted_errors_are_listed_and_answered_apart_from_decisions(several: Workspace) -> None:
    true = {row.rpartition("/")[2] for row in rows(open_desk(several).get("/").text)}
    (several.root / "capdraft.toml").write_text("[review]\nseeds = 0.5\n")
    (several.root / ".capdraft/seed-secret").write_text("a secret of this test")
    browser = open_desk(several)
    listed = rows(browser.get("/").text)
    planted = {row.rpartition("/")[2] for row in listed} - true
    assert planted
    shown = rows(browser.submit("/bulk", do="reject", row=listed))
    page = browser.submit("/bulk", do="reject", step="decide", reason="style", row=shown)
    assert notice(page) == "6 fields rejected"
    answers = (several.root / "reviews/_seeds/ann.jsonl").read_text().splitlines()
    assert len(answers) == len(planted)
    assert len(decided(several)) == 6 - len(planted)


def test_a_row_says_why_it_waits_again_in_short(several: Workspace) -> None:
    review = open_review(several, Target("ticket-reader", "skill-b", "description"))
    approve(review, Judgement("bo", {}))
    document = several.root / "ticket-reader.md"
    document.write_text(document.read_text().replace("40", "41"))
    page = open_desk(several).get("/?state=stale").text
    assert "changed since bo approved it</span>" in page
    long = "bo-" * 40
    assert len(shorten_why(f"the text changed since {long} decided")) <= LONGEST_WHY


def test_a_row_does_not_tell_what_a_second_opinion_must_not_know(several: Workspace) -> None:
    settings = "[review]\nsecond_opinions = {}\napprovals = {{ description = 2 }}\n"
    review = open_review(several, Target("ticket-reader", "skill-b", "description"))
    approve(review, Judgement("bo", {}))
    for share, told in ((0, True), (1, False)):
        (several.root / "capdraft.toml").write_text(settings.format(share))
        assert ("1 of 2 approvals, by bo" in open_desk(several).get("/").text) is told


def test_only_artifacts_where_an_error_may_be_planted_are_opened(
    several: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (several.root / "reviews/ticket-reader/0001.toml").read_text()
    for number in range(8):
        folder = several.root / f"reviews/copy-{number}"
        folder.mkdir()
        copy = first.replace('slug = "ticket-reader"', f'slug = "copy-{number}"')
        (folder / "0001.toml").write_text(copy)
    (several.root / "capdraft.toml").write_text("[review]\nseeds = 0.1\n")
    (several.root / ".capdraft/seed-secret").write_text("a secret of this test")
    opened = set()

    def watched(workspace: Workspace, target: Target) -> Review:
        opened.add(target.slug)
        return open_review(workspace, target)

    monkeypatch.setattr("capdraft.web.queue.open_review", watched)
    browser = open_desk(several)
    assert len(rows(browser.get("/").text)) == 50
    planter = Planter("ann", {}, 0.1, "a secret of this test")
    drawn = {
        item.slug
        for item in QueueIndex(several).page()
        if planter.may_plant(
            (item.slug, item.capability, item.field, item.text_sha256, item.evidence_sha256)
        )
    }
    assert opened == drawn
    assert 0 < len(drawn) < 9


def test_nothing_is_planted_where_the_reviewer_may_not_approve(several: Workspace) -> None:
    plain = rows(open_desk(several).get("/?reviewer=anyone").text)
    (several.root / "capdraft.toml").write_text('[review]\nseeds = 0.5\nreviewers = ["bo"]\n')
    (several.root / ".capdraft/seed-secret").write_text("a secret of this test")
    assert rows(open_desk(several).get("/?reviewer=anyone").text) == plain
    assert rows(open_desk(several, "bo").get("/?reviewer=anyone").text) != plain


def test_what_waits_for_somebody_else_is_shown(workspace: Workspace) -> None:
    (workspace.root / "capdraft.toml").write_text('[review]\nreviewers = ["ann", "bo"]\n')
    review = open_review(workspace, Target("ticket-reader", "read-tickets", "description"))
    edit(review, Judgement("ann", {}), "Reads printed tickets, up to 40 fields.")
    browser = open_desk(workspace)
    assert headline(browser.get("/").text) == "2 fields wait for you"
    assert headline(browser.get("/?reviewer=bo").text) == "3 fields wait for bo"
    assert "for bo" in browser.get("/").text
    assert browser.get("/?reviewer=..%2Fx").status_code == 400


def test_only_a_field_that_there_is_can_be_claimed(browser: Browser) -> None:
    token = browser.token
    there = "/claim/ticket-reader/read-tickets/description"
    assert browser.post(there, data={"csrf": token}).status_code == 200
    assert browser.post(f"{there[:-11]}unique-x", data={"csrf": token}).status_code == 404
    assert browser.post("/claim/none/read/description", data={"csrf": token}).status_code == 404
