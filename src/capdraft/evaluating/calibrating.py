"""From which likeness on two records count as one capability: learned from what is labelled.

Two capabilities of one gold document are different, whatever words they share: of such pairs only
a few may be taken for the same. How many of the pairs that are labelled the same are then found is
told beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from pydantic import Field

from capdraft.evaluating.gold import Pairs, Wording
from capdraft.evaluating.likeness import Likeness
from capdraft.evaluating.reading import GoldCase
from capdraft.records.model import Model
from capdraft.text import sha256

FALSE_MATCHES = 0.02
"""Share of the pairs of different capabilities of one document that may be taken for the same."""
FEWEST = 50
"""Such pairs from which on the threshold is learned from them."""
DEFAULT = 0.3
HALF = 0.5


class Point(Model):
    """What a threshold does, by words alone."""

    threshold: float
    hits: float = Field(ge=0, le=1, description="Of pairs labelled the same: taken for the same.")
    false_alarms: float = Field(
        ge=0, le=1, description="Of different capabilities of one document: taken for the same."
    )


class Calibration(Model):
    """The threshold, what it was learned from, and how wrong it is."""

    threshold: float
    sha256: str | None = Field(default=None, description="Hash of what it was learned from.")
    within: int = Field(default=0, description="Pairs of capabilities of one document.")
    false_matches: float | None = Field(default=None, description="Share taken for the same.")
    false_matches_elsewhere: float | None = Field(
        default=None, description="The same in documents that the threshold was not learned from."
    )
    same: int = Field(default=0, description="Pairs labelled the same.")
    found_by_words: float | None = Field(default=None, description="Share of them that is found.")
    found_half_cited: float | None = Field(
        default=None, description="The same, if they cite half of their passages together."
    )
    different: int = Field(default=0, description="Pairs labelled different, chosen to be hard.")
    confused: float | None = Field(
        default=None, description="Share of them taken for the same, by words alone."
    )
    area: float | None = Field(
        default=None, description="Under the curve of words alone; 0.5 is chance."
    )
    curve: tuple[Point, ...] = ()


def calibrate(cases: Sequence[GoldCase], pairs: Pairs | None, likeness: Likeness) -> Calibration:
    """Return the threshold for the gold set `cases`; the default where it is too small."""
    within = [_within(case, likeness) for case in cases]
    every = [value for values in within for value in values]
    threshold = _threshold(every) if len(every) >= FEWEST else DEFAULT
    same = _words(pairs, likeness, same=True)
    hard = _words(pairs, likeness, same=False)
    by_words = [value for case in cases for value in _within(case, likeness, cited=False)]
    curve = tuple(_curve(same, by_words)) if same and by_words else ()
    return Calibration(
        threshold=threshold,
        sha256=_hash(cases, pairs),
        within=len(every),
        false_matches=_share(every, threshold),
        false_matches_elsewhere=_elsewhere(within),
        same=len(same),
        found_by_words=_share(same, threshold),
        found_half_cited=_share([Likeness.join(value, HALF) for value in same], threshold),
        different=len(hard),
        confused=_share(hard, threshold),
        area=_area(curve) if curve else None,
        curve=curve,
    )


def _within(case: GoldCase, likeness: Likeness, *, cited: bool = True) -> list[float]:
    """Return how alike any two capabilities of a document are, which are never the same."""
    told = [
        (Wording(name=item.name, description=item.description), case.numbers(item))
        for item in case.gold.capabilities
    ]
    return [
        likeness.cited(one, two, *((first, second) if cited else ((), ())))
        for (one, first), (two, second) in combinations(told, 2)
    ]


def _words(pairs: Pairs | None, likeness: Likeness, *, same: bool) -> list[float]:
    chosen = [pair for pair in pairs.pairs if pair.same == same] if pairs else []
    return [likeness.words(pair.one, pair.two) for pair in chosen]


def _threshold(different: Sequence[float]) -> float:
    """Return the least likeness that at most `FALSE_MATCHES` of `different` pairs reach."""
    ordered = sorted(different, reverse=True)
    allowed = math.floor(FALSE_MATCHES * len(ordered))
    return min(math.floor(ordered[allowed] * 1e4 + 1) / 1e4, 1.0)


def _share(values: Sequence[float], threshold: float) -> float | None:
    return sum(value >= threshold for value in values) / len(values) if values else None


def _elsewhere(within: Sequence[Sequence[float]]) -> float | None:
    """Return the false matches in each document, by the threshold that the others give."""
    wrong = counted = 0
    for place, held in enumerate(within):
        rest = [value for other, values in enumerate(within) if other != place for value in values]
        if len(rest) >= FEWEST:
            threshold = _threshold(rest)
            wrong += sum(value >= threshold for value in held)
            counted += len(held)
    return wrong / counted if counted else None


def _curve(same: Sequence[float], different: Sequence[float]) -> list[Point]:
    points = [Point(threshold=1.01, hits=0, false_alarms=0)]
    for at in sorted({*same, *different}, reverse=True):
        hits, alarms = (sum(v >= at for v in values) / len(values) for values in (same, different))
        points.append(Point(threshold=round(at, 4), hits=hits, false_alarms=alarms))
    return points


def _area(curve: Sequence[Point]) -> float:
    from scipy.integrate import trapezoid

    return float(trapezoid([p.hits for p in curve], [p.false_alarms for p in curve]))


def _hash(cases: Sequence[GoldCase], pairs: Pairs | None) -> str:
    told = pairs.model_dump_json(exclude={"pairs": {"__all__": {"why"}}}) if pairs else ""
    return sha256("\n".join([told, *sorted(case.sha256 for case in cases)]))
