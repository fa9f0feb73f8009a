"""A value of a table that two docs give for one artifact, and give differently."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capdraft.checking import content_words
from capdraft.checking.facts import Fact
from capdraft.checking.quantities import mentions
from capdraft.comparing.conflicts.statements import Side, Statement
from capdraft.text import normalise

ROUNDED = Decimal("0.05")
"""Two values that differ by less may be the same one, rounded."""

_VAGUE = content_words(
    "accuracy average avg best count mean metric name number overall result rank score size "
    "test total value version year date"
)
_SETTING = re.compile(
    r"[0-9]+[- ]?shots?|zero[- ]shot|few[- ]shot|fine[- ]?tun\w*|cot|chain[- ]of[- ]thought"
    r"|pass@\w+|maj@\w+|\b(?:val|validation|test|dev|train)\b|pre-?trained|instruct\w*|base|chat|distill?ed"
    r"|quanti[sz]ed|int[48]|fp?(?:8|16|32)|bf16|[0-9.]+\s?[bm]\b|[0-9]+\s?px|[0-9]+\s?bit",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a table about an artifact: of what, under which conditions."""

    of: str
    settings: frozenset[str]
    fact: Fact
    statement: Statement


def other_values(speaker: Side, subject: Side) -> Iterator[tuple[Statement, Statement]]:
    """Yield rows that give one value of `subject`, called by the same words, differently.

    The conditions that rows, headers and headings name (5-shot, val, 7B) must be the same.
    """
    own = list(_cells(subject, subject))
    for theirs in _cells(speaker, subject):
        same = [c for c in own if c.of == theirs.of and c.settings == theirs.settings]
        if same and all(_far(theirs.fact, cell.fact) for cell in same):
            yield theirs.statement, same[0].statement


def _cells(speaker: Side, subject: Side) -> Iterator[Cell]:
    for statement in speaker.passages:
        if not statement.is_row:
            continue
        row, header = _split(statement.text), _split(statement.header)
        if len(row) == len(header) > 1:
            yield from _of_row(statement, row, header, subject)


def _split(text: str) -> list[str]:
    """Return the cells of a row; the first one may be empty."""
    return (f" {text}" if text.startswith("| ") else text).split(" | ")


def _of_row(
    statement: Statement, row: Sequence[str], header: Sequence[str], subject: Side
) -> Iterator[Cell]:
    words = [place for place, cell in enumerate(row) if cell.strip() and _number(cell) is None]
    names = [place for place, cell in enumerate(row) if _is_name(cell, subject)]
    for place, cell in enumerate(row):
        fact = _number(cell)
        if fact is None or not words:
            continue
        if names == words[:1]:
            label = header[place]
        elif not names and _is_name(header[place], subject):
            label = row[words[0]]
        else:
            continue
        if content_words(label) - _VAGUE:
            others = [text for other in words for text in (row[other], header[other])]
            said = " ".join([*statement.heading, label, *others])
            settings = frozenset(found.casefold() for found in _SETTING.findall(said))
            yield Cell(normalise(label).casefold(), settings, fact, statement)


def _is_name(cell: str, subject: Side) -> bool:
    return subject.spans(cell.strip()) == [(0, len(cell.strip()))]


def _number(cell: str) -> Fact | None:
    """Return the number of a cell that holds nothing else."""
    found = mentions(cell)
    alone = len(found) == 1 and not (cell[: found[0].start] + cell[found[0].end :]).strip(" *_%$")
    if not alone or found[0].identifier or not found[0].readings:
        return None
    return found[0].readings[0][-1]


def _far(one: Fact, two: Fact) -> bool:
    if one.dimension != two.dimension:
        return False
    if not (isinstance(one.value, Decimal) and isinstance(two.value, Decimal)):
        return False
    return abs(one.value - two.value) > ROUNDED * max(abs(one.value), abs(two.value))
