"""Fields as a reviewer reads them in a terminal: each claim above its quotes and findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import severity_mark
from capdraft.cli.review_text import LABELS, status, wrapped

if TYPE_CHECKING:
    from capdraft.records import Evidence, Finding
    from capdraft.reviewing import FieldState, Review

FIRST_WORDS = 48
"""Columns of a quote that stand where it is shown again."""
_BAR = "      | "


def page(review: Review, severities: Mapping[str, str], width: int) -> str:
    """Return each selected field above its evidence and its findings."""
    lines: list[str] = []
    shown, quoted = "", set[int]()
    for state in review.selected:
        if state.capability.id != shown:
            shown, quoted = state.capability.id, set()
            lines += ["", *_head(state, width)]
        lines += field_lines(review, state, severities, width, quoted)
    return "\n".join(lines).lstrip("\n")


def _head(state: FieldState, width: int) -> Iterator[str]:
    """Yield a capability's id, name and intents, under a rule as wide as the page."""
    capability = state.capability
    for line in ("━" * width, *wrapped(f"{capability.id}: {capability.name}", width, "", "  ")):
        yield click.style(line, bold=True)
    yield from wrapped("; ".join(capability.intents), width, "  for: ", "       ")


def field_lines(
    review: Review,
    state: FieldState,
    severities: Mapping[str, str],
    width: int,
    quoted: set[int] | None = None,
) -> Iterator[str]:
    """Yield a field: how it stands, its text, what it cites, what the rules say.

    `quoted` are the numbers of the passages that were shown above: they are only referred to, and
    those that are shown now are added.
    """
    from capdraft.publishing.columns import columns

    quoted = set() if quoted is None else quoted
    other = f" with {state.field.alternative}" if state.field.alternative else ""
    edited = ", edited" if state.edit else ""
    label = click.style(f"{LABELS[state.name]}{other}", underline=True)
    yield ""
    gap = " " * (4 + columns(LABELS[state.name] + other))
    head = f"{status(state)}{f' {state.why}' if state.why else ''}{edited}"
    first, *more = wrapped(head, width, gap, "    ")
    yield f"  {label}  {first.removeprefix(gap)}"
    yield from more
    yield from wrapped(state.text, width, "    ", "    ")
    yield from _drafted(state, width)
    sides: dict[int, list[str]] = {}
    for item in state.field.evidence:
        sides.setdefault(item.passage, []).append(item.side)
    for item in {item.passage: item for item in state.field.evidence}.values():
        uri = review.stored.proposal.uris[item.document]
        if item.passage in quoted:
            yield from _again(item, sides[item.passage], width)
        else:
            yield from _quote(item, uri, sides[item.passage], state.text, width)
        quoted.add(item.passage)
    if not state.field.evidence:
        yield click.style("    no evidence", fg="red")
    for finding in review.findings(state, severities):
        yield from finding_lines(finding, width)


def _drafted(state: FieldState, width: int) -> Iterator[str]:
    """Yield what was drafted, where an edit changed it."""
    if state.edit is None:
        return
    for what, (now, before) in state.versions[0].names.beside(state.versions[-1].names).items():
        if now != before:
            yield from wrapped(before or "nothing", width, f"    drafted {what}: ", "      ")
    if state.text != state.drafted.text:
        yield from wrapped(state.drafted.text, width, "    drafted as: ", "    ")


def _sides(sides: Sequence[str]) -> str:
    if len(sides) > 1:
        return ", for both sides"
    return ", for the other side" if sides[0] == "alternative" else ""


def _quote(item: Evidence, uri: str, sides: Sequence[str], claim: str, width: int) -> Iterator[str]:
    from capdraft.reviewing.quoting import as_written

    place = f"  {' > '.join(item.heading)}" if item.heading else ""
    head = f"[{item.passage}] {uri}:{item.start}-{item.end}{_sides(sides)}{place}"
    yield from (click.style(line, dim=True) for line in wrapped(head, width, "    ", "      "))
    lines = _row(item, width) if item.header else wrapped(as_written(item), width, _BAR, _BAR)
    yield from (_marked(line, claim) for line in lines)


def _again(item: Evidence, sides: Sequence[str], width: int) -> Iterator[str]:
    """Yield a passage that is quoted above: its number and its first words."""
    from capdraft.publishing.columns import wrap
    from capdraft.reviewing.quoting import as_written

    first, *more = wrap(as_written(item), min(FIRST_WORDS, width - 24))
    told = f"[{item.passage}] quoted above{_sides(sides)}: {first}{'…' if more else ''}"
    yield from (click.style(line, dim=True) for line in wrapped(told, width, "    ", "      "))


def _row(item: Evidence, width: int) -> list[str]:
    """Return a table row under its header, cell under cell; where that is too wide, one a line."""
    from capdraft.publishing.columns import columns, pad
    from capdraft.sources import readable

    raws = (item.header or "", item.quote)
    rows = [readable(raw, "table-row", item.markup).split(" | ") for raw in raws]
    head, cells = ([cell.strip() for cell in row] for row in rows)
    if len(head) != len(cells):
        return [
            line for row in (head, cells) for line in wrapped(" | ".join(row), width, _BAR, _BAR)
        ]
    widths = [max(map(columns, pair)) for pair in zip(head, cells, strict=True)]
    aligned = [(_BAR + " | ".join(map(pad, row, widths))).rstrip() for row in (head, cells)]
    if all(columns(line) <= width for line in aligned):
        return aligned
    pairs = (f"{name}: {cell}" for name, cell in zip(head, cells, strict=True))
    return [line for pair in pairs for line in wrapped(pair, width, _BAR, f"{_BAR}  ")]


def _marked(line: str, claim: str) -> str:
    """Return a line of a quote with the words bold that its claim shares."""
    from capdraft.reviewing.quoting import shared_words

    if not line.startswith(_BAR):
        return line
    marked, behind = _BAR, len(_BAR)
    for start, end in shared_words(line[len(_BAR) :], claim):
        start, end = start + len(_BAR), end + len(_BAR)
        marked += line[behind:start] + click.style(line[start:end], bold=True)
        behind = end
    return marked + line[behind:]


def finding_lines(finding: Finding, width: int) -> Iterator[str]:
    """Yield what a rule says of a field."""
    mark = severity_mark(finding.severity)
    yield from wrapped(f"{finding.code} {finding.message}", width, f"    {mark}: ", "      ")
