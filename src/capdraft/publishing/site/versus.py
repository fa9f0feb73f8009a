"""What a comparison page of the site shows: `capdraft compare`, with ranks and what is in common.

Headline and verdict are computed from the table's own cells, so that they can't contradict it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from capdraft.comparing import Comparison, Row, compare
from capdraft.publishing.phrases import plain
from capdraft.publishing.site.in_common import Pair, Shared
from capdraft.publishing.site.standings import Standing
from capdraft.ranking import PARTS
from capdraft.records import CatalogEntry

UNKNOWN, UNRANKED, UNTYPED = "unknown", "not ranked", "unknown"


def verdict_rules(least: int) -> tuple[str, ...]:
    """Return the rules of the verdict in words."""
    return (
        "Artifacts of different types, or of an unknown one, are not rivals: none wins.",
        f"Nor are those with fewer than {least} capabilities in common.",
        "Without a rank of each, none wins.",
        "The higher total ranks higher; equal totals are a tie.",
        "A part leads where its value is higher; a part that one side lacks leads nowhere.",
    )


@dataclass(frozen=True, slots=True)
class Common:
    """Two capabilities in common: id and name of each, and how many words they share."""

    one: tuple[str, str]
    two: tuple[str, str]
    words: int
    of: int


@dataclass(frozen=True, slots=True)
class Versus:
    """A comparison page as data."""

    pair: Pair
    comparison: Comparison
    standings: tuple[Standing, Standing]
    rows: tuple[Row, ...]
    headline: str
    verdict: tuple[str, ...]
    common: tuple[Common, ...]
    only: tuple[int, int]
    listed: bool
    """Whether a rule made the page; else somebody asked for it, and search engines pass by."""


def versus(
    entries: tuple[CatalogEntry, CatalogEntry],
    standings: tuple[Standing, Standing],
    shared: Sequence[Shared],
    *,
    least: int,
    listed: bool,
) -> Versus:
    """Return the page of two artifacts."""
    comparison = compare(entries)
    rows = _table(comparison, entries, standings, len(shared))
    names = [column.name for column in comparison.artifacts]
    unlike = _not_rivals(names, rows, least)
    said = unlike or _outcome(names, rows)
    leads = () if unlike else _leads(names, rows)
    one, two = entries
    return Versus(
        pair=(one.artifact.slug, two.artifact.slug),
        comparison=comparison,
        standings=standings,
        rows=rows,
        headline=f"{_in_common(len(shared))} {said}",
        verdict=tuple(filter(None, (said, *leads, "" if unlike else _marked(standings)))),
        common=tuple(_common(one, two, item) for item in shared),
        only=(len(one.capabilities) - len(shared), len(two.capabilities) - len(shared)),
        listed=listed,
    )


def _table(
    comparison: Comparison,
    entries: Sequence[CatalogEntry],
    standings: Sequence[Standing],
    shared: int,
) -> tuple[Row, ...]:
    artifacts = [entry.artifact for entry in entries]
    read = [max((d.retrieved for d in entry.documents), default=None) for entry in entries]
    approved = [
        max(a.at for r in entry.capabilities for _, f in r.fields() for a in f.approved)
        for entry in entries
    ]
    return (
        _row("Type", [artifact.type for artifact in artifacts]),
        _row("Rank", [item.total or UNRANKED for item in standings]),
        *(_row(part.capitalize(), [s.part(part) or UNKNOWN for s in standings]) for part in PARTS),
        _row("Pricing", [plain(artifact.pricing or "") or UNKNOWN for artifact in artifacts]),
        _row("Licence", [plain(artifact.license or "") or UNKNOWN for artifact in artifacts]),
        _row("Capabilities", [str(column.approved) for column in comparison.artifacts]),
        _row("In common", [str(shared)] * 2),
        _row(
            "Times matched", [UNKNOWN if s.matched is None else str(s.matched) for s in standings]
        ),
        _row("Docs read", [f"{day:%Y-%m-%d}" if day else UNKNOWN for day in read]),
        _row("Last approved", [f"{day:%Y-%m-%d}" for day in approved]),
    )


def _row(label: str, cells: Sequence[str]) -> Row:
    return Row(label=label, cells=tuple(cells))


def _cell(rows: Sequence[Row], label: str, side: int) -> str:
    return next(row.cells[side] for row in rows if row.label == label)


def _in_common(count: int) -> str:
    return f"{count or 'No'} {'capability' if count == 1 else 'capabilities'} in common."


def _not_rivals(names: Sequence[str], rows: Sequence[Row], least: int) -> str:
    """Return why the two are not rivals by the table, or nothing."""
    types = [_cell(rows, "Type", side) for side in (0, 1)]
    if UNTYPED in types:
        return "No winner: a type is unknown, and with it whether they are rivals."
    if types[0] != types[1]:
        return f"Not rivals: {names[0]} ({types[0]}) and {names[1]} ({types[1]}) differ in type."
    if int(_cell(rows, "In common", 0)) < least:
        return f"Not rivals: fewer than {least} capabilities in common."
    return ""


def _outcome(names: Sequence[str], rows: Sequence[Row]) -> str:
    """Return who ranks higher by the table, or why none does."""
    totals = [_cell(rows, "Rank", side) for side in (0, 1)]
    unranked = [name for name, total in zip(names, totals, strict=True) if total == UNRANKED]
    if unranked:
        are = "is" if len(unranked) == 1 else "are"
        return f"No winner: {' and '.join(unranked)} {are} not ranked."
    if totals[0] == totals[1]:
        return f"A tie: both are at {totals[0]} of 100."
    high, low = sorted((0, 1), key=lambda side: -Decimal(totals[side]))
    return (
        f"{names[high]} ranks higher: {totals[high]} of 100, "
        f"against {totals[low]} for {names[low]}."
    )


def _leads(names: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Return which parts each is ahead in, where both are ranked."""
    if UNRANKED in (_cell(rows, "Rank", 0), _cell(rows, "Rank", 1)):
        return []
    said = []
    for side, name in enumerate(names):
        ahead = [part for part in PARTS if _ahead(rows, part.capitalize(), side)]
        if ahead:
            said.append(f"{name} leads on {_and(ahead)}.")
    return said


def _ahead(rows: Sequence[Row], label: str, side: int) -> bool:
    mine, other = _cell(rows, label, side), _cell(rows, label, 1 - side)
    return UNKNOWN not in (mine, other) and Decimal(mine) > Decimal(other)


def _marked(standings: Sequence[Standing]) -> str:
    marks = [set(item.marks) for item in standings]
    if not all(item.total for item in standings) or marks[0] == marks[1]:
        return ""
    return "The totals are made of different parts: an unknown part is left out of one of them."


def _common(one: CatalogEntry, two: CatalogEntry, item: Shared) -> Common:
    first, second = one.capabilities[item.one], two.capabilities[item.two]
    return Common(
        (first.id, plain(first.name) or first.id),
        (second.id, plain(second.name) or second.id),
        item.words,
        item.of,
    )


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
