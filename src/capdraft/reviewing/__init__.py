"""Who decided what, and what follows from it: statuses are computed here, never stored."""

from capdraft.reviewing.deciding import (
    Judgement,
    Refusal,
    Review,
    approve,
    edit,
    refusal,
    reject,
    undo,
)
from capdraft.reviewing.reviewer import reviewer_slug
from capdraft.reviewing.standing import standing_findings
from capdraft.reviewing.states import FieldState, Status, field_states
from capdraft.reviewing.targets import Target, open_review

__all__ = [
    "FieldState",
    "Judgement",
    "Refusal",
    "Review",
    "Status",
    "Target",
    "approve",
    "edit",
    "field_states",
    "open_review",
    "refusal",
    "reject",
    "reviewer_slug",
    "standing_findings",
    "undo",
]
