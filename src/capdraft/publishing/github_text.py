"""Texts in what GitHub renders as a conversation: shown letter by letter, and never too long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from capdraft.publishing.as_markdown import escape
from capdraft.publishing.phrases import plain

TEXT_LENGTH = 600
_SPLIT = "<!-- -->"
# GitHub makes links of references in what was rendered, where a backslash is gone: a comment parts
# them. Commit hashes, #1, GH-1, :emoji: and addresses; mentions are parted in `escape`.
_HASH = re.compile(r"(?<!\w)[0-9a-fA-F]{7,40}(?!\w)")
_REFERENCE = re.compile(r"\\#(?=\w)|(?<!\w)gh-(?=\d)|:(?=(?:[\w+-]|\\_)+:)|:(?=//)", re.IGNORECASE)


def inert(text: str) -> str:
    """Return `text` on one line so that GitHub shows it letter by letter and links nothing."""
    line = _HASH.sub(lambda found: _SPLIT.join(re.findall(".{1,6}", found[0])), escape(text))
    return _REFERENCE.sub(rf"\g<0>{_SPLIT}", line)


def shown(text: str, length: int = TEXT_LENGTH) -> str:
    """Return `text` as `inert` does, cut where it is longer than `length`."""
    return inert(cut(plain(text), length))


def cut(text: str, length: int) -> str:
    """Return `text`, with an ellipsis where it is longer than `length`."""
    return text if len(text) <= length else text[: max(length - 1, 0)].rstrip() + "…"


def fitted(blocks: Iterable[str], of: int, room: int, more: Callable[[int], str]) -> list[str]:
    """Return the blocks that fit, whole, and what `more` says of how many of the `of` don't."""
    kept: list[str] = []
    for left, block in zip(range(of, 0, -1), blocks, strict=True):
        reserve = size(more(left - 1)) + 2 if left > 1 else 0
        if size(block) + 2 + reserve > room:
            return [*kept, more(left)]
        kept.append(block)
        room -= size(block) + 2
    return kept


def and_more(noun: str) -> Callable[[int], str]:
    """Return what says how many more of `noun` there are."""
    one = noun.removesuffix("s")
    return lambda more: f"and {count(more, f'more {one}')}"


def size(text: str) -> int:
    """Return the length as GitHub counts at most: a character beyond U+FFFF is two."""
    return len(text.encode("utf-16-le")) // 2


def count(number: int, noun: str) -> str:
    """Return `number` with its noun in the right form."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
