"""Asking for one artifact: the ledger first, then the endpoint, and what it all cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from capdraft.client import Body, Endpoint, Notify, Reply
from capdraft.client.completions import (
    Completion,
    Usage,
    prompt_size,
    read_completion,
    request_body,
    usage,
)
from capdraft.client.prices import Budget, Meter, ModelPrice
from capdraft.drafting.shapes import Shape
from capdraft.errors import (
    AnswerCutOff,
    AnswerError,
    AnswerFiltered,
    AnswerNotJson,
    AnswerRefused,
    EndpointError,
    RequestRefused,
)
from capdraft.ledger import Ledger, Paid, request_key

__all__ = ["Answered", "Asker", "Budget", "Cost", "Meter", "Terms"]

MOST_CHARACTERS_A_TOKEN = 8
CUT_SHARE = 0.6
"""A prompt of which the endpoint counts less than this share of the least number was cut off."""

T = TypeVar("T")
E = TypeVar("E", AnswerError, EndpointError, AnswerError | EndpointError)


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
    price: ModelPrice | None = None
    meter: Meter = field(default_factory=Meter)
    notify: Notify = lambda _: None
    by: str | None = None
    """Who runs it, as a reviewer is named: a team does not let them approve it."""

    def body(
        self, messages: list[dict[str, str]], schema_name: str, schema: Mapping[str, Any]
    ) -> Body:
        """Return the request for an answer to `messages`, whose shape is told as it is now."""
        return request_body(
            messages,
            model=self.model,
            schema_name=schema_name,
            schema=schema,
            structured_output=self.shape.way,
            parameters=self.parameters,
        )

    def cost(self, used: Usage) -> Decimal | None:
        """Return what `used` costs in USD in this run, or None where that is unknown."""
        if self.played:
            return Decimal(0)
        return self.price.cost(used) if self.price else None


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
    paid: Decimal | None = Decimal(0)
    """USD for what was asked now; None once the cost of an answer is unknown."""

    @property
    def cost_usd(self) -> float | None:
        """What was paid, as a proposal holds it: to a millionth of a dollar."""
        return None if self.paid is None else round(float(self.paid), 6)

    def count_call(self, reply: Reply, cost: Decimal | None) -> None:
        """Add an answer that was asked for now."""
        self.calls += 1
        self.attempts += reply.attempts
        self.seconds += reply.seconds
        self.paid = None if self.paid is None or cost is None else self.paid + cost

    def count_tokens(self, body: str) -> None:
        """Add what an answer says it used, also when it can't be used itself."""
        used = usage(body)
        if used.prompt_tokens is not None:
            self.prompt_tokens = (self.prompt_tokens or 0) + used.prompt_tokens
        if used.completion_tokens is not None:
            self.completion_tokens = (self.completion_tokens or 0) + used.completion_tokens

    def count_model(self, name: str | None) -> None:
        """Note which model the endpoint says answered."""
        if name and name not in self.answered_by:
            self.answered_by.append(name)


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole answer, its id in the ledger, and the way in which its shape was asked for."""

    completion: Completion
    entry: int
    way: str = "json_schema"


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
            body = self._terms.body(messages, schema_name, schema)
            try:
                number, text = await self._answer(body)
                break
            except RequestRefused as error:
                if not self._terms.shape.refused(way, error):
                    raise
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
        self._judge_way(way, completion)
        return Answered(completion, number, way)

    async def ask_and_read(
        self,
        messages: list[dict[str, str]],
        schema_name: str,
        schema: Mapping[str, Any],
        read: Callable[[str], T],
    ) -> tuple[Answered, T]:
        """Return the answer to `messages` and what `read` makes of its text.

        What can't be read is marked as unusable; prose is asked for again in another way.

        Raises:
            AnswerError, EndpointError, CassetteError, BudgetReached: as `ask` and `read` do.
        """
        while True:
            answered = await self.ask(messages, schema_name, schema)
            try:
                return answered, read(answered.completion.text)
            except AnswerError as error:
                unusable = self.unusable(answered.entry, error)
                prose = isinstance(error, AnswerNotJson)
                if not (prose and self._terms.shape.ignored(answered.way)):
                    raise unusable from error

    def _judge_way(self, way: str, completion: Completion) -> None:
        """Note whether the endpoint did what it was asked to; prose is for the reader to judge."""
        shape, text = self._terms.shape, completion.text.lstrip()
        if way == "tool_call" and not completion.called_tool:
            shape.ignored(way, usable=text.startswith("{"))
        elif text.startswith("{") or (way == "none" and "{" in text):
            shape.kept(way)

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
        terms = self._terms
        tokens, characters = prompt_size(body)
        likely = Usage(tokens, terms.meter.likely_answer(terms.parameters))
        estimate = Decimal(0) if terms.budget.max_cost is None else terms.cost(likely) or Decimal(0)
        await terms.budget.take(estimate)
        paid = Decimal(0)
        try:
            terms.meter.sends()
            reply = await self._endpoint.ask(body)
            used = usage(reply.body)
            cost = terms.cost(used)
            paid = estimate if cost is None else cost
            number = await self._keep(key, body, reply)
        finally:
            await terms.budget.settle(estimate, paid)
        self.cost.count_call(reply, cost)
        terms.meter.count(used, cost)
        self._notice_cut(used, characters)
        return number, reply.body

    async def _keep(self, key: str, body: dict[str, Any], reply: Reply) -> int:
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
        return await asyncio.to_thread(write, key, paid)

    def _notice_cut(self, used: Usage, characters: int) -> None:
        """Tell once when the endpoint counted far fewer tokens than the prompt must have."""
        meter, least = self._terms.meter, characters / MOST_CHARACTERS_A_TOKEN
        told, counted = meter.cut_told or self._terms.played, used.prompt_tokens
        if told or not counted or counted >= CUT_SHARE * least:
            return
        meter.cut_told = True
        self._terms.notify(
            f"{self._terms.endpoint_url} counted {counted:,} tokens in a prompt of "
            f"{characters:,} characters: it seems to cut prompts off. Raise its context length "
            "(num_ctx for Ollama, --ctx-size for llama-server), then ask again with --fresh"
        )

    def unusable(self, entry: int, error: E) -> E:
        """Mark an answer so that the next run asks again, and tell in `error` where it is kept."""
        self._ledger.mark_unusable(entry, error.message)
        kept = f"Its answer is kept: `capdraft ledger show {entry}`."
        error.hint = f"{error.hint} {kept}".strip()
        return error
