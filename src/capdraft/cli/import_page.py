"""`capdraft import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, count, framed, load_settings

if TYPE_CHECKING:
    from capdraft.importing import Imported, ImportReport
    from capdraft.workspace import Workspace


def _pair(_: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...]:
    if value is None:
        return ()
    parts = tuple(part.strip() for part in value.split(","))
    if len(parts) != 2 or not all(parts):
        raise click.BadParameter(f"{value!r} is not two, with a comma between them", param=option)
    return parts


@click.command("import", short_help="Read a known comparison page into proposals.")
@click.argument("page", type=click.Path(path_type=Path), metavar="PAGE")
@click.option("--names", callback=_pair, metavar="A,B", help="What the artifacts are called.")
@click.option("--types", callback=_pair, metavar="A,B", help="Their types: model,dataset")
@click.option(
    "--split",
    type=click.IntRange(min=0),
    metavar="N",
    help="The first N records are the first artifact's, where no heading tells.",
)
@framed
def command(
    frame: Frame, page: Path, names: tuple[str, ...], types: tuple[str, ...], split: int | None
) -> int:
    """Read a comparison page into one proposal for each of its two artifacts.

    Nothing of it is approved. The page cites nothing, so each field gets a finding; what it claims
    beside its records is printed as notes.

    \b
    capdraft import page.txt
    capdraft import page.txt --names 'Gemma 2,The Stack v2' --types model,dataset
    """
    from capdraft.importing import Terms, import_page

    workspace = frame.workspace()
    terms = Terms(names, types, split, _who(workspace))
    report = import_page(workspace, page, terms, load_settings(workspace).rules)
    _say(frame, report)
    frame.answer(_data(report))
    return 0


def _who(workspace: Workspace) -> str | None:
    """Return who imports, as git knows them; None where it knows nobody."""
    from capdraft.errors import CapdraftError
    from capdraft.reviewing import reviewer_slug

    try:
        return reviewer_slug(None, workspace.root)
    except CapdraftError:
        return None


def _say(frame: Frame, report: ImportReport) -> None:
    for item in report.imported:
        proposal = item.stored.proposal
        records = count(len(proposal.capabilities), "record")
        more = f", {item.more} more not on the page" if item.more else ""
        findings = count(len(proposal.findings), "finding")
        what = f"{records}{more}, {findings}" if item.changed else "unchanged"
        frame.say(f"{item.stored.name}: {proposal.artifact.name}, {what}")
    for note in report.notes:
        frame.note(f"{report.page.where(note.line)}: {note.code}: {note.message}")
    changed = [item for item in report.imported if item.changed]
    if changed:
        frame.note(f"next: capdraft review show {changed[0].stored.proposal.artifact.slug}")


def _data(report: ImportReport) -> dict[str, Any]:
    page = report.page
    return {
        "page": page.name,
        "title": page.title,
        "headline": page.headline,
        "verdict": page.verdict,
        "imported": [_imported(item) for item in report.imported],
        "notes": [
            {"code": note.code, "message": note.message, "where": page.where(note.line)}
            for note in report.notes
        ],
    }


def _imported(item: Imported) -> dict[str, Any]:
    proposal = item.stored.proposal
    return {
        "artifact": proposal.artifact.slug,
        "name": proposal.artifact.name,
        "type": proposal.artifact.type,
        "proposal": item.stored.name,
        "changed": item.changed,
        "records": len(proposal.capabilities),
        "more": item.more,
        "findings": len(proposal.findings),
    }
