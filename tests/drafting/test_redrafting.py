"""Drafting again: what is intact is carried over, what changed is asked about, and told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from capdraft.reviewing import Judgement, Target, approve, open_review, reject
from capdraft.settings import Settings
from capdraft.text import estimate_tokens
from capdraft.workspace import Workspace
from workspaces import READ, Scripted, draft, draft_from, make_workspace

FILL = "The reader was built for tickets of railways and of buses, and is kept by its makers. " * 3
CARD = f"""\
# Ticket reader

Reads printed tickets of up to 40 fields.

It needs 2 GB of memory.

Version 1 read 12 fields.

## Sorting

Sorts tickets by date into 30 folders.

{"".join(f"## Note {n}{chr(10)}{chr(10)}{FILL}{n}{chr(10)}{chr(10)}" for n in range(12))}
"""
SORT: dict[str, Any] = {
    "name": "Sort tickets",
    "description": {"text": "Sorts tickets by date into 30 folders.", "passages": [4]},
    "unique": None,
    "vs_alternatives": None,
    "intents": ["sort tickets"],
}
FIRST = {"capabilities": [READ, SORT]}
WIDE = Settings.model_validate({"draft": {"window": 60_000}})
BY = Judgement("ann", {}, note="checked", despite=("CD103",))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = make_workspace(tmp_path, CARD)
    draft(workspace, FIRST)
    return workspace


def edit(workspace: Workspace, old: str, new: str) -> None:
    path = workspace.root / "ticket-reader.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def asked(endpoint: Scripted) -> str:
    (body,) = endpoint.asked
    return str(body["messages"][-1]["content"])


def test_nothing_is_asked_while_all_passages_are_as_they_were(workspace: Workspace) -> None:
    edit(workspace, "It needs 2 GB", "It   needs 2 GB")
    endpoint = Scripted()
    again = draft_from(workspace, endpoint).proposal
    assert not endpoint.asked
    assert again == workspace.read_proposal("ticket-reader", "0001").proposal


def test_a_new_passage_is_asked_about_with_what_stands_around_it(workspace: Workspace) -> None:
    edit(workspace, "into 30 folders.\n", "into 30 folders.\n\nPrints a list of the folders.\n")
    approve(open_review(workspace, Target("ticket-reader")), BY)
    prints = {**SORT, "name": "Print folders"}
    prints["description"] = {"text": "Prints a list of the folders.", "passages": [5]}
    endpoint = Scripted({"capabilities": [prints]})
    proposal = draft_from(workspace, endpoint).proposal
    prompt = asked(endpoint)
    assert "[4] Sorts tickets" in prompt
    assert "[5] Prints a list" in prompt
    assert "[1] " not in prompt
    assert FILL.strip() not in prompt
    changes = proposal.changes
    assert changes is not None
    assert changes.since == "0001"
    assert (changes.added, changes.changed) == (("print-folders",), ())
    assert changes.carried_over == ("read-tickets", "sort-tickets")


def test_an_edit_of_one_paragraph_costs_under_a_tenth(tmp_path: Path) -> None:
    notes = "".join(f"## Note {n}\n\n{FILL * 8}{n}.\n\n" for n in range(50))
    workspace = make_workspace(tmp_path, CARD + notes)
    first, second = Scripted(FIRST), Scripted({"capabilities": []})
    draft_from(workspace, first, settings=WIDE)
    edit(workspace, "It needs 2 GB of memory.", "It needs 4 GB of memory.")
    draft_from(workspace, second, settings=WIDE)
    before, after = (
        sum(estimate_tokens(m["content"]) for body in endpoint.asked for m in body["messages"])
        for endpoint in (first, second)
    )
    assert len(CARD + notes) > 100_000
    assert after < before / 10


def test_decisions_on_what_was_carried_over_still_stand(workspace: Workspace) -> None:
    approve(open_review(workspace, Target("ticket-reader")), BY)
    edit(workspace, "# Ticket reader\n", "# Ticket reader\n\nA first word on the reader.\n")
    draft_from(workspace, Scripted({"capabilities": []}))
    review = open_review(workspace, Target("ticket-reader"))
    assert review.stored.number == "0002"
    assert {state.status for state in review.states} == {"approved"}
    assert [item.passage for item in review.states[0].field.evidence] == [2]


def test_a_text_that_lost_its_passage_is_written_again(workspace: Workspace) -> None:
    edit(workspace, "It needs 2 GB of memory.", "It needs 3 GB of memory.")
    again = {**READ, "description": {"text": "Reads them all.", "passages": [1]}}
    endpoint = Scripted({"capabilities": [again]})
    proposal = draft_from(workspace, endpoint).proposal
    prompt = asked(endpoint)
    assert "- Read tickets: what its unique rested on has changed" in prompt
    assert all(f"[{number}] " in prompt for number in (1, 2, 3))
    reader, sorter = proposal.capabilities
    assert reader.unique is not None
    assert reader.unique.evidence[0].quote == "It needs 3 GB of memory."
    # What stands is not replaced by other words for it.
    assert reader.description.text == "Reads printed tickets with up to 40 fields."
    assert proposal.changes is not None
    assert (proposal.changes.changed, proposal.changes.lost) == (("read-tickets",), ())
    assert proposal.changes.carried_over == (sorter.id,)


def test_a_text_whose_passages_are_gone_is_dropped_without_asking(workspace: Workspace) -> None:
    edit(workspace, "Sorts tickets by date into 30 folders.\n", "")
    endpoint = Scripted()
    proposal = draft_from(workspace, endpoint).proposal
    assert not endpoint.asked
    assert [item.id for item in proposal.capabilities] == ["read-tickets"]
    assert proposal.changes is not None
    (lost,) = proposal.changes.lost
    assert (lost.capability, lost.field) == ("sort-tickets", "description")
    assert lost.text == SORT["description"]["text"]


def test_a_passage_that_moved_is_cited_where_it_stands_now(workspace: Workspace) -> None:
    edit(workspace, "It needs 2 GB of memory.\n\n", "")
    edit(workspace, "## Sorting\n", "It needs 2 GB of memory.\n\n## Sorting\n")
    endpoint = Scripted()
    draft_from(workspace, endpoint)
    assert not endpoint.asked


def test_what_a_reviewer_rejected_is_not_proposed_again(workspace: Workspace) -> None:
    reject(open_review(workspace, Target("ticket-reader", "sort-tickets")), BY, "not-a-capability")
    endpoint = Scripted({"capabilities": [READ, {**SORT, "name": "Order tickets"}]})
    proposal = draft_from(workspace, endpoint, reuse=False).proposal
    assert "- Sort tickets: Sorts tickets by date into 30 folders." in asked(endpoint)
    assert [item.id for item in proposal.capabilities] == ["read-tickets"]
    (dropped,) = proposal.not_again
    assert (dropped.capability, dropped.why) == (
        "sort-tickets",
        "rejected by ann: not-a-capability (“checked”)",
    )


def test_what_was_rejected_comes_back_when_its_evidence_changed(workspace: Workspace) -> None:
    reject(open_review(workspace, Target("ticket-reader", "sort-tickets")), BY, "unsupported")
    edit(workspace, "into 30 folders", "into 60 folders")
    sixty = {**SORT, "description": {"text": "Sorts into 60 folders.", "passages": [4]}}
    proposal = draft_from(workspace, Scripted({"capabilities": [READ, sixty]})).proposal
    assert "sort-tickets" in [item.id for item in proposal.capabilities]
    assert not proposal.not_again


def test_a_record_told_in_other_words_keeps_its_id(workspace: Workspace) -> None:
    renamed = {**SORT, "name": "Folder filing"}
    endpoint = Scripted({"capabilities": [READ, renamed]})
    proposal = draft_from(workspace, endpoint, reuse=False).proposal
    assert [item.id for item in proposal.capabilities] == ["read-tickets", "sort-tickets"]
    assert proposal.capabilities[1].name == "Folder filing"
    assert "- Sort tickets" in asked(endpoint)


def test_an_invented_citation_stays_one_when_numbers_move(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CARD)
    invented = {**READ, "description": {"text": "Reads tickets.", "passages": [1, 99]}}
    draft(workspace, {"capabilities": [invented]})
    edit(workspace, "# Ticket reader\n", "# Ticket reader\n\nA first word on the reader.\n")
    proposal = draft_from(workspace, Scripted({"capabilities": []})).proposal
    assert proposal.capabilities[0].description.passages == (2, 99)
    assert "CD102" in [finding.code for finding in proposal.findings]


def test_another_model_or_prompt_drafts_all_of_it_again(workspace: Workspace) -> None:
    (workspace.root / "prompts").mkdir()
    own = "{% block user %}{{ name }}: {{ passages }}{% endblock %}"
    (workspace.root / "prompts" / "draft.jinja").write_text(own)
    endpoint = Scripted({"capabilities": [READ]})
    proposal = draft_from(workspace, endpoint).proposal
    assert FILL.strip() in asked(endpoint)
    assert proposal.changes is not None
    assert proposal.changes.carried_over == ("read-tickets",)
    assert [(lost.capability, lost.why) for lost in proposal.changes.lost] == [
        ("sort-tickets", "it was not drafted again")
    ]
