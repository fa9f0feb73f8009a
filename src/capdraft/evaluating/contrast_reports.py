"""The report of two results side by side."""

from __future__ import annotations

from collections.abc import Sequence

from capdraft.evaluating.contrasting import Change, Contrast
from capdraft.evaluating.measures import MEASURES, SHORT
from capdraft.evaluating.pages import (
    Intervals,
    Mark,
    Page,
    Section,
    SideBySide,
    Table,
    amount,
    axis_around_zero,
    between,
    percent,
    points,
    told_range,
)
from capdraft.evaluating.statistics import FEWEST

_LOSS = {"lost": "Lost", "gained": "Gained", "found-fault": "New finding"}


def contrast_page(found: Contrast) -> Page:
    """Return the report of two runs side by side."""
    shares = [item for item in found.changes if item.measure in MEASURES]
    lead = _verdict(found, shares)
    notes = [f"{len(found.documents)} documents, paired. Intervals: {found.method}."]
    if len(shares) > 1:
        notes.append(
            f"With {len(shares)} measures, one may differ by chance: look at its losses before "
            "you believe it."
        )
    if found.alone:
        notes.append(f"Measured in one result only, and left out: {', '.join(found.alone)}.")
    if found.newly_failed:
        notes.append(f"Drafted in A, failed in B: {', '.join(found.newly_failed)}.")
    losses = tuple(
        Section(
            f"Worst losses: {loss.slug}",
            prose=(
                ", ".join(f"{MEASURES[m].label} {points(d)}" for m, d in loss.measures.items()),
            ),
            sides=tuple(
                SideBySide(
                    said.name,
                    " ".join([_LOSS[said.what], *said.findings]),
                    said.one,
                    said.two,
                )
                for said in loss.said
            ),
        )
        for loss in found.losses
    )
    return Page(
        title="Two evaluations compared",
        lead=lead,
        sections=(
            Section(
                "Difference, B less A, in percentage points",
                prose=tuple(notes),
                intervals=_forest(shares),
                table=_changes(found.changes),
            ),
            _by_document(found, shares),
            *losses,
        ),
        facts=(
            ("A", found.one),
            ("B", found.two),
            ("differs in", ", ".join(found.differs) or "nothing that is recorded"),
        ),
        sides=("A", "B"),
    )


def _verdict(found: Contrast, shares: Sequence[Change]) -> str:
    if not found.documents:
        return "B drafted none of the documents that A drafted."
    if len(found.documents) < FEWEST:
        return f"{len(found.documents)} documents are too few to tell; {FEWEST} are needed."
    told = [f"{item.label} is {item.word}" for item in shares if item.word in ("worse", "better")]
    return f"In B, {', '.join(told)}." if told else "No difference shown."


def _forest(shares: Sequence[Change]) -> Intervals:
    ends = [e for item in shares if item.interval for e in (item.interval.low, item.interval.high)]
    differences = [d for item in shares for d in item.by_document.values()]
    edge, ticks = axis_around_zero([*ends, *differences])
    marks = tuple(
        Mark(
            item.label,
            f"{points(item.difference)}{between(item.interval, signed=True)}, {item.word}",
            item.difference,
            item.interval.low if item.interval else None,
            item.interval.high if item.interval else None,
            tuple(item.by_document.values()),
            item.word if item.word in ("better", "worse") else "",
        )
        for item in shares
    )
    caption = "A dot is a document, the line an interval, the square the mean. Right is better."
    return Intervals(marks, -edge, edge, 0.0, ticks, caption)


def _changes(changes: Sequence[Change]) -> Table:
    rows = []
    for item in changes:
        share = item.measure in MEASURES
        one, two = (percent(v) if share else amount(item.measure, v) for v in (item.one, item.two))
        difference = points(item.difference) if share else amount(item.measure, item.difference)
        between = told_range(item.interval, signed=True) if share else _raw(item)
        tally = f"{item.wins} / {item.losses} / {item.ties}"
        rows.append((item.label, one, two, difference, between, tally, item.word))
    heads = ("measure", "A", "B", "B less A", "interval", "won / lost / tied", "")
    return Table(heads, tuple(rows))


def _by_document(found: Contrast, shares: Sequence[Change]) -> Section:
    shown = [item for item in shares if item.measure in SHORT]
    rows = tuple(
        (
            slug,
            *(
                points(d) if (d := item.by_document.get(slug)) is not None else "–"
                for item in shown
            ),
        )
        for slug in found.documents
    )
    return Section("By document", table=Table(("document", *(i.label for i in shown)), rows))


def _raw(item: Change) -> str:
    found = item.interval
    if found is None:
        return "–"
    return f"{amount(item.measure, found.low)} to {amount(item.measure, found.high)}"
