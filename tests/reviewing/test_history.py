"""What happened to an artifact, in order, and what carried over to a newer proposal."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from capdraft.errors import NotFound
from capdraft.reviewing import Judgement, Target, approve, history, open_review, reject, undo
from workspaces import READ, draft, drafted_workspace

SLUG = "ticket-reader"


def test_drafts_and_decisions_are_told_in_order(tmp_path: Path) -> None:
    workspace = drafted_workspace(tmp_path, {**READ, "unique": None})
    time.sleep(1.1)  # times of drafts are kept to the second
    ann = Judgement("ann", {})
    approve(open_review(workspace, Target(SLUG, None, "description")), ann)
    reject(open_review(workspace, Target(SLUG, None, "vs_alternatives")), ann, "style")
    undo(open_review(workspace, Target(SLUG, None, "vs_alternatives")), "ann")
    card = tmp_path / f"{SLUG}.md"
    card.write_text(card.read_text() + "\nIt runs on one core.\n")
    draft(workspace, {"capabilities": []})
    events = history(workspace, SLUG)
    assert [(event.who, event.what.partition(" ")[0]) for event in events[:-1]] == [
        ("stub", "drafted"),
        ("ann", "approved"),
        ("ann", "rejected"),
        ("ann", "took"),
    ]
    assert events[2].what.endswith("style (taken back later)")
    newest = next(event for event in events if "0002.toml" in event.what)
    assert newest.lines == (
        "carried over since 0001: read-tickets",
        "decisions that carried over: read-tickets.description",
    )


def test_an_artifact_without_a_proposal_has_no_history(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        history(drafted_workspace(tmp_path), "ticket-sorter")
