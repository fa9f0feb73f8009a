"""The match graph: how often and how well an artifact answered a need that someone had."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from capdraft.ranking.formula import Input, Part, mean_of_shown, shown

FEWEST = 10
"""Searches that it takes to know the part: of fewer, chance would move the whole rank."""


class Counts(NamedTuple):
    """Searches that showed an artifact, those in which it was chosen, and how that ended."""

    shown: int
    chosen: int
    succeeded: int
    failed: int


class Matches(Protocol):
    """Knows what searches led to."""

    def counts(self, slug: str) -> tuple[int, int, int, int]:
        """Return (shown, chosen, succeeded, failed) of an artifact, each a number of searches."""
        ...


class NoMatches:
    """No search was recorded."""

    def counts(self, slug: str) -> tuple[int, int, int, int]:  # noqa: ARG002 - the protocol's
        return (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as it is believed after `hits` of `trials`, when every rate was as likely before.

    Its mean, (hits + 1) / (trials + 2), is Laplace's rule of succession; its variance that of the
    Beta(hits + 1, misses + 1) distribution (Gelman et al., Bayesian Data Analysis, 3rd edition,
    2013, section 2.1 and appendix A). One search moves it a little, a hundred nearly all the way.
    """

    hits: int
    trials: int

    @property
    def mean(self) -> Decimal:
        return Decimal(self.hits + 1) / (self.trials + 2)

    @property
    def variance(self) -> Decimal:
        return self.mean * (1 - self.mean) / (self.trials + 3)


def match_graph(counts: tuple[int, int, int, int], source: str) -> Part:
    """Return the mean of two rates: of being chosen, and of success; unknown below `FEWEST`.

    `uncertainty` is one standard deviation.
    """
    found = Counts(*counts)
    # A success can be told without a choice, of a result that was read elsewhere.
    chosen = Rate(found.chosen, max(found.shown, found.chosen))
    success = Rate(found.succeeded, found.succeeded + found.failed)
    inputs = tuple(Input(name, f"{number:,}", source) for name, number in found._asdict().items())
    searches = max(chosen.trials, success.trials)
    if searches < FEWEST:
        words = f"{searches} of the {FEWEST} searches that it takes" if searches else ""
        return Part(
            "match graph", None, words or "no search has shown it", inputs if searches else ()
        )
    value = mean_of_shown([chosen.mean, success.mean])
    spread = shown((chosen.variance + success.variance).sqrt() / 2)
    words = (
        f"mean of chosen ({chosen.hits}+1)/({chosen.trials}+2) = {shown(chosen.mean)}; "
        f"success ({success.hits}+1)/({success.trials}+2) = {shown(success.mean)}; ± {spread}"
    )
    return Part("match graph", value, words, inputs, spread)
