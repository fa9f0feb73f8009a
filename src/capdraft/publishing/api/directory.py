"""What artifacts are called, in `.capdraft/directory.sqlite3`: a cache of `catalog/`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from capdraft.errors import FileInvalid
from capdraft.publishing.api.answers import HOWS, How
from capdraft.publishing.exports.links import own_repositories
from capdraft.ranking.repositories import repository_of
from capdraft.records import CatalogEntry
from capdraft.text import is_slug, name_key
from capdraft.workspace import Workspace
from capdraft.workspace.local_database import Database, Kind

_TABLES = """
create table entries (
    slug text primary key,
    stamp text not null,
    name text not null,
    type text not null,
    license text,
    capabilities integer not null,
    approved text,
    version text not null,
    withdrawn integer not null
) without rowid;
create index entries_by_type on entries (type, slug) where not withdrawn;
create table keys (
    key text not null,
    how text not null,
    slug text not null,
    primary key (key, how, slug)
) without rowid;
create index keys_by_slug on keys (slug);
"""
DIRECTORY = Kind(".capdraft/directory.sqlite3", _TABLES, form=1, derived=True, name="the directory")
TICK = 2.0
"""Seconds within which two changes of one file may look like one: it is read again."""
GROUP = 500
"""Entries that are written at once."""
_COLUMNS = "slug, name, type, license, capabilities, approved, version, withdrawn"


class Row(NamedTuple):
    """An artifact as the directory has it; `approved` is an ISO moment."""

    slug: str
    name: str
    type: str
    license: str | None
    capabilities: int
    approved: str | None
    version: str
    withdrawn: int


class Directory:
    """The directory of one workspace. Threads may share it, and processes its file."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._database = Database(workspace.root, DIRECTORY)
        self.generation = 0
        """Counts the looks that found a change."""

    def refresh(self) -> None:
        """Read the entries that changed; one that can't be read is left out.

        Raises:
            StoreError: the directory can't be written.
        """
        with self._database.reading() as database:
            known = dict(database.execute("select slug, stamp from entries"))
        found = dict(self._stamps())
        changed = [slug for slug, stamp in found.items() if not stamp or known.get(slug) != stamp]
        gone = [slug for slug in known if slug not in found]
        waiting = iter(changed)
        while group := list(islice(waiting, GROUP)):
            self._replace(group, found)
        if gone:
            self._replace(gone, {})
        self.generation += bool(changed or gone)

    def _stamps(self) -> Iterator[tuple[str, str]]:
        """Yield each entry with what tells that its file changed; nothing where none can tell."""
        folder, now = self.workspace.root / "catalog", time.time()
        if not folder.is_dir():
            return
        with os.scandir(folder) as files:
            for file in files:
                slug, ending = os.path.splitext(file.name)  # noqa: PTH122 - a Path for each
                if ending == ".json" and is_slug(slug):
                    stat = file.stat()
                    sure = now - stat.st_mtime > TICK
                    yield slug, f"{stat.st_mtime_ns} {stat.st_size} {stat.st_ino}" if sure else ""

    def _replace(self, slugs: Sequence[str], stamps: dict[str, str]) -> None:
        read = [(slug, self._read(slug)) for slug in slugs if slug in stamps]
        with self._database.writing() as database:
            named = [(slug,) for slug in slugs]
            database.executemany("delete from keys where slug = ?", named)
            database.executemany("delete from entries where slug = ?", named)
            database.executemany(
                f"insert into entries ({_COLUMNS}, stamp) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                [(*row, stamps[slug]) for slug, (row, _) in read if row],
            )
            database.executemany(
                "insert or ignore into keys values (?, ?, ?)",
                [(key, how, slug) for slug, (_, keys) in read for key, how in keys],
            )

    def _read(self, slug: str) -> tuple[Row | None, list[tuple[str, How]]]:
        try:
            found = self.workspace.read_entry(slug)
        except FileInvalid:
            return None, []  # whoever asks for it by its slug is told
        if found.entry is None or found.stored is None:
            return None, []
        return _row(found.entry, found.stored.sha256), list(_keys(found.entry))

    def named(self, keys: Iterable[str]) -> dict[str, list[How]]:
        """Return the slugs that have one of `keys`, each with as what."""
        wanted = list(dict.fromkeys(keys))
        places = ", ".join("?" * len(wanted))
        query = f"select slug, how from keys where key in ({places}) order by slug"  # noqa: S608
        found: dict[str, set[How]] = {}
        with self._database.reading() as database:
            for slug, how in database.execute(query, wanted):
                found.setdefault(slug, set()).add(how)
        return {slug: sorted(hows, key=HOWS.index) for slug, hows in found.items()}

    def names(self) -> list[tuple[str, str]]:
        """Return the slug and name of each artifact that is not withdrawn."""
        with self._database.reading() as database:
            return database.execute("select slug, name from entries where not withdrawn").fetchall()

    def rows(self, slugs: Sequence[str]) -> list[Row]:
        """Return what is known of `slugs`, in their order."""
        query = f"select {_COLUMNS} from entries where slug = ?"  # noqa: S608
        with self._database.reading() as database:
            found = [database.execute(query, (slug,)).fetchone() for slug in slugs]
        return [Row(*row) for row in found if row]

    def page(self, type_: str | None, after: str, limit: int) -> list[Row]:
        """Return `limit` artifacts behind the slug `after`, in the order of slugs."""
        of_type = "and type = ?" if type_ else ""
        query = (
            f"select {_COLUMNS} from entries where not withdrawn {of_type} and slug > ? "  # noqa: S608
            "order by slug limit ?"
        )
        with self._database.reading() as database:
            found = database.execute(query, (*([type_] if type_ else []), after, limit))
            return [Row(*row) for row in found]

    def count(self, type_: str | None) -> int:
        """Return how many artifacts there are of a type, or at all."""
        of_type = "and type = ?" if type_ else ""
        query = f"select count(*) from entries where not withdrawn {of_type}"  # noqa: S608
        with self._database.reading() as database:
            (number,) = database.execute(query, (type_,) if type_ else ()).fetchone()
        return int(number)


def _row(entry: CatalogEntry, sha256: str) -> Row:
    artifact = entry.artifact
    approved = [a.at for r in entry.capabilities for _, field in r.fields() for a in field.approved]
    return Row(
        artifact.slug,
        artifact.name,
        artifact.type,
        artifact.license,
        len(entry.capabilities),
        max(approved).isoformat() if approved else None,
        sha256[:12],
        int(entry.withdrawn is not None),
    )


def _keys(entry: CatalogEntry) -> Iterator[tuple[str, How]]:
    artifact = entry.artifact
    yield artifact.slug, "slug"
    yield name_key(artifact.name), "name"
    for repository in own_repositories(entry):
        yield _repository_key(str(repository)), "repository"
    for document in entry.documents:
        if not document.uri.startswith("catalog/"):  # the other side of a comparison
            yield address_key(document.uri), "document"
    for link in artifact.links:
        yield address_key(link), "link"


def keys_of(name: str) -> list[str]:
    """Return what an artifact may be found under that somebody calls `name`."""
    keys = [name, name_key(name), address_key(name)]
    short = [name, f"hf:{name}", f"gh:{name}"] if name.count("/") == 1 else [name]
    found = map(repository_of, short)
    keys += [_repository_key(str(repository)) for repository in found if repository]
    return [key for key in keys if key]


def address_key(address: str) -> str:
    """Return what two ways to write an address share: all but its fragment and last slash."""
    return address.partition("#")[0].rstrip("/")


def _repository_key(short: str) -> str:
    return short.casefold()
