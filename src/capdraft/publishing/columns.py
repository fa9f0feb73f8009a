"""Terminal columns: how wide a text is, and how it wraps. East Asian wide letters take two."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def columns(text: str) -> int:
    """Count the terminal columns that `text` takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_width(character) for character in text)


def pad(text: str, width: int) -> str:
    """Return `text` filled with spaces up to `width` columns."""
    return text + " " * (width - columns(text))


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Return the words of `text` as lines of at most `width` columns, all behind `indent`.

    A word that is too long for a line is broken; no text is one empty line.
    """
    room = max(width - columns(indent), 2)
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, room):
            longer = f"{lines[-1]} {piece}" if lines[-1] else piece
            if columns(longer) <= room:
                lines[-1] = longer
            else:
                lines.append(piece)
    return [(indent + line).rstrip() for line in lines]


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(word: str, room: int) -> Iterator[str]:
    if columns(word) <= room:
        yield word
        return
    piece, taken = "", 0
    for character in word:
        taken += _width(character)
        if taken > room:
            yield piece
            piece, taken = "", _width(character)
        piece += character
    yield piece
