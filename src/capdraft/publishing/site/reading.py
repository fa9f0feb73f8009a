"""One pass through the catalog: what changed is read, and what pages need of it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from capdraft.comparing import read_entries
from capdraft.errors import CapdraftError, NotFound, UsageProblem
from capdraft.publishing.phrases import plain, shortened
from capdraft.publishing.site.finding import search_row
from capdraft.publishing.site.in_common import Pair, kept_words
from capdraft.publishing.site.keeping import Kept
from capdraft.publishing.site.withholding import withheld
from capdraft.records import CatalogEntry, Record
from capdraft.workspace import Workspace


@dataclass
class Unread:
    """Artifacts whose entry can't be read, and why."""

    slugs: set[str] = field(default_factory=set)
    failed: list[CapdraftError] = field(default_factory=list)


class Reader:
    """Reads the entries of a workspace, and keeps the last few."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.entry = lru_cache(maxsize=16)(self._entry)

    def _entry(self, slug: str) -> CatalogEntry:
        return read_entries(self._workspace, [slug])[0]

    def take_stock(self, kept: Kept) -> Unread:
        """Bring what is kept of each catalog entry up to date."""
        known = dict(kept.rows.execute("select slug, sha256 from artifacts"))
        unread = Unread()
        for slug in self._workspace.catalog():
            before = known.pop(slug, None)
            try:
                stored = self._workspace.store.read(f"catalog/{slug}.json")
                if stored is None or stored.sha256 == before:
                    continue
                read = self._workspace.read_entry(slug)
            except CapdraftError as error:
                unread.failed.append(error)
                unread.slugs.add(slug)
                _forget(kept, slug)
                continue
            _forget(kept, slug)
            if read.entry is not None and read.stored is not None:
                _keep(kept, read.entry, read.stored.sha256)
        for slug in known:
            _forget(kept, slug)
        return unread

    def pairs(self, asked: tuple[Pair, ...], kept: Kept) -> set[Pair]:
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
                if kept.card(slug) is None:
                    self._entry(slug)
                    raise NotFound(
                        f"{slug!r} has no approved record",
                        hint="Approve some: capdraft review next, then capdraft merge",
                    )
            found.add((min(one, two), max(one, two)))
        return found


def _forget(kept: Kept, slug: str) -> None:
    kept.rows.execute("delete from artifacts where slug = ?", (slug,))
    kept.rows.execute("delete from capabilities where slug = ?", (slug,))


def _keep(kept: Kept, entry: CatalogEntry, sha256: str) -> None:
    artifact, slug = entry.artifact, entry.artifact.slug
    name = plain(artifact.name) or slug
    approved, said = _newest(entry.capabilities), newest_word(entry)
    read = max((f"{d.retrieved.isoformat()}" for d in entry.documents), default="")
    cited = sorted({field.proposal for r in entry.capabilities for _, field in r.fields()})
    first = entry.capabilities[0].description.text if entry.capabilities else ""
    kept.rows.execute(
        "insert into artifacts values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            slug,
            sha256,
            name,
            name.casefold(),
            artifact.type,
            shortened(first),
            approved,
            said,
            max(approved, read),
            bool(entry.capabilities),
            json.dumps(cited),
            kept_words(entry),
            search_row(entry),
            json.dumps(sorted(withheld(entry))),
        ),
    )
    for record in entry.capabilities:
        said = plain(record.name) or record.id
        fold = said.casefold()
        row = (slug, record.id, said, fold, _letter(fold))
        kept.rows.execute("insert into capabilities values (?, ?, ?, ?, ?)", row)


def newest_word(entry: CatalogEntry) -> str:
    """Return when something of an entry was last approved or withdrawn, or nothing."""
    withdrawn = [item.at for item in (entry.withdrawn, *entry.withdrawn_records) if item]
    return max([_newest(entry.capabilities), *(moment.isoformat() for moment in withdrawn)])


def _newest(records: Iterable[Record]) -> str:
    fields = (field for record in records for _, field in record.fields())
    return max((a.at.isoformat() for field in fields for a in field.approved), default="")


def _letter(fold: str) -> str:
    first = fold[:1]
    return first if "a" <= first <= "z" else "0-9" if first.isdecimal() else "other"
