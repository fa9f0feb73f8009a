"""`capdraft withdraw`."""

from __future__ import annotations

from typing import Any

import click

from capdraft.cli.frame import Frame, framed
from capdraft.cli.review_options import as_who

REASON_CODES = ["wrong", "outdated", "superseded", "duplicate", "licence", "owner-request"]


@click.command("withdraw", short_help="Take an artifact or a record out of the catalog.")
@click.argument("path", metavar="SLUG[/CAPABILITY]")
@click.option(
    "--reason",
    type=click.Choice(REASON_CODES),
    required=True,
    metavar="REASON",
    help=f"One of {', '.join(REASON_CODES)}.",
)
@click.option("--note", metavar="TEXT", required=True, help="Why; readers see it.")
@as_who
@framed
def command(frame: Frame, path: str, reason: Any, note: str, who: str | None) -> int:
    """Take a record, or a whole artifact, out of the catalog at the next merge.

    Its approvals stand: `capdraft restore` brings it back as it was. Readers are told who withdrew
    it, when and why.

    \b
    capdraft withdraw paligemma/video --reason wrong --note "It takes pictures."
    """
    from capdraft.merging import withdraw
    from capdraft.reviewing import Target, reviewer_slug

    workspace, target = frame.workspace(), Target.parse(path)
    reviewer = reviewer_slug(who, workspace.root)
    said = withdraw(
        workspace, target.slug, target.capability, reviewer=reviewer, reason=reason, note=note
    )
    frame.say(f"withdrew {path} as {reviewer}: {reason}")
    frame.note(f"next: `capdraft merge {target.slug}` takes it out of the catalog")
    frame.answer({"withdrawn": said.model_dump(mode="json", by_alias=True, exclude_none=True)})
    return 0
