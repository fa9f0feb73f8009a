"""Choosing passages in a terminal: looked up by words, named by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, count
from capdraft.cli.review_work import shown_width

if TYPE_CHECKING:
    from capdraft.records import Evidence
    from capdraft.reviewing import FieldState, Review
    from capdraft.reviewing.citing import FoundPassage

MOST_FOUND = 12


def choose_passages(frame: Frame, review: Review, state: FieldState) -> tuple[Evidence, ...] | None:
    """Ask for the passages that a field should cite; None leaves it as it is.

    Raises:
        NotFound: no document at hand has a passage of that number.
    """
    from capdraft.reviewing.citing import NUMBERS, cited, find_passages

    sides = "; 3 7 / 12 cites [12] for the other side" if state.name == "vs_alternatives" else ""
    frame.say(f"cite which passages? words look them up, numbers cite them{sides}")
    while answer := click.prompt("cite", default="", show_default=False, err=True).strip():
        if NUMBERS.fullmatch(answer):
            return cited(review, answer)
        found = find_passages(review, answer)
        tell_passages(frame, found[:MOST_FOUND])
        if len(found) > MOST_FOUND:
            frame.say(f"  and {count(len(found) - MOST_FOUND, 'more passage')}: give more words")
        elif not found:
            frame.say(f"  no passage holds {answer!r}")
    return None


def tell_passages(frame: Frame, found: Sequence[FoundPassage], *, whole: bool = False) -> None:
    """Print passages with the numbers that cite them: the first line of each, or all of it."""
    from capdraft.publishing.columns import wrap
    from capdraft.text import one_line

    for item in found:
        number = f"  {f'[{item.passage.number}]':>6} "
        first, *more = wrap(one_line(item.passage.shown), shown_width() - 10)
        frame.say(f"{number}{first}{'…' if more and not whole else ''}")
        for line in more if whole else ():
            frame.say(f"{' ' * len(number)}{line}")
