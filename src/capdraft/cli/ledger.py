"""`capdraft ledger`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, count, framed

if TYPE_CHECKING:
    from capdraft.ledger import Entry


@click.group("ledger", short_help="Show the answers that were paid for.")
def command() -> None:
    """The answers that were paid for, kept in .capdraft/ledger.sqlite3.

    \b
    capdraft ledger show
    capdraft ledger prune --unusable --older-than 30
    """


@command.command("show", short_help="List the answers, or print one.")
@click.argument("number", type=int, required=False)
@framed
def show(frame: Frame, number: int | None) -> int:
    """List the answers and their size, or print answer NUMBER as the model wrote it.

    \b
    capdraft ledger show
    capdraft ledger show 12
    """
    from capdraft.ledger import PLACE, Ledger

    ledger = Ledger(frame.workspace().root)
    if number is None:
        entries = ledger.entries()
        for entry in entries:
            state = f"unusable: {entry.unusable}" if entry.unusable else "kept"
            frame.say(f"{entry.id:5}  {entry.asked}  {entry.model}  {entry.document}  {state}")
        held = f"{count(len(entries), 'answer')}, {_kilobytes(ledger.size)} in {PLACE}"
        frame.note(held if entries else "the ledger is empty")
        frame.answer({"answers": [_summary(entry) for entry in entries], "size_bytes": ledger.size})
        return 0
    entry = ledger.get(number)
    frame.say(_text(entry))
    frame.answer(asdict(entry))
    return 0


@command.command("prune")
@click.option("--all", "everything", is_flag=True, help="Every answer.")
@click.option("--unusable", is_flag=True, help="Answers that could not be used.")
@click.option(
    "--older-than",
    "days",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Answers from before that.",
)
@framed
def prune(frame: Frame, everything: bool, unusable: bool, days: float | None) -> int:
    """Delete answers that fit every option given. Asking the same again then costs again.

    \b
    capdraft ledger prune --unusable --older-than 30
    capdraft ledger prune --all
    """
    from capdraft.errors import UsageProblem
    from capdraft.ledger import Ledger

    if everything == (unusable or days is not None):
        raise UsageProblem(
            "which answers?", hint="--all, or --unusable and --older-than DAYS, alone or together."
        )
    ledger = Ledger(frame.workspace().root)
    before = ledger.size
    deleted = ledger.prune(older_than_days=days, unusable=unusable)
    freed = before - ledger.size
    frame.say(f"deleted {count(deleted, 'answer')}, {_kilobytes(freed)} freed")
    frame.answer({"deleted": deleted, "freed_bytes": freed})
    return 0


def _kilobytes(size: int) -> str:
    return f"{max(size, 0) / 1000:,.0f} KB"


def _summary(entry: Entry) -> dict[str, object]:
    return {key: value for key, value in asdict(entry).items() if key not in ("request", "body")}


def _text(entry: Entry) -> str:
    """Return the model's own words where the answer is a completion, else the body."""
    try:
        content = json.loads(entry.body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError):
        return entry.body
    return content if isinstance(content, str) else entry.body
