"""How fast an endpoint is asked: one pace for all requests of a run.

A request that is turned away (429) holds all others back, not just itself, and lowers the rate to
what the endpoint took; each answer raises it a little. So the rate settles under the limit. Where
the endpoint's headers say how many requests are left, no more are sent until they say otherwise.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from capdraft.client import Sleep

WINDOW = 1.0
"""Seconds over which the rate that an endpoint takes is counted, and the shortest hold."""
CAUTION = 0.85
"""Share of the rate that was taken, to go on with after a refusal."""
GROWTH = 1.002
"""Factor on the rate with each answer: about 4 % a second at 20 answers a second."""
SLOWEST = 0.1
"""Requests a second that are always tried."""
FIRST_FLIGHT = 32
"""Requests sent before the first answer. Each answer makes room for one more than itself."""
LOOK_AGAIN = 0.1
"""Seconds after which a hold is looked at again while answers may still bring news."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What headers say: requests that are left, seconds until they are refilled, and to what."""

    remaining: float
    reset: float
    limit: float | None = None


class HeldTooLong(Exception):
    """The endpoint's limit is used up for longer than may be waited: for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


class Pace:
    """When the next request may be sent. Unlimited until the endpoint sets a limit."""

    def __init__(
        self,
        sleep: Sleep = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        max_wait: float = math.inf,
    ) -> None:
        self._sleep, self._clock, self._max_wait = sleep, clock, max_wait
        self._next = 0.0
        self._sent: deque[float] = deque(maxlen=4096)
        self._refused_at: float | None = None
        self.rate: float | None = None
        self.answers = 0
        self._number = self._flying = 0
        self._room, self._landed = FIRST_FLIGHT, asyncio.Event()
        self._told_by, self._allowed, self._until = 0, math.inf, 0.0
        self._refill: Limit | None = None

    async def turn(self) -> int:
        """Wait until a request may be sent, count it as sent, and return its number.

        Raises:
            HeldTooLong: that is later than may be waited for.
        """
        while True:
            if self._flying >= self._room:
                self._landed.clear()
                await self._landed.wait()
                continue
            wait, held = self._next - self._clock(), self._held()
            if wait <= 0 and held <= 0:
                break
            if held > self._max_wait and not self._flying:
                raise HeldTooLong(held)
            await self._sleep(
                min(held, LOOK_AGAIN) if held > wait and self._flying else max(wait, held)
            )
        if self._refused_at is not None:
            self._slow_down(self._refused_at)
        now = self._clock()
        if self.rate is not None:
            self._next = now + 1 / self.rate
        self._sent.append(now)
        self._number += 1
        self._flying += 1
        return self._number

    def landed(self) -> None:
        """Note that a request is in flight no more, however it ended."""
        self._flying -= 1
        self._landed.set()

    def refused(self, seconds: float) -> float:
        """Hold all requests for `seconds`, at least for the window; return how long that is."""
        now = self._clock()
        # Many in flight are turned away together. The rate is counted once all of them came back.
        if self._refused_at is None:
            self._refused_at = now
        if self._sent:
            self._sent.pop()  # it was sent and not taken
        held = max(seconds, WINDOW)
        self._next = max(self._next, now + held)
        return held

    def answered(self) -> None:
        """Note an answer: the endpoint takes what it gets."""
        self.answers += 1
        self._room += 1
        if self.rate is not None:
            self.rate *= GROWTH

    def told(self, number: int, limits: list[Limit]) -> float:
        """Note what the answer to request `number` says is left.

        Return for how many seconds all requests are held, if that is longer than before.
        """
        if not limits or number < self._told_by:
            return 0.0  # later requests know better
        held, self._told_by = self._held(), number
        # What was sent behind it is not counted in what it says.
        behind = self._number - number
        used_up = [limit for limit in limits if limit.remaining < behind + 1]
        last = max(used_up, key=lambda limit: limit.reset, default=None)
        tightest = last or min(limits, key=lambda limit: limit.remaining)
        self._allowed = number + math.floor(tightest.remaining)
        self._until, self._refill = self._clock() + tightest.reset, tightest
        now_held = self._held()
        return now_held if now_held > held + WINDOW / 2 else 0.0

    def _held(self) -> float:
        """Return the seconds until the endpoint's limit is refilled, if it is used up."""
        if self._number < self._allowed or self._refill is None:
            return 0.0
        held = self._until - self._clock()
        if held <= 0:
            # Until an answer tells more, a refill is taken to be as large as the limit, and the
            # next one to be as far away.
            self._allowed = self._number + max(1, self._refill.limit or 1)
            self._until = self._clock() + max(self._refill.reset, WINDOW)
        return max(held, 0.0)

    def _slow_down(self, refused_at: float) -> None:
        self._refused_at = None
        if self.rate is None:
            self.rate = sum(1 for sent in self._sent if sent > refused_at - WINDOW) / WINDOW
        self.rate = max(self.rate * CAUTION, SLOWEST)


