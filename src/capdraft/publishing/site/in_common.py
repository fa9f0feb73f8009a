"""Which artifacts get a comparison page: those with most in common by the rule of comparisons.

Looking every two artifacts of a large catalog through takes too long. So what may have enough in
common is found by words that are not common in the field and that at most `TOO_COMMON`
capabilities of the type have; of the pairs that are left, all words count, as on their page.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop

from capdraft.comparing import IN_COMMON_RULE
from capdraft.comparing.aligning import links
from capdraft.comparing.sharing import FEWEST, SHARE, Shared, is_enough, needed, once, shared_points
from capdraft.comparing.wording import IN_NEED, Told, told_of
from capdraft.records import CatalogEntry
from capdraft.records.alignments import Alignment

TOO_COMMON = 1_000
_EACH = int(2 / SHARE) * IN_NEED
"""Points of both together for which `IN_NEED` shared ones are enough."""

Pair = tuple[str, str]
Said = Mapping[Pair, Mapping[frozenset[str], Alignment]]
"""What reviewers said of capabilities, by the two artifacts, sorted."""


@dataclass
class _Kind:
    slugs: list[str] = field(default_factory=list)
    told: list[Sequence[Told]] = field(default_factory=list)
    """Of each artifact, of each capability."""
    counts: Counter[str] = field(default_factory=Counter)


class InCommon:
    """What all capabilities are about, by type of artifact."""

    def __init__(self, said: Said | None = None) -> None:
        self._said = said or {}
        self._words: dict[str, str] = {}
        self._kinds: dict[str, _Kind] = {}
        self._places: dict[str, tuple[str, int]] = {}
        self._ids: dict[str, list[str]] = {}

    def add(self, entry: CatalogEntry) -> None:
        """Take up what an artifact's capabilities are about."""
        self.add_told(entry.artifact.slug, entry.artifact.type, kept_words(entry))

    def add_told(self, slug: str, type_: str, capabilities: str) -> None:
        """Take up an artifact by what `kept_words` returned for it."""
        kind = self._kinds.setdefault(type_, _Kind())
        ids, told = [], []
        for capability, points, bare in json.loads(capabilities):
            ids.append(capability)
            shared = {self._words.setdefault(word, word): n for word, n in points.items()}
            told.append(Told(shared, bare))
            kind.counts.update(shared.keys())
        self._places[slug], self._ids[slug] = (type_, len(kind.slugs)), ids
        kind.slugs.append(slug)
        kind.told.append(told)

    def of(self, pair: Pair) -> list[Shared]:
        """Return what two artifacts have in common, of whatever types they are."""
        one, two = (self._told(slug) for slug in pair)
        found = once(links(one, two, self._words_on(pair)))
        return sorted(found, key=lambda shared: (shared.one, shared.two))

    def _told(self, slug: str) -> Sequence[Told]:
        kind, place = self._places[slug]
        return self._kinds[kind].told[place]

    def _words_on(self, pair: Pair) -> dict[tuple[int, int], Alignment]:
        """Return what was said, by the places of both capabilities."""
        found = {}
        for item in self._said.get(pair, {}).values():
            path = {where.partition("/")[0]: where.partition("/")[2] for where in item.judged}
            one, two = (self._ids[slug].index(path[slug]) for slug in pair)
            found[one, two] = item
        return found

    def pairs(self, least: int, most: int) -> dict[Pair, int]:
        """Return the pairs of one type with enough in common to be rivals, and how much that is.

        `needed` tells how much is enough. Of each artifact only the `most` with which it has most
        in common count; a pair has to be among those of both.
        """
        found: dict[Pair, int] = {}
        for name in sorted(self._kinds):
            kind = self._kinds[name]
            if name != "unknown" and len(kind.slugs) > 1:
                found |= self._nearest(kind, least, most)
        return dict(sorted(found.items()))

    def _nearest(self, kind: _Kind, least: int, most: int) -> dict[Pair, int]:
        best: list[list[tuple[int, int, int]]] = [[] for _ in kind.slugs]
        for one, two, count, points in self._enough(kind, least):
            for own, other in ((one, two), (two, one)):
                # More in common first, then more points, then the earlier one.
                item = (count, points, -other)
                (heappush if len(best[own]) < most else heappushpop)(best[own], item)
        near = [{-other for _, _, other in heap} for heap in best]
        found = (
            (kind.slugs[one], kind.slugs[two])
            for one, others in enumerate(near)
            for two in others
            if one < two and one in near[two]
        )
        counted = ((pair, len(self.of(pair))) for pair in found)
        return {pair: count for pair, count in counted if count >= self._needed(pair, least)}

    def _needed(self, pair: Pair, least: int) -> int:
        one, two = (len(self._told(slug)) for slug in pair)
        return needed(least, one, two)

    def _enough(self, kind: _Kind, least: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield two artifacts, how many capabilities they have in common, and the points shared."""
        places = {slug: place for place, slug in enumerate(kind.slugs)}
        said = {pair for pair in self._said if places.keys() >= {*pair}}
        apart = {(places[one], places[two]) for one, two in said}
        for one, two, found in _candidates(kind):
            enough = needed(least, len(kind.told[one]), len(kind.told[two]))
            kept = once(found) if len(found) >= enough and (one, two) not in apart else []
            if len(kept) >= enough:
                yield one, two, len(kept), sum(shared.points for shared in kept)
        for first, second in sorted(said):
            kept = self.of((first, second))
            if len(kept) >= self._needed((first, second), least):
                points = sum(shared.points for shared in kept)
                yield places[first], places[second], len(kept), points


def rule(least: int, most: int) -> str:
    """Return the rule in words, for the pages."""
    few = f", or all of one that has fewer, if they are {FEWEST} or more" if least > FEWEST else ""
    return (
        f"{IN_COMMON_RULE} Two artifacts of one type get a page with at least {least} capabilities "
        f"in common{few}; each has to be among the {most} with which the other has most in common. "
        f"Common words, and words of more than {TOO_COMMON:,} capabilities of the type, lead to "
        f"none."
    )


def kept_words(entry: CatalogEntry) -> str:
    """Return what each capability of an artifact is about, as JSON: its id, points, no needs."""
    both = zip(entry.capabilities, told_of(entry), strict=True)
    return json.dumps([[r.id, told.points, told.bare] for r, told in both], ensure_ascii=False)


def _candidates(kind: _Kind) -> Iterator[tuple[int, int, list[Shared]]]:
    """Yield two artifacts, and the capabilities in common that a word leads to."""
    seen = _Seen(kind)
    for artifact, capabilities in enumerate(kind.told):
        found: dict[int, list[Shared]] = {}
        for place, told in enumerate(capabilities):
            for other, shared in seen.alike(place, told):
                found.setdefault(other, []).append(shared)
        for other, shared_ones in found.items():
            yield other, artifact, shared_ones
        for place, told in enumerate(capabilities):
            seen.add(artifact, place, told)


class _Seen:
    """The capabilities of one type so far, by the words that lead to them."""

    def __init__(self, kind: _Kind) -> None:
        self._counts = kind.counts
        self._postings: dict[tuple[str, int], array[int]] = {}
        self._capabilities: list[tuple[int, int, Told]] = []
        self._leading = array("I")
        """Of each, the points of the words that lead to it."""

    def add(self, artifact: int, place: int, told: Told) -> None:
        """Take up a capability: under a word once for each `IN_NEED` points."""
        words = self._leads(told)
        for word in words:
            for step in range(told.points[word] // IN_NEED):
                self._postings.setdefault((word, step), array("I")).append(len(self._leading))
        self._capabilities.append((artifact, place, told))
        self._leading.append(sum(told.points[word] for word in words))

    def alike(self, place: int, told: Told) -> Iterator[tuple[int, Shared]]:
        """Yield what is in common with a capability, also by these words alone, by artifact."""
        words, leading = self._leads(told), self._leading
        counts: Counter[int] = Counter()
        for word in words:
            for step in range(told.points[word] // IN_NEED):
                counts.update(self._postings.get((word, step), ()))
        total = sum(told.points[word] for word in words)
        for other, number in counts.items():
            if _EACH * number < total + leading[other]:
                continue
            artifact, own, seen = self._capabilities[other]
            points, of = shared_points(told, seen), told.total + seen.total
            if is_enough(points, of, bare=told.bare or seen.bare):
                yield artifact, Shared(own, place, points, of)

    def _leads(self, told: Told) -> list[str]:
        return [
            word
            for word, points in told.points.items()
            if points >= IN_NEED and self._counts[word] <= TOO_COMMON
        ]
