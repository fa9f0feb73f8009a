"""Asking for one artifact: the ledger first, then the endpoint, and what it all cost."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from capdraft.client import Endpoint
from capdraft.client.completions import Completion, read_completion, request_body, usage
from capdraft.drafting.shapes import Shape
from capdraft.errors import (
    AnswerCutOff,
    AnswerError,
    AnswerFiltered,
    AnswerRefused,
    BudgetReached,
    EndpointError,
    RequestRefused,
)
from capdraft.ledger import Ledger, Paid, request_key

E = TypeVar("E", AnswerError, EndpointError, AnswerError | EndpointError)


@dataclass(slots=True)
class Budget:
    """How many answers a run may still ask for; None is any number."""

    calls: int | None = None

    def take(self) -> None:
        """Count one call.

        Raises:
            BudgetReached: none is left.
        """
        if self.calls is None:
            return
        if self.calls <= 0:
            raise BudgetReached(
                "the run's calls are used up (--max-calls)",
                hint="What was answered is kept: the same command with more calls goes on.",
            )
        self.calls -= 1


@dataclass(frozen=True, slots=True)
class Terms:
    """How every request of a run is asked."""

    model: str
    endpoint_url: str
    shape: Shape = field(default_factory=lambda: Shape("json_schema"))
    parameters: Mapping[str, Any] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    reuse: bool = True
    """Take answers that the ledger already has; off while a cassette is recorded or played."""
    played: bool = False
    """A cassette answers: nothing is paid, and its answers never stand in for an endpoint's."""


@dataclass(slots=True)
class Cost:
    """What a run asked and paid. Tokens are None where the endpoint never told any."""

    calls: int = 0
    from_ledger: int = 0
    attempts: int = 0
    seconds: float = 0.0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    answered_by: list[str] = field(default_factory=list)

    def count_tokens(self, body: str) -> None:
        """Add what an answer says it used, also when it can't be used itself."""
        prompt, completion = usage(body)
        if prompt is not None:
            self.prompt_tokens = (self.prompt_tokens or 0) + prompt
        if completion is not None:
            self.completion_tokens = (self.completion_tokens or 0) + completion

    def count_model(self, name: str | None) -> None:
        """Note which model the endpoint says answered."""
        if name and name not in self.answered_by:
            self.answered_by.append(name)


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole answer, and its id in the ledger."""

    completion: Completion
    entry: int


class Asker:
    """Asks for one artifact and keeps the bill."""

    def __init__(self, endpoint: Endpoint, ledger: Ledger, terms: Terms, document: str) -> None:
        self.cost = Cost()
        self._endpoint, self._ledger, self._terms = endpoint, ledger, terms
        self._document = document

    async def ask(
        self, messages: list[dict[str, str]], schema_name: str, schema: Mapping[str, Any]
    ) -> Answered:
        """Return the answer to `messages`.

        Raises:
            AnswerError: it is cut off, filtered or refused; the ledger keeps it.
            EndpointError, CassetteError, BudgetReached: none came.
        """
        while True:
            way = self._terms.shape.way
            body = request_body(
                messages,
                model=self._terms.model,
                schema_name=schema_name,
                schema=schema,
                structured_output=way,
                parameters=self._terms.parameters,
            )
            try:
                number, text = await self._answer(body)
                break
            except RequestRefused as error:
                if not self._terms.shape.refused(way, error):
                    raise
        self._terms.shape.taken()
        self.cost.count_tokens(text)
        try:
            completion = read_completion(text, self._terms.endpoint_url)
        except (AnswerCutOff, AnswerFiltered, AnswerRefused) as error:
            # The same request would end the same: the next run is told so without paying.
            error.hint += f" It is kept: `capdraft ledger show {number}`; --fresh asks anew."
            raise
        except (AnswerError, EndpointError) as error:
            raise self.unusable(number, error) from error
        self.cost.count_model(completion.model)
        return Answered(completion, number)

    async def _answer(self, body: dict[str, Any]) -> tuple[int, str]:
        """Return an answer and its id: from the ledger, else paid for."""
        source = self._terms.endpoint_url
        key = request_key(f"cassette of {source}" if self._terms.played else source, body)
        entry = await asyncio.to_thread(self._ledger.find, key) if self._terms.reuse else None
        if entry is None:
            return await self._pay(key, body)
        self.cost.from_ledger += 1
        return entry.id, entry.body

    async def _pay(self, key: str, body: dict[str, Any]) -> tuple[int, str]:
        self._terms.budget.take()
        reply = await self._endpoint.ask(body)
        paid = Paid(
            endpoint=self._terms.endpoint_url,
            document=self._document,
            request=body,
            status=reply.status,
            body=reply.body,
            seconds=reply.seconds,
            attempts=reply.attempts,
        )
        write = self._ledger.add_once if self._terms.played else self._ledger.add
        number = await asyncio.to_thread(write, key, paid)
        self.cost.calls += 1
        self.cost.attempts += reply.attempts
        self.cost.seconds += reply.seconds
        return number, reply.body

    def unusable(self, entry: int, error: E) -> E:
        """Mark an answer so that the next run asks again, and tell in `error` where it is kept."""
        self._ledger.mark_unusable(entry, error.message)
        kept = f"Its answer is kept: `capdraft ledger show {entry}`."
        error.hint = f"{error.hint} {kept}".strip()
        return error
