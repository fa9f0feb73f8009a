"""Asking: in which way, at what price, within which budget, and what is noticed on the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.client import Body, Reply
from capdraft.client.completions import Usage
from capdraft.client.prices import Budget, Meter, ModelPrice
from capdraft.drafting.asking import Answered, Asker, Terms
from capdraft.drafting.shapes import WAYS, Shape
from capdraft.errors import (
    AnswerNotJson,
    AnswerWrongShape,
    BudgetReached,
    EndpointBusy,
    RequestRefused,
)
from capdraft.ledger import Ledger
from capdraft.settings import OPENAI_URL, Prices

URL = "http://127.0.0.1:9/v1"
PRICE = ModelPrice("m", URL, Prices(input=1, output=10))
SCHEMA: dict[str, Any] = {"type": "object"}
Answer = Callable[[Body], str | Exception]


def message(text: str | None = "{}", tool: str | None = None, *, prompt: int = 1000) -> str:
    called = [{"type": "function", "function": {"name": "draft", "arguments": tool}}]
    usage = {"prompt_tokens": prompt, "completion_tokens": 100}
    said = {"content": text, "tool_calls": called if tool else None}
    return json.dumps({"choices": [{"message": said, "finish_reason": "stop"}], "usage": usage})


class Stub:
    """An endpoint without HTTP: it answers as told, and counts how many are in flight."""

    def __init__(self, answer: Answer = lambda _: message()) -> None:
        self.answer, self.asked = answer, list[Body]()
        self.in_flight = self.most_in_flight = 0

    async def ask(self, body: Body) -> Reply:
        self.asked.append(body)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        await asyncio.sleep(0.001)
        self.in_flight -= 1
        answer = self.answer(body)
        if isinstance(answer, Exception):
            raise answer
        return Reply(200, answer, 0.1, 1)


def asker(folder: Path, stub: Stub, **terms: Any) -> Asker:
    return Asker(stub, Ledger(folder), Terms("m", URL, **terms), "card.md")


def ask(one: Asker, text: str = "Read.") -> Answered:
    return asyncio.run(one.ask([{"role": "user", "content": text}], "draft", SCHEMA))


def way_of(body: Body) -> str:
    if "tools" in body:
        return "tool_call"
    return str(body["response_format"]["type"]) if "response_format" in body else "none"


# In which way.


def test_what_is_refused_is_asked_for_in_the_next_way_until_one_is_taken(tmp_path: Path) -> None:
    def only_prompts(body: Body) -> str | Exception:
        refused = RequestRefused(f"400: {way_of(body)} is not supported: no response_format, tools")
        return message('{"a": 1}') if way_of(body) == "none" else refused

    learned: list[str] = []
    stub, shape = Stub(only_prompts), Shape(WAYS[0], learned=learned.append)
    answered = ask(asker(tmp_path, stub, shape=shape))
    assert tuple(map(way_of, stub.asked)) == WAYS
    assert (answered.way, learned) == ("none", ["none"])


def test_an_answer_by_tool_call_is_its_arguments(tmp_path: Path) -> None:
    shape = Shape("tool_call")
    answered = ask(asker(tmp_path, Stub(lambda _: message(None, '{"a": 1}')), shape=shape))
    assert (answered.completion.text, answered.way, shape.way) == ('{"a": 1}',) + ("tool_call",) * 2


def test_an_endpoint_that_calls_no_tool_is_asked_otherwise_from_then_on(tmp_path: Path) -> None:
    """Its answer is used all the same: it is JSON."""
    stub, learned = Stub(), list[str]()
    terms = {"shape": Shape("tool_call", learned=learned.append)}
    assert ask(asker(tmp_path, stub, **terms), "One.").completion.text == "{}"
    assert learned == ["json_object"]
    ask(asker(tmp_path, stub, **terms), "Two.")
    assert list(map(way_of, stub.asked)) == ["tool_call", "json_object"]
    assert learned == ["json_object"]


def test_requests_that_are_refused_together_give_up_one_way() -> None:
    shape, error = Shape("json_schema"), RequestRefused("400: no response_format here")
    assert shape.refused("json_schema", error)
    assert shape.refused("json_schema", error)
    assert shape.way == "tool_call"
    assert not shape.refused("tool_call", RequestRefused("400: the prompt is too long"))


def test_a_way_that_is_ignored_is_given_up_and_one_that_was_kept_to_is_not() -> None:
    shape = Shape("json_schema")
    assert shape.ignored("json_schema")
    assert shape.way == "tool_call"
    assert shape.ignored("json_schema"), "another request was under way in the old one"
    assert shape.way == "tool_call"
    shape.kept("tool_call")
    assert not shape.ignored("tool_call"), "the model strayed once"
    assert not Shape("json_schema", fixed=True).ignored("json_schema")


def test_prose_in_every_way_is_not_held_against_the_endpoint() -> None:
    """One document that a model answers in prose must not spoil a run, nor the runs to come."""
    learned: list[str] = []
    shape = Shape(WAYS[0], learned=learned.append)
    asked = [shape.way]
    while shape.ignored(shape.way):
        asked.append(shape.way)
    assert (tuple(asked), shape.way, learned) == (WAYS, WAYS[0], [])
    assert not shape.ignored(WAYS[0])


def read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise AnswerNotJson("the answer isn't JSON") from error


def test_prose_is_asked_for_again_in_another_way(tmp_path: Path) -> None:
    def only_json_mode(body: Body) -> str:
        return message('{"a": 1}' if way_of(body) == "json_object" else "Here you are:")

    stub, learned = Stub(only_json_mode), list[str]()
    one = asker(tmp_path, stub, shape=Shape(WAYS[0], learned=learned.append))
    asking = one.ask_and_read([{"role": "user", "content": "Read."}], "draft", SCHEMA, read_json)
    answered, value = asyncio.run(asking)
    assert (answered.way, value, learned) == ("json_object", {"a": 1}, ["json_object"])
    assert list(map(way_of, stub.asked)) == ["json_schema", "tool_call", "json_object"]
    unusable = [entry.unusable for entry in Ledger(tmp_path).entries()]
    assert unusable == ["the answer isn't JSON"] * 2 + [None]


def test_prose_in_a_way_that_is_set_is_no_answer(tmp_path: Path) -> None:
    stub = Stub(lambda _: message("Here you are:"))
    one = asker(tmp_path, stub, shape=Shape("json_schema", fixed=True))
    with pytest.raises(AnswerNotJson) as caught:
        asyncio.run(one.ask_and_read([], "draft", SCHEMA, read_json))
    assert len(stub.asked) == 1
    assert "capdraft ledger show 1" in caught.value.hint


def test_json_of_another_shape_is_not_asked_for_in_another_way(tmp_path: Path) -> None:
    def wrong(_: str) -> None:
        raise AnswerWrongShape("the answer is a list")

    stub = Stub(lambda _: message("Not what was asked for."))
    with pytest.raises(AnswerWrongShape):
        asyncio.run(asker(tmp_path, stub).ask_and_read([], "draft", SCHEMA, wrong))
    assert len(stub.asked) == 1


# At what price.


@pytest.mark.parametrize(
    ("model", "url", "known"),
    [
        ("gpt-4o", OPENAI_URL, True),
        ("GPT-4o", OPENAI_URL, True),
        ("gpt-4o-2024-08-06", OPENAI_URL, True),
        ("gpt-4o", "https://models.example.org/v1", True),
        ("gpt-4o-of-mine", OPENAI_URL, False),
        ("ft:gpt-4o:team", OPENAI_URL, False),
        ("deepseek-chat-tuned", "https://api.deepseek.com/v1", False),
        ("gpt-4o", "http://127.0.0.1:11434/v1", False),
        ("gpt-4o", "http://localhost:8000/v1", False),
        ("gpt-4o", "http://10.0.0.7:8000/v1", False),
    ],
)
def test_only_a_model_that_is_surely_the_one_meant_has_a_price(
    model: str, url: str, known: bool
) -> None:
    price = ModelPrice(model, url)
    assert price.known is known
    assert (price.cost(Usage(1000, 100)) is not None) is known


def test_cached_tokens_cost_less_where_the_price_says_so() -> None:
    for price in (
        ModelPrice("gpt-4o", OPENAI_URL),
        ModelPrice("m", URL, Prices(input=1, output=10, cached_input=0.1)),
    ):
        cached, fresh = price.cost(Usage(1000, 100, 900)), price.cost(Usage(1000, 100))
        assert cached is not None
        assert fresh is not None
        assert cached < fresh
    assert PRICE.cost(Usage(1000, 100, 900)) == PRICE.cost(Usage(1000, 100)) == Decimal("0.002")


def test_only_what_is_paid_now_costs_something(tmp_path: Path) -> None:
    bills = []
    for terms in ({"price": PRICE}, {"price": PRICE}, {}, {"price": PRICE, "played": True}):
        one = asker(tmp_path, Stub(), reuse=bool(terms) and "played" not in terms, **terms)
        ask(one)
        bills.append((one.cost.calls, one.cost.cost_usd))
    assert bills == [(1, 0.002), (0, 0.0), (1, None), (1, 0.0)]


def test_an_answer_without_tokens_makes_the_cost_unknown(tmp_path: Path) -> None:
    untold = json.dumps({"choices": [{"message": {"content": "{}"}}]})
    one = asker(tmp_path, Stub(lambda _: untold), price=PRICE)
    ask(one)
    assert (one.cost.cost_usd, one.cost.prompt_tokens) == (None, None)


def test_the_meter_is_brought_up_to_date_with_each_paid_answer(tmp_path: Path) -> None:
    meter, seen = Meter(), list[tuple[int, Decimal | None]]()
    meter.changed = lambda: seen.append((meter.calls, meter.cost))
    for text in ("One.", "Two.", "Two."):
        ask(asker(tmp_path, Stub(), price=PRICE, meter=meter), text)
    assert seen == [(1, Decimal("0.002")), (2, Decimal("0.004"))]
    assert (meter.prompt_tokens, meter.completion_tokens) == (2000, 200)


# Within which budget.


def run_side_by_side(folder: Path, stub: Stub, count: int, terms: Terms) -> list[Any]:
    async def all_of_them() -> list[Any]:
        askers = [Asker(stub, Ledger(folder), terms, f"{n}.md") for n in range(count)]
        asking = (
            one.ask([{"role": "user", "content": f"Read {n}."}], "draft", SCHEMA)
            for n, one in enumerate(askers)
        )
        return await asyncio.gather(*asking, return_exceptions=True)

    return asyncio.run(all_of_them())


def test_a_run_stops_before_the_call_that_would_pass_its_budget(tmp_path: Path) -> None:
    """An answer costs 0.002 and may have 400 tokens: 0.004 and a little for the prompt."""
    budget = Budget(max_cost=Decimal("0.02"))
    terms = Terms("m", URL, price=PRICE, budget=budget, parameters={"max_tokens": 400})
    stub = Stub()
    ended = run_side_by_side(tmp_path, stub, 30, terms)
    refused = [end for end in ended if isinstance(end, BudgetReached)]
    assert budget.spent == Decimal("0.002") * len(stub.asked)
    assert Decimal("0.015") < budget.spent <= Decimal("0.02")
    assert len(stub.asked) + len(refused) == 30
    assert stub.most_in_flight in (3, 4)
    assert "$0.0160 of --max-cost 0.02 is spent and the next call could cost $0.0040" in str(
        refused[-1]
    )


def test_a_call_that_fails_frees_what_was_held_back_for_it(tmp_path: Path) -> None:
    budget = Budget(max_cost=Decimal("0.0205"))
    terms = Terms("m", URL, price=PRICE, budget=budget)
    for answer in (EndpointBusy("503"), message()):
        ended = run_side_by_side(tmp_path, Stub(lambda _, a=answer: a), 1, terms)  # type: ignore[misc]
    assert isinstance(ended[0], Answered)
    assert (budget.spent, budget.held) == (Decimal("0.002"), Decimal(0))
    assert budget.in_flight == 0


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 50)), max_size=30), st.integers(0, 300)
)
def test_no_mix_of_calls_passes_the_budget(calls: list[tuple[int, int]], most: int) -> None:
    """Each holds back its estimate and then costs no more than that."""
    budget = Budget(max_cost=Decimal(most))

    async def one(estimate: int, cost: int) -> None:
        await budget.take(Decimal(estimate))
        await asyncio.sleep(0)
        assert budget.spent + budget.held <= most
        await budget.settle(Decimal(estimate), Decimal(min(cost, estimate)))

    async def all_of_them() -> list[Any]:
        return await asyncio.gather(*(one(*call) for call in calls), return_exceptions=True)

    ended = asyncio.run(all_of_them())
    assert all(end is None or isinstance(end, BudgetReached) for end in ended)
    assert budget.spent <= most
    assert budget.held == budget.in_flight == 0


def test_the_next_answer_is_guessed_from_the_settings_or_from_those_that_came() -> None:
    meter = Meter()
    assert meter.likely_answer({}) == 2000
    meter.count(Usage(10, 100), None)
    meter.count(Usage(10, 301), None)
    assert meter.likely_answer({}) == 301
    assert meter.likely_answer({"max_tokens": 50}) == 50
    assert meter.likely_answer({"max_completion_tokens": 70, "max_tokens": 50}) == 70


# What is noticed on the way.


def test_a_prompt_that_the_endpoint_cut_off_is_told_once(tmp_path: Path) -> None:
    told: list[str] = []
    terms = Terms("m", URL, notify=told.append)
    text = "Reads printed tickets. " * 400
    for prompt, expected in ((700, 0), (600, 1), (500, 1)):
        stub = Stub(lambda _, p=prompt: message(prompt=p))  # type: ignore[misc]
        asyncio.run(
            Asker(stub, Ledger(tmp_path / str(prompt)), replace(terms), "card.md").ask(
                [{"role": "user", "content": text}], "draft", SCHEMA
            )
        )
        assert len(told) == expected, prompt
    assert "600 tokens in a prompt of 9,200 characters" in told[0]
    assert "num_ctx" in told[0]


def test_a_cassette_is_not_held_to_what_it_counted(tmp_path: Path) -> None:
    told: list[str] = []
    ask(
        asker(tmp_path, Stub(lambda _: message(prompt=1)), notify=told.append, played=True),
        "a" * 99,
    )
    assert told == []
