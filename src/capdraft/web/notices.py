"""What the next page of a session says once: that something was done, and can be undone."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Notice:
    """A line of text, and whether the last action can be undone beside it."""

    text: str
    undo: bool = False


class Notices:
    """One notice a session; the oldest are forgotten when there are too many."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Notice] = OrderedDict()
        self._lock = Lock()

    def put(self, session: str, notice: Notice) -> None:
        """Keep `notice` for the next page of `session`, instead of an earlier one."""
        with self._lock:
            self._waiting[session] = notice
            self._waiting.move_to_end(session)
            while len(self._waiting) > MOST:
                self._waiting.popitem(last=False)

    def take(self, session: str) -> Notice | None:
        """Return the notice of `session`, once."""
        with self._lock:
            return self._waiting.pop(session, None)
