"""Compare names and identifiers without regard to case, spaces and hyphens: PaLI3 is PaLI-3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from capdraft.checking.numerals import fold
from capdraft.checking.patterns import WORD_AT

LONGEST_NAME = 8
_BETWEEN = re.compile(r"[\s/_-]{1,3}")
_DOTTED_VERSION = re.compile(r"\Av(?=[0-9]{1,9}\.)")
_MEASURE = re.compile(r"(?<=[0-9])(?:mb|gb|tb|px|ms|k?hz)\Z")


def tokens(text: str) -> list[tuple[int, int, str]]:
    """Return the words of a folded `text` with their offsets; a plural H100s is an H100."""
    found = ((*match.span(), match[0].casefold()) for match in WORD_AT.finditer(text))
    return [(start, end, _singular(word)) for start, end, word in found]


def _singular(word: str) -> str:
    return word[:-1] if word[-1] == "s" and word[-2:-1].isdigit() else word


def key(name: str) -> str:
    """Return `name` as compared: its last words, joined."""
    return "".join(word for _, _, word in tokens(fold(name))[-LONGEST_NAME:])


@lru_cache(maxsize=2048)
def names_in(text: str) -> frozenset[str]:
    """Return the keys of all runs of neighbouring words in `text`."""
    folded = fold(text)
    words = tokens(folded)
    found: set[str] = set()
    for first in range(len(words)):
        for _, _, joined in _runs(folded, words, first):
            found.add(joined)
            found.add(_DOTTED_VERSION.sub("", joined, count=1))
            found.add(_MEASURE.sub("", joined))
    return frozenset(found)


def _runs(
    text: str, words: list[tuple[int, int, str]], first: int
) -> Iterator[tuple[int, int, str]]:
    """Yield the runs of words that start with the word `first`, each with its offsets."""
    joined = ""
    for place in range(first, min(first + LONGEST_NAME, len(words))):
        start, end, word = words[place]
        gap = text[words[place - 1][1] : start]
        if place > first and gap and not _BETWEEN.fullmatch(gap):
            return
        joined += word
        yield words[first][0], end, joined


def spans_of(names: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    """Return where `text` says one of `names`."""
    wanted = {key(name) for name in names} - {""}
    folded = fold(text)
    words = tokens(folded) if wanted else []
    return [
        (start, end)
        for first in range(len(words))
        if any(name.startswith(words[first][2]) for name in wanted)
        for start, end, joined in _runs(folded, words, first)
        if joined in wanted
    ]


def groups(identifier: str) -> list[str]:
    """Return the parts of `identifier` that mean something alone: [Llama-3.2, 11B], [BF16, FP32].

    A plain number belongs to what stands before it; words without a digit at the end are left out.
    """
    found: list[list[str]] = []
    letters: list[str] = []
    for piece in re.split("[-/_]", identifier):
        if not re.search("[0-9]", piece):
            letters.append(piece)
        elif piece[0].isdigit() and not piece[-1].isdigit():
            found.append([piece])
            letters = []
        elif re.fullmatch("[0-9.]+", piece) and found and not letters:
            found[-1].append(piece)
        else:
            found.append([*letters, piece])
            letters = []
    return ["-".join(pieces) for pieces in found]
