"""The arithmetic of a rank: shown parts times shown weights give exactly the shown total.

Everything is decimal. What a part is a mean of is rounded to two decimals, half up, and so is the
part, before it counts. The weights of the parts that are known are hundredths that sum to one. So
each part's points, and their sum, have two decimals as they are: nothing counts that a reader
doesn't see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

VERSION = "rank/1"
"""Changes with every change of what a part or a total is computed from, and how."""
PARTS = ("adoption", "quality", "ecosystem", "match graph", "freshness")
CENT = Decimal("0.01")
ZERO, ONE = Decimal("0.00"), Decimal("1.00")


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a part is computed from."""

    signal: str
    value: str
    source: str
    date: datetime | None = None
    old: bool = False
    """Whether it was retrieved more than a year ago."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the five parts as it was computed; `value` is None where it is unknown."""

    name: str
    value: Decimal | None
    formula: str
    """In words with the numbers put in, or why it is unknown."""
    inputs: tuple[Input, ...] = ()
    uncertainty: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A part as it counts in a total."""

    part: Part
    weight: Decimal
    """Its share of the weight, after that of unknown parts was shared out; 0 if it is unknown."""

    @property
    def points(self) -> Decimal:
        """Weight × part, of a hundred points."""
        return (100 * self.weight * (self.part.value or ZERO)).quantize(CENT)


@dataclass(frozen=True, slots=True)
class Score:
    """A total out of a hundred points and what it is made of; None where nothing can be said."""

    terms: tuple[Term, ...]
    unranked: str = ""
    """Why there is no total."""
    version: str = field(default=VERSION)

    @property
    def total(self) -> Decimal | None:
        """The sum of the points."""
        return None if self.unranked else sum((term.points for term in self.terms), ZERO)

    @property
    def marks(self) -> tuple[str, ...]:
        """What a reader has to know beside the total."""
        if self.unranked:
            return (f"unranked: {self.unranked}",)
        return tuple(f"without {t.part.name}" for t in self.terms if t.part.value is None)


def shown(value: Decimal) -> Decimal:
    """Return `value` within 0 and 1 as it is shown: two decimals, half up."""
    return min(max(value, ZERO), ONE).quantize(CENT, ROUND_HALF_UP)


def mean(values: Sequence[Decimal]) -> Decimal:
    """Return the mean of some values; there must be one."""
    return sum(values, ZERO) / len(values)


def mean_of_shown(values: Sequence[Decimal]) -> Decimal:
    """Return the mean of some values as they are shown, as it is shown."""
    return shown(mean([shown(value) for value in values]))


def score(parts: Sequence[Part], weights: Mapping[str, Decimal]) -> Score:
    """Return the total of `parts`; the weight of unknown ones is shared among the others."""
    shares = shared(weights, [part.name for part in parts if part.value is not None])
    terms = tuple(Term(part, shares.get(part.name, ZERO)) for part in parts)
    return Score(terms, "" if shares else "none of its parts is known")


def shared(weights: Mapping[str, Decimal], known: Sequence[str]) -> dict[str, Decimal]:
    """Return the weights of the `known` parts in proportion, in hundredths that sum to one.

    What rounding down leaves goes to the largest remainders (Hamilton's method), to the earlier
    part where two are the same. There are none where no known part has a weight.
    """
    whole = sum((weights[name] for name in known), ZERO)
    if not whole:
        return {}
    exact = {name: weights[name] / whole for name in known}
    shares = {name: share - share % CENT for name, share in exact.items()}
    left = int((ONE - sum(shares.values(), ZERO)) / CENT)
    by_remainder = sorted(known, key=lambda name: shares[name] - exact[name])
    for name in by_remainder[:left]:
        shares[name] += CENT
    return {name: share.quantize(CENT) for name, share in shares.items()}
