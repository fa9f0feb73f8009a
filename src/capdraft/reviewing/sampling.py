"""Draw samples that everybody who computes them draws alike, and what a sampled field hides."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from capdraft.reviewing.states import FieldState

_BITS = 53  # as many as a float holds exactly


def draw(*parts: str) -> float:
    """Give the parts, in this order, a number in [0, 1) that never changes."""
    digest = hashlib.sha256(json.dumps(parts).encode("ascii")).digest()
    return (int.from_bytes(digest[:8], "big") >> 64 - _BITS) / (1 << _BITS)


def is_sampled(slug: str, state: FieldState, share: float) -> bool:
    """Tell whether a field, as it reads now, is one of those that get a second opinion."""
    hashes = state.versions[-1].hashes
    return draw(slug, state.capability.id, state.name, *hashes) < share


def blind(slug: str, state: FieldState, reviewer: str, share: float) -> bool:
    """Tell whether what others decided on a field must be hidden from a reviewer.

    It is a sampled one, and the reviewer has not decided on its text.
    """
    decided = (*state.approvals, *state.rejections, *(decision for decision, _ in state.ignored))
    return is_sampled(slug, state, share) and all(d.reviewer != reviewer for d in decided)


def alone(state: FieldState) -> FieldState:
    """Return `state` as if nobody had decided on what it says."""
    now = replace(state.versions[-1], edit=None)
    return replace(
        state,
        versions=(now,),
        status="pending",
        why="",
        approvals=(),
        rejections=(),
        ignored=(),
        authors={},
    )
