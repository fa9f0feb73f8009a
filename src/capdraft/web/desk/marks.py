"""A claim cut into pieces, so that what each finding is about can be marked where spans overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text: the spans that it lies in, and those that end with it, by number from 1."""

    text: str
    numbers: tuple[int, ...] = ()
    closes: tuple[int, ...] = ()


def marked(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """Cut `text` wherever one of `spans` begins or ends; None is a finding about no words."""
    placed = {
        number: (start, end)
        for number, span in enumerate(spans, 1)
        if span and (start := max(0, span[0])) < (end := min(len(text), span[1]))
    }
    cuts = sorted({0, len(text), *(cut for span in placed.values() for cut in span)})
    return tuple(
        Piece(
            text[start:end],
            tuple(n for n, (first, last) in placed.items() if first <= start and end <= last),
            tuple(n for n, (_, last) in placed.items() if last == end),
        )
        for start, end in pairwise(cuts)
    )