_NAMES = (
    # OpenAI and those who follow it; Anthropic; the IETF draft up to 06; the custom before it.
    ("x-ratelimit-{}-requests", "x-ratelimit-{}-tokens"),
    ("anthropic-ratelimit-requests-{}", "anthropic-ratelimit-tokens-{}"),
    ("", "anthropic-ratelimit-input-tokens-{}"),
    ("", "anthropic-ratelimit-output-tokens-{}"),
    ("ratelimit-{}", ""),
    ("x-ratelimit-{}", ""),
)
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400}
_STEP = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ns|us|µs|ms|s|m|h|d)")
_EPOCH = 1e9
"""A reset as large as this is no number of seconds to wait but a moment."""
_PARAMETER = re.compile(r"""\b(r|t|q|limit|remaining|reset)=([0-9]{1,15})\b""")


def limits(headers: Mapping[str, str], tokens: float = 1) -> list[Limit]:
    """Return the limits that `headers` tell, counted in requests of about `tokens` tokens."""
    found = list(_ietf(headers.get("ratelimit", ""), headers.get("ratelimit-policy", "")))
    for requests, of_tokens in _NAMES:
        for name, size in ((requests, 1.0), (of_tokens, max(tokens, 1.0))):
            remaining = _number(headers.get(name.format("remaining"))) if name else None
            reset = seconds_until(headers.get(name.format("reset"), ""))
            if remaining is not None and reset is not None:
                limit = _number(headers.get(name.format("limit")))
                found.append(Limit(remaining / size, reset, limit / size if limit else None))
    return found


def _ietf(told: str, policy: str) -> Iterator[Limit]:
    """Yield what the fields of the IETF draft say: `"day";r=50;t=30`, or `remaining=50, reset=30`.

    The policy is `"day";q=100;w=60`.
    """
    quotas = {_named(item): dict(_PARAMETER.findall(item)) for item in policy.split(",")}
    for item in told.split(",") if "remaining=" not in told else [told]:
        said = dict(_PARAMETER.findall(item))
        remaining, reset = said.get("r", said.get("remaining")), said.get("t", said.get("reset"))
        limit = said.get("limit") or quotas.get(_named(item), {}).get("q")
        if remaining is not None and reset is not None:
            yield Limit(float(remaining), float(reset), float(limit) if limit else None)


def _named(item: str) -> str:
    return item.partition(";")[0].strip()


def _number(value: str | None) -> float | None:
    try:
        number = float((value or "").partition(",")[0])  # "100, 100;w=60" names the policy too
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def seconds_until(reset: str) -> float | None:
    """Return the seconds that a reset header says: 20, 6m0s, 20ms, a Unix time or RFC 3339."""
    number = _number(reset)
    if number is not None:
        return max(0.0, number - time.time()) if number > _EPOCH else number
    steps = _STEP.findall(reset)
    if steps and "".join(amount + unit for amount, unit in steps) == reset.strip():
        return sum(float(amount) * _UNITS[unit] for amount, unit in steps)
    try:
        return max(0.0, datetime.fromisoformat(reset).timestamp() - time.time())
    except ValueError:
        return None
