"""How many fields hold some words, by artifact and kind: counted once for many questions."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from heapq import nsmallest

KEPT = 4
"""Searches whose tallies are kept until the index changes."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Slugs, kinds, and how many fields of the kind each artifact has."""

    rows: Sequence[tuple[str, int, int]]

    @lru_cache(maxsize=KEPT)  # noqa: B019 - it keeps no more tallies than `Tallies` does
    def by_kind(self, pattern: str = "*") -> Mapping[int, int]:
        """Return how many fields each kind has, in the artifacts whose slugs fit a pattern."""
        fits = re.compile(translate(pattern)).match
        fitting = {slug for slug in {slug for slug, _, _ in self.rows} if fits(slug)}
        found: Counter[int] = Counter()
        for slug, kind, number in self.rows:
            if slug in fitting:
                found[kind] += number
        return found

    def largest(self, kinds: Collection[int], most: int) -> Mapping[str, int]:
        """Return the artifacts that have the most fields of `kinds`, the largest first."""
        found: Counter[str] = Counter()
        for slug, kind, number in self.rows:
            if kind in kinds:
                found[slug] += number
        return dict(nsmallest(most, found.items(), key=lambda item: (-item[1], item[0])))


class Tallies:
    """The tallies of the last few searches; threads may share them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._revision = -1
        self._kept: dict[tuple[str, ...], Tally] = {}

    def of(
        self, database: sqlite3.Connection, words: tuple[str, ...], tally: Callable[[], Tally]
    ) -> Tally:
        """Return the tally of `words` at the revision that `database` reads."""
        (revision,) = database.execute("select revision from meta").fetchone()
        with self._lock:
            if revision == self._revision and words in self._kept:
                return self._kept[words]
        found = tally()
        with self._lock:
            if revision != self._revision:
                self._revision, self._kept = revision, {}
            self._kept[words] = found
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return found
