"""One pace for all requests: at an endpoint with a limit every request gets its answer."""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.client.openai_endpoint import OpenAIEndpoint
from capdraft.client.pace import (
    CAUTION,
    FIRST_FLIGHT,
    WINDOW,
    HeldTooLong,
    Limit,
    Pace,
    limits,
    seconds_until,
)
from capdraft.errors import EndpointBusy
from capdraft.settings import EndpointSettings
from stub_endpoint import Answer, completion, problem, stub_endpoint


class Limited:
    """A stub's script that takes so many requests in any second and turns the others away."""

    def __init__(self, a_second: int, *, tells: bool = False) -> None:
        self._limit, self._taken, self._lock = a_second, deque[float](), threading.Lock()
        self._tells = tells

    def __call__(self, _: dict[str, Any]) -> Answer:
        with self._lock:
            now = time.monotonic()
            while self._taken and self._taken[0] < now - 1:
                self._taken.popleft()
            refused = len(self._taken) >= self._limit
            if not refused:
                self._taken.append(now)
            headers = self._headers(self._taken[0] + 1 - now)
        if refused:
            return problem(429, "Rate limit reached", **headers)
        time.sleep(0.2)
        answer = completion({"capabilities": []})
        return replace(answer, headers={**answer.headers, **headers})

    def _headers(self, reset: float) -> dict[str, str]:
        left = str(self._limit - len(self._taken))
        told = {"remaining": left, "reset": f"{reset * 1000:.0f}ms", "limit": str(self._limit)}
        return {f"x-ratelimit-{k}-requests": v for k, v in told.items()} if self._tells else {}


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


@pytest.mark.parametrize("tells", [True, False])
def test_at_a_limit_every_request_is_answered_with_few_more_calls(tells: bool) -> None:
    with stub_endpoint(Limited(30, tells=tells)) as stub:
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


