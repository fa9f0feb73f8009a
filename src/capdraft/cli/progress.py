"""What a run tells while it works: a live bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

from capdraft.cli.frame import Frame, count

if TYPE_CHECKING:
    from decimal import Decimal

    from tqdm import tqdm

    from capdraft.client.prices import Meter

TICK = 0.5
"""Seconds after which times are brought up to date."""
DRAWN_AT_MOST_EVERY = 0.1
SILENCE = 30.0
"""Seconds without a line, after which a run without a bar says how far it is."""
RATE_WINDOW = 60.0
SHORTEST_BAR = 8


@dataclass
class Counted:
    """How far a run is."""

    total: int
    meter: Meter
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self.done = 0
        self.started = self.clock()
        self._ends: deque[float] = deque()

    def finished(self) -> None:
        """Count one document."""
        self.done += 1
        self._ends.append(self.clock())

    @property
    def a_minute(self) -> float:
        """Documents a minute: over the last one, or over all of a run that is slower than that.

        So what the ledger answered at once doesn't promise a rate that no endpoint has.
        """
        now = self.clock()
        while self._ends and self._ends[0] < now - RATE_WINDOW:
            self._ends.popleft()
        elapsed = max(now - self.started, 0.001)
        if len(self._ends) < 3:
            return self.done / elapsed * 60
        return len(self._ends) / min(elapsed, RATE_WINDOW) * 60

    @property
    def left(self) -> str:
        """The time left, or the time so far where no document is done."""
        if not self.done:
            return f"{_duration(self.clock() - self.started)} so far"
        return f"{_duration((self.total - self.done) / self.a_minute * 60)} left"

    @property
    def waiting(self) -> str:
        """What is told while all that was asked is unanswered and nothing is done, else nothing."""
        if not self.meter.requests or self.done or self.meter.calls:
            return ""
        return f"waiting for the first answer, {self.left}"

    def parts(self) -> dict[str, str]:
        """Return what there is to tell, in its order."""
        meter = self.meter
        tokens = f"{_short(meter.prompt_tokens)} + {_short(meter.completion_tokens)} tokens"
        return {
            "calls": count(meter.calls, "call"),
            "tokens": tokens,
            "cost": usd(meter.cost),
            **({"rate": f"{self.a_minute:.0f}/min"} if self.done else {}),
            "left": self.left,
        }

    def fitting(self, width: int) -> str:
        """Return as many of the parts as leave room for a bar in `width` columns."""
        parts = self.parts()
        room = width - 2 * len(str(self.total)) - SHORTEST_BAR - 3
        if 0 < len(self.waiting) <= room:
            return self.waiting
        for dropped in ("tokens", "rate", "calls", "cost", "left"):
            if len(" · ".join(parts.values())) <= room:
                break
            parts.pop(dropped, None)
        return " · ".join(parts.values())

    def summary(self) -> str:
        """Return all of it as one line."""
        if self.total == 1 and self.waiting:
            return self.waiting
        told = self.waiting or ", ".join(self.parts().values())
        return f"{self.done} of {self.total} documents, {told}"

    def ended(self) -> str:
        """Return what the whole run came to."""
        parts = self.parts()
        spent = ", ".join(parts[name] for name in ("calls", "tokens", "cost"))
        return f"{self.done} of {self.total} in {_duration(self.clock() - self.started)}: {spent}"


class Progress:
    """Tells how far a run is. An async context manager: it ticks while the block runs."""

    def __init__(self, frame: Frame, counted: Counted, *, live: bool) -> None:
        self.counted = counted
        self.frame = _FrameAbove(frame.as_json, frame.folder, self)
        self._live = live
        self._bar: tqdm[NoReturn] | None = None
        self._drawn = self._said = counted.clock()
        self._depth = 0
        self._lock = threading.RLock()  # sources are read, and may be told of, in threads
        counted.meter.changed = self._draw_soon

    async def __aenter__(self) -> Self:
        import asyncio

        if self._live:
            self._bar = _new_bar(self.counted.total)
            self._draw()
        self._ticking = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        import asyncio

        self._ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._ticking
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def finished(self, tell: Callable[[Frame], None]) -> None:
        """Count a document, and let `tell` print how it ended."""
        self.counted.finished()
        with self.above():
            tell(self.frame)

    @contextlib.contextmanager
    def above(self) -> Iterator[None]:
        """Take the bar away while the block prints lines."""
        with self._lock:
            self._said = self.counted.clock()
            if self._bar is not None and not self._depth:
                self._bar.clear()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    self._draw()

    async def _tick(self) -> None:
        import asyncio

        while True:
            await asyncio.sleep(TICK)
            self._draw()
            if not self._live and self.counted.clock() - self._said >= SILENCE:
                self.frame.note(self.counted.summary())

    def _draw_soon(self) -> None:
        if self.counted.clock() - self._drawn >= DRAWN_AT_MOST_EVERY:
            self._draw()

    def _draw(self) -> None:
        if self._bar is None or self._depth:
            return
        self._drawn = self.counted.clock()
        self._bar.ncols = _width() - 1
        self._bar.n = self.counted.done
        self._bar.set_description_str(self.counted.fitting(self._bar.ncols), refresh=False)
        self._bar.refresh()


@dataclass(frozen=True)
class _FrameAbove(Frame):
    """A frame whose lines stand above the bar."""

    progress: Progress

    def say(self, text: str = "") -> None:
        with self.progress.above():
            super().say(text)

    def note(self, text: str) -> None:
        with self.progress.above():
            super().note(text)


def is_live(frame: Frame) -> bool:
    """Tell whether standard error is a terminal that a person looks at."""
    dumb = os.environ.get("CI") or os.environ.get("TERM") == "dumb"
    return sys.stderr.isatty() and not frame.as_json and not dumb


def usd(cost: Decimal | float | None) -> str:
    """Return a cost as text."""
    if cost is None:
        return "cost unknown"
    return f"${cost:.4f}" if cost < 10 else f"${cost:,.2f}"


def _new_bar(total: int) -> tqdm[NoReturn]:
    from tqdm import tqdm

    tqdm.set_lock(threading.RLock())  # its own lock could start a process for all processes' locks
    tqdm.monitor_interval = 0  # no thread: the tick redraws
    return tqdm(
        total=total,
        bar_format="{n_fmt}/{total_fmt} {bar} {desc}",
        file=sys.stderr,
        leave=False,
        miniters=0,
        ncols=80,
        nrows=24,  # not asked of the terminal: some tell 0, and then nothing is shown
    )


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _short(number: int) -> str:
    if number < 10_000:
        return f"{number:,}"
    return f"{number / 1e3:.1f}k" if number < 1_000_000 else f"{number / 1e6:.2f}M"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
