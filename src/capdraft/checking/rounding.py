"""Numbers that a claim rounds and says so: "about 2 s" for 2.1 s, "almost 1.5 GB" for 1.48 GB."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum

from capdraft.checking.facts import Fact

FARTHEST = Decimal("0.05")
"""How far a stated value may be from a rounded one, as a share of the larger."""

_EITHER = r"about|around|approximately|approx\.?|circa|ca\.|roughly|some|[~≈]"
_BELOW = (
    r"almost|nearly|close to|not quite|(?:just|slightly|a little|a bit) (?:below|under|less than)"
    r"|(?:less|fewer) than|below|under"
)
_ABOVE = r"(?:just |slightly |a little |a bit )?(?:over|above|more than)|upwards of"
_MARKED = re.compile(
    rf"(?:\b|(?=[~≈]))(?:(?P<either>{_EITHER})|(?P<below>{_BELOW})|(?P<above>{_ABOVE}))"
    r"\s*[$€£¥]?\s*\Z",
    re.IGNORECASE,
)
_LONGEST = 30


class Sides(Enum):
    """On which side of a rounded value the exact one can be."""

    EITHER = "either"
    BELOW = "below"
    ABOVE = "above"

    def allow(self, exact: Decimal, rounded: Decimal) -> bool:
        """Say whether `exact` is on a side of `rounded` where it can be."""
        if self is Sides.BELOW:
            return exact <= rounded
        return self is Sides.EITHER or exact >= rounded


def leans(before: str) -> Sides | None:
    """Return what the words that end `before` say of the number behind them; None if nothing."""
    found = _MARKED.search(before[-_LONGEST:])
    return Sides(found.lastgroup) if found else None


def is_rounded(fact: Fact, sides: Sides, exact: Iterable[Decimal]) -> bool:
    """Say whether `fact` is one of the `exact` values of its kind, rounded to the digits it has.

    It must also be within a twentieth, so that 6 for 5.6 is another number.
    """
    if not isinstance(fact.value, Decimal) or not fact.written or not fact.value:
        return False
    step = abs(fact.value / fact.written) * _last_digit(fact.written)
    room = step / 2 if sides is Sides.EITHER else step
    return any(_is_near(fact.value, each, room) and sides.allow(each, fact.value) for each in exact)


def _is_near(one: Decimal, other: Decimal, room: Decimal) -> bool:
    return abs(one - other) <= min(room, FARTHEST * max(abs(one), abs(other)))


def _last_digit(written: Decimal) -> Decimal:
    """Return the place of the last digit that counts: 0.1 of 1.5, and 100 of 1200."""
    exponent = written.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= 0:
        exponent = written.normalize().as_tuple().exponent
    return Decimal(1).scaleb(int(exponent))
