"""`capdraft diff`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, framed
from capdraft.cli.review_work import shown_width
from capdraft.cli.word_marks import joined

if TYPE_CHECKING:
    from capdraft.workspace import Workspace


@click.command("diff", short_help="Show what a proposal says differently.")
@click.argument("slug")
@click.option(
    "--since",
    metavar="NUMBER",
    help="An earlier proposal, or catalog; else the one before the newest.",
)
@framed
def command(frame: Frame, slug: str, since: str | None) -> int:
    """Show what the newest proposal says differently from the one before, word by word.

    Exit status 1 where they differ.

    \b
    capdraft diff paligemma
    capdraft diff paligemma --since catalog
    """
    import textwrap

    from capdraft.reviewing import diff

    workspace = frame.workspace()
    before, after, found = diff(workspace, slug, since=since)
    frame.say(f"{before} → {after}" + ("" if found else ": the same texts"))
    for item in found:
        frame.say()
        frame.say(click.style(f"{item.capability}.{item.field}", bold=True))
        for named in item.names:
            frame.say(f"  {named.what}: {joined(named.pieces)}")
        for line in joined(item.pieces).split("\n"):
            frame.say(textwrap.indent("\n".join(textwrap.wrap(line, shown_width() - 2)), "  "))
    by_hand = _changed_by_hand(workspace, slug) if since == "catalog" else []
    if by_hand:
        frame.note(
            f"{before} was changed by hand in {', '.join(by_hand)}: "
            f"`capdraft merge {slug}` shows what was approved"
        )
    frame.answer({"before": before, "after": after, "fields": [asdict(item) for item in found]})
    return 1 if found else 0


def _changed_by_hand(workspace: Workspace, slug: str) -> list[str]:
    from capdraft.merging import undecided

    return [difference.path for difference in undecided(workspace, slug)]
