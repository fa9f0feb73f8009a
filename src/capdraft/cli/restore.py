"""`capdraft restore`."""

from __future__ import annotations

import click

from capdraft.cli.frame import Frame, framed
from capdraft.cli.review_options import as_who, with_note


@click.command("restore", short_help="Bring back what was withdrawn.")
@click.argument("path", metavar="SLUG[/CAPABILITY]")
@with_note
@as_who
@framed
def command(frame: Frame, path: str, note: str | None, who: str | None) -> int:
    """Bring back a record or an artifact that was withdrawn, at the next merge.

    What is approved then is written: the very same, if nothing else changed.

    \b
    capdraft restore paligemma/captioning --as ana
    """
    from capdraft.merging import restore
    from capdraft.reviewing import Target, reviewer_slug

    workspace, target = frame.workspace(), Target.parse(path)
    reviewer = reviewer_slug(who, workspace.root)
    said = restore(workspace, target.slug, target.capability, reviewer=reviewer, note=note)
    frame.say(f"restored {path} as {reviewer}")
    frame.note(f"next: `capdraft merge {target.slug}` writes it to the catalog")
    frame.answer({"restored": said.model_dump(mode="json", by_alias=True, exclude_none=True)})
    return 0
