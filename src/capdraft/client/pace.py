"""How fast an endpoint is asked: one pace for all requests of a run.

A request that is turned away (429) holds all others back, not just itself, and lowers the rate to
what the endpoint took; each answer raises it a little. So the rate settles under the limit.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from capdraft.client import Sleep

WINDOW = 1.0
"""Seconds over which the rate that an endpoint takes is counted, and the shortest hold."""
CAUTION = 0.85
"""Share of the rate that was taken, to go on with after a refusal."""
GROWTH = 1.002
"""Factor on the rate with each answer: about 4 % a second at 20 answers a second."""
SLOWEST = 0.1
"""Requests a second that are always tried."""


class Pace:
    """When the next request may be sent. Unlimited until the endpoint turns one away."""

    def __init__(
        self, sleep: Sleep = asyncio.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sleep, self._clock = sleep, clock
        self._next = 0.0
        self._sent: deque[float] = deque(maxlen=4096)
        self._refused_at: float | None = None
        self.rate: float | None = None
        self.answers = 0

    async def turn(self) -> None:
        """Wait until a request may be sent, and count it as sent."""
        while (wait := self._next - self._clock()) > 0:
            await self._sleep(wait)
        if self._refused_at is not None:
            self._slow_down(self._refused_at)
        now = self._clock()
        if self.rate is not None:
            self._next = now + 1 / self.rate
        self._sent.append(now)

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
        if self.rate is not None:
            self.rate *= GROWTH

    def _slow_down(self, refused_at: float) -> None:
        self._refused_at = None
        if self.rate is None:
            self.rate = sum(1 for sent in self._sent if sent > refused_at - WINDOW) / WINDOW
        self.rate = max(self.rate * CAUTION, SLOWEST)
