"""Proportions in words: "nine in ten" and "four fifths" beside a stated 91 % or 0.78."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from capdraft.checking import units
from capdraft.checking.numerals import fold, readings
from capdraft.checking.rounding import leans

FARTHEST = Decimal("0.02")
"""How far a stated share may be from a proportion that is told with "about" or the like."""
FARTHEST_RELATIVE = Decimal("0.12")
FARTHEST_UNMARKED = Decimal("0.005")
FARTHEST_UNMARKED_RELATIVE = Decimal("0.05")

_PARTS = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_WHOLES = {"hundred": 100, "thousand": 1000}
_SMALL = "|".join(sorted(units.NUMBER_WORDS, key=len, reverse=True))
_SHARE = re.compile(
    rf"(?<![\w.,])(?P<count>{_SMALL}|an?|[0-9]{{1,3}}(?:\.[0-9]+)?)(?:"
    rf"[ -](?P<part>half|halves|(?:{'|'.join(list(_PARTS)[2:])})s?)\b(?!-)"
    r"|(?: [a-z-]+){0,2} (?:in|out of)(?: every| each)? "
    rf"(?:(?:an? )?(?P<whole>hundred|thousand)|(?P<word>{_SMALL})|(?P<ten>1(?:0{{1,2}}|,?000)))\b"
    r"(?![,.]?[0-9]| (?:days?|hours?|minutes?|months?|seconds?|weeks?|years?|steps?)\b))",
    re.IGNORECASE,
)


class Proportion(NamedTuple):
    """A share of a whole, such as nine in ten, and where it stands."""

    start: int
    end: int
    value: Decimal
    step: Decimal
    """One of the parts that the whole is told in."""


@lru_cache(maxsize=1024)
def proportions(text: str) -> tuple[Proportion, ...]:
    """Return the proportions that `text` tells in words, in order."""
    found = map(_read, _SHARE.finditer(fold(text)))
    return tuple(share for share in found if share.value < 1)


def _read(match: re.Match[str]) -> Proportion:
    said = match["count"].lower()
    counted = said[0].isdigit()
    count = readings(said)[0][0] if counted else Decimal(units.NUMBER_WORDS.get(said, 1))
    return Proportion(*match.span(), count / _whole(match), 1 / _whole(match))


def _whole(match: re.Match[str]) -> Decimal:
    if match["part"]:
        return Decimal(_PARTS[match["part"].lower().removesuffix("s")])
    if match["whole"]:
        return Decimal(_WHOLES[match["whole"].lower()])
    if match["word"]:
        return Decimal(units.NUMBER_WORDS[match["word"].lower()] or 1)
    return Decimal(match["ten"].replace(",", ""))


def is_stated(share: Proportion, claim: str, stated: Iterable[Decimal]) -> bool:
    """Say whether one of the `stated` shares is `share`: told with "about", one near it too.

    Near is half a part of the whole, and at most 2 points and an eighth of it.
    """
    sides = leans(claim[: share.start])
    if sides is None:
        room = min(FARTHEST_UNMARKED, FARTHEST_UNMARKED_RELATIVE * share.value)
        return any(abs(each - share.value) <= room for each in stated)
    room = min(FARTHEST, share.step / 2, FARTHEST_RELATIVE * share.value)
    return any(
        abs(each - share.value) <= room and sides.allow(each, share.value) for each in stated
    )
