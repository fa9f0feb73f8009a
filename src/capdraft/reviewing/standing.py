"""What the rules still say of a proposal after what was decided on it."""

from __future__ import annotations

from collections.abc import Mapping

from capdraft.checking import check_proposal, place_findings
from capdraft.records import Finding
from capdraft.reviewing.judging import WITHOUT_EVIDENCE
from capdraft.reviewing.review import Review
from capdraft.reviewing.states import FieldState


def standing_findings(review: Review, severities: Mapping[str, str]) -> list[tuple[Finding, str]]:
    """Return each finding that still stands, with its FILE:LINE.

    A rejected field has none, an edited one those of its new text, and what a reviewer accepted
    with --despite or --editorial is answered.
    """
    states = {(state.capability.id, state.name): state for state in review.states}
    proposal = review.stored.proposal
    drafted = check_proposal(
        proposal,
        review.present,
        judgements=review.judgements,
        pages=review.pages,
        severities=severities,
    )
    found = [f for f in drafted if states[f.capability, f.field].edit is None]
    for state in review.states:
        if state.edit is not None:
            found += review.findings(state, severities)
    standing = [f for f in found if not _answered(f, states[f.capability, f.field])]
    texts = {key: state.text for key, state in states.items()}
    return list(place_findings(review.stored, standing, texts))


def _answered(finding: Finding, state: FieldState) -> bool:
    if state.status == "rejected":
        return True
    return any(
        finding.code in decision.despite
        or (decision.editorial and finding.code in WITHOUT_EVIDENCE)
        for decision in state.approvals
    )
