"""How cassettes stand, and what new answers say, as text and as data."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, count
from capdraft.cli.progress import usd
from capdraft.cli.word_marks import marked

if TYPE_CHECKING:
    from capdraft.client.cassettes.scanning import Leak
    from capdraft.recording.answers import AnswerChanges
    from capdraft.recording.costing import Estimate
    from capdraft.recording.standing import Standing

_COLOURS = {"current": "green", "stale": "red", "unreadable": "red"}
_WIDTH = max(map(len, ("unreadable", "current")))
MOST_SOURCES = 3
"""Sources that the line of a cassette names; --json has them all."""
UNUSED = (
    "nothing says what it was recorded from: the command that recorded it notes that once it "
    "replays all of it"
)


def tell_standing(
    frame: Frame, standing: Standing, *, shown: dict[tuple[str, ...], str] | None, width: int = 0
) -> None:
    """Print one cassette in a line, and below it why it isn't current; `width` is of names.

    Lines that differ follow where `shown` is given: once, for it holds the cassette that had them.
    """
    state = click.style(standing.state, fg=_COLOURS.get(standing.state, "yellow"), bold=True)
    gap = " " * (_WIDTH - len(standing.state))
    frame.say(f"{state}{gap}  {standing.name:<{width}}  {_facts(standing)}")
    for cause in standing.causes:
        frame.say(f"  {cause.text}")
    if standing.state == "unused":
        frame.say(f"  {UNUSED}")
    if shown is None or not standing.lines:
        return
    first = shown.setdefault(standing.lines, standing.name)
    if first != standing.name:
        frame.say(f"    the same lines differ as in {first}")
        return
    for line in standing.lines:
        frame.say(f"    {line}")


def _facts(standing: Standing) -> str:
    note, size = standing.note, f"{standing.size / 1000:,.0f} kB"
    model = [standing.model] if standing.model else []
    if note is None:
        return ", ".join([*model, size])
    sources = [item.source for item in note.sources]
    more = f" and {len(sources) - MOST_SOURCES} more" if len(sources) > MOST_SOURCES else ""
    asked = f"{note.by} {' '.join(sources[:MOST_SOURCES])}{more}"
    return ", ".join([asked, f"prompt {note.prompt} {note.prompt_sha256[:8]}", *model, size])


def told_estimate(taking: Estimate) -> str:
    """Return what recording again takes, in words."""
    tokens = [
        f"{number:,} tokens {way}"
        for number, way in ((taking.prompt_tokens, "in"), (taking.completion_tokens, "out"))
        if number is not None
    ]
    cost = usd(taking.cost_usd) + (f" with {taking.model}" if taking.model else "")
    return ", ".join([f"about {count(taking.calls, 'call')}", *tokens, cost])


def summary(found: list[Standing], taking: Estimate | None = None) -> str:
    """Return how many cassettes there are of each state, and what to do next."""
    states = dict.fromkeys(item.state for item in found)
    told = [f"{sum(item.state == state for item in found)} {state}" for state in states]
    text = ", ".join([count(len(found), "cassette"), *told])
    if taking and taking.calls:
        text += f"\n  to record the stale ones again: {told_estimate(taking)}"
    if any(item.state == "stale" for item in found):
        text += "\n  next: capdraft cassettes status --diff; capdraft cassettes record"
    return text


def standing_data(standing: Standing) -> dict[str, Any]:
    """Return a cassette as it stands in `--json` answers."""
    note = standing.note
    return {
        "name": standing.name,
        "path": shown_path(standing.path),
        "state": standing.state,
        "bytes": standing.size,
        "model": standing.model,
        "prompt": note and note.prompt,
        "prompt_sha256": note and note.prompt_sha256,
        "recorded": note and dict(note.data()),
        "causes": [asdict(cause) for cause in standing.causes],
        "diff": list(standing.lines),
    }


def tell_changes(frame: Frame, name: str, changes: AnswerChanges, bill: str) -> None:
    """Print what a new recording says differently from the one before."""
    fields = [item for item in changes.reworded if item.field != "name"]
    told = [
        f"{len(changes.gained)} gained",
        f"{len(changes.lost)} lost",
        f"{count(len(fields), 'text')} reworded",
        f"{changes.same} the same",
    ]
    frame.say(f"{click.style('recorded', bold=True)}  {name}: {', '.join(told)}; {bill}")
    for sign, records in (("+", changes.gained), ("-", changes.lost)):
        for record in records:
            said = record.texts.get("description", "")
            frame.say(f"  {sign} {record.name}{': ' if said else ''}{said}")
    for item in changes.reworded:
        frame.say(f"  ~ {item.record}, {item.field}: {marked(item.before, item.after)}")


def changes_data(changes: AnswerChanges) -> dict[str, Any]:
    """Return what changed in the answers as it stands in `--json` answers."""
    return asdict(changes)


def tell_leak(frame: Frame, leak: Leak) -> None:
    """Print one finding as FILE:LINE."""
    frame.say(f"{shown_path(leak.path)}:{leak.line}: {leak.kind}: {leak.shown}")
    frame.say(f"  no secret? --allow {leak.fingerprint}")


def leak_data(leak: Leak) -> dict[str, Any]:
    """Return a finding as it stands in `--json` answers."""
    return {**asdict(leak), "path": shown_path(leak.path)}


def shown_path(path: Path) -> str:
    """Return a path from the current folder where it is below it."""
    near = os.path.relpath(path)
    return str(path) if near.startswith("..") else Path(near).as_posix()
