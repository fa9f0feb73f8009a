"""Names, intents and alternatives that an edit changes, and all that follows from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from capdraft.errors import ReviewRefused, TextChanged, UsageProblem
from capdraft.merging import merge_artifact, undecided
from capdraft.publishing.exports.as_training import training_examples
from capdraft.publishing.pull_request import pull_request_body
from capdraft.publishing.review_changes import artifact_change
from capdraft.records import Decision, FieldName, Names
from capdraft.reviewing import (
    FieldState,
    Judgement,
    QueueIndex,
    Target,
    Wanted,
    approve,
    diff,
    edit,
    evidence_for,
    history,
    open_review,
    undo,
)
from capdraft.reviewing.unsaid import unsaid_words
from capdraft.workspace import Workspace
from workspaces import READ, cloned, draft, drafted_workspace, pull_decisions

ADA, BO = Judgement("ada", {}), Judgement("bo", {})
SLUG = "ticket-reader"
NAME, INTENTS = "Read paper tickets", ("read a train ticket", "count the fields of a ticket")
RENAMED = Names(name=NAME, intents=INTENTS)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path)


def target(field: FieldName = "description") -> Target:
    return Target(SLUG, "read-tickets", field)


def now(workspace: Workspace, field: FieldName = "description") -> FieldState:
    return open_review(workspace, target(field)).selected[0]


def rename(
    workspace: Workspace,
    names: Names = RENAMED,
    by: Judgement = ADA,
    field: FieldName = "description",
) -> Decision:
    review = open_review(workspace, target(field))
    return edit(review, by, review.selected[0].text, names=names)


def test_a_new_name_holds_for_all_fields_of_the_capability_and_is_merged(
    workspace: Workspace,
) -> None:
    decision = rename(workspace)
    assert (decision.name, decision.intents) == (NAME, INTENTS)
    assert {now(workspace, name).capability.name for name, _ in _fields(workspace)} == {NAME}
    state = now(workspace)
    assert (state.status, state.capability.intents) == ("approved", INTENTS)
    assert state.versions[0].names == Names(name="Read tickets", intents=("read a train ticket",))
    approve(open_review(workspace, target("vs_alternatives")), ADA)
    rename(workspace, Names(alternative="Version 1"), field="vs_alternatives")
    merge_artifact(workspace, SLUG)
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    (record,) = entry.capabilities
    assert (record.name, record.intents) == (NAME, INTENTS)
    assert record.vs_alternatives is not None
    assert record.vs_alternatives.alternative == "Version 1"
    assert record.description.approved[0].edited, "pages say that it was rewritten"
    assert not undecided(workspace, SLUG)


def _fields(workspace: Workspace) -> list[tuple[FieldName, object]]:
    return list(workspace.read_proposal(SLUG).proposal.capabilities[0].fields())


def test_an_approval_of_the_text_under_its_old_name_does_not_count_for_the_new_one(
    workspace: Workspace,
) -> None:
    approve(open_review(workspace, target()), BO)
    before = open_review(workspace, target())
    rename(workspace)
    assert [decision.reviewer for decision in now(workspace).approvals] == ["ada"]
    _, (refused,) = approve(before, BO)
    assert refused.why == "was edited by ada since it was shown: its names changed"
    with pytest.raises(TextChanged, match="its names changed"):
        edit(before, BO, "Reads tickets.")


def test_undoing_brings_the_old_names_back(workspace: Workspace) -> None:
    rename(workspace)
    rename(workspace, Names(name="Scan tickets"))
    assert now(workspace).capability.intents == INTENTS, "what an edit says nothing of stays"
    undo(open_review(workspace, target()), "ada")
    undo(open_review(workspace, target()), "ada")
    assert (now(workspace).capability.name, now(workspace).status) == ("Read tickets", "pending")


def test_two_who_name_it_differently_in_two_clones_are_told_of_each_other(
    workspace: Workspace,
) -> None:
    clone = cloned(workspace)
    rename(workspace)
    approve(open_review(clone, target()), BO)
    pull_decisions(workspace, clone, "bo")
    state = now(workspace)
    assert (state.status, state.capability.name) == ("conflicting", NAME)
    assert state.why == "bo decided on the text before ada edited it"


def test_names_are_held_against_the_same_rules(workspace: Workspace) -> None:
    with pytest.raises(ReviewRefused, match="CD201 no passage cited for the alternative names"):
        rename(workspace, Names(alternative="Till roll"), field="vs_alternatives")
    with pytest.raises(ReviewRefused, match=r"the new name of .* is empty"):
        rename(workspace, Names(name="  "))
    with pytest.raises(UsageProblem, match="the name can't be changed with"):
        rename(workspace, Names(name=NAME), field="unique")
    with pytest.raises(ReviewRefused, match="unchanged"):
        rename(workspace, Names(name=" Read  tickets ", intents=("read a train ticket", "")))
    assert workspace.decisions(SLUG) == []


def test_a_decision_that_gives_names_where_none_belong_is_not_valid(workspace: Workspace) -> None:
    said = {key: value for key, value in rename(workspace) if key not in ("id", "schema_")}
    assert Decision.make(**said).names == RENAMED
    with pytest.raises(ValueError, match="with unique, nothing can be changed"):
        Decision.make(**{**said, "field": "unique"})
    with pytest.raises(ValueError, match="new names belong to the verdict 'edit'"):
        Decision.make(**{**said, "verdict": "accept", "text": None})


def test_a_new_draft_that_says_the_same_keeps_the_names(workspace: Workspace) -> None:
    rename(workspace)
    approve(open_review(workspace, target()), BO)
    draft(workspace, {"capabilities": [{**READ, "unique": None}]}, reuse=False)
    state = now(workspace)
    assert (state.status, state.capability.name) == ("approved", NAME)
    assert [decision.reviewer for decision in state.approvals] == ["ada", "bo"]


def test_history_diff_search_and_training_tell_of_names(workspace: Workspace) -> None:
    rename(workspace)
    (event,) = (event for event in history(workspace, SLUG) if event.who == "ada")
    assert event.lines[:2] == (f"name: {NAME}", f"intents: {'; '.join(INTENTS)}")
    index = QueueIndex(workspace, {})
    index.refresh()
    (found,) = index.page(Wanted(status="approved", words="paper"))
    assert found.name == NAME
    (example, *_) = training_examples(workspace, SLUG)
    assert (example.name, example.decision) == ("Read tickets", "edit")
    assert example.final_names == RENAMED
    merge_artifact(workspace, SLUG)
    _, _, differing = diff(workspace, SLUG, since="catalog")
    (described,) = (item for item in differing if item.field == "description")
    assert [item.what for item in described.names] == ["name", "intents"]
    assert ("removed", "paper ") in described.names[0].pieces


def test_what_was_merged_under_edited_names_is_known_as_approved(workspace: Workspace) -> None:
    for names in (RENAMED, Names(name="Scan tickets"), Names(name="Scan paper")):
        rename(workspace, names)
        assert undecided(workspace, SLUG) == [], "nothing was changed by hand"
        assert merge_artifact(workspace, SLUG).changed
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    assert entry.capabilities[0].name == "Scan paper"


def test_a_pull_request_says_what_was_renamed(workspace: Workspace) -> None:
    before = cloned(workspace)
    rename(workspace)
    body = pull_request_body([artifact_change(workspace, before, SLUG, {})])
    assert f"named “{NAME}” instead of “Read tickets”" in body
    assert f"for “{'; '.join(INTENTS)}” instead of “read a train ticket”" in body


def test_words_that_no_kept_citation_carries_are_told(workspace: Workspace) -> None:
    review = open_review(workspace, target())
    (state,) = review.selected
    said = "Reads printed tickets of up to 40 fields, offline, even crumpled."
    assert unsaid_words(review, state, said) == ("offline", "crumpled")
    assert unsaid_words(review, state, "Tickets that are printed are read.") == ()
    assert unsaid_words(review, state, said, evidence=()) == (), "a rule tells of no evidence"
    elsewhere = evidence_for(review, [2])
    assert unsaid_words(review, state, state.text, elsewhere) == ("printed", "fields")
