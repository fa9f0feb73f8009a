"""Which artifacts get a comparison page: those with most in common by the rule of comparisons.

Looking every two artifacts of a large catalog through takes too long. So what may have enough in
common is found by the words that at most `TOO_COMMON` capabilities of the type have; of the pairs
that are left, all words count, as on their page.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop

from capdraft.comparing import IN_COMMON_RULE, sharing
from capdraft.comparing.sharing import FEWEST, Shared, is_shared, once
from capdraft.records import CatalogEntry

TOO_COMMON = 1_000

Words = Sequence[int]
Pair = tuple[str, str]


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
        self.add_words(entry.artifact.slug, entry.artifact.type, words_of(entry))

    def add_words(self, slug: str, type_: str, capabilities: Iterable[Iterable[str]]) -> None:
        """Take up an artifact by what `words_of` returned for it."""
        kind = self._kinds.setdefault(type_, _Kind())
        words: list[Words] = []
        for capability in capabilities:
            numbers = {self._numbers.setdefault(w, len(self._numbers)) for w in capability}
            words.append(array("I", sorted(numbers)))
            kind.counts.update(numbers)
        self._places[slug] = (type_, len(kind.slugs))
        kind.slugs.append(slug)
        kind.words.append(words)

    def of(self, pair: Pair) -> list[Shared]:
        """Return what two artifacts have in common, of whatever types they are."""
        one, two = ([frozenset(words) for words in self._words(slug)] for slug in pair)
        return sorted(once(sharing.alike(one, two)), key=lambda shared: (shared.one, shared.two))

    def _words(self, slug: str) -> list[Words]:
        kind, place = self._places[slug]
        return self._kinds[kind].words[place]

    def pairs(self, least: int, most: int) -> dict[Pair, int]:
        """Return the pairs of one type with at least `least` capabilities in common, and how many.

        Of each artifact only the `most` with which it has most in common count; a pair has to be
        among those of both.
        """
        found: set[Pair] = set()
        for name in sorted(self._kinds):
            kind = self._kinds[name]
            if name != "unknown" and len(kind.slugs) > 1:
                found |= _pairs(kind, least, most)
        counted = ((pair, len(self.of(pair))) for pair in sorted(found))
        return {pair: count for pair, count in counted if count >= least}


def rule(least: int, most: int) -> str:
    """Return the rule in words, for the pages."""
    return (
        f"{IN_COMMON_RULE} Two artifacts of one type get a page with at least {least} capabilities "
        f"in common, if each is among the {most} with which the other has most in common; words "
        f"that more than {TOO_COMMON:,} capabilities of the type have lead to none."
    )


def words_of(entry: CatalogEntry) -> list[list[str]]:
    """Return the content words of each capability of an artifact, sorted."""
    return [sorted(sharing.words_of(record)) for record in entry.capabilities]


def _pairs(kind: _Kind, least: int, most: int) -> set[Pair]:
    best: list[list[tuple[int, int, int]]] = [[] for _ in kind.slugs]
    for one, two, count, words in _candidates(kind, least):
        for own, other in ((one, two), (two, one)):
            # More in common first, then more words, then the earlier one.
            item = (count, words, -other)
            (heappush if len(best[own]) < most else heappushpop)(best[own], item)
    near = [{-other for _, _, other in heap} for heap in best]
    return {
        (kind.slugs[min(one, two)], kind.slugs[max(one, two)])
        for one, others in enumerate(near)
        for two in others
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
                if shared >= FEWEST and is_shared(shared, len(words), sizes[other]):
                    item = Shared(places[other], place, shared, min(len(words), sizes[other]))
                    found.setdefault(owners[other], []).append(item)
        for other, shared_ones in found.items():
            if len(shared_ones) >= least and len(kept := once(shared_ones)) >= least:
                yield other, artifact, len(kept), sum(shared.words for shared in kept)
        for place, words in enumerate(told):
            for word in words:
                postings.setdefault(word, array("I")).append(len(owners))
            owners.append(artifact)
            sizes.append(len(words))
            places.append(place)
