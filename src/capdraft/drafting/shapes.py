"""How an endpoint is told the shape of an answer: found out once, from the strictest way down."""

from __future__ import annotations

import re
from collections.abc import Callable

from capdraft.errors import RequestRefused

WAYS = ("json_schema", "tool_call", "json_object", "none")
_ABOUT_SHAPE = re.compile(
    r"response_format|json_schema|json_object|json mode|schema|structured|tool|function", re.I
)


class Shape:
    """The way in use. One that is refused or ignored is given up for the next by all of a run.

    Args:
        way: the way to begin with.
        fixed: the settings name it, so no other is tried.
        learned: called with the way that the endpoint took after another was given up.
    """

    def __init__(
        self, way: str, *, fixed: bool = False, learned: Callable[[str], None] = lambda _: None
    ) -> None:
        self.way = way
        self._fixed, self._learned = fixed, learned
        self._kept: set[str] = set()
        self._lowered = False
        self._ignored_first: str | None = None
        self._hopeless = False

    def refused(self, way: str, error: RequestRefused) -> bool:
        """Tell whether it is worth asking again in another way after `way` was refused."""
        if self._fixed or not _ABOUT_SHAPE.search(error.message):
            return False
        return way != self.way or self._lower()

    def ignored(self, way: str, *, usable: bool = False) -> bool:
        """Tell whether to ask again in another way: an answer asked for in `way` was no JSON.

        Not where another answer kept to `way`: then the model strayed, not the endpoint. `usable`
        tells that the answer is JSON all the same: then the next way is noted as the one to take.
        """
        if self._fixed or self._hopeless or way in self._kept:
            return False
        if way != self.way:
            return True
        self._ignored_first = self._ignored_first or way
        if self._lower():
            if usable:
                self._learned(self.way)
                self._lowered = False
            return True
        # Prose in each of the ways: the way is not what matters.
        self.way, self._lowered, self._hopeless = self._ignored_first, False, True
        return False

    def kept(self, way: str) -> None:
        """Note that an answer came in the shape that was asked for in `way`."""
        self._kept.add(way)
        if self._lowered and way == self.way:
            self._learned(way)
            self._lowered = False

    def _lower(self) -> bool:
        following = WAYS[WAYS.index(self.way) + 1 :]
        if following:
            self.way, self._lowered = following[0], True
        return bool(following)
