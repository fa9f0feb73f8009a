"""The texts that a field has had: what follows what, and what a decision speaks of."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capdraft.comparing import wanted_alternatives
from capdraft.drafting import look_back
from capdraft.errors import NotFound, ReviewRefused
from capdraft.records import Decision
from capdraft.reviewing import (
    FieldState,
    Judgement,
    Target,
    approve,
    edit,
    evidence_for,
    field_states,
    open_review,
    reject,
    undo,
)
from capdraft.workspace import Workspace
from workspaces import READ, cloned, draft, drafted_workspace, pull_decisions

ADA, BO, CY = (Judgement(who, {}) for who in ("ada", "bo", "cy"))
DESCRIPTION = Target("ticket-reader", "read-tickets", "description")
TEXTS = (READ["description"]["text"], "Reads printed tickets.", "Reads tickets that are printed.")
# Written by capdraft 0.1, before decisions had evidence, seconds and bulk.
WRITTEN_BEFORE = (
    '"id": "f3b3e808c552", "time": "2026-07-01T09:00:00.123456Z", "verdict": "accept", '
    '"note": "It is on the label.", "despite": ["CD103", "CD105"], "editorial": true',
    '"id": "6a6da3353295", "time": "2026-07-01T09:01:00Z", "verdict": "edit", '
    '"text": "Reads tickets."',
    '"id": "41862093f022", "time": "2026-07-01T09:02:00+02:00", "verdict": "reject", '
    '"reason": "style"',
    '"id": "42474e8e7bc2", "time": "2026-07-01T09:03:00Z", "verdict": "undo", '
    '"undoes": "6a6da3353295"',
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path)


def now(workspace: Workspace) -> FieldState:
    return open_review(workspace, DESCRIPTION).selected[0]


def write(workspace: Workspace, by: Judgement, text: str) -> Decision:
    return edit(open_review(workspace, DESCRIPTION), by, text)


def cite(workspace: Workspace, by: Judgement, *passages: int) -> Decision:
    review = open_review(workspace, DESCRIPTION)
    return edit(review, by, review.selected[0].text, evidence_for(review, passages))


@pytest.mark.parametrize("line", WRITTEN_BEFORE)
def test_decisions_written_before_they_had_evidence_are_still_valid(line: str) -> None:
    said: dict[str, Any] = json.loads(f"{{{line}}}")
    about = {
        "schema": "capdraft/decision/1",
        "reviewer": "ann",
        "proposal": "0001",
        "capability": "read-tickets",
        "field": "description",
        "text_sha256": "a" * 64,
        "evidence_sha256": "b" * 64,
    }
    decision = Decision.model_validate({**about, **said})
    assert decision.id == said["id"]
    with pytest.raises(ValueError, match="changed after it was written"):
        Decision.model_validate({**about, **said, "seconds": 2.0})


def test_an_edit_that_lost_what_it_started_from_waits(workspace: Workspace) -> None:
    write(workspace, ADA, TEXTS[1])
    write(workspace, BO, TEXTS[2])
    undo(open_review(workspace, DESCRIPTION), "ada")
    state = now(workspace)
    assert (state.text, state.status) == (TEXTS[0], "stale")
    assert state.why == "the text changed since bo decided"


def test_what_was_made_of_a_text_before_it_was_brought_back_is_not_made_of_it_again(
    workspace: Workspace,
) -> None:
    clone = cloned(workspace)
    write(workspace, ADA, TEXTS[1])
    write(clone, BO, TEXTS[2])
    pull_decisions(workspace, clone, "bo")
    write(workspace, CY, TEXTS[0])
    state = now(workspace)
    assert (state.text, state.status) == (TEXTS[0], "conflicting")
    assert [version.text for version in state.versions] == [TEXTS[0], TEXTS[1], TEXTS[0]]
    write(workspace, BO, TEXTS[2])
    assert (now(workspace).text, now(workspace).status) == (TEXTS[2], "approved")


def test_two_who_cite_the_same_in_two_clones_agree(workspace: Workspace) -> None:
    clone = cloned(workspace)
    cite(workspace, ADA, 1, 2)
    cite(clone, BO, 1, 2)
    pull_decisions(workspace, clone, "bo")
    state = now(workspace)
    assert (state.status, len(state.versions)) == ("approved", 2)
    assert [decision.reviewer for decision in state.approvals] == ["ada", "bo"]


def test_an_edit_that_cites_what_a_newer_proposal_lacks_is_not_passed_over(
    workspace: Workspace,
) -> None:
    approve(open_review(workspace, DESCRIPTION), BO)
    written = cite(workspace, ADA, 1, 2)
    review = open_review(workspace, DESCRIPTION)
    decisions = workspace.decisions("ticket-reader")
    gone = written.model_dump(exclude={"id", "schema_", "evidence", "time"})
    evidence = tuple(
        item.model_copy(update={"document": "gone.md"}) for item in written.evidence or ()
    )

    def state(*later: Decision) -> FieldState:
        lost = Decision.make(**gone, time=written.time, evidence=evidence)
        said = [decisions[0], lost, *later]
        return field_states(review.stored.proposal, said, review.present)[0]

    assert state().text == TEXTS[0]
    assert (state().status, state().why) == (
        "stale",
        "the edit of ada cites what is not in this proposal",
    )
    accepted = decisions[0].model_dump(exclude={"id", "schema_", "time"})
    again = Decision.make(**accepted, time=written.time + timedelta(seconds=1))
    assert state(again).status == "approved"


@pytest.mark.parametrize("passages", [(1, 2), (1,)])
def test_what_was_rejected_as_it_was_cited_anew_is_not_proposed_again(
    workspace: Workspace, passages: tuple[int, ...]
) -> None:
    cite(workspace, ADA, 1, 2)
    reject(open_review(workspace, DESCRIPTION), ADA, "unsupported")
    (rejection,) = look_back(workspace, "ticket-reader").rejections
    assert len(rejection.evidence) == 2
    again = {**READ, "description": {"text": "Reads up to 40 fields.", "passages": [*passages]}}
    proposal = draft(workspace, {"capabilities": [again]}, reuse=False).proposal
    assert [item.why for item in proposal.not_again] == ["rejected by ada: unsupported"]


def test_a_comparison_that_a_reviewer_proved_is_not_wanted_any_more(tmp_path: Path) -> None:
    unproven = {**READ["vs_alternatives"], "alternative_passages": []}
    workspace = drafted_workspace(tmp_path, {**READ, "vs_alternatives": unproven})
    (wanted,) = wanted_alternatives(workspace, ["ticket-reader"])
    assert wanted.comparisons
    review = open_review(workspace, Target("ticket-reader", "read-tickets", "vs_alternatives"))
    edit(review, ADA, review.selected[0].text, evidence_for(review, [1], [3]))
    (wanted,) = wanted_alternatives(workspace, ["ticket-reader"])
    assert not wanted.comparisons


DOES: dict[str, Callable[[Workspace, Judgement], object]] = {
    "approve": lambda workspace, by: approve(open_review(workspace, DESCRIPTION), by),
    "reject": lambda workspace, by: reject(open_review(workspace, DESCRIPTION), by, "style"),
    "cite 1": lambda workspace, by: cite(workspace, by, 1),
    "cite 1 2": lambda workspace, by: cite(workspace, by, 1, 2),
    "undo": lambda workspace, by: undo(open_review(workspace, DESCRIPTION), by.reviewer),
    **{text: lambda workspace, by, text=text: write(workspace, by, text) for text in TEXTS},  # type: ignore[misc]
}
ACTIONS = st.tuples(st.sampled_from([ADA, BO, CY]), st.sampled_from(sorted(DOES)))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return drafted_workspace(tmp_path_factory.mktemp("shared"))


def standing(state: FieldState) -> tuple[object, ...]:
    return state.text, state.field.evidence, state.status, state.approvals, state.rejections


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIONS, min_size=1, max_size=8))
def test_whatever_reviewers_do_one_after_the_other_holds_together(
    shared: Workspace, actions: list[tuple[Judgement, str]]
) -> None:
    shutil.rmtree(shared.root / "reviews/ticket-reader/decisions", ignore_errors=True)
    for by, action in actions:
        before, told = now(shared), len(shared.decisions("ticket-reader"))
        try:
            DOES[action](shared, by)
        except (ReviewRefused, NotFound):
            assert len(shared.decisions("ticket-reader")) == told
            continue
        after = now(shared)
        for older, newer in zip(after.versions, after.versions[1:], strict=False):
            assert newer.edit is not None
            assert (newer.edit.text_sha256, newer.edit.evidence_sha256) == older.hashes
        mine = [d for d in (*after.approvals, *after.rejections) if d.reviewer == by.reviewer]
        if action != "undo":
            assert [d.verdict == "reject" for d in mine] == [action == "reject"]
        if action in TEXTS:
            assert after.text == action
        if action != "undo" and len(shared.decisions("ticket-reader")) > told:
            undo(open_review(shared, DESCRIPTION), by.reviewer)
            assert standing(now(shared)) == standing(before)
            DOES[action](shared, by)
