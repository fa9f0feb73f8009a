"""Which capabilities two artifacts have in common, by a rule that a reader can recompute.

Two capabilities count as in common if their names, intents and descriptions share at least
`FEWEST` content words, and at least `SHARE` of those of the one that has fewer. Each capability
counts once: with the one that it shares most words with. Nothing but the two texts counts, so
that a page holds all that its answer rests on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction

from capdraft.checking import content_words
from capdraft.records import Record
from capdraft.text import normalise

FEWEST = 4
SHARE = Fraction(1, 3)
RULE = (
    f"Two capabilities count as in common if their names, intents and descriptions share at least "
    f"{FEWEST} content words, and at least {SHARE} of those of the one that has fewer. Each counts "
    f"once, with the one that it shares most words with. The rule looks at words, not at meaning."
)
_WORD = re.compile(r"[^\W_]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Shared:
    """Two capabilities in common: their places in the entries, and the words that they share."""

    one: int
    two: int
    words: int
    of: int
    """Words of the one that has fewer."""


def text_of(record: Record) -> str:
    """Return the text whose words count."""
    return "\n".join((record.name, *record.intents, record.description.text))


def words_of(record: Record) -> frozenset[str]:
    """Return the content words of a capability, without their endings."""
    return content_words(text_of(record)) - {""}  # what is left of the s in ship's


def is_shared(shared: int, one: int, two: int) -> bool:
    """Tell whether capabilities of `one` and `two` words that share some are in common."""
    return shared >= FEWEST and shared * SHARE.denominator >= min(one, two) * SHARE.numerator


def alike(one: Sequence[AbstractSet[object]], two: Sequence[AbstractSet[object]]) -> list[Shared]:
    """Return each two capabilities that share enough words, whatever else they share with."""
    return [
        Shared(i, j, shared, min(len(a), len(b)))
        for i, a in enumerate(one)
        for j, b in enumerate(two)
        if is_shared(shared := len(a & b), len(a), len(b))
    ]


def once(found: Collection[Shared]) -> list[Shared]:
    """Return each capability with the one that it shares most words with, no other twice."""
    kept: list[Shared] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for shared in sorted(found, key=lambda s: (-s.words, s.of, s.one, s.two)):
        if shared.one not in taken[0] and shared.two not in taken[1]:
            kept.append(shared)
            taken[0].add(shared.one)
            taken[1].add(shared.two)
    return kept


def spelled(record: Record, wanted: AbstractSet[str]) -> tuple[str, ...]:
    """Return the words of a capability whose stems are `wanted`, as they first stand in it."""
    found: dict[str, str] = {}
    for word in _WORD.findall(normalise(text_of(record)).casefold()):
        for stem in content_words(word):
            found.setdefault(stem, word)
    return tuple(word for stem, word in found.items() if stem in wanted)
