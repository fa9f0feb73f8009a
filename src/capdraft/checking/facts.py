"""What a number in a text can mean, and the span that it stands in."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from capdraft.checking.numerals import multiply
from capdraft.checking.units import Unit

ONE = Decimal(1)
_NO_MARKS: frozenset[str] = frozenset()


class Fact(NamedTuple):
    """One meaning of a number: a value in a dimension ("" where no unit was written)."""

    dimension: str
    value: Hashable
    written: Decimal | None = None  # the digits, without scale and unit
    number: Decimal | None = None  # with the scale, without the unit
    marks: frozenset[str] = frozenset()  # the scale and the unit beside it

    @property
    def key(self) -> tuple[str, Hashable]:
        """What two facts share when they say the same."""
        return self.dimension, self.value


Reading = tuple[Fact, ...]


class Mention(NamedTuple):
    """A span that holds a number, and what it can mean, the likeliest reading first."""

    start: int
    end: int
    readings: tuple[Reading, ...] = ()
    parts: Reading = ()  # what it says besides, in a passage: 2024-05-14 says 2024
    identifier: str | None = None  # So400m, GPT-4, v2.1.0
    name: str | None = None  # of a plain number, the word before it: the Python of Python 3.9
    opening: bool = False  # that word opens a sentence, where a capital tells nothing
    spelled: bool = False


@lru_cache(maxsize=256)
def _marks(scale: Decimal, unit: Unit | None) -> frozenset[str]:
    scales = {scale_mark(scale)} if scale != 1 else set()
    return frozenset(scales | {unit.mark} if unit else scales)


@lru_cache(maxsize=256)
def scale_mark(scale: Decimal) -> str:
    """Return the mark of a scale such as million."""
    return f"scale:{scale.normalize()}"


def measure(value: Decimal, scale: Decimal = ONE, unit: Unit | None = None) -> Fact:
    """Return the fact that `value`, times `scale`, is measured in `unit`."""
    number = value if scale is ONE else multiply(value, scale)
    marks = _NO_MARKS if unit is None and scale is ONE else _marks(scale, unit)
    if unit is None:
        return Fact("", number, value, number, marks)
    return Fact(unit.dimension, multiply(number, unit.factor), value, number, marks)
