"""Which capabilities two artifacts have in common, by a rule that a reader can recompute.

Nothing but the names and needs of the two counts, so that a page holds all that its answer rests
on: a third capability, or a larger catalog, never changes it. How alike two are is twice what they
share over what both have (Dice 1945), in the points of `capdraft.comparing.wording`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from capdraft.comparing.vocabulary import COMMON, EQUAL
from capdraft.comparing.wording import COMMON_PART, IN_NAME, IN_NEED, Told

FEWEST = 2
"""Capabilities that two need in common in any case, unless fewer are asked for."""
SHARE, SHARE_OF_NAMES = Fraction(1, 3), Fraction(2, 3)
_OF_ALL, _OF_NAMES = SHARE.as_integer_ratio(), SHARE_OF_NAMES.as_integer_ratio()
IN_COMMON_RULE = (
    f"Two capabilities count as in common if they share a third of their points. A word of the "
    f"name has {IN_NAME} points, a word of a need {IN_NEED} for each need that it is in, a common "
    f"word of the field a quarter of that; figures, small words and the artifact's own name have "
    f"none. Words lose their endings, and some count as one: a page shows them with =. Of a word "
    f"that both have, the fewer points are shared; they are set against the mean of both totals. "
    f"Where one names no needs, it takes two thirds. Each counts once, with the one that it is "
    f"most like. The rule looks at words, not at meaning; what a reviewer says counts before it."
)


@dataclass(frozen=True, slots=True)
class Shared:
    """Two capabilities in common: their places in the entries, and the points that they share."""

    one: int
    two: int
    points: int
    of: int
    """Points of both together."""
    said: bool = False
    """A reviewer says so."""

    @property
    def order(self) -> tuple[bool, float, int, int]:
        """Sorts the surest first."""
        return not self.said, -self.points / max(self.of, 1), self.one, self.two


def word_lists() -> tuple[str, str]:
    """Return the words that count as one, and those that count little, as sentences."""
    equal = "; ".join(" = ".join(group) for group in EQUAL)
    return (
        f"Words that count as one: {equal}.",
        f"Common words, which count {Fraction(1, COMMON_PART)}: {', '.join(COMMON)}.",
    )


def needed(least: int, one: int, two: int) -> int:
    """Return how many two with so many capabilities need in common: where one has few, all."""
    return min(least, max(FEWEST, min(one, two)))


def shared_points(one: Told, two: Told) -> int:
    """Return the points that two capabilities share."""
    both = one.points.keys() & two.points.keys()
    return sum(min(one.points[word], two.points[word]) for word in both)


def is_enough(points: int, of: int, *, bare: bool) -> bool:
    """Tell whether capabilities with `of` points together that share some are in common."""
    part, whole = _OF_NAMES if bare else _OF_ALL
    return points > 0 and of * part <= 2 * points * whole


def alike(one: Sequence[Told], two: Sequence[Told]) -> list[Shared]:
    """Return each two capabilities that share enough, whatever else they share with."""
    return [
        Shared(i, j, points, a.total + b.total)
        for i, a in enumerate(one)
        for j, b in enumerate(two)
        if (points := shared_points(a, b))
        and is_enough(points, a.total + b.total, bare=a.bare or b.bare)
    ]


def once(found: Collection[Shared]) -> list[Shared]:
    """Return each capability with the one that it is most like, no other twice."""
    kept: list[Shared] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for shared in sorted(found, key=lambda shared: shared.order):
        if shared.one not in taken[0] and shared.two not in taken[1]:
            kept.append(shared)
            taken[0].add(shared.one)
            taken[1].add(shared.two)
    return kept
