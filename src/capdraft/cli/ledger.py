"""`capdraft ledger`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, framed

if TYPE_CHECKING:
    from capdraft.ledger import Entry


@click.group("ledger", short_help="Show the answers that were paid for.")
def command() -> None:
    """The answers that were paid for, kept in .capdraft/ledger.sqlite3."""


@command.command("show")
@click.argument("number", type=int, required=False)
@framed
def show(frame: Frame, number: int | None) -> int:
    """List the answers, or print answer NUMBER as the model wrote it."""
    from capdraft.ledger import Ledger

    ledger = Ledger(frame.workspace().root)
    if number is None:
        entries = ledger.entries()
        for entry in entries:
            state = f"unusable: {entry.unusable}" if entry.unusable else "kept"
            frame.say(f"{entry.id:5}  {entry.asked}  {entry.model}  {entry.document}  {state}")
        if not entries:
            frame.note("the ledger is empty")
        frame.answer({"answers": [_summary(entry) for entry in entries]})
        return 0
    entry = ledger.get(number)
    frame.say(_text(entry))
    frame.answer(asdict(entry))
    return 0


def _summary(entry: Entry) -> dict[str, object]:
    return {key: value for key, value in asdict(entry).items() if key not in ("request", "body")}


def _text(entry: Entry) -> str:
    """Return the model's own words where the answer is a completion, else the body."""
    try:
        content = json.loads(entry.body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError):
        return entry.body
    return content if isinstance(content, str) else entry.body