class Leaping(selectors.SelectSelector):
    """Never waits: the time that it was to wait for has passed."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0.0
        return super().select(0)


def in_no_time(main: Callable[[Callable[[], float]], Coroutine[Any, Any, None]]) -> None:
    """Run `main` with a clock that leaps over every wait."""
    selector = Leaping()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    try:
        loop.run_until_complete(main(loop.time))
    finally:
        loop.close()


@pytest.mark.parametrize("at_once", [32, 256])
@pytest.mark.parametrize("window", ["sliding", "fixed"])
@pytest.mark.parametrize("tells", [True, False])
def test_at_20_a_second_200_documents_take_at_most_220_calls(
    at_once: int, window: str, tells: bool
) -> None:
    taken, calls, ended = deque[float](), [0], [0.0]

    async def serve(clock: Callable[[], float]) -> tuple[bool, list[Limit]]:
        now, calls[0] = clock(), calls[0] + 1
        while taken and (taken[0] <= now - 1 if window == "sliding" else int(taken[0]) != int(now)):
            taken.popleft()
        refused = len(taken) >= 20
        if not refused:
            taken.append(now)
        reset = taken[0] + 1 - now if window == "sliding" else int(now) + 1 - now
        limits = [Limit(20 - len(taken), reset, 20)] if tells else []
        await asyncio.sleep(0.001 if refused else 0.2)
        return refused, limits

    async def main(clock: Callable[[], float]) -> None:
        pace, places = Pace(asyncio.sleep, clock), asyncio.Semaphore(at_once)

        async def ask() -> None:
            async with places:
                refused = True
                while refused:
                    number = await pace.turn()
                    refused, limits = await serve(clock)
                    pace.landed()
                    pace.told(number, limits)
                    if refused:
                        pace.refused(WINDOW)
                    else:
                        pace.answered()

        await asyncio.gather(*(ask() for _ in range(200)))
        ended[0] = clock()

    in_no_time(main)
    assert calls[0] <= 220
    assert ended[0] < 20  # half of what the endpoint would take


def test_what_is_left_is_heeded_before_anything_is_refused() -> None:
    time = FakeTime()
    pace = Pace(time.sleep, time.clock, max_wait=60)

    async def run() -> None:
        first = await pace.turn()
        second = await pace.turn()
        pace.landed()
        assert pace.told(first, [Limit(3, 30), Limit(90, 50)]) == 0
        await pace.turn()
        await pace.turn()
        assert time.now == 100.0
        for _ in range(3):
            pace.landed()
        await pace.turn()  # the limit is refilled
        assert time.now == 130.0
        assert pace.told(second, [Limit(0, 999)]) > 0
        pace.landed()
        with pytest.raises(HeldTooLong):
            await pace.turn()

    asyncio.run(run())


def test_a_refill_allows_as_many_as_the_limit() -> None:
    time = FakeTime()
    pace = Pace(time.sleep, time.clock)

    async def run() -> None:
        number = await pace.turn()
        pace.landed()
        assert pace.told(number, [Limit(0, 30, 5)]) == 30
        for _ in range(5):
            await pace.turn()
            pace.landed()
        assert time.now == 130.0
        await pace.turn()
        assert time.now == 160.0

    asyncio.run(run())


def test_the_first_flight_is_small_and_doubles_with_its_answers() -> None:
    async def run() -> None:
        pace, sent = Pace(), list[int]()

        async def send() -> None:
            sent.append(await pace.turn())

        tasks = [asyncio.create_task(send()) for _ in range(100)]
        await asyncio.sleep(0)
        assert len(sent) == FIRST_FLIGHT
        for _ in range(FIRST_FLIGHT):
            pace.answered()
            pace.landed()
        await asyncio.sleep(0.01)
        assert len(sent) == 3 * FIRST_FLIGHT
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())


IN_A_MINUTE = "in a minute"


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"x-ratelimit-limit-requests": "60", "x-ratelimit-reset-requests": "1s"}, []),
        (
            {
                "x-ratelimit-limit-requests": "60",
                "x-ratelimit-remaining-requests": "59",
                "x-ratelimit-reset-requests": "6m0s",
                "x-ratelimit-limit-tokens": "150000",
                "x-ratelimit-remaining-tokens": "10000",
                "x-ratelimit-reset-tokens": "20ms",
            },
            [Limit(59, 360, 60), Limit(10, 0.02, 150)],
        ),
        (
            {
                "anthropic-ratelimit-requests-remaining": "0",
                "anthropic-ratelimit-requests-reset": IN_A_MINUTE,
                "anthropic-ratelimit-output-tokens-limit": "8000",
                "anthropic-ratelimit-output-tokens-remaining": "4000",
                "anthropic-ratelimit-output-tokens-reset": IN_A_MINUTE,
            },
            [Limit(0, 60), Limit(4, 60, 8)],
        ),
        (
            {
                "ratelimit-limit": "10, 10;w=1, 50;w=60",
                "ratelimit-remaining": "9",
                "ratelimit-reset": "4",
            },
            [Limit(9, 4, 10)],
        ),
        (
            {
                "ratelimit": '"burst";r=50;t=30, "day";r=0;t=3600',
                "ratelimit-policy": '"burst";q=100;w=60, "day";q=5000;w=86400',
            },
            [Limit(50, 30, 100), Limit(0, 3600, 5000)],
        ),
        ({"ratelimit": "limit=100, remaining=50, reset=5"}, [Limit(50, 5, 100)]),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "1.5"}, [Limit(1, 1.5)]),
        ({"ratelimit-remaining": "few", "ratelimit-reset": "4"}, []),
        ({"ratelimit-remaining": "-1", "ratelimit-reset": "4"}, []),
        ({"ratelimit-remaining": "nan", "ratelimit-reset": "4"}, []),
        ({"ratelimit-remaining": "4", "ratelimit-reset": "soon"}, []),
    ],
)
def test_limits_are_read_from_the_headers_in_use(
    headers: dict[str, str], found: list[Limit]
) -> None:
    then = (datetime.now(UTC) + timedelta(seconds=60)).isoformat()
    headers = {key: then if value == IN_A_MINUTE else value for key, value in headers.items()}
    read = limits(headers, tokens=1000)
    assert [(item.remaining, item.limit) for item in read] == [
        (item.remaining, item.limit) for item in found
    ]
    assert [item.reset for item in read] == pytest.approx([i.reset for i in found], abs=20)


@given(st.dictionaries(st.sampled_from(["ratelimit", "ratelimit-policy"]), st.text()), st.text())
def test_no_header_is_too_odd_to_read(headers: dict[str, str], reset: str) -> None:
    limits({**headers, "ratelimit-remaining": reset, "ratelimit-reset": reset})
    seconds = seconds_until(reset)
    assert seconds is None or seconds >= 0


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
