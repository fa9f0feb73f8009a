"""Keeps the index true in the background: filled at the start, looked over again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING

from capdraft.web.failures import complain

if TYPE_CHECKING:
    from capdraft.reviewing.index import QueueIndex

SHORTEST = 2.0
"""Seconds between two looks."""
SHARE = 20
"""A look may cost one part in this many of the time."""


@dataclass
class Refreshing:
    """Looks over the index until it is stopped; `done` of `of` artifacts are read in this look."""

    index: QueueIndex
    done: int = 0
    of: int = 0
    ready: bool = False
    """Whether everything was looked at once."""
    problem: str = ""
    when_ready: Callable[[], None] = lambda: None
    _stop: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self) -> None:
        """Begin in a thread that ends with the process."""
        self._thread = Thread(target=self._run, name="index", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the look that is under way."""
        self._stop.set()

    def look(self) -> None:
        """Look over all artifacts once."""
        try:
            self.index.refresh(told=self._told)
            if not self.ready:
                self.ready = True
                self.when_ready()
            self.problem = ""
        except Exception as error:  # whatever it was, the next look may be better
            if str(error) != self.problem and not self._stop.is_set():
                complain(f"the queue can't be brought up to date: {error}")
            self.problem = str(error)

    def _run(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            self.look()
            self._stop.wait(max(SHORTEST, SHARE * (time.monotonic() - began)))

    def _told(self, done: int, of: int) -> None:
        self.done, self.of = done, of
