"""`capdraft compare`."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, framed, load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capdraft.comparing import Comparison
    from capdraft.ranking import Rank
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
    help="What to print.",
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
    "--least",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    metavar="K",
    help="Capabilities that any two need in common to be rivals; all of one that has fewer "
    "are enough if they are 2 or more.",
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Count ages in ranks on this day; else today.",
)
@click.option("--rules", is_flag=True, help="End the text with the rules; the others have them.")
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
    day: datetime | None,
    like_page: bool,
    **options: Any,
) -> int:
    """Compare two artifacts or more, from what was approved of them.

    \b
    capdraft compare paligemma the-stack-v2
    capdraft compare paligemma gemma-2 blip-2 --format html > comparison.html
    capdraft compare paligemma the-stack-v2 --like-page > page.txt
    """
    from capdraft.comparing import compare, read_entries, settled, standing_of
    from capdraft.publishing import render

    if like_page and layout != "text":
        raise click.UsageError("--like-page is a layout of its own: leave out --format")
    workspace = frame.workspace()
    entries = read_entries(workspace, slugs)
    shown = None if show_all else limit
    now = day.replace(tzinfo=UTC) if day else datetime.now(UTC)
    said = settled(workspace, entries)
    for item in said.others:
        frame.note(f"{item.where}: doesn't count: {item.why}")
    if like_page:
        alike = compare(
            entries, (), said.counting, limit=shown, least=options["least"], common_first=False
        )
        _like_page(frame, workspace, entries, alike, now)
        return 0
    comparison = compare(
        entries,
        [standing_of(*ranked) for ranked in _ranks(workspace, entries, now)],
        said.counting,
        limit=shown,
        least=options["least"],
        ranked_for=f"{now:%Y-%m-%d}",
    )
    _tell(frame, comparison)
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    chosen = "json" if frame.as_json else layout
    click.echo(render(comparison, chosen, width=width, rules=options["rules"]), nl=False)  # type: ignore[arg-type]
    return 0


def _tell(frame: Frame, comparison: Comparison) -> None:
    """Say how to ask for less where too little is in common."""
    if comparison.verdict.reasons[0].rule == "too-little-in-common":
        frame.note(
            f"rivals need {comparison.least} capabilities in common, or all of one that has fewer, "
            "if they are 2 or more; --least K asks for another number"
        )


def _ranks(
    workspace: Workspace, entries: Sequence[CatalogEntry], now: datetime
) -> list[tuple[Rank, int]]:
    """Return how each ranks, and in how many searches it was chosen."""
    from capdraft.ranking import Ranking
    from capdraft.searching import Matches

    matches = Matches(workspace.root)
    ranking = Ranking(workspace, load_settings(workspace).rank, now, matches)
    slugs = [entry.artifact.slug for entry in entries]
    return [(ranking.rank(slug), matches.times_matched(slug)) for slug in slugs]


def _like_page(
    frame: Frame,
    workspace: Workspace,
    entries: Sequence[CatalogEntry],
    comparison: Comparison,
    now: datetime,
) -> None:
    from capdraft.publishing.like_page import like_page, standing

    page = like_page(
        comparison,
        [entry.artifact.pricing for entry in entries],
        [standing(*ranked) for ranked in _ranks(workspace, entries, now)],
    )
    frame.answer({"title": comparison.title, "page": page})
    if not frame.as_json:
        click.echo(page, nl=False)
