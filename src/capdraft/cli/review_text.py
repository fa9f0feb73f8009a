"""A review as text: the list, the page of claims above their evidence, and the page to edit."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import severity_mark

if TYPE_CHECKING:
    from capdraft.records import Evidence, Finding
    from capdraft.reviewing import FieldState, Review

LABELS = {
    "description": "Description",
    "unique": "Unique",
    "vs_alternatives": "vs alternatives",
}
COLOURS = {
    "approved": "green",
    "rejected": "red",
    "stale": "yellow",
    "conflicting": "yellow",
    "pending": "cyan",
}
SCISSORS = "# ---- everything below this line is left out ----"


def listing(review: Review, severities: Mapping[str, str]) -> str:
    """Return an artifact's fields, one a line, under its counts."""
    counts = Counter(state.status for state in review.states)
    told = ", ".join(f"{count} {status}" for status, count in counts.most_common()) or "no fields"
    lines = [f"{click.style(review.stored.name, bold=True)}: {told}"]
    shown = ""
    for state in review.states:
        if state.capability.id != shown:
            shown = state.capability.id
            lines.append(f"  {click.style(shown, bold=True)}  {state.capability.name}")
        codes = " ".join(dict.fromkeys(f.code for f in review.findings(state, severities)))
        why = f"{state.why} " if state.why else ""
        lines.append(f"    {state.name:<16} {_status(state, 11)} {why}{codes}".rstrip())
    return "\n".join(lines)


def page(review: Review, severities: Mapping[str, str], width: int) -> str:
    """Return each selected field above its evidence and its findings."""
    lines: list[str] = []
    shown = ""
    for state in review.selected:
        if state.capability.id != shown:
            shown = state.capability.id
            head = wrapped(f"{shown}: {state.capability.name}", width, "", "  ")
            lines += ["", *(click.style(line, bold=True) for line in head)]
            lines += wrapped("; ".join(state.capability.intents), width, "  for: ", "       ")
        lines += _field_lines(review, state, severities, width)
    return "\n".join(lines).lstrip("\n")


def _field_lines(
    review: Review, state: FieldState, severities: Mapping[str, str], width: int
) -> Iterator[str]:
    edited = ", edited" if state.edit else ""
    why = f" {state.why}" if state.why else ""
    yield ""
    yield f"  {click.style(LABELS[state.name], underline=True)}  {_status(state)}{why}{edited}"
    yield from wrapped(state.text, width, "    ", "    ")
    if state.edit and state.text != state.drafted.text:
        yield from wrapped(state.drafted.text, width, "    drafted as: ", "    ")
    sides: dict[int, list[str]] = {}
    for item in state.field.evidence:
        sides.setdefault(item.passage, []).append(item.side)
    for item in {item.passage: item for item in state.field.evidence}.values():
        uri = review.stored.proposal.uris[item.document]
        yield from _quote(item, uri, sides[item.passage], width)
    if not state.field.evidence:
        yield click.style("    no evidence", fg="red")
    for finding in review.findings(state, severities):
        yield from _finding(finding, width)


def _status(state: FieldState, width: int = 0) -> str:
    return click.style(f"{state.status:<{width}}", fg=COLOURS[state.status])


def _quote(item: Evidence, uri: str, sides: list[str], width: int) -> Iterator[str]:
    from capdraft.sources import readable

    side = {"alternative": ", for the other side"}.get(sides[0], "")
    side = ", for both sides" if len(sides) > 1 else side
    place = " > ".join(item.heading)
    head = f"[{item.passage}] {uri}:{item.start}-{item.end}{side}" + (f"  {place}" if place else "")
    yield from (click.style(line, dim=True) for line in wrapped(head, width, "    ", "      "))
    if item.header:
        yield from wrapped(item.header, width, "      | ", "      | ")
    yield from wrapped(readable(item.quote, item.kind), width, "      | ", "      | ")


def _finding(finding: Finding, width: int) -> Iterator[str]:
    mark = severity_mark(finding.severity)
    yield from wrapped(f"{finding.code} {finding.message}", width, f"    {mark}: ", "      ")


def wrapped(text: str, width: int, first: str, then: str) -> list[str]:
    """Return `text` behind `first`, its further lines behind `then`; what fits stays as it is."""
    from capdraft.publishing.columns import columns, wrap

    lines: list[str] = []
    for line in text.split("\n") if text else ():
        start = then if lines else first
        if columns(click.unstyle(start) + line) <= width:
            lines.append((start + line).rstrip())
            continue
        # What is behind `first` may be laid out deeper than `then`, or less deep.
        indent = line[: len(line) - len(line.lstrip())]
        head = "-" * max(columns(click.unstyle(start)) - columns(then), 0)
        broken = wrap(f"{head}{line.lstrip()}", width, then + indent)
        lines += [start + broken[0].removeprefix(then).replace(head, "", 1), *broken[1:]]
    return lines


def edit_page(review: Review, state: FieldState, severities: Mapping[str, str]) -> str:
    """Return what $EDITOR shows: the text, and below a line its evidence and findings."""
    below = "\n".join(_field_lines(review, state, severities, 98))
    commented = "\n".join(f"# {line}".rstrip() for line in click.unstyle(below).split("\n"))
    paragraphs = [
        textwrap.fill(part, 98, break_long_words=False, break_on_hyphens=False)
        for part in state.text.split("\n\n")
    ]
    text = "\n\n".join(paragraphs)
    return f"{text}\n\n{SCISSORS}\n{commented}\n"


def edited_text(page: str) -> str:
    """Return the text of an edited page: what stands above the line, its line breaks as spaces."""
    above = page.partition(SCISSORS)[0]
    paragraphs = [" ".join(part.split()) for part in above.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part)
