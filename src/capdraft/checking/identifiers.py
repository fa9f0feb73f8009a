"""Compare names and identifiers without regard to case, spaces and hyphens: PaLI3 is PaLI-3."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from capdraft.checking.numerals import fold
from capdraft.checking.patterns import WORD_AT

LONGEST_NAME = 8
_BETWEEN = re.compile(r"[\s/_-]{1,3}")
_DOTTED_VERSION = re.compile(r"\Av(?=[0-9]{1,9}\.)")
_Words = Sequence[tuple[int, int, str]]
_LAST_OF_A_MEASURE = "bxsz"
_MEASURE = re.compile(r"(?<=[0-9])(?:mb|gb|tb|px|ms|k?hz)\Z")


@lru_cache(maxsize=512)
def tokens(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return the words of a folded `text` with their offsets; a plural H100s is an H100."""
    found = []
    for match in WORD_AT.finditer(text):
        word = match[0].casefold()
        found.append((*match.span(), _singular(word) if word[-1] == "s" else word))
    return tuple(found)


def _singular(word: str) -> str:
    return word[:-1] if word[-2:-1].isdigit() else word


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """Return `name` as compared: its last words, joined."""
    return "".join(word for _, _, word in tokens(fold(name))[-LONGEST_NAME:])


class Names:
    """The names that a text says, by their keys: those of all runs of neighbouring words."""

    def __init__(self, text: str) -> None:
        self._text = fold(text)
        self._words = tokens(self._text)
        self._single = {word for _, _, word in self._words}
        self._joined = "".join([word for _, _, word in self._words])
        self._known: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        if name in self._single:
            return True
        if not name or name not in self._joined:
            return False
        if name not in self._known:
            self._known[name] = self._is_run(name)
        return self._known[name]

    def _is_run(self, name: str) -> bool:
        follows = _follows(self._text, self._words)
        return any(
            name in _spellings(joined)
            for first, (_, _, word) in enumerate(self._words)
            if word[0] in (name[0], "v")
            for _, joined in _runs(self._words, follows, first)
        )


def _spellings(joined: str) -> Iterator[str]:
    """Yield what a run of words can be called: v2.1 is 2.1 too, and 80gb 80."""
    yield joined
    if joined[0] == "v":
        yield _DOTTED_VERSION.sub("", joined, count=1)
    if joined[-1] in _LAST_OF_A_MEASURE:
        yield _MEASURE.sub("", joined)


@lru_cache(maxsize=512)
def names_of(text: str) -> Names:
    """Return the names of a text, read once however many claims cite it."""
    return Names(text)


def _follows(text: str, words: _Words) -> list[bool]:
    """Say of each word whether nothing but a space or a hyphen parts it from the one before."""
    ends = [0, *(end for _, end, _ in words)]
    return [
        place > 0 and (end == start or bool(_BETWEEN.fullmatch(text, end, start)))
        for place, (end, (start, _, _)) in enumerate(zip(ends, words, strict=False))
    ]


def _runs(words: _Words, follows: Sequence[bool], first: int) -> Iterator[tuple[int, str]]:
    """Yield the runs of words that start with the word `first`, each with its end."""
    _, end, joined = words[first]
    yield end, joined
    for place in range(first + 1, min(first + LONGEST_NAME, len(words))):
        if not follows[place]:
            return
        _, end, word = words[place]
        joined += word
        yield end, joined


def spans_of(names: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    """Return where `text` says one of `names`."""
    wanted = {key(name) for name in names} - {""}
    folded = fold(text)
    words = tokens(folded) if wanted else ()
    joined = "".join([word for _, _, word in words])
    wanted = {name for name in wanted if name in joined}
    if not wanted:
        return []
    begin = {word for _, _, word in words if any(name.startswith(word) for name in wanted)}
    follows = _follows(folded, words)
    return [
        (start, end)
        for first, (start, _, word) in enumerate(words)
        if word in begin
        for end, joined in _runs(words, follows, first)
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
