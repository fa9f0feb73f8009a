"""What answers cost, and how much of it a run may spend.

A price is the settings' own, else what genai-prices knows of the model. That data comes with the
package; nothing is fetched.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from capdraft.client.completions import Usage
from capdraft.client.waiting import is_local
from capdraft.errors import BudgetReached

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider

    from capdraft.settings import Prices

MILLION = 1_000_000
FIRST_ANSWER = 2000
"""Tokens that an answer is taken to have as long as none came."""
_DATED = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$")


@dataclass(frozen=True)
class ModelPrice:
    """The price of one model at one endpoint, looked up when it is first needed."""

    model: str
    base_url: str
    own: Prices | None = None

    @property
    def known(self) -> bool:
        """Whether there is one: of the settings, or one that surely is this model's."""
        return self.cost(Usage(0, 0)) is not None

    def cost(self, used: Usage) -> Decimal | None:
        """Return USD for `used`, or None where the price or the tokens are unknown."""
        if used.prompt_tokens is None or used.completion_tokens is None:
            return None
        if self.own is not None:
            return _by_settings(self.own, used.prompt_tokens, used.completion_tokens, used)
        if self._found is None:
            return None
        return _by_package(*self._found, used)

    @cached_property
    def _found(self) -> tuple[Provider, ModelInfo] | None:
        return _find(self.model, self.base_url)


def _by_settings(own: Prices, prompt: int, completion: int, used: Usage) -> Decimal:
    cached = own.input if own.cached_input is None else own.cached_input
    parts = (
        (prompt - used.cached_tokens, own.input),
        (used.cached_tokens, cached),
        (completion, own.output),
    )
    total = sum((tokens * Decimal(str(price)) for tokens, price in parts), Decimal(0))
    return total / MILLION


def _by_package(provider: Provider, model: ModelInfo, used: Usage) -> Decimal | None:
    from genai_prices import Usage as Counted

    counted = Counted(
        input_tokens=used.prompt_tokens,
        output_tokens=used.completion_tokens,
        cache_read_tokens=used.cached_tokens,
    )
    price = model.calc_price(counted, provider)
    rates = price.model_price
    if rates.input_mtok is None or rates.output_mtok is None:
        return None
    return price.total_price


def _find(name: str, base_url: str) -> tuple[Provider, ModelInfo] | None:
    """Return provider and model: the endpoint's own, else the one whose model this name is."""
    if is_local(base_url):
        return None
    from genai_prices.data_snapshot import get_snapshot

    for address in (base_url, None):
        try:
            provider, model = get_snapshot().find_provider_model(name, None, None, address)
        except LookupError:
            continue
        return (provider, model) if _surely(name.lower(), model) else None
    return None


def _surely(name: str, model: ModelInfo) -> bool:
    """Whether `name` is listed for the model, as it is or with a date: no guess by its start."""
    listed = {model.id.lower(), *_equals(model.match)}
    return name in listed or _DATED.sub("", name) in listed


def _equals(clause: Any) -> Iterator[str]:
    from genai_prices.types import ClauseEquals, ClauseOr

    if isinstance(clause, ClauseEquals):
        yield clause.equals.lower()
    elif isinstance(clause, ClauseOr):
        for part in clause.or_:
            yield from _equals(part)


@dataclass
class Budget:
    """How many answers a run may still ask for, and what they may cost; None is any number.

    A call in flight holds back what it is estimated to cost.
    """

    calls: int | None = None
    max_cost: Decimal | None = None
    spent: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    in_flight: int = 0
    _settled: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)

    async def take(self, estimate: Decimal = Decimal(0)) -> None:
        """Count one call and hold back its estimated cost; wait for calls in flight if need be.

        Raises:
            BudgetReached: none is left, or this one could cost more than what is left.
        """
        async with self._settled:
            await self._settled.wait_for(lambda: self._fits(estimate) or not self.in_flight)
            if self.calls is not None and self.calls <= 0:
                raise BudgetReached(
                    "the run's calls are used up (--max-calls)",
                    hint="What was answered is kept: the same command with more calls goes on.",
                )
            if not self._fits(estimate):
                raise BudgetReached(
                    f"${self.spent:.4f} of --max-cost {self.max_cost:f} is spent and the next call "
                    f"could cost ${estimate:.4f}",
                    hint="What was answered is kept: the same command with a higher one goes on.",
                )
            if self.calls is not None:
                self.calls -= 1
            self.held += estimate
            self.in_flight += 1

    async def settle(self, estimate: Decimal, paid: Decimal) -> None:
        """Replace what `take` held back by what the call did cost."""
        async with self._settled:
            self.held -= estimate
            self.in_flight -= 1
            self.spent += paid
            self._settled.notify_all()

    def _fits(self, estimate: Decimal) -> bool:
        return self.max_cost is None or self.spent + self.held + estimate <= self.max_cost


@dataclass
class Meter:
    """What a run asked so far, over all artifacts.

    `began` is called before the first request, `changed` after each answer.
    """

    requests: int = 0
    """Those that were sent, answered or not."""
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: Decimal | None = Decimal(0)
    """USD; None once the cost of an answer is unknown."""
    began: Callable[[], None] = lambda: None
    changed: Callable[[], None] = lambda: None
    cut_told: bool = False
    """Whether it was told that prompts seem to be cut off."""

    def sends(self) -> None:
        """Count one request that is about to be sent."""
        self.requests += 1
        if self.requests == 1:
            self.began()

    def count(self, used: Usage, cost: Decimal | None) -> None:
        """Add one answer."""
        self.calls += 1
        self.prompt_tokens += used.prompt_tokens or 0
        self.completion_tokens += used.completion_tokens or 0
        self.cost = None if self.cost is None or cost is None else self.cost + cost
        self.changed()

    def likely_answer(self, parameters: Mapping[str, Any]) -> int:
        """Return how many tokens the next answer may have, rather too many than too few."""
        for name in ("max_completion_tokens", "max_tokens"):
            if isinstance(parameters.get(name), int):
                return int(parameters[name])
        if self.completion_tokens:
            return math.ceil(self.completion_tokens / self.calls * 1.5)
        return FIRST_ANSWER
