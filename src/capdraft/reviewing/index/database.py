"""The index's file: its tables, and what makes one usable by this version."""

from __future__ import annotations

import secrets
import sqlite3
from fnmatch import fnmatchcase

from capdraft import __version__
from capdraft.workspace.local_database import Kind

MAPPED = 1 << 28
"""Bytes of the file that are read where they lie: a search for common words reads many."""
# A field stands once in each of two orders: among those that wait, and among all. `kinds.fields`
# is kept by the triggers, so that counts need no look at the fields. `by_words` holds all that a
# search for common words reads, in the order that it counts in.
_TABLES = """
create table meta (version text not null, revision integer not null);
create table artifacts (
    slug text primary key,
    name text not null,
    type text not null,
    number text not null,
    since integer,
    stamp text not null,
    sure integer not null,
    paths text not null,
    error text,
    said text not null
) without rowid;
create table kinds (
    id integer primary key,
    key text not null unique,
    fields integer not null default 0
);
create table fields (
    id integer primary key,
    kind integer not null references kinds,
    open integer not null,
    risk integer not null,
    since integer not null,
    slug text not null,
    capability text not null,
    place integer not null,
    draw real not null,
    deciders integer not null,
    said text not null
);
create index by_artifact on fields (slug, kind);
create index by_words on fields (slug, kind, said);
create index in_order on fields (risk, since, slug, capability, kind);
create index open_in_order on fields (risk, since, slug, capability, kind) where open = 1;
create table texts (
    id integer primary key,
    name text not null,
    text text not null,
    why text not null,
    text_sha256 text not null,
    evidence_sha256 text not null
);
create virtual table words using fts5 (
    said, content = 'fields', content_rowid = 'id',
    tokenize = 'trigram case_sensitive 1', detail = 'none', columnsize = 0
);
create trigger field_added after insert on fields begin
    insert into words (rowid, said) values (new.id, new.said);
    update kinds set fields = fields + 1 where id = new.kind;
end;
create trigger field_removed after delete on fields begin
    insert into words (words, rowid, said) values ('delete', old.id, old.said);
    delete from texts where id = old.id;
    update kinds set fields = fields - 1 where id = old.kind;
end;
create table decisions (
    slug text not null,
    id text not null,
    time real not null,
    reviewer text not null,
    verdict text not null,
    capability text not null,
    field text not null,
    reason text,
    seconds real,
    bulk text,
    bulk_size integer,
    undone integer not null,
    text_sha256 text not null,
    evidence_sha256 text not null
);
create index decisions_by_artifact on decisions (slug, time);
create index decisions_by_reviewer on decisions (reviewer, time);
create index decisions_by_time on decisions (time);
create table claims (
    slug text not null,
    capability text not null,
    field text not null,
    who text not null,
    until real not null,
    primary key (slug, capability, field)
) without rowid;
"""


def _first_rows(database: sqlite3.Connection) -> None:
    start = secrets.randbits(62)  # no other file's revisions are taken for this one's
    database.execute("insert into meta values (?, ?)", (__version__, start))


def _is_current(database: sqlite3.Connection) -> bool:
    return bool(database.execute("select version from meta").fetchone() == (__version__,))


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("pragma secure_delete = on")  # what is deleted leaves no trace
    connection.execute("pragma cache_size = -16000")
    connection.execute(f"pragma mmap_size = {MAPPED}")
    connection.create_function("fits", 2, fnmatchcase, deterministic=True)


INDEX = Kind(
    ".capdraft/review.sqlite3",
    _TABLES,
    form=2,
    derived=True,
    name="the review index",
    first_rows=_first_rows,
    is_current=_is_current,
    set_up=_set_up,
)
