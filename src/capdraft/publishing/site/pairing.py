"""Which artifacts are compared: the rule's pairs, looked for again only in a type that changed."""

from __future__ import annotations

import json
from collections.abc import Iterator

from capdraft.publishing.site.in_common import InCommon, Pair, Said, rule
from capdraft.publishing.site.keeping import Kept
from capdraft.text import sha256


class Pairing:
    """The pairs of a catalog."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def bring_up_to_date(self, least: int, most: int, said: Said) -> None:
        """Find the pairs of each type of which something changed, by the rule with these numbers.

        `said` is what reviewers said of capabilities.
        """
        rows = self._kept.rows
        types = [t for (t,) in rows.execute("select distinct type from artifacts where listed")]
        for (gone,) in rows.execute("select type from kinds").fetchall():
            if gone not in types:
                self._forget(gone)
        for type_ in sorted(types):
            key = self._key(type_, least, most, said)
            if self._kept.one("select 1 from kinds where type = ? and key = ?", type_, key):
                continue
            self._forget(type_)
            found = InCommon(said)
            for slug, told in self._told(type_):
                found.add_told(slug, type_, told)
            for (one, two), count in found.pairs(least, most).items():
                rows.execute("insert into pairs values (?, ?, ?, ?)", (one, two, type_, count))
            rows.execute("insert into kinds values (?, ?)", (type_, key))

    def all(self) -> Iterator[Pair]:
        """Yield the rule's pairs in the order of their slugs."""
        yield from self._kept.all("select one, two from pairs order by one, two")

    def near(self, slug: str) -> list[tuple[Pair, int]]:
        """Return the pairs that an artifact is in, those with most in common first."""
        query = (
            "select one, two, common from pairs where one = ? union all "
            "select one, two, common from pairs where two = ? order by 3 desc, 1, 2"
        )
        return [((one, two), count) for one, two, count in self._kept.all(query, slug, slug)]

    def _forget(self, type_: str) -> None:
        self._kept.rows.execute("delete from kinds where type = ?", (type_,))
        self._kept.rows.execute("delete from pairs where type = ?", (type_,))

    def _told(self, type_: str) -> Iterator[tuple[str, str]]:
        query = "select slug, told from artifacts where listed and type = ? order by slug"
        yield from self._kept.all(query, type_)

    def _key(self, type_: str, least: int, most: int, said: Said) -> str:
        own = {slug: sha256(told) for slug, told in self._told(type_)}
        words = [item.id for pair in said if own.keys() >= {*pair} for item in said[pair].values()]
        return sha256(json.dumps([rule(least, most), sorted(words), [*own.items()]]))
