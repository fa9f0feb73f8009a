"""Why a field may be merged or not, and what it still needs, told step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from capdraft.records import Decision
from capdraft.reviewing.judging import UNANSWERABLE
from capdraft.reviewing.review import Review
from capdraft.reviewing.states import FieldState
from capdraft.text import one_line


@dataclass(frozen=True, slots=True)
class Explanation:
    """Of one field: whether it may be merged, and the reasons line by line."""

    field: str
    may_merge: bool
    verdict: str
    lines: tuple[str, ...]


def explanation(review: Review, state: FieldState, severities: Mapping[str, str]) -> Explanation:
    """Return why `state` may be merged, or what is missing."""
    approved = state.status == "approved"
    # Where the newest proposal has no approved description, a merge takes an older one's.
    described = any(
        other.status == "approved"
        for other in review.states
        if other.capability.id == state.capability.id and other.name == "description"
    ) or (approved and state.capability.id in review.published)
    verdict = "may be merged"
    if not approved:
        verdict = f"is {state.status} and stays out"
    elif not described:
        verdict = "is approved, and waits for its capability's description"
    lines = (
        *_text(review, state),
        *_decisions(review, state),
        *_findings(review, state, severities),
    )
    return Explanation(state.path, approved and described, verdict, lines)


def _text(review: Review, state: FieldState) -> Iterator[str]:
    if state.edit is not None:
        yield f"its text is that of {state.edit.reviewer}, who edited it on {_day(state.edit)}"
    if state.why and state.status in ("stale", "conflicting"):
        yield state.why
    if state.status != "approved":
        kept = review.published.get(state.capability.id, {}).get(state.name)
        if kept is not None:
            yield f"the text of {kept.stored.number} stays in the catalog"


def _decisions(review: Review, state: FieldState) -> Iterator[str]:
    needed = review.policy.needed(state.name, state.authors)
    yield f"{len(state.approvals)} of {needed} needed approvals"
    for decision in state.approvals:
        yield f"  {decision.reviewer} on {_day(decision)}{_how(decision)}"
    for decision, reason in state.ignored:
        yield f"  not counted: {decision.reviewer} on {_day(decision)}: {reason}"
    if state.status == "rejected":
        yield f"rejected {state.why}"
    if review.policy.reviewers:
        yield f"decided by: {', '.join(sorted(review.policy.reviewers))}"
    if state.status == "conflicting" and review.policy.adjudicator:
        yield f"{review.policy.adjudicator} can settle it"


def _findings(review: Review, state: FieldState, severities: Mapping[str, str]) -> Iterator[str]:
    notes = {code: decision.note for decision in state.approvals for code in decision.despite}
    for finding in review.findings(state, severities):
        what = "warns"
        if finding.severity == "error":
            what = "stands against it"
            if finding.code in notes:
                what = f"was accepted with the note {_quoted(notes[finding.code])}"
            elif finding.code in UNANSWERABLE:
                what = "stands against it, and no --despite answers it"
        yield f"{finding.code} {what}: {finding.message}"


def _how(decision: Decision) -> str:
    how = [f"despite {', '.join(decision.despite)}"] if decision.despite else []
    how += ["as an editorial statement"] if decision.editorial else []
    told = f", {' and '.join(how)}" if how else ""
    # What answers a finding is told with the finding.
    shown = decision.note and not decision.despite
    return f"{told}: {_quoted(decision.note)}" if shown else told


def _quoted(note: str | None) -> str:
    return f"“{one_line(note or '')}”"


def _day(decision: Decision) -> str:
    return f"{decision.time:%Y-%m-%d}"
