"""One pace for all requests: at an endpoint with a limit every request gets its answer."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from typing import Any

import pytest

from capdraft.client.openai_endpoint import OpenAIEndpoint
from capdraft.client.pace import CAUTION, Pace
from capdraft.errors import EndpointBusy
from capdraft.settings import EndpointSettings
from stub_endpoint import Answer, completion, problem, stub_endpoint


class Limited:
    """A stub's script that takes so many requests in any second and turns the others away."""

    def __init__(self, a_second: int) -> None:
        self._limit, self._taken, self._lock = a_second, deque[float](), threading.Lock()

    def __call__(self, _: dict[str, Any]) -> Answer:
        with self._lock:
            now = time.monotonic()
            while self._taken and self._taken[0] < now - 1:
                self._taken.popleft()
            if len(self._taken) >= self._limit:
                return problem(429, "Rate limit reached")
            self._taken.append(now)
        time.sleep(0.2)
        return completion({"capabilities": []})


def ask_many(url: str, count: int, at_once: int, **options: Any) -> list[Any]:
    settings = EndpointSettings(base_url=url, model="stub", key=None)
    places = asyncio.Semaphore(at_once)

    async def one(endpoint: OpenAIEndpoint, number: int) -> Any:
        async with places:
            message = {"role": "user", "content": str(number)}
            return await endpoint.ask({"model": "stub", "messages": [message]})

    async def run() -> list[Any]:
        async with OpenAIEndpoint(settings, timeout=10, max_wait=60, **options) as endpoint:
            asked = (one(endpoint, number) for number in range(count))
            return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(run())


def test_at_a_limit_every_request_is_answered_with_few_more_calls() -> None:
    with stub_endpoint(Limited(30)) as stub:
        replies = ask_many(stub.url, 90, at_once=32)
        calls = len(stub.requests)
    assert [reply for reply in replies if isinstance(reply, BaseException)] == []
    # A burst at the start finds the limit; on a busy machine a few more are turned away.
    assert calls <= 90 * 1.2


def test_an_endpoint_that_never_answers_is_given_up() -> None:
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds
        await asyncio.sleep(0)

    with stub_endpoint(problem(429, "No.")) as stub:
        replies = ask_many(stub.url, 2, at_once=2, sleep=sleep, clock=lambda: now[0])
        assert len(stub.requests) == 12
    assert all(isinstance(reply, EndpointBusy) for reply in replies)


class FakeTime:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def clock(self) -> float:
        return self.now


def test_one_refusal_holds_all_and_lowers_the_rate_to_what_was_taken() -> None:
    time = FakeTime()
    pace = Pace(time.sleep, time.clock)

    async def run() -> None:
        for _ in range(12):
            await pace.turn()
        assert (time.now, pace.rate) == (100.0, None)
        assert [pace.refused(3.0), pace.refused(0.2)] == [3.0, 1.0]
        await pace.turn()
        assert time.now == 103.0
        assert pace.rate == pytest.approx(10 * CAUTION)
        before = time.now
        await pace.turn()
        assert time.now - before == pytest.approx(1 / (10 * CAUTION))
        pace.answered()
        assert pace.rate is not None
        assert pace.rate > 10 * CAUTION

    asyncio.run(run())
