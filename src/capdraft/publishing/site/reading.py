"""One pass through the catalog: cards for lists, words for comparisons, rows for the search."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from capdraft.comparing import read_entries
from capdraft.errors import CapdraftError, NotFound, UsageProblem
from capdraft.publishing.site.cards import Card, card_of
from capdraft.publishing.site.finding import FEW, search_row
from capdraft.publishing.site.in_common import InCommon, Pair
from capdraft.records import CatalogEntry
from capdraft.workspace import Workspace


@dataclass
class Catalog:
    """What a site keeps of the catalog; the entries themselves are read again where needed."""

    cards: dict[str, Card] = field(default_factory=dict)
    common: InCommon = field(default_factory=InCommon)
    rows: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    """Slugs whose entry can't be read."""
    failed: list[CapdraftError] = field(default_factory=list)


class Reader:
    """Reads the entries of a workspace, and keeps the last few."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.entry = lru_cache(maxsize=64)(self._entry)

    def _entry(self, slug: str) -> CatalogEntry:
        return read_entries(self._workspace, [slug])[0]

    def catalog(self) -> Catalog:
        """Return what a site keeps of every artifact with an approved record."""
        found = Catalog()
        described = 0
        for slug in self._workspace.catalog():
            try:
                read = self._workspace.read_entry(slug)
            except CapdraftError as error:
                found.failed.append(error)
                found.unread.add(slug)
                continue
            if read.entry is None or read.stored is None or not read.entry.capabilities:
                continue
            found.cards[slug] = card_of(read.entry, read.stored.sha256)
            found.common.add(read.entry)
            described += len(read.entry.capabilities)
            if described <= FEW:
                found.rows.append(search_row(read.entry, descriptions=True))
        if described > FEW:
            found.rows = [search_row(self._entry(slug), descriptions=False) for slug in found.cards]
        return found

    def pairs(self, asked: tuple[Pair, ...], catalog: Catalog) -> set[Pair]:
        """Return the pairs that were asked for, each in the order of its page.

        Raises:
            UsageProblem: a pair is one artifact twice.
            NotFound: an artifact is not in the catalog, or has no approved record.
        """
        found = set()
        for one, two in asked:
            if one == two:
                raise UsageProblem(f"{one} can't be compared with itself")
            for slug in (one, two):
                if slug not in catalog.cards:
                    self._entry(slug)
                    raise NotFound(
                        f"{slug!r} has no approved record",
                        hint="Approve some: capdraft review next, then capdraft merge",
                    )
            found.add((min(one, two), max(one, two)))
        return found
