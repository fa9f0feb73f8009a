"""The manifest of a site: each file that was written, from which inputs, and what it is about.

While a site is built, it is in a temporary database: a large one would fill the memory.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from capdraft.errors import FileInvalid

MANIFEST = ".capdraft-site.jsonl"
TEMPORARY = ".capdraft-tmp"
SCHEMA = "capdraft/site/1"
About = tuple[str, str, str]
"""Of an artifact's page: slug, name, type. Of a version's file: slug, version, when it began."""
Written = tuple[str, str, int, About | None]
"""A file of the site: its path, a digest of what it was made from, its size, what it is about."""

TABLES = """
create table files (
    path text primary key,
    inputs text not null,
    size integer not null,
    about text,
    slug text,
    kept integer not null default 0
) without rowid;
create index by_slug on files (slug) where slug is not null;
"""


def read_manifest(manifest: Path, files: sqlite3.Connection) -> None:
    """Put what the manifest lists into `files`; a line that a kill cut off is passed by.

    Raises:
        FileInvalid: it is no manifest, or lists other places.
    """
    with manifest.open(encoding="utf-8", newline="\n") as lines:
        if next(lines, "").rstrip("\n") != _head():
            raise FileInvalid("is not the manifest of a site", where=str(manifest))
        for line in lines:
            try:
                path, inputs, size, about = json.loads(line)
            except (TypeError, ValueError):
                continue  # cut off by a kill
            _check_inside(manifest, path)
            add_file(files, (path, inputs, size, tuple(about) if about else None), kept=False)


def _check_inside(manifest: Path, path: str) -> None:
    """Check that a path leads nowhere else: what is listed may be overwritten and removed."""
    parts = path.split("/")
    deep = 3 if parts[0] == "artifacts" else 2
    if len(parts) > deep or {"", ".", ".."} & {*parts} or "\\" in path or ":" in parts[0]:
        raise FileInvalid(f"lists {path!r}, which is no file of a site", where=str(manifest))


def add_file(files: sqlite3.Connection, written: Written, *, kept: bool) -> None:
    """Note a file in `files`."""
    path, inputs, size, about = written
    told = json.dumps(about, ensure_ascii=False) if about else None
    row = (path, inputs, size, told, about[0] if about else None, kept)
    files.execute("insert or replace into files values (?, ?, ?, ?, ?, ?)", row)


def rewrite_manifest(manifest: Path, files: sqlite3.Connection) -> None:
    """Write the manifest anew, in the order of its paths."""
    temporary = manifest.with_name(TEMPORARY)
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as lines:
            lines.write(_head() + "\n")
            query = "select path, inputs, size, about from files order by path"
            for path, inputs, size, about in files.execute(query):
                told = tuple(json.loads(about)) if about else None
                lines.write(manifest_line((path, inputs, size, told)))
        temporary.replace(manifest)
    finally:
        temporary.unlink(missing_ok=True)


def _head() -> str:
    return json.dumps({"schema": SCHEMA})


def manifest_line(written: Written) -> str:
    """Return a line of the manifest."""
    return json.dumps(written, ensure_ascii=False) + "\n"
