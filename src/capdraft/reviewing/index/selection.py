"""Which fields are wanted, as SQL, and the order that they stand in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from capdraft.reviewing.index.kinds import Kind
from capdraft.reviewing.index.wanted import Wanted, searched, storable

RARE = 5000
"""Words that at most so many fields hold are looked up; others are met while walking."""
_ORDER = ("risk", "since", "slug", "capability")
ASCENDING = ", ".join(_ORDER)
DESCENDING = ", ".join(f"{column} desc" for column in _ORDER)
PLACE = f"({ASCENDING})"


@dataclass(frozen=True, slots=True)
class Selection:
    """The fields that are wanted, as SQL. Its texts are written here, its values are bound."""

    conditions: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    all_open: bool = False
    one_artifact: bool = False
    few: bool = False
    """Whether a condition names the ids of few fields."""

    def ordered(self) -> str:
        """Return FROM and WHERE, by the way that is short in the order of the queue."""
        if self.few or self.one_artifact or not self.all_open:
            return self._by("not indexed" if self.few else self._short())
        return replace(self, conditions=("open = 1", *self.conditions))._by(self._short())

    def grouped(self, index: str = "by_artifact") -> str:
        """Return FROM and WHERE, by artifact and kind; few fields as they lie."""
        return self._by("not indexed" if self.few else f"indexed by {index}")

    def _short(self) -> str:
        if self.one_artifact:
            return "indexed by by_artifact"
        return f"indexed by {'open_in_order' if self.all_open else 'in_order'}"

    def _by(self, way: str) -> str:
        return f"from fields {way} where {' and '.join(self.conditions) or '1'}"

    def also(self, condition: str, *values: Any) -> Selection:
        """Return the fields of these for which `condition` holds too."""
        return replace(
            self, conditions=(*self.conditions, condition), values=(*self.values, *values)
        )

    def of_kinds(self, kinds: Iterable[int]) -> Selection:
        """Return the fields of these that are of one of `kinds`, by their ids."""
        return self.also("kind in (select value from json_each(?))", json.dumps(list(kinds)))

    def of_artifact(self, wanted: Wanted) -> Selection:
        """Return the fields of these whose artifact is wanted."""
        if wanted.artifact is None:
            return self
        pattern = storable(wanted.artifact)
        if is_pattern(pattern):
            return self.also("slug in (select slug from artifacts where fits(slug, ?))", pattern)
        return replace(self.also("slug = ?", pattern), one_artifact=True)

    def holding(self, words: Iterable[str]) -> Selection:
        """Return the fields of these that hold all `words`."""
        found = self
        for word in words:
            found = found.also("instr(said, ?) > 0", word)
        return found


def is_pattern(artifact: str) -> bool:
    """Tell whether it stands for several slugs."""
    return any(letter in artifact for letter in "*?[")


def words_of(wanted: Wanted) -> tuple[str, ...]:
    """Return the words that are looked for, each once."""
    return tuple(dict.fromkeys(searched(wanted.words or "").split()))


def counted_kinds(database: sqlite3.Connection) -> dict[int, tuple[Kind, int]]:
    """Return each kind that has fields, by its id, and how many it has."""
    rows = database.execute("select id, key, fields from kinds where fields > 0")
    return {number: (Kind.parse(key), fields) for number, key, fields in rows}


def rare(database: sqlite3.Connection, words: Sequence[str]) -> Selection | None:
    """Return the fields that may hold all `words`, if the index of words knows that they are few.

    They hold all runs of three letters of the words: some fields too many, and none too few.
    """
    runs = {word[at : at + 3] for word in words for at in range(len(word) - 2)}
    if not runs:
        return None
    match = " ".join('"' + run.replace('"', '""') + '"' for run in sorted(runs))
    probe = "select count(*) from (select 1 from words where words match ? limit ?)"
    (found,) = database.execute(probe, (match, RARE + 1)).fetchone()
    if found > RARE:
        return None
    few = Selection(few=True)
    return few.also("id in (select rowid from words where words match ?)", match)
