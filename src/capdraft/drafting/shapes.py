"""How an endpoint is told the shape of an answer: found out once, from the strictest way down."""

from __future__ import annotations

import re
from collections.abc import Callable

from capdraft.errors import RequestRefused

WAYS = ("json_schema", "json_object", "none")
_ABOUT_SHAPE = re.compile(
    r"response_format|json_schema|json_object|json mode|schema|structured", re.I
)


class Shape:
    """The way in use. A way that is refused is given up for the next one by all of a run.

    Args:
        way: the way to begin with.
        fixed: the settings name it, so no other is tried.
        learned: called with the way that the endpoint took after another was refused.
    """

    def __init__(
        self, way: str, *, fixed: bool = False, learned: Callable[[str], None] = lambda _: None
    ) -> None:
        self.way = way
        self._fixed, self._learned = fixed, learned
        self._lowered = False

    def refused(self, way: str, error: RequestRefused) -> bool:
        """Tell whether it is worth asking again in another way after `way` was refused."""
        if self._fixed or not _ABOUT_SHAPE.search(error.message):
            return False
        if way == self.way:
            following = WAYS[WAYS.index(way) + 1 :]
            if not following:
                return False
            self.way, self._lowered = following[0], True
        return True

    def taken(self) -> None:
        """Note that the endpoint answered."""
        if self._lowered:
            self._learned(self.way)
            self._lowered = False
