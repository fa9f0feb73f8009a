"""The measures of the pictures: a rank's points as a bar, two sets of capabilities as overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar a hundred wide."""

    name: str
    start: str
    width: str


class _Part(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def points(self) -> str: ...


class _Ranked(Protocol):
    @property
    def known(self) -> Sequence[_Part]: ...


def bar(standing: _Ranked) -> list[Segment]:
    """Return the points of each known part one behind the other; they end at the total."""
    segments, start = [], Decimal(0)
    for part in standing.known:
        width = Decimal(part.points)
        segments.append(Segment(part.name, f"{start:f}", f"{width:f}"))
        start += width
    return segments


def overlap(rest_of_one: int, both: int, rest_of_two: int) -> tuple[Segment, Segment, Segment]:
    """Return the rest of the first, what was found in common, and the rest of the second."""
    whole = max(rest_of_one + both + rest_of_two, 1)
    marks = [0, rest_of_one, rest_of_one + both, whole]
    places = [(Decimal(100 * mark) / whole).quantize(Decimal("0.01")) for mark in marks]
    names = ("one", "both", "two")
    one, two, three = (
        Segment(name, f"{places[i]:f}", f"{places[i + 1] - places[i]:f}")
        for i, name in enumerate(names)
    )
    return one, two, three
