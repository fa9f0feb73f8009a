"""Decisions from a file: checked as a whole, then taken one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from capdraft.reviewing import Target, open_review
from capdraft.reviewing.applying import Application
from capdraft.workspace import Workspace
from workspaces import drafted_workspace

DESCRIPTION, UNIQUE, COMPARED = (
    f"ticket-reader/read-tickets.{field}" for field in ("description", "unique", "vs_alternatives")
)
ACCEPT = {"target": DESCRIPTION, "verdict": "accept"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path)


def application(workspace: Workspace) -> Application:
    return Application(workspace, "ada", {})


def lines(*said: dict[str, Any]) -> str:
    return "\n".join(map(json.dumps, said)) + "\n"


def statuses(workspace: Workspace) -> dict[str, str]:
    review = open_review(workspace, Target("ticket-reader"))
    return {state.name: state.status for state in review.states}


def test_each_line_is_a_decision_and_what_is_refused_is_told_with_its_line(
    workspace: Workspace,
) -> None:
    text = lines(
        {"target": UNIQUE, "verdict": "accept"},
        {"target": DESCRIPTION, "verdict": "edit", "name": "Read paper", "evidence": [1, 2]},
        {"target": COMPARED, "verdict": "reject", "reason": "style", "note": "Too long."},
        {"target": UNIQUE, "verdict": "edit", "text": "Runs in 2 GB of memory."},
    )
    applying = application(workspace)
    asked, wrong = applying.check(text, "decided.jsonl")
    assert wrong == []
    assert workspace.decisions("ticket-reader") == [], "checking decides nothing"
    refused = [error for item in applying.take(asked) for error in item.refused]
    assert [(error.where, error.message.partition(":")[0]) for error in refused] == [
        ("decided.jsonl:1", "read-tickets.unique has error findings")
    ]
    assert statuses(workspace) == {
        "description": "approved",
        "unique": "approved",
        "vs_alternatives": "rejected",
    }
    named, rejected, edited = workspace.decisions("ticket-reader")
    assert named.evidence is not None
    assert (named.name, [item.passage for item in named.evidence]) == ("Read paper", [1, 2])
    assert (rejected.note, edited.text) == ("Too long.", "Runs in 2 GB of memory.")


def test_a_line_decides_on_what_the_lines_before_it_left(workspace: Workspace) -> None:
    text = lines(
        {"target": DESCRIPTION, "verdict": "edit", "text": "Reads printed tickets."},
        {"target": DESCRIPTION, "verdict": "edit", "name": "Read paper"},
    )
    applying = application(workspace)
    asked, _ = applying.check(text, "-")
    assert all(not item.refused for item in applying.take(asked))
    (state,) = open_review(workspace, Target.parse_path(DESCRIPTION)).selected
    assert (state.text, state.capability.name) == ("Reads printed tickets.", "Read paper")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{", "isn't JSON"),
        ({"verdict": "accept"}, "target: Field required"),
        ({**ACCEPT, "verdict": "undo"}, "verdict: Input should be"),
        ({**ACCEPT, "reviewer": "bo"}, "reviewer: Extra inputs are not permitted"),
        ({**ACCEPT, "target": "ticket-reader/read-ticket"}, "no capability 'read-ticket'"),
        ({**ACCEPT, "target": f"{DESCRIPTION}s"}, "names no field"),
        ({**ACCEPT, "text": "Reads."}, "text does not belong to the verdict 'accept'"),
        ({**ACCEPT, "verdict": "reject"}, "the verdict 'reject' needs a reason"),
        ({**ACCEPT, "verdict": "edit"}, "needs a text, evidence or a name"),
        ({**ACCEPT, "verdict": "edit", "evidence": "1 / 99"}, "there is no passage [99]"),
        ({**ACCEPT, "verdict": "edit", "alternative": "X"}, "can't be changed with"),
        ({"target": "ticket-reader", "verdict": "edit", "text": "A."}, "is several fields"),
        ({**ACCEPT, "despite": ["CD103"]}, "--despite needs a note"),
        ({**ACCEPT, "despite": ["CD999"], "note": "So."}, "'CD999' is no rule"),
    ],
    ids=str,
)
def test_a_line_that_is_wrong_is_told_before_anything_is_decided(
    workspace: Workspace, said: dict[str, Any] | str, told: str
) -> None:
    odd = said if isinstance(said, str) else json.dumps(said)
    good, (error,) = application(workspace).check(f"{lines(ACCEPT)}\n{odd}\n", "-")
    assert error.where == "-:3"
    assert told in error.message
    assert [line.target.field for line in good] == ["description"]
