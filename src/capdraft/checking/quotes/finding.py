"""Find quotes in a document: as they stand, written otherwise, or in other words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from capdraft.checking.quotes.agreement import agrees, same_numbers
from capdraft.checking.quotes.letters import LetterIndex, Span, letters
from capdraft.checking.quotes.places import place
from capdraft.checking.quotes.polarity import denials, is_denied_before
from capdraft.checking.quotes.words import content_words, names, stems
from capdraft.records import Document

if TYPE_CHECKING:
    from capdraft.checking.quotes.windows import Window, WindowIndex

How = Literal["exact", "normalised", "fuzzy"]
LEAST_SCORE = 0.58
"""Of a window that counts as a paraphrase."""
FEWEST_WORDS = 3
"""Content words that a quote needs to be looked up in other words."""
_MARKUP = re.compile(r"[*_`\[<|\\&~]|https?:")
_TARGET = re.compile(r"\]\([^()\s]*\)|https?:\S+")
_DIGIT = re.compile(r"[0-9]")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u2010]\n\s*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a quote stands; `text` is the document's own, never the quote's."""

    passages: tuple[int, ...]
    start: int
    end: int
    how: How
    score: float
    text: str
    others: int = 0
    """How many other places fit as well; this is the first."""


class QuoteIndex:
    """A document made ready to look up many quotes; each part is built when first needed."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._passages = document.passages
        self._shown = [passage.shown for passage in document.passages]
        self._starts = [passage.start for passage in document.passages]
        self._ends = [passage.end for passage in document.passages]

    @cached_property
    def _letters(self) -> LetterIndex:
        return LetterIndex(self._shown)

    @cached_property
    def _windows(self) -> WindowIndex:
        from capdraft.checking.quotes.windows import WindowIndex

        return WindowIndex(self._shown)

    def find(self, quote: str) -> Found | None:
        """Return where `quote` stands; None where it doesn't, or with other numbers."""
        return self._exact(quote) or self._normalised(quote) or self._fuzzy(quote)

    def nearest(self, quote: str) -> Found | None:
        """Return what reads most like `quote`, even with other numbers or the opposite sense."""
        return self.find(quote) or self._fuzzy(quote, check=False)

    def _exact(self, quote: str) -> Found | None:
        wanted = quote.strip()
        text = self._document.text
        places = [
            (start, numbers)
            for start in _occurrences(text, wanted)
            if (numbers := self._numbers(start, start + len(wanted)))
            and _is_uncut(text, start, start + len(wanted))
        ]
        if not places:
            return None
        start, numbers = places[0]
        return self._found(numbers, start, start + len(wanted), "exact", 1.0, len(places) - 1)

    def _numbers(self, start: int, end: int) -> tuple[int, ...]:
        """Return the numbers of the passages that `text[start:end]` touches."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return tuple(passage.number for passage in self._passages[first:last])

    def _normalised(self, quote: str) -> Found | None:
        for wanted in _spellings(quote):
            spans = [
                span for span in self._letters.find(letters(wanted)) if self._fits(wanted, span)
            ]
            if spans:
                first, _, last, _ = spans[0]
                how: How = "exact" if quote.strip() in self._shown[first] else "normalised"
                numbers = tuple(item.number for item in self._passages[first : last + 1])
                return self._found(numbers, *self._place(spans[0]), how, 1.0, len(spans) - 1)
        return None

    def _fits(self, quote: str, span: Span) -> bool:
        first, start, _, _ = span
        if is_denied_before(self._shown[first], start):
            return False
        reading = self._reading(span)
        return denials(quote) == denials(reading) and same_numbers(
            quote, reading, self._header(first)
        )

    def _reading(self, span: Span) -> str:
        """Return what the passages show there, whole numbers and units at both ends."""
        first, start, last, end = span
        start, end = (
            _widen(self._shown[first], start, start)[0],
            _widen(self._shown[last], end, end)[1],
        )
        if first == last:
            return self._shown[first][start:end]
        between = self._shown[first + 1 : last]
        return "\n".join([self._shown[first][start:], *between, self._shown[last][:end]])

    def _header(self, number: int) -> str:
        from capdraft.sources import readable

        passage = self._passages[number]
        return readable(passage.header, "table-row", passage.markup) if passage.header else ""

    def _place(self, span: Span) -> tuple[int, int]:
        """Return where `span` stands in the document's text."""
        first, start, last, end = span
        opening, closing = self._passages[first], self._passages[last]
        if first == last:
            return place(self._document, opening, start, end)
        from_, _ = place(self._document, opening, start, len(opening.shown))
        _, to = place(self._document, closing, 0, end)
        return from_, to

    def _fuzzy(self, quote: str, *, check: bool = True) -> Found | None:
        plain = _spellings(quote)[-1]
        if content_words(plain) < (FEWEST_WORDS if check else 1):
            return None
        windows = [w for w in self._windows.ranked(plain) if w.score >= LEAST_SCORE]
        best = [w for w in windows if w.score >= windows[0].score - 1e-9]
        fitting = [w for w in best if not check or self._agrees(plain, w)]
        if not fitting:
            return None
        window = fitting[0]
        span = self._span(window)
        numbers = tuple(item.number for item in self._passages[span[0] : span[2] + 1])
        return self._found(
            numbers, *self._place(span), "fuzzy", round(window.score, 3), len(fitting) - 1
        )

    def _span(self, window: Window) -> Span:
        first, last = self._windows.units[window.first], self._windows.units[window.last]
        return first.passage, first.start, last.passage, last.end

    def _agrees(self, quote: str, window: Window) -> bool:
        span = self._span(window)
        text, header = self._reading(span), self._header(span[0])
        above = [header, *self._passages[span[0]].heading, self._document.title or ""]
        known = set(stems("\n".join([text, *above])))
        return names(quote) <= known and agrees(quote, text, header)

    def _found(
        self, numbers: tuple[int, ...], start: int, end: int, how: How, score: float, others: int
    ) -> Found:
        text = self._document.text[start:end]
        return Found(numbers, start, end, how, score, text, others)


