"""`capdraft review undo`: the last decision, wherever it was, or the last one on what is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capdraft.records import Bulk
from capdraft.reviewing import Judgement, Target, approve, open_review, reject
from capdraft.workspace import Workspace
from workspaces import READ, Scripted, draft_from, drafted_workspace

Run = Callable[..., Any]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with two artifacts: ann rejected a field of one and approved all of the other."""
    made = drafted_workspace(tmp_path)
    (made.root / "tin-sorter.md").write_text("# Sorter\n\nSorts 9 tickets.\n")
    record = {**READ, "name": "Sort tickets", "unique": None, "vs_alternatives": None}
    record["description"] = {"text": "Sorts 9 tickets.", "passages": [1]}
    draft_from(made, Scripted({"capabilities": [record]}), source="tin-sorter.md")
    reject(open_review(made, Target("tin-sorter")), Judgement("ann", {}), "style")
    bulk = Judgement("ann", {}, bulk=Bulk(id="0123456789ab", size=2))
    approve(open_review(made, Target("ticket-reader")), bulk)
    return made


@pytest.mark.usefixtures("workspace")
def test_without_a_name_the_last_action_is_taken_back_as_a_whole(run: Run) -> None:
    first = run("review", "undo", "--as", "ann")
    assert (first.status, first.out.count("took back")) == (0, 2)
    assert "on ticket-reader/read-tickets.description" in first.out
    assert "on tin-sorter/sort-tickets.description" in run("review", "undo", "--as", "ann").out
    last = run("review", "undo", "--as", "ann")
    assert (last.status, "ann has no decision to take back" in last.err) == (2, True)


@pytest.mark.usefixtures("workspace")
def test_with_a_name_the_last_one_there_is_taken_back(run: Run) -> None:
    said = run("review", "undo", "tin-sorter", "--as", "ann")
    assert "on tin-sorter/sort-tickets.description" in said.out
    assert run("review", "undo", "tin-sorter", "--as", "bo").status == 2


def test_what_can_t_be_looked_into_is_told(workspace: Workspace, run: Run) -> None:
    decisions = workspace.root / "reviews/ticket-reader/decisions/ann.jsonl"
    decisions.write_text(decisions.read_text() + "{\n")
    said = run("review", "undo", "--as", "ann")
    assert "not looked into: reviews/ticket-reader/decisions/ann.jsonl:3" in said.err
    assert "on tin-sorter/sort-tickets.description" in said.out
