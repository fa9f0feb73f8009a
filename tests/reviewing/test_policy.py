"""Whose decisions count, how many are needed, and how that is explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from capdraft.errors import ReviewRefused, SettingsError
from capdraft.merging import merge_artifact
from capdraft.reviewing import (
    Judgement,
    Review,
    Target,
    Wanted,
    approve,
    edit,
    explanation,
    open_review,
    policy_for,
    reject,
    waiting,
)
from capdraft.settings import ReviewSettings, parse_settings
from capdraft.workspace import Workspace
from workspaces import READ, cloned, draft, drafted_workspace, pull_decisions

SLUG = "ticket-reader"
TEAM = '[review]\nreviewers = ["ann", "bo", "cy"]\n'
PLAIN = {**READ, "unique": None}


def by(who: str) -> Judgement:
    return Judgement(who, {})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path, PLAIN)


def team(workspace: Workspace, more: str = "") -> None:
    (workspace.root / "capdraft.toml").write_text(TEAM + more)


def opened(workspace: Workspace, field: str | None = None) -> Review:
    return open_review(workspace, Target(SLUG, None, field))  # type: ignore[arg-type]


def standing(workspace: Workspace) -> dict[str, str]:
    return {state.name: state.status for state in opened(workspace).states}


def test_one_approval_of_anybody_does_without_settings(workspace: Workspace) -> None:
    approve(opened(workspace), by("ann"))
    assert standing(workspace) == {"description": "approved", "vs_alternatives": "approved"}


def test_a_team_approves_a_comparison_twice(workspace: Workspace) -> None:
    team(workspace)
    approve(opened(workspace), by("ann"))
    assert standing(workspace) == {"description": "approved", "vs_alternatives": "pending"}
    assert merge_artifact(workspace, SLUG).fields == 1
    approve(opened(workspace), by("bo"))
    assert standing(workspace)["vs_alternatives"] == "approved"
    assert merge_artifact(workspace, SLUG).fields == 2


def test_the_settings_say_how_many_approvals_a_field_needs(workspace: Workspace) -> None:
    team(workspace, "approvals = { description = 3, vs_alternatives = 1 }\n")
    for who in ("ann", "bo"):
        approve(opened(workspace), by(who))
    assert standing(workspace) == {"description": "pending", "vs_alternatives": "approved"}
    assert opened(workspace).states[0].why.startswith("2 of 3 approvals")


def test_nobody_approves_what_they_edited(workspace: Workspace) -> None:
    team(workspace)
    edit(opened(workspace, "description"), by("ann"), "Reads tickets with up to 40 fields.")
    (state,) = opened(workspace, "description").selected
    assert (state.status, state.why) == ("pending", "not counted: ann edited this text")
    _, (refused,) = approve(opened(workspace, "description"), by("ann"))
    assert refused.why == "ann edited this text"
    approve(opened(workspace, "description"), by("bo"))
    assert standing(workspace)["description"] == "approved"


@pytest.mark.parametrize(("allowed", "status"), [("true", "approved"), ("false", "pending")])
def test_self_approval_is_what_the_settings_say(
    workspace: Workspace, allowed: str, status: str
) -> None:
    (workspace.root / "capdraft.toml").write_text(f"[review]\nself_approval = {allowed}\n")
    edit(opened(workspace, "description"), by("ann"), "Reads tickets with up to 40 fields.")
    assert standing(workspace)["description"] == status


def test_who_is_no_reviewer_decides_nothing(workspace: Workspace) -> None:
    approve(opened(workspace), by("eve"))
    team(workspace)
    assert standing(workspace) == {"description": "pending", "vs_alternatives": "pending"}
    assert "eve is not one of its reviewers" in opened(workspace).states[0].why
    _, refused = approve(opened(workspace), by("eve"))
    assert {item.why for item in refused} == {"eve is not one of its reviewers"}
    with pytest.raises(ReviewRefused, match="not one of its reviewers"):
        reject(opened(workspace), by("eve"), "style")


def test_the_adjudicator_settles_a_conflict(workspace: Workspace) -> None:
    team(workspace, 'adjudicator = "dee"\n')
    approve(opened(workspace, "description"), by("ann"))
    reject(opened(workspace, "description"), by("bo"), "style")
    assert standing(workspace)["description"] == "conflicting"
    approve(opened(workspace, "description"), by("dee"))
    assert standing(workspace)["description"] == "approved"
    reject(opened(workspace, "description"), by("dee"), "unsupported")
    assert standing(workspace)["description"] == "rejected"


def test_approvals_that_the_adjudicator_agrees_with_still_count(workspace: Workspace) -> None:
    team(workspace, 'adjudicator = "dee"\n')
    approve(opened(workspace, "vs_alternatives"), by("ann"))
    reject(opened(workspace, "vs_alternatives"), by("bo"), "style")
    approve(opened(workspace, "vs_alternatives"), by("dee"))
    assert standing(workspace)["vs_alternatives"] == "approved"


def test_the_adjudicator_settles_what_crossed_an_edit(workspace: Workspace) -> None:
    team(workspace, 'adjudicator = "dee"\n')
    clone = cloned(workspace)
    edit(opened(workspace, "description"), by("bo"), "Reads tickets with up to 40 fields.")
    reject(opened(clone, "description"), by("ann"), "style")
    pull_decisions(workspace, clone, "ann")
    assert standing(workspace)["description"] == "conflicting"
    approve(opened(workspace, "description"), by("dee"))
    assert standing(workspace)["description"] == "approved"


def test_who_is_no_reviewer_makes_no_conflict(workspace: Workspace) -> None:
    clone = cloned(workspace)
    edit(opened(workspace, "description"), by("bo"), "Reads tickets with up to 40 fields.")
    reject(opened(clone, "description"), by("eve"), "style")
    pull_decisions(workspace, clone, "eve")
    team(workspace)
    approve(opened(workspace, "description"), by("ann"))
    assert standing(workspace)["description"] == "approved"


def test_what_became_stale_waits_for_who_approved_it(workspace: Workspace) -> None:
    approve(opened(workspace, "description"), by("ann"))
    card = workspace.root / "ticket-reader.md"
    card.write_text(card.read_text().replace("up to 40 fields", "up to 50 fields"))
    found = waiting(workspace, [SLUG], {}, Wanted(reviewer="ann", status="stale"))
    assert [item.field for item in found] == ["description"]


def test_of_two_reviewers_the_one_who_edited_a_comparison_leaves_one_to_approve_it(
    workspace: Workspace,
) -> None:
    (workspace.root / "capdraft.toml").write_text('[review]\nreviewers = ["ann", "bo"]\n')
    edit(opened(workspace, "vs_alternatives"), by("ann"), "Reads 40 fields, version 1 read 12.")
    approve(opened(workspace, "vs_alternatives"), by("bo"))
    assert standing(workspace)["vs_alternatives"] == "approved"


def test_owners_decide_on_their_artifacts() -> None:
    settings = ReviewSettings.model_validate(
        {
            "reviewers": ["ann", "bo"],
            "owners": [{"artifacts": "gemma-*", "reviewers": ["cy"]}],
        }
    )
    assert policy_for(settings, "gemma-2").reviewers == {"cy"}
    assert policy_for(settings, "paligemma").reviewers == {"ann", "bo"}


@pytest.mark.parametrize(
    "wrong",
    [
        "approvals = { description = 0 }",
        "approvals = { name = 1 }",
        'reviewers = ["Ann Li"]',
        'reviewers = ["ann_li"]',
        'adjudicator = "Ann Li"',
        'owners = [{ artifacts = "*", reviewers = ["Ann Li"] }]',
        "self_approval = 3",
        "sedes = 0.1",
        'reviewers = ["ann", "bo"]\napprovals = {unique = 3}',
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: str) -> None:
    with pytest.raises(SettingsError):
        parse_settings(f"[review]\n{wrong}\n")


def test_it_is_explained_what_a_field_needs(tmp_path: Path) -> None:
    workspace = drafted_workspace(tmp_path)
    team(workspace)
    approve(opened(workspace), by("ann"))
    review = opened(workspace)
    told = {state.name: explanation(review, state, {}) for state in review.states}
    assert told["description"].may_merge
    assert told["description"].verdict == "may be merged"
    assert told["vs_alternatives"].verdict == "is pending and stays out"
    assert told["vs_alternatives"].lines[0] == "1 of 2 needed approvals"
    assert told["unique"].lines[-1].startswith("CD103 stands against it: '3 GB'")


def test_a_text_that_an_older_proposal_has_approved_is_explained_as_a_merge_takes_it(
    workspace: Workspace,
) -> None:
    approve(opened(workspace), by("ann"))
    again = {**PLAIN, "description": {"text": "Reads up to 40 fields.", "passages": [1]}}
    draft(workspace, {"capabilities": [again]}, reuse=False)
    review = opened(workspace)
    told = {state.name: explanation(review, state, {}) for state in review.states}
    assert told["vs_alternatives"].may_merge
    assert not told["description"].may_merge
    assert "the text of 0001 stays in the catalog" in told["description"].lines
    assert merge_artifact(workspace, SLUG).fields == 2
