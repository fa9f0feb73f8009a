"""`capdraft review passages`."""

from __future__ import annotations

from itertools import groupby

import click

from capdraft.cli.frame import Frame, count, framed
from capdraft.cli.review_cite import tell_passages
from capdraft.cli.review_options import of_number
from capdraft.cli.review_work import open_path


@click.command("passages", short_help="List the passages that --cite takes.")
@click.argument("path", metavar="SLUG")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--whole", is_flag=True, help="All of each passage, not its first line only.")
@of_number
@framed
def passages(
    frame: Frame, path: str, words: tuple[str, ...], whole: bool, number: str | None
) -> int:
    """List the passages of an artifact's documents, with the numbers that --cite takes.

    With WORDS, only those that hold all of them, in their text or headings. Exit status 1 where
    none does.

    \b
    capdraft review passages paligemma
    capdraft review passages paligemma memory GB
    """
    from capdraft.reviewing.citing import find_passages

    review, _ = open_path(frame, path, None, number)
    found = find_passages(review, " ".join(words))
    for place, group in groupby(found, key=lambda item: (item.uri, item.passage.heading)):
        uri, heading = place
        frame.say(click.style(" > ".join((uri, *heading)), dim=True))
        tell_passages(frame, list(group), whole=whole)
    if not found:
        frame.note(f"no passage holds {' '.join(words)!r}" if words else "no document is at hand")
    else:
        frame.note(f"{count(len(found), 'passage')} of {review.stored.name}")
    frame.answer(
        {
            "proposal": review.stored.name,
            "passages": [
                {"document": item.uri, **item.passage.model_dump(mode="json", exclude_none=True)}
                for item in found
            ],
        }
    )
    return 0 if found else 1
