"""Choosing passages in a terminal: looked up by words, named by their numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, count
from capdraft.cli.review_work import shown_width
from capdraft.errors import UsageProblem

if TYPE_CHECKING:
    from capdraft.records import Evidence
    from capdraft.reviewing import FieldState, Review

MOST_FOUND = 12
_NUMBERS = re.compile(r"[\d\s,]+(?:/[\d\s,]*)?")


def choose_passages(frame: Frame, review: Review, state: FieldState) -> tuple[Evidence, ...] | None:
    """Ask for the passages that a field should cite; None leaves it as it is.

    Raises:
        NotFound: no document at hand has a passage of that number.
    """
    sides = "; 3 7 / 12 cites [12] for the other side" if state.name == "vs_alternatives" else ""
    frame.say(f"cite which passages? words look them up, numbers cite them{sides}")
    while answer := click.prompt("cite", default="", show_default=False, err=True).strip():
        if _NUMBERS.fullmatch(answer):
            return cited(review, answer)
        _tell_found(frame, review, answer)
    return None


def cited(review: Review, numbers: str) -> tuple[Evidence, ...]:
    """Return the evidence for `3 7`, or `3 7 / 12`: those behind the slash are the other side's.

    Raises:
        UsageProblem: it is neither.
        NotFound: no document at hand has a passage of that number.
    """
    from capdraft.reviewing import evidence_for

    if not _NUMBERS.fullmatch(numbers) or not re.search(r"\d", numbers):
        raise UsageProblem(
            f"{numbers!r} names no passages", hint="For example 3 7, or 3 7 / 12 for both sides."
        )
    own, _, other = numbers.partition("/")
    return evidence_for(review, _numbers(own), _numbers(other))


def _numbers(said: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", said)]


def _tell_found(frame: Frame, review: Review, words: str) -> None:
    from capdraft.publishing.columns import wrap
    from capdraft.reviewing import open_documents
    from capdraft.text import one_line

    wanted = words.casefold().split()
    found = [
        (passage.number, one_line(passage.shown))
        for item in open_documents(review)
        for passage in (item.document.passages if item.document else ())
        if all(word in passage.shown.casefold() for word in wanted)
    ]
    width = shown_width() - 10
    for number, shown in found[:MOST_FOUND]:
        first, *more = wrap(shown, width)
        frame.say(f"  {f'[{number}]':>6} {first}{'…' if more else ''}")
    if len(found) > MOST_FOUND:
        frame.say(f"  and {count(len(found) - MOST_FOUND, 'more passage')}: give more words")
    elif not found:
        frame.say(f"  no passage holds {words!r}")
