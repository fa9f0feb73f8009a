"""`capdraft site`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from capdraft.cli.frame import Frame, count, error_data, framed, load_settings

if TYPE_CHECKING:
    from capdraft.publishing.site.building import Built


@click.command("site", short_help="Write the catalog as a static site.")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@click.option("--url", "base", default="", metavar="URL", help="The address that it will have.")
@click.option("--title", default="Catalog", show_default=True, metavar="TEXT", help="Its name.")
@click.option(
    "--least",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    metavar="K",
    help="Capabilities that two artifacts need in common to be compared; all of one that "
    "has fewer are enough if they are 2 or more.",
)
@click.option(
    "--most",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar="N",
    help="Comparisons of one artifact, beside those asked for.",
)
@click.option(
    "--pair",
    "pairs",
    nargs=2,
    multiple=True,
    metavar="A B",
    help="Compare these two as well; search engines pass the page by.",
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Count ages in ranks on this day; else on the first of the newest record's month.",
)
@click.option(
    "--report",
    metavar="URL",
    help="Where readers tell of errors; {title} and {body} are filled in. github: the issues of "
    "the git remote.",
)
@framed
def command(  # noqa: PLR0913
    frame: Frame,
    out: Path,
    base: str,
    title: str,
    least: int,
    most: int,
    pairs: tuple[tuple[str, str], ...],
    day: datetime | None,
    report: str | None,
) -> int:
    """Write the approved records as a static site to the folder OUT.

    It works from any folder, host or USB stick. Building again rewrites only the pages that
    changed. What can't be read is named, and its pages stay as they were; then the exit status
    is 1.

    \b
    capdraft site public
    capdraft site public --url https://example.org/catalog
    capdraft site public --pair paligemma the-stack-v2
    capdraft site public --report "https://example.org/?title={title}&body={body}"
    """
    from capdraft.publishing.site import SiteOptions, build_site, checked_template

    workspace = frame.workspace()
    settings = load_settings(workspace)
    _check_address(base)
    named = settings.site.report if report is None else report
    options = SiteOptions(
        title=title,
        base=base,
        least=least,
        most=most,
        asked=pairs,
        day=day.replace(tzinfo=UTC) if day else None,
        report=checked_template(named, workspace.root),
    )
    built = build_site(workspace, out, settings.rank, options)
    _tell(frame, out, base, built)
    return 1 if built.failed else 0


def _tell(frame: Frame, out: Path, base: str, built: Built) -> None:
    for error in built.failed:
        frame.failed(error)
    frame.say(
        f"{out}: {count(built.artifacts, 'artifact')}, {count(built.comparisons, 'comparison')}, "
        f"{count(built.pages, 'page')}; {count(len(built.written), 'file')} written, "
        f"{len(built.removed)} removed"
    )
    if built.withdrawn:
        frame.say(f"{count(built.withdrawn, 'withdrawn artifact')} said to be so")
    for note in built.notes:
        frame.note(note)
    if not base:
        frame.note("without --url: no sitemap.xml, no feed.xml, no canonical links")
    if built.artifacts > 1 and not built.comparisons:
        frame.note(
            "no two artifacts have enough in common for a comparison: --least K asks for less, "
            "--pair A B for a page of two"
        )
    frame.note(f"open {out / 'index.html'}")
    frame.answer(
        {
            "out": str(out),
            "artifacts": built.artifacts,
            "comparisons": built.comparisons,
            "withdrawn": built.withdrawn,
            "pages": built.pages,
            "ranked_for": built.ranked_for,
            "notes": built.notes,
            "left_out": [] if base else ["sitemap.xml", "feed.xml", "canonical links"],
            "written": built.written,
            "removed": built.removed,
            "failed": [error_data(error) for error in built.failed],
        }
    )


def _check_address(base: str) -> None:
    try:
        parts = urlsplit(base)
    except ValueError as error:
        raise click.UsageError(f"--url {base}: {error}") from error
    if base and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username):
        raise click.UsageError(
            f"--url {base} is not an address such as https://example.org/catalog"
        )
    if parts.query or parts.fragment or any(character.isspace() for character in base):
        raise click.UsageError(f"--url {base}: an address without spaces, query and fragment")
