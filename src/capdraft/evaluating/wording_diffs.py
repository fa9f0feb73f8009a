"""Two texts of one thing, each with the words marked that the other does not have."""

from __future__ import annotations

from collections.abc import Sequence

from capdraft.evaluating.pages import SideBySide
from capdraft.reviewing import word_diff

Pieces = Sequence[tuple[bool, str]]
"""A text in pieces, and of each whether it stands in this text alone."""
ALIKE = 0.4
"""Share of the longer text that both have, from which on marks help: else all would be marked."""
_MARKS = (("[-", "-]"), ("{+", "+}"))


def pieces(side: SideBySide) -> tuple[Pieces | None, Pieces | None]:
    """Return both texts in pieces; nothing is marked where one is missing or they are unlike."""
    one, two = side.one, side.two
    if one is None or two is None:
        return _whole(one), _whole(two)
    found = list(word_diff(one, two))
    same = sum(len(text) for kind, text in found if kind == "same")
    if same < ALIKE * max(len(one), len(two)):
        return _whole(one), _whole(two)
    first = [(kind == "removed", text) for kind, text in found if kind != "added"]
    return first, [(kind == "added", text) for kind, text in found if kind != "removed"]


def marked(side: SideBySide) -> tuple[str | None, str | None]:
    """Return both texts with marks as wdiff has them: [-the first alone-] {+the second alone+}."""
    first, second = pieces(side)
    return _text(first, *_MARKS[0]), _text(second, *_MARKS[1])


def _whole(text: str | None) -> Pieces | None:
    return None if text is None else [(False, text)]


def _text(found: Pieces | None, before: str, after: str) -> str | None:
    if found is None:
        return None
    return "".join(_mark(text, before, after) if alone else text for alone, text in found)


def _mark(text: str, before: str, after: str) -> str:
    core = text.strip()
    return text.replace(core, f"{before}{core}{after}", 1) if core else text
