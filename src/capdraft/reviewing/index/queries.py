"""The questions that the queue answers, each in SQL on one connection."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from capdraft.reviewing.index.kinds import Counted, Kind, facet_counts
from capdraft.reviewing.index.selection import (
    ASCENDING,
    DESCENDING,
    PLACE,
    RARE,
    Selection,
    counted_kinds,
    is_pattern,
    rare,
    words_of,
)
from capdraft.reviewing.index.tallies import Tallies, Tally
from capdraft.reviewing.index.wanted import Facets, Waiting, Wanted, storable
from capdraft.reviewing.targets import Target

MOST_ARTIFACTS = 50

Place = tuple[int, int, str, str]
"""Where a field stands in the order of the queue."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What can be asked on one connection, with the tallies that all of them share."""

    database: sqlite3.Connection
    tallies: Tallies

    def page(self, wanted: Wanted, offset: int, limit: int | None) -> list[Waiting]:
        """Return the wanted fields from `offset` on, the riskiest first."""
        selection = self._select(wanted)
        if offset:
            risk, offset = self._skipped(wanted, offset)
            selection = selection.also("risk >= ?", risk)
        query = f"select id {selection.ordered()} order by {ASCENDING} limit ? offset ?"
        values = (*selection.values, -1 if limit is None else limit, offset)
        return self._fields([number for (number,) in self.database.execute(query, values)])

    def _skipped(self, wanted: Wanted, offset: int) -> tuple[int, int]:
        """Return the risk at which the field behind `offset` others stands, and how many of that
        risk are before it."""
        numbers = self._by_risk(wanted)
        for risk in sorted(numbers):
            if offset < numbers[risk]:
                return risk, offset
            offset -= numbers[risk]
        return max(numbers, default=0) + 1, 0

    def count(self, wanted: Wanted) -> int:
        """Return how many fields are wanted."""
        return sum(number for kind, number in self._counted(wanted) if kind.fits(wanted))

    def _by_risk(self, wanted: Wanted) -> Counter[int]:
        found: Counter[int] = Counter()
        for kind, number in self._counted(wanted):
            if kind.fits(wanted):
                found[kind.risk] += number
        return found

    def position(self, of: Waiting | Target, wanted: Wanted) -> tuple[int, int]:
        """Return the place of a field among those wanted, from 1 on, and how many those are."""
        place, numbers = self.place_of(of), self._by_risk(wanted)
        if place is None:
            return 0, numbers.total()
        risk, *rest = place
        beside = self._select(wanted).also("risk = ?", risk)
        beside = beside.also("(since, slug, capability) < (?, ?, ?)", *rest)
        query = f"select count(*) {beside.ordered()}"
        (number,) = self.database.execute(query, beside.values).fetchone()
        before = sum(fields for other, fields in numbers.items() if other < risk)
        return before + int(number) + 1, numbers.total()

    def beside(
        self,
        place: Place | None,
        wanted: Wanted,
        *,
        forwards: bool,
        unclaimed: tuple[str, float] | None = None,
    ) -> Waiting | None:
        """Return the wanted field next to `place`; from nowhere, the first of all.

        `unclaimed` names who asks, and when: what others hold is passed over.
        """
        selection = self._select(wanted)
        if place is not None:
            compared = f"{PLACE} {'>' if forwards else '<'} (?, ?, ?, ?)"
            selection = selection.also(compared, *place)
        if unclaimed is not None:
            selection = selection.also(
                "not exists (select 1 from claims join kinds on kinds.id = fields.kind "
                "where claims.slug = fields.slug and claims.capability = fields.capability "
                "and claims.field = json_extract(kinds.key, '$[0]') and who <> ? and until > ?)",
                *unclaimed,
            )
        order = ASCENDING if forwards else DESCENDING
        query = f"select id {selection.ordered()} order by {order} limit 1"
        found = self.database.execute(query, selection.values).fetchall()
        return next(iter(self._fields([number for (number,) in found])), None)

    def place_of(self, of: Waiting | Target) -> Place | None:
        """Return where a field stands: one that was shown where it was shown then, one that is
        only named where it is now; None if the index has no such field."""
        if isinstance(of, Waiting):
            return of.risk, int(of.since.timestamp()), storable(of.slug), storable(of.capability)
        query = (
            "select risk, since, slug, capability, key from fields indexed by by_artifact "
            "join kinds on kinds.id = kind where slug = ? and capability = ?"
        )
        values = (storable(of.slug), storable(of.capability or ""))
        for *place, key in self.database.execute(query, values):
            if of.field in (None, Kind.parse(key).field):
                risk, since, slug, capability = place
                return risk, since, slug, capability
        return None

    def facets(self, wanted: Wanted) -> Facets:
        """Return the counts by every filter."""
        counted = self._counted(wanted)
        return Facets(
            total=sum(number for kind, number in counted if kind.fits(wanted)),
            **facet_counts(counted, wanted),
            artifacts=self._largest(wanted),
        )

    def _largest(self, wanted: Wanted) -> dict[str, int]:
        """Return the artifacts that have the most of what is wanted of any artifact."""
        kinds, words = self._kinds(wanted), words_of(wanted)
        if words:
            return dict(self._tally(words).largest(kinds, MOST_ARTIFACTS))
        selection = Selection().of_kinds(kinds)
        query = (
            f"select slug, count(*) {selection.grouped()} group by slug order by 2 desc, 1 limit ?"
        )
        return dict(self.database.execute(query, (*selection.values, MOST_ARTIFACTS)).fetchall())

    def _counted(self, wanted: Wanted) -> Counted:
        """Return the kinds with their numbers of fields under `wanted`'s words and artifact."""
        kinds, words = counted_kinds(self.database), words_of(wanted)
        artifact = wanted.artifact
        if artifact is None and not words:
            return list(kinds.values())
        if artifact is None:
            numbers = self._tally(words).by_kind()
        elif is_pattern(artifact):
            numbers = self._tally(words).by_kind(storable(artifact))
        else:
            selection = Selection().of_artifact(wanted).holding(words)
            query = f"select kind, count(*) {selection.grouped()} group by kind"
            numbers = dict(self.database.execute(query, selection.values).fetchall())
        return [(kinds[kind][0], number) for kind, number in numbers.items()]

    def _kinds(self, wanted: Wanted) -> dict[int, Kind]:
        kinds = counted_kinds(self.database).items()
        return {number: kind for number, (kind, _) in kinds if kind.fits(wanted)}

    def _select(self, wanted: Wanted) -> Selection:
        """Return the selection of what is wanted."""
        kinds, words = self._kinds(wanted), words_of(wanted)
        start = Selection(all_open=all(kind.is_open for kind in kinds.values()))
        found = start.of_kinds(kinds).of_artifact(wanted).holding(words)
        few = self._few(words) if words and not found.one_artifact else None
        if few is None:
            return found
        return replace(found.also(*few.conditions, *few.values), few=True)

    def _few(self, words: Sequence[str]) -> Selection | None:
        """Return a selection by ids of what may hold `words`, if that is little."""
        if found := rare(self.database, words):
            return found
        if sum(self._tally(words).by_kind().values()) > RARE:
            return None
        holding = Selection().holding(words)
        ids = f"id in (select id {holding.grouped('by_words')})"
        return Selection(few=True).also(ids, *holding.values)

    def _tally(self, words: Sequence[str]) -> Tally:
        def count() -> Tally:
            selection = (rare(self.database, words) or Selection()).holding(words)
            index = "by_words" if words else "by_artifact"
            query = f"select slug, kind, count(*) {selection.grouped(index)} group by 1, 2"
            return Tally(self.database.execute(query, selection.values).fetchall())

        return self.tallies.of(self.database, tuple(words), count)

    def _fields(self, ids: Sequence[int]) -> list[Waiting]:
        query = (
            "select fields.id, slug, capability, key, since, name, text, "
            "why, text_sha256, evidence_sha256 from fields "
            "join kinds on kinds.id = kind join texts on texts.id = fields.id "
            "where fields.id in (select value from json_each(?))"
        )
        rows = self.database.execute(query, (json.dumps(ids),))
        found = {row[0]: _waiting(*row[1:]) for row in rows}
        return [found[number] for number in ids]


def _waiting(slug: str, capability: str, key: str, since: int, *said: str) -> Waiting:
    kind = Kind.parse(key)
    name, text, why, text_sha256, evidence_sha256 = said
    return Waiting(
        slug=slug,
        capability=capability,
        field=kind.field,
        status=kind.status,
        codes=kind.codes,
        errors=kind.errors,
        since=datetime.fromtimestamp(since, UTC),
        name=name,
        text=text,
        second_opinion=kind.second,
        why=why,
        text_sha256=text_sha256,
        evidence_sha256=evidence_sha256,
    )
