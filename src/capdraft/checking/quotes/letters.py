"""A document letter by letter: how it is spaced, punctuated and marked up makes no difference."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

# Without these a text would say something else; all other punctuation is left out.
_TELLING = frozenset("<>=±%$€£¥°+#")
_SPELLED = {"×": "x", "✕": "x", "≤": "<=", "≥": ">=", "ß": "ss"}
_WORD_CATEGORIES = frozenset("LMN")


class _Letters(dict[int, str]):
    """What each character is compared as; worked out once for each character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = _SPELLED.get(character) or unicodedata.normalize("NFKD", character)
        self[code] = letters = "".join(one for one in plain if _counts(one))
        return letters


def _counts(character: str) -> bool:
    return character in _TELLING or unicodedata.category(character)[0] in _WORD_CATEGORIES


_LETTERS = _Letters()


def letters(text: str) -> str:
    """Return the letters, digits and telling signs of `text`, compatibility forms made plain.

    Upper and lower case stay as they are.
    """
    return text.translate(_LETTERS)


Span = tuple[int, int, int, int]
"""The first passage and the offset in what it shows; the last passage and the offset behind."""


class LetterIndex:
    """The letters of passages in a row, where a text can be looked up across their borders."""

    def __init__(self, shown: Sequence[str]) -> None:
        self._shown = shown
        spelled = [letters(text) for text in shown]
        self._text = "".join(spelled)
        self._starts = list(accumulate(map(len, spelled), initial=0))

    def find(self, wanted: str) -> Iterator[Span]:
        """Yield where the letters `wanted` stand as whole words, in order."""
        start = self._text.find(wanted) if wanted else -1
        while start >= 0:
            span = self._span(start, start + len(wanted))
            if self._is_whole(span):
                yield span
            start = self._text.find(wanted, start + 1)

    def _span(self, start: int, end: int) -> Span:
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1) - 1
        from_ = _offset(self._shown[first], start - self._starts[first])
        to = _offset(self._shown[last], end - 1 - self._starts[last]) + 1
        return first, from_, last, to

    def _is_whole(self, span: Span) -> bool:
        first, start, last, end = span
        return not (_in_word(self._shown[first], start) or _in_word(self._shown[last], end))


def _offset(text: str, count: int) -> int:
    """Return the offset of the character of `text` that gives the letter number `count`."""
    seen = 0
    for place, character in enumerate(text):
        seen += len(_LETTERS[ord(character)])
        if seen > count:
            return place
    return len(text)


def _in_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()
