"""From an offset in what a passage shows to the offset in its document's text."""

from __future__ import annotations

import re

from capdraft.records import Document, Passage

# What the reader of a passage doesn't see: link targets, tags, comments.
_UNSEEN = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+[\"'][^\"'\n]*[\"'])?\)|<[^<>]*>")
_WORD = re.compile(r"[^\W_]+")
_OPENING = re.compile(r"[*_~`!\[\"'“‘(]*\Z")
_CLOSING = re.compile(r"(?:[*_~`\"'”’)]|[.!?…](?![^\W_])|\]\([^()\s]*\))*")


def place(document: Document, passage: Passage, start: int, end: int) -> tuple[int, int]:
    """Return where `passage.shown[start:end]` stands in `document.text`, with the markup around it.

    The whole passage where its words can't be followed through the markup.
    """
    raw = document.text[passage.start : passage.end]
    if raw == passage.shown:
        return passage.start + start, passage.start + end
    hidden = _UNSEEN.sub(lambda found: " " * len(found[0]), raw)
    first = last = None
    behind = 0
    for word in _WORD.finditer(passage.shown):
        if word.start() >= end:
            break
        at = hidden.find(word[0], behind)
        if at < 0:
            return passage.start, passage.end
        behind = at + len(word[0])
        if word.end() > start:
            first = at if first is None else first
            last = behind
    if first is None or last is None:
        return passage.start, passage.end
    return passage.start + _open(raw, first), passage.start + _close(raw, last)


def _open(raw: str, start: int) -> int:
    found = _OPENING.search(raw, 0, start)
    return found.start() if found else start


def _close(raw: str, end: int) -> int:
    found = _CLOSING.match(raw, end)
    return found.end() if found else end
