"""A walk through the queue: what was decided in it, what was skipped, what comes next."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from starlette.requests import Request

from capdraft.reviewing import Target, Wanted
from capdraft.web.house import Filters, reviewer

if TYPE_CHECKING:
    from capdraft.reviewing.index import QueueIndex, Waiting

_LOCK = Lock()
PAUSE = 3600.0
"""Seconds without a page after which a walk is over: what was decided in it may wait again."""
LOOKED_AT = 500
"""Fields that are looked at for one that was neither skipped nor decided."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What is told once after a planted error was decided on."""

    path: str
    text: str
    truth: str
    verdict: str
    caught: bool
    cited_wrong: bool
    """Whether the passages were planted, not the words."""


@dataclass
class Walk:
    """What one reviewer did in this visit, which ends with a long pause."""

    verdicts: dict[Target, str] = field(default_factory=dict)
    """What was decided on which field, last."""
    passed: set[Target] = field(default_factory=set)
    """Fields that were decided: they are not shown again, though others may still be asked."""
    skipped: dict[Target, None] = field(default_factory=dict)
    planted: Planted | None = None
    among: Filters = field(default_factory=Filters)
    """What it was narrowed to when it was last seen."""
    ended: bool = False
    """Whether its last page was shown: what is decided after that begins another round."""
    seen: float = field(default_factory=time.monotonic)

    def did(self, verdict: str, target: Target) -> None:
        """Note a decision."""
        if self.ended:
            self.passed.clear()
            self.ended = False
        self.verdicts[target] = verdict
        self.passed.add(target)
        self.skipped.pop(target, None)

    def skip(self, target: Target) -> None:
        """Put a field at the end."""
        self.skipped.pop(target, None)
        self.skipped[target] = None

    def took_back(self, target: Target) -> None:
        """Note that a decision was undone."""
        self.verdicts.pop(target, None)
        self.passed.discard(target)
        self.ended = False

    @property
    def decided(self) -> Counter[str]:
        """How many fields were accepted, edited and rejected."""
        return Counter(self.verdicts.values())

    def slugs(self) -> list[str]:
        """Return the artifacts of which something was accepted."""
        accepted = (at.slug for at, verdict in self.verdicts.items() if verdict != "reject")
        return list(dict.fromkeys(accepted))

    def is_over(self, target: Target) -> bool:
        """Tell whether the walk does not come to `target` again by itself."""
        return target in self.passed or target in self.skipped


def walk_of(request: Request) -> Walk:
    """Return the walk of who asks; a new one after a long pause."""
    now = time.monotonic()
    with _LOCK:
        state = request.app.state
        if not hasattr(state, "walks"):
            state.walks = {}
        walk: Walk = state.walks.setdefault(reviewer(request), Walk())
        if now - walk.seen > PAUSE:
            walk = state.walks[reviewer(request)] = Walk()
        walk.seen = now
        return walk


def next_target(
    index: QueueIndex, walk: Walk, wanted: Wanted, who: str, here: Target | None
) -> Target | None:
    """Return what comes after `here`, else what waits before it; what others have open is left out.

    What was skipped or decided in this walk is passed over.
    """

    def ahead(at: Target) -> Waiting | None:
        return index.after(at, wanted, skip_claimed_for=who)

    found = _first(ahead, here, walk) if here else None
    if found:
        return found
    held = {claim.target for claim in index.claims() if claim.who != who}
    waiting = (item.target for item in index.page(wanted, 0, LOOKED_AT))
    return next((t for t in waiting if t != here and t not in held and not walk.is_over(t)), None)


def _first(look: Callable[[Target], Waiting | None], here: Target, walk: Walk) -> Target | None:
    at = here
    for _ in range(LOOKED_AT):
        item = look(at)
        if item is None:
            return None
        if not walk.is_over(item.target):
            return item.target
        at = item.target
    return None
