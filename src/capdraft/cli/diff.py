"""`capdraft diff`."""

from __future__ import annotations

from dataclasses import asdict

import click

from capdraft.cli.frame import Frame, framed
from capdraft.cli.review_work import shown_width


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

    before, after, found = diff(frame.workspace(), slug, since=since)
    frame.say(f"{before} → {after}" + ("" if found else ": the same texts"))
    for item in found:
        frame.say()
        frame.say(click.style(f"{item.capability}.{item.field}", bold=True))
        text = "".join(_mark(kind, piece) for kind, piece in item.pieces)
        for line in text.split("\n"):
            frame.say(textwrap.indent("\n".join(textwrap.wrap(line, shown_width() - 2)), "  "))
    frame.answer({"before": before, "after": after, "fields": [asdict(item) for item in found]})
    return 1 if found else 0


def _mark(kind: str, piece: str) -> str:
    """Return a piece as wdiff writes it, so that it reads without colours."""
    core = piece.strip()
    if kind == "same" or not core:
        return piece
    left, right = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
    return left + (f"[-{core}-]" if kind == "removed" else f"{{+{core}+}}") + right
