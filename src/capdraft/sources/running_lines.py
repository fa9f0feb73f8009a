"""Running heads and page numbers: lines that come back at the top or bottom of most pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

_DEPTH = 2  # Lines from each end of a page that may be running ones.
_MIN_PAGES = 3
_MAX_LENGTH = 120
_NUMBER = re.compile(r"\d{1,6}")


def running_lines(pages: Sequence[Sequence[str]]) -> list[frozenset[int]]:
    """Return, for each page, the indexes of its running lines.

    A line runs where more than half of the pages have it, alike or with a number that counts the
    pages, and where nothing but running lines is between it and the end of the page. The first
    page that has it keeps it, since it may name what nothing else does.
    """
    counts = Counter(key for number, lines in enumerate(pages) for key in _keys(lines, number))
    enough = max(_MIN_PAGES, len(pages) // 2 + 1)
    known = {key for key, count in counts.items() if count >= enough}
    met = {"#"}  # A number alone names nothing.
    running: list[frozenset[int]] = []
    for number, lines in enumerate(pages):
        found = {index: _shape(lines[index]) for index in _running(lines, number, known)}
        running.append(frozenset(index for index, shape in found.items() if shape in met))
        met.update(found.values())
    return running


def _shape(line: str) -> str:
    return _NUMBER.sub("#", " ".join(line.split()))


def _keys(lines: Sequence[str], number: int) -> set[tuple[int, str]]:
    """Return what the lines near the ends of a page have in common with those of others."""
    return {
        (side, form)
        for side in (1, -1)
        for index in list(_from_end(lines, side))[:_DEPTH]
        for form in _forms(lines[index], number)
    }


def _running(lines: Sequence[str], number: int, known: set[tuple[int, str]]) -> Iterator[int]:
    for side in (1, -1):
        for index in list(_from_end(lines, side))[:_DEPTH]:
            if not any((side, form) in known for form in _forms(lines[index], number)):
                break
            yield index


def _from_end(lines: Sequence[str], side: int) -> Iterator[int]:
    """Yield the indexes of the lines that are not blank, from the top or from the bottom."""
    return (index for index in range(len(lines))[::side] if lines[index].strip())


def _forms(line: str, number: int) -> Iterator[str]:
    """Yield `line`, and it with each of its numbers told as ahead of the count of the pages."""
    words = " ".join(line.split())
    if len(words) > _MAX_LENGTH:
        return
    if not words.isdecimal():
        yield words
    for found in _NUMBER.finditer(words):
        ahead = int(found[0]) - number
        yield f"{words[: found.start()]}\0{ahead}\0{words[found.end() :]}"
