"""`capdraft log`."""

from __future__ import annotations

import click

from capdraft.cli.frame import Frame, framed


@click.command("log", short_help="Tell what happened to an artifact.")
@click.argument("slug")
@framed
def command(frame: Frame, slug: str) -> int:
    """Tell what happened to an artifact, oldest first: drafts, decisions, withdrawals.

    \b
    capdraft log paligemma
    """
    from capdraft.reviewing import history

    events = history(frame.workspace(), slug)
    for event in events:
        who = click.style(event.who, bold=True)
        frame.say(f"{event.time:%Y-%m-%d %H:%M}  {who}  {event.what}")
        for line in event.lines:
            frame.say(f"    {line}")
    frame.answer(
        {
            "artifact": slug,
            "events": [
                {
                    "time": event.time.isoformat(),
                    "who": event.who,
                    "what": event.what,
                    "lines": list(event.lines),
                }
                for event in events
            ],
        }
    )
    return 0
