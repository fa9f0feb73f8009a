"""Which capabilities two artifacts have in common, by a rule that a reader can recompute.

Two capabilities count as in common if their names, intents and descriptions share at least
`FEWEST` content words, and at least `SHARE` of those of the one that has fewer. Each capability
counts once: with the one that it shares most words with. A word that more than `TOO_COMMON`
capabilities of the type have tells too little and doesn't count.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappush, heappushpop

from capdraft.checking import content_words
from capdraft.records import CatalogEntry

FEWEST = 4
SHARE = Fraction(1, 3)
TOO_COMMON = 1_000

Words = Sequence[int]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shared:
    """Two capabilities in common: their places in the entries, and the words that they share."""

    one: int
    two: int
    words: int
    of: int
    """Words of the one that has fewer."""


@dataclass
class _Kind:
    slugs: list[str] = field(default_factory=list)
    words: list[list[Words]] = field(default_factory=list)
    """Of each artifact, of each capability."""
    counts: Counter[int] = field(default_factory=Counter)


@dataclass
class InCommon:
    """The words of all capabilities, by type of artifact."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _kinds: dict[str, _Kind] = field(default_factory=dict)
    _places: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, entry: CatalogEntry) -> None:
        """Take up the words of an artifact's capabilities."""
        kind = self._kinds.setdefault(entry.artifact.type, _Kind())
        words: list[Words] = []
        for record in entry.capabilities:
            text = "\n".join((record.name, *record.intents, record.description.text))
            numbers = {self._numbers.setdefault(w, len(self._numbers)) for w in content_words(text)}
            words.append(array("I", sorted(numbers)))
            kind.counts.update(numbers)
        self._places[entry.artifact.slug] = (entry.artifact.type, len(kind.slugs))
        kind.slugs.append(entry.artifact.slug)
        kind.words.append(words)

    def of(self, pair: Pair) -> list[Shared]:
        """Return what two artifacts have in common, of whatever types they are."""
        (kind, place), (other_kind, other) = (self._places[slug] for slug in pair)
        kinds = [self._kinds[name] for name in {kind, other_kind}]

        def told(words: Words) -> frozenset[int]:
            return frozenset(w for w in words if all(k.counts[w] <= TOO_COMMON for k in kinds))

        one = [told(words) for words in self._kinds[kind].words[place]]
        two = [told(words) for words in self._kinds[other_kind].words[other]]
        found = [
            Shared(i, j, len(a & b), min(len(a), len(b)))
            for i, a in enumerate(one)
            for j, b in enumerate(two)
            if is_shared(len(a & b), len(a), len(b))
        ]
        return sorted(_once(found), key=lambda shared: (shared.one, shared.two))

    def pairs(self, least: int, most: int) -> dict[Pair, int]:
        """Return the pairs of one type with at least `least` capabilities in common, and how many.

        Of each artifact only the `most` with which it has most in common count; a pair has to be
        among those of both.
        """
        found: dict[Pair, int] = {}
        for name in sorted(self._kinds):
            kind = self._kinds[name]
            if name != "unknown" and len(kind.slugs) > 1:
                found |= _pairs(kind, least, most)
        return dict(sorted(found.items()))


def rule(least: int, most: int) -> str:
    """Return the rule in words, for the pages."""
    return (
        f"Two capabilities count as in common if their names, intents and descriptions share at "
        f"least {FEWEST} content words, and at least {SHARE} of those of the one that has fewer. "
        f"Each counts once. Words that more than {TOO_COMMON:,} capabilities of a type have don't "
        f"count. Two artifacts of one type get a page with at least {least} capabilities in "
        f"common, if each is among the {most} with which the other has most in common."
    )


def is_shared(shared: int, one: int, two: int) -> bool:
    """Tell whether capabilities of `one` and `two` words that share some are in common."""
    return shared >= FEWEST and shared >= SHARE * min(one, two)


def _once(found: Collection[Shared]) -> list[Shared]:
    """Return each capability with the one that it shares most words with, no other twice."""
    kept: list[Shared] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for shared in sorted(found, key=lambda s: (-s.words, s.of, s.one, s.two)):
        if shared.one not in taken[0] and shared.two not in taken[1]:
            kept.append(shared)
            taken[0].add(shared.one)
            taken[1].add(shared.two)
    return kept


def _pairs(kind: _Kind, least: int, most: int) -> dict[Pair, int]:
    best: list[list[tuple[int, int, int]]] = [[] for _ in kind.slugs]
    for one, two, count, words in _candidates(kind, least):
        for own, other in ((one, two), (two, one)):
            # More in common first, then more words, then the earlier one.
            item = (count, words, -other)
            (heappush if len(best[own]) < most else heappushpop)(best[own], item)
    near = [{-other: count for count, _, other in heap} for heap in best]
    return {
        (kind.slugs[min(one, two)], kind.slugs[max(one, two)]): count
        for one, others in enumerate(near)
        for two, count in others.items()
        if one < two and one in near[two]
    }


def _candidates(kind: _Kind, least: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield two artifacts, how many capabilities they have in common, and the words shared."""
    postings: dict[int, array[int]] = {}
    owners, sizes, places = array("I"), array("I"), array("I")
    for artifact, capabilities in enumerate(kind.words):
        found: dict[int, list[Shared]] = {}
        told = [[w for w in words if kind.counts[w] <= TOO_COMMON] for words in capabilities]
        for place, words in enumerate(told):
            counts: Counter[int] = Counter()
            for word in words:
                counts.update(postings.get(word, ()))
            for other, shared in counts.items():
                if is_shared(shared, len(words), sizes[other]):
                    item = Shared(places[other], place, shared, min(len(words), sizes[other]))
                    found.setdefault(owners[other], []).append(item)
        for other, shared_ones in found.items():
            if len(shared_ones) >= least and len(kept := _once(shared_ones)) >= least:
                yield other, artifact, len(kept), sum(shared.words for shared in kept)
        for place, words in enumerate(told):
            for word in words:
                postings.setdefault(word, array("I")).append(len(owners))
            owners.append(artifact)
            sizes.append(len(words))
            places.append(place)


def related(pairs: Mapping[Pair, int]) -> dict[str, list[tuple[Pair, int]]]:
    """Return the pairs that each artifact is in, those with most in common first."""
    found: dict[str, list[tuple[Pair, int]]] = {}
    for pair, count in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
        for slug in pair:
            found.setdefault(slug, []).append((pair, count))
    return found
