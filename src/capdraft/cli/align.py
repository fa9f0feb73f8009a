"""`capdraft align`: which capabilities of two artifacts can do the same, by a person's word."""

from __future__ import annotations

from typing import Literal

import click

from capdraft.cli.frame import Frame, framed
from capdraft.cli.review_options import as_who


@click.group("align", short_help="Say which capabilities of two artifacts are alike.")
def command() -> None:
    """Say which capabilities of two artifacts can do the same; it counts before the rule.

    Comparisons tell who said so, and when. A word counts as long as both capabilities read as they
    did and no other reviewer says the contrary.

    \b
    capdraft align same paligemma/captioning blip-2/image-captions --as ana
    capdraft align list
    """


@command.command("same", short_help="Say that two capabilities can do the same.")
@click.argument("one", metavar="SLUG/CAPABILITY")
@click.argument("two", metavar="SLUG/CAPABILITY")
@click.option("--note", metavar="TEXT", help="Why; readers see it.")
@as_who
@framed
def same(frame: Frame, one: str, two: str, note: str | None, who: str | None) -> int:
    """Say that two capabilities can do the same.

    \b
    capdraft align same paligemma/captioning blip-2/image-captions --as ana
    """
    return _say(frame, "same", (one, two), note, who)


@command.command("differ", short_help="Say that two capabilities differ.")
@click.argument("one", metavar="SLUG/CAPABILITY")
@click.argument("two", metavar="SLUG/CAPABILITY")
@click.option("--note", metavar="TEXT", help="Why.")
@as_who
@framed
def differ(frame: Frame, one: str, two: str, note: str | None, who: str | None) -> int:
    """Say that two capabilities differ, whatever words they share.

    \b
    capdraft align differ paligemma/fine-tuning llava-1-6/on-a-mac --as ana
    """
    return _say(frame, "differ", (one, two), note, who)


@command.command("undo", short_help="Take back what you said of two capabilities.")
@click.argument("one", metavar="SLUG/CAPABILITY")
@click.argument("two", metavar="SLUG/CAPABILITY")
@as_who
@framed
def undo(frame: Frame, one: str, two: str, who: str | None) -> int:
    """Take back what you said of two capabilities; what others said stands.

    \b
    capdraft align undo paligemma/captioning blip-2/image-captions --as ana
    """
    from capdraft.comparing import take_back
    from capdraft.reviewing import reviewer_slug

    workspace = frame.workspace()
    item = take_back(workspace, (one, two), reviewer=reviewer_slug(who, workspace.root))
    frame.say(f"{item.reviewer} says nothing of {one} and {two} any more")
    frame.answer({"undone": item.model_dump(mode="json", by_alias=True, exclude_none=True)})
    return 0


@command.command("list", short_help="List what was said, and what of it doesn't count.")
@framed
def listed(frame: Frame) -> int:
    """List what was said, and what of it doesn't count: then the exit status is 1.

    \b
    capdraft align list
    """
    from capdraft.comparing import everything_said

    found = everything_said(frame.workspace())
    for item in sorted(found.counting.values(), key=lambda item: (item.one, item.two)):
        note = f": {item.note}" if item.note else ""
        said = f"{item.reviewer} on {item.time:%Y-%m-%d}{note}"
        frame.say(f"{item.verdict:6}  {item.one}  {item.two}  ({said})")
    for other in found.others:
        said = f"{other.alignment.one} {other.alignment.two}"
        frame.say(f"{other.where}: doesn't count: {other.why} [{said}]")
    frame.answer(
        {
            "counting": [item.model_dump(mode="json") for item in found.counting.values()],
            "others": [
                {"where": o.where, "why": o.why, "id": o.alignment.id} for o in found.others
            ],
        }
    )
    if not found.counting and not found.others:
        frame.note("nothing was said yet: `capdraft align same SLUG/CAPABILITY SLUG/CAPABILITY`")
    return 1 if found.others else 0


def _say(
    frame: Frame,
    verdict: Literal["same", "differ"],
    paths: tuple[str, str],
    note: str | None,
    who: str | None,
) -> int:
    from capdraft.comparing import say
    from capdraft.reviewing import reviewer_slug

    workspace = frame.workspace()
    reviewer = reviewer_slug(who, workspace.root)
    item = say(workspace, verdict, paths, reviewer=reviewer, note=note)
    words = "can do the same" if verdict == "same" else "differ"
    frame.say(f"{paths[0]} and {paths[1]} {words}, says {reviewer}")
    frame.answer({"aligned": item.model_dump(mode="json", by_alias=True, exclude_none=True)})
    return 0
