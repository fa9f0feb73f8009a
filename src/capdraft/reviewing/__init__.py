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
from capdraft.reviewing.diffing import FieldDiff, diff
from capdraft.reviewing.explaining import Explanation, explanation
from capdraft.reviewing.history import Event, history
from capdraft.reviewing.policy import ANYBODY, Policy, policy_for, workspace_policy
from capdraft.reviewing.queue import WAITING, Waiting, Wanted, waiting
from capdraft.reviewing.reviewer import reviewer_slug
from capdraft.reviewing.standing import standing_findings
from capdraft.reviewing.states import FieldState, Status, field_states
from capdraft.reviewing.targets import Target, open_review

__all__ = [
    "ANYBODY",
    "WAITING",
    "Event",
    "Explanation",
    "FieldDiff",
    "FieldState",
    "Judgement",
    "Policy",
    "Refusal",
    "Review",
    "Status",
    "Target",
    "Waiting",
    "Wanted",
    "approve",
    "diff",
    "edit",
    "explanation",
    "field_states",
    "history",
    "open_review",
    "policy_for",
    "refusal",
    "reject",
    "reviewer_slug",
    "standing_findings",
    "undo",
    "waiting",
    "workspace_policy",
]