def find_quotes(document: Document, quotes: Sequence[str]) -> list[Found | None]:
    """Return where each of `quotes` stands in `document`; None where it doesn't.

    A quote with another number, unit, date, version or negation than the text is not found.
    """
    index = QuoteIndex(document)
    return [index.find(quote) for quote in quotes]


def nearest(document: Document, quote: str) -> Found | None:
    """Return what in `document` reads most like `quote`, even if it says another number."""
    return QuoteIndex(document).nearest(quote)


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        yield start
        start = text.find(wanted, start + len(wanted))


def _is_uncut(text: str, start: int, end: int) -> bool:
    """Tell whether no number, unit or "not" is cut off at either end of `text[start:end]`."""
    if is_denied_before(text, start):
        return False
    from_, to = _widen(text, start, end)
    if (from_, to) == (start, end) or not _DIGIT.search(text, from_, to):
        return True
    return same_numbers(text[start:end], text[from_:to])


_FIGURE_BEFORE = re.compile(r"[^\s|]*\Z")
_FIGURE_BEHIND = re.compile(r"[^\s|]*")
_NEXT_WORD = re.compile(r"[ \t]+[^\s|]+")


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span with the rest of a word with figures at its ends, and a unit behind it."""
    before = _FIGURE_BEFORE.search(text, max(0, start - 40), start)
    behind = _FIGURE_BEHIND.match(text, end, min(len(text), end + 40))
    from_ = before.start() if before else start
    to = behind.end() if behind else end
    if text[max(0, to - 1) : to].isdigit() and (word := _NEXT_WORD.match(text, to)):
        to = word.end()
    return from_, to


def _spellings(quote: str) -> list[str]:
    """Return `quote` on one line, and without its markup where it may have some."""
    from capdraft.sources import readable

    plain = " ".join(_HYPHENATED.sub("", quote.replace("\u00ad", "")).split())
    if not _MARKUP.search(plain):
        return [plain]
    bare = readable(plain, "table-row" if plain.startswith("|") else "paragraph")
    # What looks like a tag can be a word of the text: <h2> is not <h3>.
    lost = len(_DIGIT.findall(_TARGET.sub("", plain))) - len(_DIGIT.findall(bare))
    return [plain, bare] if bare and bare != plain and lost <= 0 else [plain]
