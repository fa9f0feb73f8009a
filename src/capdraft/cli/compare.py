"""`capdraft compare`."""

from __future__ import annotations

import shutil

import click

from capdraft.cli.frame import Frame, framed


@click.command("compare", short_help="Compare artifacts of the catalog.")
@click.argument("slugs", nargs=-1, required=True, metavar="SLUG SLUG...")
@click.option(
    "--format",
    "layout",
    type=click.Choice(["text", "md", "html", "json"]),
    default="text",
    show_default=True,
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    metavar="N",
    help="Capabilities shown of each artifact; the rest is counted.",
)
@click.option("--all", "show_all", is_flag=True, help="Show every capability.")
@framed
def command(frame: Frame, slugs: tuple[str, ...], layout: str, limit: int, show_all: bool) -> int:
    """Compare two artifacts or more, from what was approved of them.

    \b
    capdraft compare paligemma the-stack-v2
    capdraft compare paligemma the-stack-v2 --format html > comparison.html
    """
    from capdraft.comparing import compare, read_entries
    from capdraft.publishing import render

    entries = read_entries(frame.workspace(), slugs)
    comparison = compare(entries, limit=None if show_all else limit)
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    chosen = "json" if frame.as_json else layout
    click.echo(render(comparison, chosen, width=width), nl=False)  # type: ignore[arg-type]
    return 0
