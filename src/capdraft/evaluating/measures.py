"""What is measured of a draft: shares of something countable, and amounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from capdraft.records.model import Model

MeasureName = Literal[
    "coverage",
    "precision",
    "evidence-precision",
    "evidence-recall",
    "supported",
    "judged-supported",
    "numbers-told",
    "numbers-right",
    "comparisons-found",
    "comparisons-proven",
    "unedited",
]
AmountName = Literal["cost_usd", "tokens", "calls", "seconds"]


@dataclass(frozen=True)
class Measure:
    """A share, in words: `of` says what is counted, `hit` what is said of those that count."""

    name: MeasureName
    label: str
    hit: str
    of: str


MEASURES: dict[str, Measure] = {
    item.name: item
    for item in (
        Measure("coverage", "coverage", "are drafted", "needed capabilities"),
        Measure("precision", "precision", "are in the gold", "drafted capabilities"),
        Measure("evidence-precision", "evidence precision", "are the gold's", "cited passages"),
        Measure("evidence-recall", "evidence recall", "are cited", "passages of the gold"),
        Measure("supported", "supported (rules)", "have no finding", "sentences"),
        Measure("judged-supported", "supported (judge)", "are supported", "judged sentences"),
        Measure("numbers-told", "numbers told", "are told", "numbers of the gold"),
        Measure("numbers-right", "numbers right", "are stated", "told numbers"),
        Measure("comparisons-found", "comparisons found", "are drafted", "comparisons of the gold"),
        Measure("comparisons-proven", "comparisons proven", "are proven", "drafted comparisons"),
        Measure("unedited", "unedited", "were accepted as drafted", "decided fields"),
    )
}
SHORT = (
    "coverage",
    "precision",
    "evidence-precision",
    "evidence-recall",
    "supported",
    "judged-supported",
    "numbers-right",
)
"""What a table of documents has room for."""
AMOUNTS: dict[str, str] = {
    "cost_usd": "cost in USD",
    "tokens": "tokens",
    "calls": "calls",
    "seconds": "seconds",
}


class Share(Model):
    """How many of how many."""

    hits: int = Field(ge=0)
    of: int = Field(ge=0)

    @property
    def value(self) -> float | None:
        """The share from 0 to 1; None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def told(self) -> str:
        """The share in words, as a report's reason."""
        return f"{self.hits} of {self.of}"


class Amounts(Model):
    """What a draft took; None where it is unknown."""

    cost_usd: float | None = Field(default=None, ge=0)
    prompt_tokens: int | None = Field(default=None, ge=0)
    completion_tokens: int | None = Field(default=None, ge=0)
    calls: int = Field(default=0, ge=0)
    seconds: float | None = Field(default=None, ge=0)

    @property
    def tokens(self) -> int | None:
        """Tokens of prompts and answers together."""
        known = [n for n in (self.prompt_tokens, self.completion_tokens) if n is not None]
        return sum(known) if known else None
