"""What a build keeps for the next one in `.capdraft/`, so that only what changed is read again.

Each row names what it was made from: the hash of a file, or a digest of all that it depends on. A
row that doesn't fit is made anew, and so is a file that is gone or from another version.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from capdraft import __version__
from capdraft.text import sha256
from capdraft.workspace.local_database import Kind

_TABLES = """
create table meta (version text not null);
create table artifacts (
    slug text primary key,
    sha256 text not null,
    name text not null,
    fold text not null,
    type text not null,
    summary text not null,
    approved text not null,
    said text not null,
    newest text not null,
    listed integer not null,
    cited text not null,
    told text not null,
    row text not null,
    withheld text not null
);
create index by_type on artifacts (type, fold, slug) where listed;
create index by_approval on artifacts (approved desc, fold, slug) where listed;
create table capabilities (
    slug text not null,
    id text not null,
    name text not null,
    fold text not null,
    letter text not null
);
create index capabilities_by_artifact on capabilities (slug);
create index capabilities_by_letter on capabilities (letter, fold, slug, id);
create table mentions (slug text primary key, key text not null, named text not null);
create table ranks (slug text primary key, key text not null, standing text not null);
create table kinds (type text primary key, key text not null);
create table pairs (
    one text not null,
    two text not null,
    type text not null,
    common integer not null,
    primary key (one, two)
) without rowid;
create index pairs_backwards on pairs (two);
create table past (head text, cut text);
create table steps (
    slug text not null,
    place integer not null,
    at text not null,
    blob text,
    primary key (slug, place)
) without rowid;
create table blobs (blob text primary key, sha256 text) without rowid;
create table news (
    at text not null,
    slug text not null,
    place integer not null,
    name text not null,
    primary key (at, slug, place)
) without rowid;
create table changes (
    slug text not null,
    before text not null,
    after text not null,
    said text not null,
    primary key (slug, before, after)
) without rowid;
"""


_MADE_BY = f"{__version__} {sha256(_TABLES)}"


def _first_rows(database: sqlite3.Connection) -> None:
    database.execute("insert into meta values (?)", (_MADE_BY,))


def _is_current(database: sqlite3.Connection) -> bool:
    return bool(database.execute("select version from meta").fetchone() == (_MADE_BY,))


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("pragma cache_size = -8000")


KEPT = Kind(
    ".capdraft/site-cache.sqlite3",
    _TABLES,
    form=1,
    derived=True,
    name="what the last build of the site kept",
    first_rows=_first_rows,
    is_current=_is_current,
    set_up=_set_up,
)


@dataclass(frozen=True, slots=True)
class Card:
    """An artifact as lists show it, and the hash of its catalog file."""

    slug: str
    name: str
    type: str
    sha256: str
    summary: str
    approved: str
    """The day on which something of it was last approved."""
    newest: str
    """The newest moment in its records."""


_CARD = "slug, name, type, sha256, summary, substr(approved, 1, 10), newest"


class Kept:
    """The rows, through the connection that a build has borrowed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.rows = connection

    def one(self, query: str, *values: object) -> Any:
        """Return the first row of an answer, or None."""
        return self.rows.execute(query, values).fetchone()

    def all(self, query: str, *values: object) -> Iterator[Any]:
        """Yield the rows of an answer; nothing is written meanwhile."""
        yield from self.rows.execute(query, values)

    def card(self, slug: str) -> Card | None:
        """Return the card of an artifact with an approved record."""
        found = self.one(f"select {_CARD} from artifacts where slug = ? and listed", slug)  # noqa: S608
        return Card(*found) if found else None

    def cards(self, order: str = "slug") -> Iterator[Card]:
        """Yield the cards of all artifacts with an approved record."""
        query = f"select {_CARD} from artifacts where listed order by {order}"  # noqa: S608
        for row in self.rows.execute(query):
            yield Card(*row)

    def slugs(self) -> list[str]:
        """Return the artifacts with an approved record, sorted."""
        return [s for (s,) in self.all("select slug from artifacts where listed order by slug")]

    def count(self, table: str, where: str = "1") -> int:
        """Return how many rows there are."""
        return int(self.one(f"select count(*) from {table} where {where}")[0])  # noqa: S608
