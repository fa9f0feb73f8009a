"""A review as a list of its fields; words and colours that its pages share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
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


def listing(
    review: Review, severities: Mapping[str, str], states: Sequence[FieldState] | None = None
) -> str:
    """Return an artifact's fields (or those given), one a line, under the counts of all."""
    counts = Counter(state.status for state in review.states)
    told = ", ".join(f"{count} {name}" for name, count in counts.most_common()) or "no fields"
    lines = [f"{click.style(review.stored.name, bold=True)}: {told}"]
    shown = ""
    for state in review.states if states is None else states:
        if state.capability.id != shown:
            shown = state.capability.id
            lines.append(f"  {click.style(shown, bold=True)}  {state.capability.name}")
        codes = " ".join(dict.fromkeys(f.code for f in review.findings(state, severities)))
        edited = f"edited by {state.edit.reviewer}" if state.edit else ""
        why = " ".join(filter(None, ("; ".join(filter(None, (state.why, edited))), codes)))
        lines.append(f"    {state.name:<16} {status(state, 11)} {why}".rstrip())
    return "\n".join(lines)


def stands_as(state: FieldState, status: str | None) -> bool:
    """Tell whether a field is listed under a status; `edited` is any that somebody rewrote."""
    return status in (None, state.status) or (status == "edited" and state.edit is not None)


def status(state: FieldState, width: int = 0) -> str:
    """Return how a field stands, coloured where the terminal has colours."""
    return click.style(f"{state.status:<{width}}", fg=COLOURS[state.status])


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
