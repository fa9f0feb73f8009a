"""Who decided what, and what follows from it: statuses are computed here, never stored."""

from typing import TYPE_CHECKING

from capdraft.deferring import deferred

if TYPE_CHECKING:
    from capdraft.reviewing.citing import OpenDocument, evidence_for, open_documents
    from capdraft.reviewing.deciding import approve, edit, reject
    from capdraft.reviewing.diffing import FieldDiff, diff, word_diff
    from capdraft.reviewing.earlier import find_version
    from capdraft.reviewing.events import Event, history
    from capdraft.reviewing.explaining import Explanation, explanation
    from capdraft.reviewing.index import (
        WAITING,
        Claim,
        Facets,
        IndexedArtifact,
        QueueIndex,
        Taken,
        Waiting,
        Wanted,
    )
    from capdraft.reviewing.judging import (
        UNANSWERABLE,
        WITHOUT_EVIDENCE,
        Judgement,
        Refusal,
        refusal,
    )
    from capdraft.reviewing.pages import earlier_pages
    from capdraft.reviewing.policy import ANYBODY, Policy, policy_for, workspace_policy
    from capdraft.reviewing.queue import waiting
    from capdraft.reviewing.review import Review, open_review
    from capdraft.reviewing.reviewer import reviewer_slug
    from capdraft.reviewing.standing import standing_findings
    from capdraft.reviewing.states import FieldState, Status, field_states
    from capdraft.reviewing.targets import Target
    from capdraft.reviewing.undoing import undo, undo_bulk
    from capdraft.reviewing.versions import Version

__all__ = [
    "ANYBODY",
    "UNANSWERABLE",
    "WAITING",
    "WITHOUT_EVIDENCE",
    "Claim",
    "Event",
    "Explanation",
    "Facets",
    "FieldDiff",
    "FieldState",
    "IndexedArtifact",
    "Judgement",
    "OpenDocument",
    "Policy",
    "QueueIndex",
    "Refusal",
    "Review",
    "Status",
    "Taken",
    "Target",
    "Version",
    "Waiting",
    "Wanted",
    "approve",
    "diff",
    "earlier_pages",
    "edit",
    "evidence_for",
    "explanation",
    "field_states",
    "find_version",
    "history",
    "open_documents",
    "open_review",
    "policy_for",
    "refusal",
    "reject",
    "reviewer_slug",
    "standing_findings",
    "undo",
    "undo_bulk",
    "waiting",
    "word_diff",
    "workspace_policy",
]

if not TYPE_CHECKING:  # else every name would be known to a type checker
    __getattr__ = deferred(
        __name__,
        {
            "citing": "OpenDocument evidence_for open_documents",
            "deciding": "approve edit reject",
            "diffing": "FieldDiff diff word_diff",
            "earlier": "find_version",
            "explaining": "Explanation explanation",
            "events": "Event history",
            "index": "WAITING Claim Facets IndexedArtifact QueueIndex Taken Waiting Wanted",
            "judging": "UNANSWERABLE WITHOUT_EVIDENCE Judgement Refusal refusal",
            "pages": "earlier_pages",
            "policy": "ANYBODY Policy policy_for workspace_policy",
            "queue": "waiting",
            "review": "Review open_review",
            "reviewer": "reviewer_slug",
            "standing": "standing_findings",
            "states": "FieldState Status field_states",
            "targets": "Target",
            "undoing": "undo undo_bulk",
            "versions": "Version",
        },
    )
