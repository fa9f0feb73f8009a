"""How alike two capabilities are: by the words that tell something, and by what they cite."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from capdraft.checking import content_words
from capdraft.evaluating.gold import Pairs, Wording
from capdraft.evaluating.reading import GoldCase

NAME_WEIGHT = 2.0
"""How often a word of the name counts: names say what it is, descriptions how."""
LETTERS = 4
"""Letters of the pieces that words are cut into: transcribe and transcription share most."""
BY_LETTERS = 0.5
"""Share that pieces have in the likeness, beside whole words."""
BY_PASSAGES = 0.5
"""How far citing the same passages closes the gap that words leave."""

Weights = Mapping[str, float]


class Likeness:
    """Likeness of wordings from 0 to 1, where words that many capabilities have count little."""

    def __init__(self, wordings: Iterable[Wording] = ()) -> None:
        told = [frozenset(_features(item)) for item in wordings]
        common = Counter(feature for features in told for feature in features)
        # Inverse document frequency, smoothed: Spärck Jones 1972.
        self._rarity = {f: math.log((1 + len(told)) / (1 + n)) + 1 for f, n in common.items()}
        self._unknown = math.log(1 + len(told)) + 1

    @classmethod
    def of(cls, cases: Iterable[GoldCase], pairs: Pairs | None) -> Likeness:
        """Return the likeness that knows the words of a gold set and of labelled pairs."""
        told = [
            Wording(name=item.name, description=item.description)
            for case in cases
            for item in case.gold.capabilities
        ]
        both = [item for pair in pairs.pairs for item in (pair.one, pair.two)] if pairs else []
        return cls([*told, *both])

    def words(self, one: Wording, two: Wording) -> float:
        """Return the cosine of two wordings' weighted words and pieces of words."""
        by_words, by_letters = (
            _cosine(self._weights(one, pieces), self._weights(two, pieces))
            for pieces in (False, True)
        )
        return by_words + BY_LETTERS * (by_letters - by_words)

    def _weights(self, item: Wording, pieces: bool) -> Weights:
        return {
            feature: (1 + math.log(number)) * self._rarity.get(feature, self._unknown)
            for feature, number in _features(item).items()
            if feature.startswith("~") == pieces
        }

    def cited(
        self,
        one: Wording,
        two: Wording,
        first: Collection[int],
        second: Collection[int],
    ) -> float:
        """Return the likeness of two wordings that cite the passages `first` and `second`."""
        shared = len({*first} & {*second}) / max(len({*first} | {*second}), 1)
        return self.join(self.words(one, two), shared)

    @staticmethod
    def join(words: float, shared: float) -> float:
        """Return the likeness by words, raised by the share of their passages that both cite."""
        return words + BY_PASSAGES * shared * (1 - words)


@lru_cache(maxsize=4096)
def _features(item: Wording) -> Counter[str]:
    """Return the stems of a wording, and its pieces marked by `~`."""
    found: Counter[str] = Counter()
    for text, weight in ((item.name, NAME_WEIGHT), (item.description, 1.0)):
        for stem in content_words(text):
            found[stem] += int(weight)
            for piece in _pieces(stem):
                found[f"~{piece}"] += int(weight)
    return found


def _pieces(stem: str) -> list[str]:
    padded = f" {stem} "
    return [padded[at : at + LETTERS] for at in range(max(len(padded) - LETTERS + 1, 1))]


def _cosine(one: Weights, two: Weights) -> float:
    dot = sum(weight * two.get(feature, 0.0) for feature, weight in one.items())
    sizes = math.hypot(*one.values()) * math.hypot(*two.values())
    return min(dot / sizes, 1.0) if sizes else 0.0
