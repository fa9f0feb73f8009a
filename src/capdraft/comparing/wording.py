"""The sentences that a page computes: table, headline and verdict.

The verdict reads the table's own cells, so that it can't contradict them.
"""

from __future__ import annotations

from collections.abc import Sequence

from capdraft.comparing.comparison import Column, Reason, Row, Verdict
from capdraft.records import Artifact
from capdraft.text import one_line

NOT_RATED = "not rated"
UNKNOWN = "unknown"
NONE_APPROVED = "0 decomposed"


def table(artifacts: Sequence[Artifact], columns: Sequence[Column]) -> tuple[Row, ...]:
    """Return the table's rows; what is not known reads `unknown`, never 0."""
    everywhere = len(columns)
    rated = ("Rank", "Adoption", "Quality", "Ecosystem", "Match graph")
    pricing = (one_line(artifact.pricing or "") or UNKNOWN for artifact in artifacts)
    return (
        Row(label="Type", cells=tuple(column.type for column in columns)),
        *(Row(label=label, cells=(NOT_RATED,) * everywhere) for label in rated),
        Row(label="Pricing", cells=tuple(pricing)),
        Row(label="Capabilities", cells=tuple(f"{item.approved} decomposed" for item in columns)),
        Row(label="Times matched", cells=(UNKNOWN,) * everywhere),
    )


def headline(columns: Sequence[Column], rows: Sequence[Row], passages: int) -> str:
    """Return one sentence that says who is rated, and what the page rests on."""
    capabilities = sum(column.approved for column in columns)
    return (
        f"{_none_is(_unrated(columns, rows))} rated yet; together they have "
        f"{_count(capabilities, 'approved capability', 'approved capabilities')}, with "
        f"{_count(passages, 'quoted passage', 'quoted passages')} as evidence."
    )


def verdict(columns: Sequence[Column], rows: Sequence[Row]) -> Verdict:
    """Return what follows from the table, rule by rule."""
    rules = (_without_ranks, _types, _unknown_types, _nothing_approved)
    reasons = (rule(columns, rows) for rule in rules)
    return Verdict(reasons=tuple(reason for reason in reasons if reason is not None))


def _without_ranks(columns: Sequence[Column], rows: Sequence[Row]) -> Reason:
    names = _unrated(columns, rows)
    return Reason(rule="unrated", text=f"No winner: {_lower(_none_is(names))} rated.")


def _types(columns: Sequence[Column], rows: Sequence[Row]) -> Reason | None:
    cells = _cells("Type", rows)
    known = [(c.name, cell) for c, cell in zip(columns, cells, strict=True) if cell != UNKNOWN]
    if len(known) < 2:
        return None
    if len({cell for _, cell in known}) == 1:
        names = _and([name for name, _ in known])
        return Reason(rule="same-type", text=f"{names} are of the same type: {known[0][1]}.")
    typed = _and([f"{name} ({cell})" for name, cell in known])
    if len(known) == 2:
        return Reason(rule="different-types", text=f"{typed} differ in type: they are not rivals.")
    text = f"{typed} differ in type: only those of one type can be rivals."
    return Reason(rule="different-types", text=text)


def _unknown_types(columns: Sequence[Column], rows: Sequence[Row]) -> Reason | None:
    cells = _cells("Type", rows)
    names = [c.name for c, cell in zip(columns, cells, strict=True) if cell == UNKNOWN]
    if not names:
        return None
    text = f"The type of {_and(names)} is unknown, and with it whether anything here is a rival."
    return Reason(rule="type-unknown", text=text)


def _nothing_approved(columns: Sequence[Column], rows: Sequence[Row]) -> Reason | None:
    cells = _cells("Capabilities", rows)
    names = [c.name for c, cell in zip(columns, cells, strict=True) if cell == NONE_APPROVED]
    if not names:
        return None
    verb = "has" if len(names) == 1 else "have"
    text = f"{_and(names)} {verb} no approved capability yet, so there is nothing to compare with."
    return Reason(rule="nothing-approved", text=text)


def _cells(label: str, rows: Sequence[Row]) -> tuple[str, ...]:
    return next(row.cells for row in rows if row.label == label)


def _unrated(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    ranks = zip(columns, _cells("Rank", rows), strict=True)
    return [column.name for column, cell in ranks if cell == NOT_RATED]


def _none_is(names: Sequence[str]) -> str:
    if len(names) == 2:
        return f"Neither {names[0]} nor {names[1]} is"
    return f"None of {_and(names)} is"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _count(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"
