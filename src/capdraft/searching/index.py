"""The search index: the words of every approved record, in `.capdraft/search.sqlite3`.

It is a cache of `catalog/`: deleting it loses nothing.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from capdraft.errors import FileInvalid
from capdraft.searching.rows import COLUMNS, Row, rows_of
from capdraft.searching.words import MOST_STEMS, Stemmer, words_of
from capdraft.text import is_slug, sha256
from capdraft.workspace import Workspace
from capdraft.workspace.local_database import Database, Kind

_COLUMNS = ", ".join(COLUMNS)
GROUP = 5_000
"""Records that are written at once, about."""
SHORTEST_SPELLING = 3
"""Letters of a word that a misspelt one may mean."""
TICK = 2.0
"""Seconds within which two changes of one file may look like one: it is read again."""
# `terms` counts the records that have a term: FTS5 could tell too, but reads all of them for it.
# `spellings` are the words that terms were made of, by what a misspelt one shares with them. Those
# of words that left the catalog stay: their terms have no records.
_TABLES = """
create table entries (
    slug text primary key,
    stamp text not null,
    sha256 text not null
) without rowid;
create table records (
    id integer primary key,
    slug text not null,
    capability text not null,
    type text not null,
    text_sha256 text not null,
    name text not null,
    intents text not null,
    description text not null,
    uniq text not null,
    artifact text not null
);
create index records_by_slug on records (slug);
create virtual table words using fts5(
    name, intents, description, uniq, artifact, content = 'records', content_rowid = 'id',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc' tokenchars '+#'"
);
create table terms (
    term text primary key,
    records integer not null
) without rowid;
create table spellings (
    first text not null,
    length integer not null,
    word text not null,
    term text not null,
    primary key (first, length, word)
) without rowid;
create table totals (
    records integer not null,
    name integer not null,
    intents integer not null,
    description integer not null,
    uniq integer not null,
    artifact integer not null
);
insert into totals values (0, 0, 0, 0, 0, 0);
"""
INDEX = Kind(".capdraft/search.sqlite3", _TABLES, form=1, derived=True)
# Statements are made of the names above, never of input.
_ADD_WORDS = f"insert into words (rowid, {_COLUMNS}) values (?, ?, ?, ?, ?, ?)"  # noqa: S608
_DROP_WORDS = f"insert into words (words, rowid, {_COLUMNS}) values ('delete', ?, ?, ?, ?, ?, ?)"  # noqa: S608
_COUNT_TERM = (
    "insert into terms values (?, ?) "
    "on conflict (term) do update set records = records + excluded.records"
)
_ADD_TOTALS = (
    "update totals set records = records + ?, name = name + ?, intents = intents + ?, "
    "description = description + ?, uniq = uniq + ?, artifact = artifact + ?"
)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many entries were read anew and how many left, and those that can't be read."""

    changed: int = 0
    gone: int = 0
    problems: tuple[FileInvalid, ...] = ()


