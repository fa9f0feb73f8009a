"""The verdict: computed from the table's own cells, so that it can't contradict them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from capdraft.comparing.comparison import Column, Group, Reason, Row, Verdict
from capdraft.comparing.sharing import FEWEST, needed
from capdraft.comparing.table import IN_COMMON, UNKNOWN, UNRANKED, part_in_full

_NOT_PARTS = frozenset(
    {
        *("Type", "Rank", "Formula", "Pricing", "Licence", "Capabilities"),
        *("Times matched", "Docs read", "Last approved"),
    }
)


def verdict_rules(least: int) -> tuple[str, ...]:
    """Return the rules of the verdict in words."""
    return (
        "Artifacts of different types, or of an unknown one, are not rivals: none wins.",
        _common_rule(least),
        "Without a rank of each, none wins.",
        "The highest total ranks highest; equal totals at the top are a tie.",
        "A part leads where its value is higher than each other; one that any lacks leads nowhere.",
    )


def _common_rule(least: int) -> str:
    text = f"Nor are those of which any two have fewer than {least} capabilities found in common"
    if least <= FEWEST:
        return f"{text}."
    return f"{text}; where one has fewer, all of its are enough if they are {FEWEST} or more."


def verdict(columns: Sequence[Column], rows: Sequence[Row], least: int) -> Verdict:
    """Return what follows from the table, rule by rule."""
    cells = {row.label: row.cells for row in rows}
    names = [column.name for column in columns]
    unlike = _not_rivals(names, cells, least)
    if unlike:
        reasons = [unlike, *_nothing_approved(names, cells)]
        return Verdict(reasons=tuple(reasons))
    first, winner = _outcome(names, cells)
    more = () if first.rule == "unranked" else (*_leads(names, cells), *_other_parts(cells))
    more = (*_all_in_common(names, cells, least), *more)
    return Verdict(
        winner=None if winner is None else columns[winner].slug,
        rivals=True,
        reasons=(first, *more),
    )


def headline(columns: Sequence[Column], groups: Sequence[Group], found: Verdict) -> str:
    """Return what is in common, and the verdict's first sentence."""
    every = sum(len(group.members) == len(columns) for group in groups)
    if len(columns) == 2:
        of = _and([f"{column.name}’s {column.approved}" for column in columns])
        common = f"{capabilities(every)} found in common, of {of}."
    else:
        common = (
            f"{capabilities(every)} found in common to all {len(columns)}, "
            f"{len(groups) - every or 'none'} to some of them."
        )
    return f"{common} {found.reasons[0].text}"


def capabilities(count: int) -> str:
    """Return a number of capabilities in words."""
    return f"{count or 'No'} {'capability' if count == 1 else 'capabilities'}"


Cells = dict[str, tuple[str, ...]]


def _not_rivals(names: Sequence[str], cells: Cells, least: int) -> Reason | None:
    """Return why they are not rivals by the table, or None."""
    types = cells["Type"]
    if UNKNOWN in types:
        text = "No winner: a type is unknown, and with it whether they are rivals."
        return Reason(rule="type-unknown", text=text)
    if len(set(types)) > 1:
        typed = _and([f"{name} ({kind})" for name, kind in zip(names, types, strict=True)])
        return Reason(rule="different-types", text=f"Not rivals: {typed} differ in type.")
    for two in _pairs(names, cells):
        asked = needed(least, two.of, two.of_other)
        if two.common < asked:
            text = f"Not rivals: {two.said} found in common with {two.other}; the rule asks for"
            return Reason(rule="too-little-in-common", text=f"{text} {asked}.")
    return None


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two artifacts by the table; `name` is that with fewer capabilities."""

    name: str
    of: int
    other: str
    of_other: int
    common: int

    @property
    def said(self) -> str:
        """How many of how many."""
        noun = "capability" if self.of == 1 else "capabilities"
        return f"{self.common} of {self.name}’s {self.of} {noun}"


def _pairs(names: Sequence[str], cells: Cells) -> Iterator[_Pair]:
    """Yield each two of the table."""
    common = [row for label, row in cells.items() if label.startswith(IN_COMMON)]
    counts = [int(cell) for cell in cells["Capabilities"]]
    for places in combinations(range(len(names)), 2):
        few, other = sorted(places, key=lambda place: counts[place])
        found = int(common[0][0] if len(names) == 2 else common[few][other])
        yield _Pair(names[few], counts[few], names[other], counts[other], found)


def _all_in_common(names: Sequence[str], cells: Cells, least: int) -> Iterator[Reason]:
    """Yield which have too few for the rule's number, and have all of them in common."""
    for two in _pairs(names, cells):
        if two.common < least:
            text = f"{two.said} found in common with {two.other}: of one with fewer than {least},"
            yield Reason(rule="all-in-common", text=f"{text} all are enough.")


def _nothing_approved(names: Sequence[str], cells: Cells) -> Iterator[Reason]:
    found = [name for name, cell in zip(names, cells["Capabilities"], strict=True) if cell == "0"]
    if found:
        verb = "has" if len(found) == 1 else "have"
        text = f"{_and(found)} {verb} no approved capability: there is nothing to compare with."
        yield Reason(rule="nothing-approved", text=text)


def _outcome(names: Sequence[str], cells: Cells) -> tuple[Reason, int | None]:
    """Return who ranks highest by the table, or why none does."""
    totals = cells["Rank"]
    unranked = [name for name, total in zip(names, totals, strict=True) if total == UNRANKED]
    if unranked:
        text = f"No winner: {_and(unranked)} {'is' if len(unranked) == 1 else 'are'} not ranked."
        return Reason(rule="unranked", text=text), None
    values = [_number(total) for total in totals]
    order = sorted(range(len(names)), key=lambda place: -values[place])
    at_top = [place for place in order if values[place] == values[order[0]]]
    if len(at_top) > 1:
        tied = _and([names[place] for place in at_top])
        return Reason(rule="tie", text=f"A tie: {tied} are at {totals[order[0]]}."), None
    behind = _and([f"{values[place]!s} for {names[place]}" for place in order[1:]])
    how = "higher" if len(names) == 2 else "highest"
    text = f"{names[order[0]]} ranks {how}: {totals[order[0]]}, against {behind}."
    return Reason(rule="rank", text=text), order[0]


def _parts(cells: Cells) -> dict[str, tuple[str, ...]]:
    return {
        label: values
        for label, values in cells.items()
        if label not in _NOT_PARTS and not label.startswith(IN_COMMON)
    }


def _leads(names: Sequence[str], cells: Cells) -> Iterator[Reason]:
    """Yield which parts each is ahead in."""
    ahead: dict[int, list[str]] = {}
    for label, values in _parts(cells).items():
        if UNKNOWN not in values:
            numbers = [_number(value) for value in values]
            if numbers.count(max(numbers)) == 1:
                ahead.setdefault(numbers.index(max(numbers)), []).append(
                    part_in_full(label.lower())
                )
    for place in sorted(ahead):
        yield Reason(rule="part", text=f"{names[place]} leads on {_and(ahead[place])}.")


def _other_parts(cells: Cells) -> Iterator[Reason]:
    parts = _parts(cells).values()
    if any(UNKNOWN in values and set(values) != {UNKNOWN} for values in parts):
        text = "The totals are made of different parts: an unknown part is left out of a total."
        yield Reason(rule="other-parts", text=text)


def _number(cell: str) -> Decimal:
    return Decimal(cell.split()[0])


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
