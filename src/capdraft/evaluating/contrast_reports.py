"""The report of two results side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capdraft.checking import RULES
from capdraft.evaluating.contrasting import Change, Contrast, Said
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
    counted,
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
    losses = tuple(
        Section(
            f"Worst losses: {loss.slug}",
            prose=(
                ", ".join(f"{MEASURES[m].label} {points(d)}" for m, d in loss.measures.items()),
            ),
            sides=tuple(
                SideBySide(
                    said.name,
                    _told(said),
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
                prose=tuple(_notes(found, shares)),
                intervals=_forest(shares),
                table=_changes(found.changes) if found.changes else None,
            ),
            *([_by_document(found, shares)] if shares else []),
            *losses,
        ),
        facts=(
            ("A", found.one),
            ("B", found.two),
            ("differs in", ", ".join(found.differs) or "nothing that is recorded"),
        ),
        sides=("A", "B"),
    )


def _notes(found: Contrast, shares: Sequence[Change]) -> Iterator[str]:
    number = len(found.documents)
    if number >= FEWEST:
        yield f"{number} documents, paired. Intervals: {found.method}."
        if len(shares) > 1:
            yield (
                f"With {len(shares)} measures, one may differ by chance: look at its losses "
                "before you believe it."
            )
    elif number:
        yield f"{counted(number, 'document')}, paired; fewer than {FEWEST} have no interval."
    if found.left_out:
        names = ", ".join(MEASURES[name].label for name in found.left_out)
        yield f"Not compared, as one result does not have it, or from another judge: {names}."
    if found.alone:
        yield f"Measured in one result only, and left out: {', '.join(found.alone)}."
    if found.newly_failed:
        yield f"Drafted in A, failed in B: {', '.join(found.newly_failed)}."


def _told(said: Said) -> str:
    """Return what became of a text, with the rules that find something in it now."""
    if not said.findings:
        return _LOSS[said.what]
    found = [f"{code} {RULES[code].name}" if code in RULES else code for code in said.findings]
    return f"{_LOSS[said.what]} in {said.field}: {', '.join(found)}"


def _verdict(found: Contrast, shares: Sequence[Change]) -> str:
    number = len(found.documents)
    if not number:
        first, second = ("B", "A") if found.newly_failed else ("A", "B")
        return f"{first} drafted none of the documents that {second} drafted."
    if number < FEWEST:
        few = "is" if number == 1 else "are"
        return f"{counted(number, 'document')} {few} too few to tell; {FEWEST} are needed."
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
        difference = (
            points(item.difference) if share else amount(item.measure, item.difference, signed=True)
        )
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
    low, high = (amount(item.measure, end, signed=True) for end in (found.low, found.high))
    return f"{low} to {high}"
