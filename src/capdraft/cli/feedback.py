"""`capdraft feedback`."""

from __future__ import annotations

from typing import Literal

import click

from capdraft.cli.frame import Frame, framed


@click.command("feedback", short_help="Tell whether what was found did what was needed.")
@click.argument("match")
@click.argument("verdict", type=click.Choice(["success", "failure"]))
@click.option(
    "--result",
    "place",
    type=click.IntRange(min=1),
    metavar="N",
    help="The result that you tried; else the one that you chose.",
)
@framed
def command(
    frame: Frame, match: str, verdict: Literal["success", "failure"], place: int | None
) -> int:
    """Tell whether a result of the search MATCH met the need.

    Telling it again replaces what was told before.

    \b
    capdraft feedback 3f6c01a9d2e4 success
    capdraft feedback 3f6c01a9d2e4 failure --result 2
    """
    from capdraft.searching import Matches

    outcome = Matches(frame.workspace().root).feedback(match, verdict, place)
    frame.say(f"{outcome.artifact}/{outcome.capability}: {verdict}")
    if not outcome.counted:
        frame.note("it is not counted: the search was one of too many")
    frame.answer(outcome._asdict())
    return 0
