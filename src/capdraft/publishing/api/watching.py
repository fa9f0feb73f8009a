"""When the catalog has to be looked over: a request must not pay for what did not change."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

SHORTEST = 2.0
"""Seconds after which files are looked at that were changed in place."""
SHARE = 20
"""Such a look may cost one part in this many of the time."""


class Watch:
    """Runs `work` when `folder` changed since it ran last, or when it is time again.

    A file that is added, removed or replaced changes its folder at once, as merging and git do.
    """

    def __init__(
        self,
        folder: Path,
        work: Callable[[], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._work, self._clock = folder, work, clock
        self._lock = threading.Lock()
        self._seen: int | None = None
        self._looked = self._cost = 0.0

    def look(self) -> None:
        """Look if it is due. Where another thread is at it, what was known before will do."""
        if not self._is_due() or not self._lock.acquire(blocking=self._seen is None):
            return
        try:
            if self._is_due():
                seen, began = self._stamp(), self._clock()
                self._work()
                self._looked = self._clock()
                self._seen, self._cost = seen, self._looked - began
        finally:
            self._lock.release()

    def _is_due(self) -> bool:
        wait = max(SHORTEST, SHARE * self._cost)
        return self._seen != self._stamp() or self._clock() - self._looked > wait

    def _stamp(self) -> int:
        try:
            return self._folder.stat().st_mtime_ns
        except OSError:
            return 0
