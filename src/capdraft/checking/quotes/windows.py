"""Sentences of a document, and neighbours together, ranked by the words they share with a quote."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

from rapidfuzz import fuzz, process

from capdraft.checking.quotes.words import FUNCTION_STEMS, is_figure, sentences, stems

_FUNCTION_WEIGHT = 0.1
_LOOKED_AT = 800
"""Entries of the index that are looked at for one quote, the rarest words first."""
_CANDIDATES = 6
_ALIKE = 82
"""How alike two words are, of 100, that count as one: tokeniser and tokenizing."""
_LEAST_SHARED = 0.25


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, the place of its passage, its stems, and those of them that say something."""

    passage: int
    start: int
    end: int
    stems: list[str]
    content: frozenset[str]


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring units, and how well they fit a quote, 0 to 1; figures are not looked at."""

    first: int
    last: int
    score: float
    figures: int


class WindowIndex:
    """What stands in which sentence; built once for all quotes of a document."""

    def __init__(self, shown: Sequence[str]) -> None:
        self.units = list(_units(shown))
        self._places: dict[str, list[int]] = {}
        for number, unit in enumerate(self.units):
            for word in set(unit.stems):
                self._places.setdefault(word, []).append(number)
        self._figures = set(filter(is_figure, self._places))
        self._rarest = math.log1p(math.sqrt(len(self.units)))
        self._weights = {word: self._weigh(word) for word in self._places}

    def _weigh(self, word: str) -> float:
        if word in FUNCTION_STEMS:
            return _FUNCTION_WEIGHT
        return min(math.log1p(len(self.units) / len(self._places[word])), self._rarest)

    def weight(self, word: str) -> float:
        """Return how much `word` tells sentences apart; one that stands nowhere, as a rare one."""
        return self._weights.get(word, self._rarest)

    def ranked(self, quote: str) -> list[Window]:
        """Return the windows that fit `quote` best, the best first."""
        asked = _Asked(quote, self.weight)
        windows: dict[tuple[int, int], Window] = {}
        for number in self._candidates(asked):
            for span in self._around(number, asked):
                if span not in windows:
                    windows[span] = self._judge(asked, *span)
        return sorted(windows.values(), key=lambda w: (-w.score, -w.figures, w.first, w.last))

    def _candidates(self, asked: _Asked) -> set[int]:
        """Return the units that share the most with the words, and with the figures too."""
        shared = self._count(asked.words)
        found = set(_largest(shared))
        if asked.figures:
            for number, weight in self._count(asked.figures).items():
                shared[number] = shared.get(number, 0.0) + weight
            found.update(_largest(shared))
        return found

    def _count(self, words: Iterable[str]) -> dict[int, float]:
        shared: dict[int, float] = {}
        looked = 0
        known = (word for word in words if word in self._places)
        for word in sorted(known, key=lambda word: (len(self._places[word]), word)):
            places, weight = self._places[word], self._weights[word]
            if looked and looked + len(places) > _LOOKED_AT:
                break
            looked += len(places)
            for number in places:
                shared[number] = shared.get(number, 0.0) + weight
        return shared

    def _around(self, number: int, asked: _Asked) -> Iterator[tuple[int, int]]:
        """Yield the unit alone, and with neighbours that have words of the quote that it lacks."""
        yield number, number
        units = self.units
        lacking = asked.words - units[number].content
        before = number > 0 and not lacking.isdisjoint(units[number - 1].content)
        behind = number + 1 < len(units) and not lacking.isdisjoint(units[number + 1].content)
        if before:
            yield number - 1, number
        if behind:
            yield number, number + 1
        if before and behind:
            yield number - 1, number + 1

    def _judge(self, asked: _Asked, first: int, last: int) -> Window:
        standing = [word for unit in self.units[first : last + 1] for word in unit.stems]
        figures = len(asked.figures & set(standing))
        return Window(first, last, self._score(asked, standing), figures)

    def _score(self, asked: _Asked, standing: list[str]) -> float:
        words = [word for word in standing if word not in self._figures]
        there = set(words)
        lacking = asked.words - there
        found = asked.weight - sum(map(self.weight, lacking))
        if not there or found <= asked.weight * _LEAST_SHARED:
            return 0.0
        spare = list(there - asked.words)
        for word in lacking if spare else ():
            alike = process.extractOne(word, spare, scorer=fuzz.ratio, score_cutoff=_ALIKE)
            found += self.weight(word) * alike[1] / 100 if alike else 0.0
        covered = min(1.0, found / sum(map(self.weight, there)))
        ordered = fuzz.token_sort_ratio(asked.text, " ".join(words)) / 100
        return 0.5 * found / asked.weight + 0.2 * covered + 0.3 * ordered


def _largest(shared: dict[int, float]) -> list[int]:
    return nlargest(_CANDIDATES, shared, key=shared.__getitem__)


class _Asked:
    """A quote as it is looked up: the stems of its words, and its figures."""

    def __init__(self, quote: str, weight: Callable[[str], float]) -> None:
        found = stems(quote)
        self.figures = {word for word in found if is_figure(word)}
        plain = [word for word in found if word not in self.figures]
        self.words = set(plain)
        self.text = " ".join(plain)
        self.weight = sum(map(weight, self.words))


def _units(shown: Sequence[str]) -> Iterator[Unit]:
    for number, text in enumerate(shown):
        for start, end in sentences(text):
            words = stems(text[start:end])
            yield Unit(number, start, end, words, frozenset(words) - FUNCTION_STEMS)
