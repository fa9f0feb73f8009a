"""`capdraft alternatives`."""

from __future__ import annotations

from dataclasses import asdict

import click

from capdraft.cli.frame import Frame, count, framed


@click.command("alternatives", short_help="List what to draft next, to prove comparisons.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@framed
def command(frame: Frame, slugs: tuple[str, ...]) -> int:
    """List the alternatives that the docs name and the catalog lacks.

    First come those whose approved records would prove the most drafted comparisons, then those
    that most artifacts name.

    \b
    capdraft alternatives
    """
    from capdraft.comparing import wanted_alternatives

    workspace = frame.workspace()
    found = wanted_alternatives(workspace, slugs or workspace.artifacts())
    for item in found:
        proves = count(len(item.comparisons), "comparison")
        what = f"would prove {proves}" if item.comparisons else "named beside"
        where = ", ".join(item.comparisons or item.named_by)
        frame.say(f"{click.style(item.name, bold=True)}  {what}: {where}")
    if not found:
        frame.note("no alternative is named that the catalog lacks")
    frame.answer({"alternatives": [asdict(item) for item in found]})
    return 0
