"""The table of a comparison: facts, one cell for each artifact; what is not known says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from capdraft.comparing.comparison import Column, Row
from capdraft.comparing.standing import Standing
from capdraft.records import CatalogEntry
from capdraft.text import one_line

T = TypeVar("T")
UNKNOWN, UNRANKED = "unknown", "not ranked"
IN_COMMON = "Found in common"
"""Begins the labels of the rows that count what is in common: more of it may be there."""
_IN_FULL = {"quality": "quality of the record"}


def table(
    entries: Sequence[CatalogEntry], columns: Sequence[Column], pairs: Mapping[tuple[int, int], int]
) -> tuple[Row, ...]:
    """Return the rows; `pairs` counts what each two artifacts have in common."""
    standings = [column.standing for column in columns]
    parts = dict.fromkeys(part.name for item in standings for part in item.parts)
    return (
        _row("Type", columns, lambda column: column.type),
        _row("Rank", standings, _total),
        *(_row(part.capitalize(), standings, partial(_part, part)) for part in parts),
        *([_row("Formula", standings, _formula)] if parts else ()),
        _row("Pricing", entries, lambda entry: one_line(entry.artifact.pricing or "")),
        _row("Licence", entries, lambda entry: one_line(entry.artifact.license or "")),
        _row("Capabilities", columns, lambda column: str(column.approved)),
        *_in_common(columns, pairs),
        _row("Times matched", standings, lambda s: "" if s.matched is None else str(s.matched)),
        _row("Docs read", entries, lambda entry: _day(last_read(entry))),
        _row("Last approved", entries, lambda entry: _day(last_approved(entry))),
    )


def part_in_full(name: str) -> str:
    """Return what pages call a part of the rank: the quality is not the artifact's."""
    return _IN_FULL.get(name, name)


def label_in_full(label: str) -> str:
    """Return what pages call a row of the table."""
    full = _IN_FULL.get(label.lower())
    return full.capitalize() if full else label


def last_read(entry: CatalogEntry) -> datetime | None:
    """Return when the newest of an entry's documents was read."""
    return max((document.retrieved for document in entry.documents), default=None)


def last_approved(entry: CatalogEntry) -> datetime | None:
    """Return when something of an entry was last approved."""
    times = (a.at for r in entry.capabilities for _, f in r.fields() for a in f.approved)
    return max(times, default=None)


def _row(label: str, items: Sequence[T], cell: Callable[[T], str]) -> Row:
    return Row(label=label, cells=tuple(cell(item) or UNKNOWN for item in items))


def _total(standing: Standing) -> str:
    return f"{standing.total} of 100" if standing.total else UNRANKED


def _part(name: str, standing: Standing) -> str:
    part = standing.part(name)
    return f"{part.value} ({part.points} points)" if part.value else UNKNOWN


def _formula(standing: Standing) -> str:
    return ", ".join(filter(None, (standing.version, *standing.marks)))


def _in_common(columns: Sequence[Column], pairs: Mapping[tuple[int, int], int]) -> Iterator[Row]:
    """Yield what two have in common; of more, a row for each with what the others share with it."""
    if len(columns) == 2:
        yield Row(label=IN_COMMON, cells=(str(pairs[0, 1]),) * 2)
        return
    for own, column in enumerate(columns):
        cells = (
            "–" if other == own else str(pairs[min(own, other), max(own, other)])
            for other in range(len(columns))
        )
        yield Row(label=f"{IN_COMMON} with {column.name}", cells=tuple(cells))


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
