"""Taking decisions back: what is taken back stays in the file, and so does this."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from capdraft.errors import NotFound
from capdraft.records import Decision
from capdraft.reviewing.review import Review
from capdraft.reviewing.states import standing_decisions
from capdraft.workspace import Workspace

_SAME = ("reviewer", "proposal", "capability", "field", "text_sha256", "evidence_sha256")
"""What an undo has in common with what it takes back."""


def undo(review: Review, reviewer: str) -> Decision:
    """Take back the reviewer's last decision on one of the selected fields.

    Raises:
        NotFound: there is none to take back.
        Busy: others keep deciding.
    """
    selected = {(state.capability.id, state.name) for state in review.selected}
    with review.workspace.deciding():
        for decision in reversed(standing_decisions(review.workspace.decisions(review.slug))):
            key = (decision.capability, decision.field)
            if key in selected and decision.reviewer == reviewer:
                return _take_back(review.workspace, review.slug, decision)
    raise NotFound(f"{reviewer} has no decision here to take back")


def undo_bulk(
    workspace: Workspace, reviewer: str, decisions: Iterable[tuple[str, str]]
) -> list[Decision]:
    """Take several of a reviewer's decisions back as one; each is an artifact's slug and its id.

    What was taken back before is passed over.

    Raises:
        Busy: others keep deciding.
    """
    taken: list[Decision] = []
    wanted: dict[str, set[str]] = {}
    for slug, identifier in decisions:
        wanted.setdefault(slug, set()).add(identifier)
    with workspace.deciding():
        for slug, ids in wanted.items():
            taken += [
                _take_back(workspace, slug, decision)
                for decision in standing_decisions(workspace.decisions(slug))
                if decision.reviewer == reviewer and decision.id in ids
            ]
    return taken


def _take_back(workspace: Workspace, slug: str, decision: Decision) -> Decision:
    undone = Decision.make(
        time=datetime.now(UTC),
        verdict="undo",
        undoes=decision.id,
        **{name: getattr(decision, name) for name in _SAME},
    )
    workspace.append_decision(slug, undone)
    return undone
