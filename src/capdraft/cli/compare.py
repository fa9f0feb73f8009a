"""`capdraft compare`."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, framed, load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capdraft.comparing import Comparison
    from capdraft.records import CatalogEntry
    from capdraft.workspace import Workspace


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
@click.option(
    "--like-page", is_flag=True, help="Write two artifacts in the layout of the known pages."
)
@framed
def command(
    frame: Frame,
    slugs: tuple[str, ...],
    layout: str,
    limit: int,
    show_all: bool,
    like_page: bool,
) -> int:
    """Compare two artifacts or more, from what was approved of them.

    \b
    capdraft compare paligemma the-stack-v2
    capdraft compare paligemma the-stack-v2 --format html > comparison.html
    capdraft compare paligemma the-stack-v2 --like-page > page.txt
    """
    from capdraft.comparing import compare, read_entries
    from capdraft.publishing import render

    workspace = frame.workspace()
    entries = read_entries(workspace, slugs)
    comparison = compare(entries, limit=None if show_all else limit)
    if like_page:
        if layout != "text":
            raise click.UsageError("--like-page is a layout of its own: leave out --format")
        page = _like_page(workspace, comparison, entries)
        frame.answer({"title": comparison.title, "page": page})
        if not frame.as_json:
            click.echo(page, nl=False)
        return 0
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    chosen = "json" if frame.as_json else layout
    click.echo(render(comparison, chosen, width=width), nl=False)  # type: ignore[arg-type]
    return 0


def _like_page(
    workspace: Workspace, comparison: Comparison, entries: Sequence[CatalogEntry]
) -> str:
    from datetime import UTC, datetime

    from capdraft.publishing.like_page import like_page, standing
    from capdraft.ranking import Ranking
    from capdraft.searching import Matches

    matches = Matches(workspace.root)
    ranking = Ranking(workspace, load_settings(workspace).rank, datetime.now(UTC), matches)
    slugs = [entry.artifact.slug for entry in entries]
    return like_page(
        comparison,
        [entry.artifact.pricing for entry in entries],
        [standing(ranking.rank(slug), matches.times_matched(slug)) for slug in slugs],
    )
