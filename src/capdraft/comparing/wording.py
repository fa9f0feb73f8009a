"""What a capability is about, in points by word: those of its name, and of the needs it serves.

Descriptions don't count: they are full of figures, names of benchmarks and circumstances.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from capdraft.comparing.vocabulary import COMMON, EQUAL, SMALL
from capdraft.records import CatalogEntry, Record
from capdraft.searching.words import Stemmer, words_of

IN_NAME, IN_NEED = 8, 4
"""Points of a word in the name, and in each need."""
COMMON_PART = 4
"""A common word has one of so many parts of the points."""
_DIGIT = re.compile(r"\d")
_BRITISH = re.compile(r"(?<=[a-z]{3})is(e[ds]?|ing|ations?)$")


@dataclass(frozen=True, slots=True)
class Told:
    """The points of a capability, by the word that stands for it and those that mean the same."""

    points: Mapping[str, int]
    bare: bool = False
    """It names no needs: there is nothing but its name."""
    total: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(self.points.values()))


def told_of(entry: CatalogEntry) -> list[Told]:
    """Return what each capability of an artifact is about; the artifact's own name is left out."""
    own = {_stem(word) for word in words_of(entry.artifact.name)} - _vocabulary()
    return [_told(record, own) for record in entry.capabilities]


def _told(record: Record, own: Collection[str]) -> Told:
    points: Counter[str] = Counter()
    for text, worth in ((record.name, IN_NAME), *((need, IN_NEED) for need in record.intents)):
        for word in {word for word, _ in _read(text)} - set(own):
            points[word] += worth // COMMON_PART if word in _common() else worth
    return Told(dict(sorted(points.items())), bare=not record.intents)


def spelled(record: Record) -> dict[str, str]:
    """Return how each word that counts first stands in a capability."""
    found: dict[str, str] = {}
    for text in (record.name, *record.intents):
        for word, said in _read(text):
            found.setdefault(word, said)
    return found


def shown(words: Iterable[str], one: Record, two: Record) -> tuple[str, ...]:
    """Return shared words as they stand in `one`, with what stands for them in `two`."""
    first, second = spelled(one), spelled(two)
    return tuple(
        said if _key(said) == _key(second[word]) else f"{said} = {second[word]}"
        for word, said in first.items()
        if word in words
    )


def _read(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words that count, each with what stands in the text for it."""
    said = list(words_of(text))
    stems = [_stem(word) for word in said]
    begins = _longest()
    place = 0
    while place < len(said):
        longest = max(begins.get(said[place], 0), begins.get(stems[place], 0))
        for length in range(min(longest, len(said) - place), 0, -1):
            head = _listed(said[place : place + length], stems[place : place + length])
            if head:
                yield head, " ".join(said[place : place + length])
                place += length
                break
        else:
            if _counts(said[place]):
                yield stems[place], said[place]
            place += 1


def _listed(said: Sequence[str], stems: Sequence[str]) -> str | None:
    """Return what stands for a phrase; as it is written it counts before its endings are gone."""
    return _written().get(tuple(said)) or _equal().get(tuple(stems))


def _counts(word: str) -> bool:
    return word not in SMALL and not _DIGIT.search(word) and (len(word) > 1 or not word.isascii())


@cache
def _stemmer() -> Stemmer:
    return Stemmer()


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return _stemmer().stem(_BRITISH.sub(r"iz\1", word))


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(map(_stem, words_of(phrase)))


@cache
def _written() -> dict[tuple[str, ...], str]:
    return {tuple(words_of(phrase)): group[0] for group in EQUAL for phrase in group}


@cache
def _equal() -> dict[tuple[str, ...], str]:
    return {_key(phrase): group[0] for group in reversed(EQUAL) for phrase in group}


@cache
def _longest() -> dict[str, int]:
    """Return how long the longest phrase is that begins with a word or its stem."""
    found: dict[str, int] = {}
    for key in (*_written(), *_equal()):
        found[key[0]] = max(found.get(key[0], 0), len(key))
    return found


@cache
def _common() -> frozenset[str]:
    return frozenset(_equal().get(_key(word), _stem(word)) for word in COMMON)


@cache
def _vocabulary() -> frozenset[str]:
    return _common() | {word for key in _equal() for word in key}
