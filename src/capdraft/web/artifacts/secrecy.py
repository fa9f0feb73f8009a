"""What is kept from a reviewer who is asked for a second opinion: how others decided."""

from __future__ import annotations

from capdraft.reviewing import Review
from capdraft.reviewing.sampling import blind


def blind_fields(review: Review, who: str, share: float) -> frozenset[tuple[str, str]]:
    """Return (capability, field) of what `who` is to decide on without knowing others' word."""
    if not share:
        return frozenset()
    return frozenset(
        (state.capability.id, state.name)
        for state in review.states
        if (state.approvals or state.rejections or state.ignored)
        and blind(review.slug, state, who, share)
    )
