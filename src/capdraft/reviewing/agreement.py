"""How far reviewers agree on what two or more of them decided on, beyond what chance gives."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from capdraft.errors import ExtraMissing

FEW_UNITS = 10
"""Fewer texts than this say nothing of how two reviewers agree."""
_VERDICTS = ("accept", "edit", "reject")
Units = Mapping[tuple[str, ...], Mapping[str, str]]
"""Of each text, as it was shown: each reviewer's first verdict that was not taken back."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reviewers agree on the texts that two or more of them decided on."""

    reviewers: tuple[str, ...]
    units: int
    alpha: float | None
    """Krippendorff's alpha: 1 is full agreement, 0 what chance would give; None is undefined."""
    meaning: str
    """What the figure says, in plain words."""


def agreements(units: Units, reviewer: str | None) -> Iterator[Agreement]:
    """Yield the agreement over all, then that of each pair with a text in common.

    Raises:
        ExtraMissing: the library that computes it is not installed.
    """
    yield _agreement((), list(units.values()))
    common: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for said in units.values():
        for one, two in combinations(sorted(said), 2):
            if reviewer in (None, one, two):
                common[one, two].append({one: said[one], two: said[two]})
    for pair, both in sorted(common.items()):
        yield _agreement(pair, both)


def _agreement(reviewers: tuple[str, ...], units: Sequence[Mapping[str, str]]) -> Agreement:
    """Compare nominal verdicts: accept, edit and reject are three different things.

    The words for an alpha are those of K. Krippendorff, Content Analysis (2004), page 241.
    """
    used = {verdict for said in units for verdict in said.values()}
    if len(used) < 2:
        meaning = f"undefined: all said {used.pop()}" if used else "no text in common"
        return Agreement(reviewers, len(units), None, meaning)
    alpha = _alpha([Counter(said.values()) for said in units])
    if len(units) < FEW_UNITS:
        meaning = "too few to tell"
    elif alpha < 0.667:
        meaning = "low: don't rely on it"
    else:
        meaning = "fair: tentative" if alpha < 0.8 else "good"
    return Agreement(reviewers, len(units), alpha, meaning)


def _alpha(units: Sequence[Mapping[str, int]]) -> float:
    try:
        import krippendorff
    except ImportError as error:
        raise ExtraMissing(
            "capdraft needs the extra [stats] to tell how far reviewers agree",
            hint="pip install 'capdraft[stats]'",
        ) from error
    counts = [[said.get(verdict, 0) for verdict in _VERDICTS] for said in units]
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
