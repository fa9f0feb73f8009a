"""The SQLite files below `.capdraft/`: the ledger and the matches are kept, others built anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from capdraft.errors import StoreError
from capdraft.ledger import PLACE, TABLES
from capdraft.migrating.files import File
from capdraft.records.formats import UPGRADE
from capdraft.searching.matches import MATCHES

_WANTED = {"answers", "shapes"}
_ADDED = "add the table of how endpoints take the shape of answers"


def databases() -> Iterator[str]:
    """Yield the places of the files that hold what can't be built anew."""
    yield PLACE
    yield MATCHES.place


def look_at_database(root: Path, place: str) -> File:
    """Return how a database stands; one that isn't there is made when it is needed."""
    kind = "ledger" if place == PLACE else "matches"
    path = root / place
    if not path.exists():
        return File(place, kind, "none yet", "current")
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            (form,) = database.execute("pragma user_version").fetchone()
            query = "select name from sqlite_master where type = 'table'"
            tables = {name for (name,) in database.execute(query)}
    except sqlite3.Error as error:
        return File(place, kind, "SQLite", "unreadable", why=str(error))
    return _ledger(form, tables) if place == PLACE else _matches(form)


def _ledger(form: int, tables: set[str]) -> File:
    if form > 0:
        return File(PLACE, "ledger", f"form {form}", "newer", hint=UPGRADE)
    if "answers" not in tables:
        return File(PLACE, "ledger", "SQLite", "unreadable", why="it holds no answers")
    if missing := _WANTED - tables:
        shown = f"form 0 (no {', '.join(sorted(missing))})"
        return File(PLACE, "ledger", shown, "older", does=(_ADDED,))
    return File(PLACE, "ledger", "form 0", "current")


def _matches(form: int) -> File:
    shown = f"form {form}"
    if form > MATCHES.form:
        return File(MATCHES.place, "matches", shown, "newer", hint=UPGRADE)
    if form < MATCHES.form:
        why = "it isn't a file that capdraft wrote"
        return File(MATCHES.place, "matches", shown, "unreadable", why=why)
    return File(MATCHES.place, "matches", shown, "current")


def convert_database(root: Path, place: str) -> None:
    """Add to a ledger what it lacks; its answers are left alone.

    Raises:
        StoreError: it can't be written.
    """
    try:
        with closing(sqlite3.connect(root / place, timeout=60)) as database:
            database.executescript(f"begin immediate; {TABLES} commit;")
    except sqlite3.Error as error:
        raise StoreError(f"can't be written: {error}", where=place) from error