class SearchIndex:
    """The index of one workspace. Threads may share it, and processes its file."""

    def __init__(self, workspace: Workspace, *, tick: float = TICK) -> None:
        self.workspace, self._tick = workspace, tick
        self.database = Database(workspace.root, INDEX)
        self.stemmer = Stemmer()
        self._spelt: set[str] = set()

    def refresh(self) -> Refreshed:
        """Read the catalog entries that changed since they were read, and forget those gone.

        Raises:
            StoreError: the index can't be written.
        """
        with self.database.reading() as database:
            known = dict(database.execute("select slug, stamp from entries"))
        found = dict(self._stamps())
        changed = [slug for slug, stamp in found.items() if known.get(slug) != stamp or not stamp]
        gone = [slug for slug in known if slug not in found]
        problems: list[FileInvalid] = []
        waiting = iter(changed)
        while group := list(islice(waiting, GROUP // 10)):
            self._read(group, found, problems)
        if gone:
            with self.database.writing() as database:
                self.remove(database, gone)
        return Refreshed(len(changed), len(gone), tuple(problems))

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
                    sure = now - stat.st_mtime > self._tick
                    yield slug, f"{stat.st_mtime_ns} {stat.st_size} {stat.st_ino}" if sure else ""

    def _read(
        self, slugs: Sequence[str], stamps: dict[str, str], problems: list[FileInvalid]
    ) -> None:
        read: list[tuple[str, str, list[Row]]] = []
        for slug in slugs:
            try:
                entry = self.workspace.read_entry(slug)
            except FileInvalid as error:
                problems.append(error)
                read.append((slug, "", []))
                continue
            if entry.entry and entry.stored:
                read.append((slug, entry.stored.sha256, list(rows_of(entry.entry))))
        with self.database.writing() as database:
            before = dict(database.execute("select slug, sha256 from entries"))
            fresh = [item for item in read if not item[1] or before.get(item[0]) != item[1]]
            self.remove(database, [slug for slug, *_ in fresh if slug in before])
            self.add(database, (row for *_, rows in fresh for row in rows))
            database.executemany(
                "insert or replace into entries values (?, ?, ?)",
                ((slug, stamps[slug] if sha else "", sha) for slug, sha, _ in read),
            )

    def add(self, database: sqlite3.Connection, rows: Iterable[Row]) -> int:
        """Add records; return how many."""
        (last,) = database.execute("select coalesce(max(id), 0) from records").fetchone()
        total, waiting = 0, iter(rows)
        while group := list(islice(waiting, GROUP)):
            self._add_group(database, group, last + total)
            total += len(group)
        return total

    def _add_group(self, database: sqlite3.Connection, group: list[Row], last: int) -> None:
        said = [[list(words_of(text, every=True)) for text in row.texts] for row in group]
        spelt = set().union(*(column for columns in said for column in columns))
        self.stemmer.learn(spelt)
        terms: Counter[str] = Counter()
        lengths = [0] * len(COLUMNS)
        records, words = [], []
        for number, (row, texts) in enumerate(zip(group, said, strict=True), last + 1):
            columns = [self.stemmer.terms(text) for text in texts]
            lengths = [have + len(more) for have, more in zip(lengths, columns, strict=True)]
            terms.update(set().union(*columns))
            joined = [" ".join(column) for column in columns]
            key = sha256(row.said)
            records.append((number, row.slug, row.capability, row.type, key, *joined))
            words.append((number, *joined))
        places = ", ".join("?" * (5 + len(COLUMNS)))
        database.executemany(f"insert into records values ({places})", records)  # noqa: S608
        database.executemany(_ADD_WORDS, words)
        _count(database, terms, 1)
        self._keep_spellings(database, spelt)
        database.execute(_ADD_TOTALS, (len(group), *lengths))

    def _keep_spellings(self, database: sqlite3.Connection, words: set[str]) -> None:
        fresh = sorted(word for word in words - self._spelt if len(word) >= SHORTEST_SPELLING)
        self._spelt = (self._spelt | words) if len(self._spelt) < MOST_STEMS else words
        database.executemany(
            "insert or ignore into spellings values (?, ?, ?, ?)",
            ((word[0], len(word), word, self.stemmer.stem(word)) for word in fresh),
        )

    def remove(self, database: sqlite3.Connection, slugs: Iterable[str]) -> None:
        """Remove the records of artifacts, and the artifacts."""
        select = f"select id, {_COLUMNS} from records where slug = ?"  # noqa: S608
        for slug in slugs:
            rows = database.execute(select, (slug,)).fetchall()
            terms: Counter[str] = Counter()
            lengths = [0] * len(COLUMNS)
            for _, *columns in rows:
                split = [column.split() for column in columns]
                lengths = [sum(pair) for pair in zip(lengths, map(len, split), strict=True)]
                terms.update(set().union(*split))
            database.executemany(_DROP_WORDS, rows)
            database.execute("delete from records where slug = ?", (slug,))
            database.execute("delete from entries where slug = ?", (slug,))
            _count(database, terms, -1)
            database.execute(_ADD_TOTALS, (-len(rows), *(-length for length in lengths)))


def _count(database: sqlite3.Connection, terms: Counter[str], sign: int) -> None:
    database.executemany(
        _COUNT_TERM, ((term, sign * number) for term, number in sorted(terms.items()))
    )
    if sign < 0:
        database.executemany(
            "delete from terms where term = ? and records <= 0", ((term,) for term in terms)
        )
