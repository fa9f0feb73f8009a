"""The folder that a site is written to: what is in it, from which inputs, and nothing else.

`.capdraft-site.jsonl` names each file that was written, a line each. A file is claimed there before
it appears, and its inputs are noted after, so that a killed build is simply continued. Files that
are not named there are not touched.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TextIO

from capdraft.errors import StoreError, UsageProblem
from capdraft.publishing.site.manifest import (
    MANIFEST,
    TABLES,
    TEMPORARY,
    About,
    Written,
    add_file,
    manifest_line,
    read_manifest,
    rewrite_manifest,
)
from capdraft.text import sha256

FOLDERS = ("artifacts", "assets", "capabilities", "changes", "compare", "types")


class SiteFolder:
    """The files of a site while it is built; what is known of them is in a temporary database."""

    def __init__(self, out: Path, files: sqlite3.Connection, journal: TextIO) -> None:
        self.out, self._files, self._journal = out, files, journal
        self.rewritten: list[str] = []
        self.removed: list[str] = []
        self._dropped: list[tuple[str]] = []

    def is_current(self, path: str, inputs: str) -> bool:
        """Tell whether `path` is there, made from the same inputs; if so, it stays."""
        query = "select size from files where path = ? and inputs = ?"
        known = self._files.execute(query, (path, inputs)).fetchone()
        if known is None or _size(self.out / path) != known[0]:
            return False
        self.keep(path)
        return True

    def keep(self, path: str) -> None:
        """Let a file stay as it is, if it was written before."""
        self._files.execute("update files set kept = 1 where path = ?", (path,))

    def keep_like(self, pattern: str) -> None:
        """Let all files stay that were written before and whose paths fit."""
        self._files.execute("update files set kept = 1 where path glob ?", (pattern,))

    def write(
        self, path: str, text: str, inputs: str | None = None, about: About | None = None
    ) -> None:
        """Write a file whole; without `inputs` only if its text differs from what is there.

        Raises:
            StoreError: it can't be written, or a file that capdraft didn't write is there.
        """
        self.write_raw(path, text.encode("utf-8", "replace"), inputs, about)

    def write_raw(
        self, path: str, raw: bytes, inputs: str | None = None, about: About | None = None
    ) -> None:
        """Write a file whole, byte by byte as it is given.

        Raises:
            StoreError: it can't be written, or a file that capdraft didn't write is there.
        """
        inputs = inputs or sha256(raw)
        if self.is_current(path, inputs):
            return
        target, known = self.out / path, self._claim(path, about)
        same = known and _size(target) == len(raw) and target.read_bytes() == raw
        if same:
            target.with_name(TEMPORARY).unlink(missing_ok=True)  # a killed build's
        else:
            _replace(target, raw)
            self.rewritten.append(path)
        self._note((path, inputs, len(raw), about))

    def write_pieces(self, path: str, pieces: Callable[[], Iterator[str]]) -> None:
        """Write a file piece by piece; `pieces` gives them, twice where it differs.

        Raises:
            StoreError: it can't be written, or a file that capdraft didn't write is there.
        """
        digest, size = hashlib.sha256(), 0
        for piece in pieces():
            raw = piece.encode("utf-8", "replace")
            digest.update(raw)
            size += len(raw)
        inputs = digest.hexdigest()
        if self.is_current(path, inputs):
            return
        self._claim(path, None)
        target = self.out / path
        try:
            with target.with_name(TEMPORARY).open("wb") as file:
                file.writelines(piece.encode("utf-8", "replace") for piece in pieces())
            target.with_name(TEMPORARY).replace(target)
        except OSError as error:
            raise _unwritable(target, error) from error
        self._note((path, inputs, size, None))
        self.rewritten.append(path)

    def _claim(self, path: str, about: About | None) -> bool:
        """Note a file before it appears; return whether it was written before."""
        known = self._files.execute("select 1 from files where path = ?", (path,)).fetchone()
        if not known and (self.out / path).exists():
            raise StoreError(
                "is there already, and capdraft did not write it",
                where=str(self.out / path),
                hint="Move it away: a page of the site goes there.",
            )
        if not known:
            self._note((path, "", -1, about))
        return known is not None

    def _note(self, written: Written) -> None:
        add_file(self._files, written, kept=True)
        self._journal.write(manifest_line(written))
        self._journal.flush()

    def artifacts(self) -> Iterator[About]:
        """Yield the artifacts that have a page: slug, name and type."""
        query = "select about from files where slug is not null and path glob 'artifacts/*.html'"
        for (about,) in self._files.execute(f"{query} order by slug").fetchall():
            slug, name, kind = json.loads(about)
            yield slug, name, kind

    def versions(self, slug: str) -> list[tuple[str, str]]:
        """Return the versions of an artifact that were written: when each began, and its name."""
        query = "select about from files where slug = ? and path glob 'artifacts/*/*.json'"
        told = (json.loads(about) for (about,) in self._files.execute(query, (slug,)))
        return sorted((at, version) for _, version, at in told)

    def version_file(self, slug: str, version: str) -> bytes | None:
        """Return the file of a version that was written, or None."""
        query = "select path, about from files where slug = ? and path glob 'artifacts/*/*.json'"
        for path, about in self._files.execute(query, (slug,)).fetchall():
            if json.loads(about)[1] == version and (self.out / path).is_file():
                return (self.out / str(path)).read_bytes()
        return None

    def pages(self) -> int:
        """Return how many pages the site has."""
        query = "select count(*) from files where kept and path like '%.html'"
        return int(self._files.execute(query).fetchone()[0])

    def drop(self, path: str) -> None:
        """Let a file go with the others that are no part of the site, whatever is kept."""
        self._dropped.append((path,))

    def remove_others(self) -> None:
        """Remove the files that were written before and are no part of the site any more."""
        self._files.executemany("update files set kept = 0 where path = ?", self._dropped)
        query = "select path from files where not kept order by path"
        for (path,) in self._files.execute(query).fetchall():
            (self.out / path).unlink(missing_ok=True)
            self.removed.append(path)
        self._files.execute("delete from files where not kept")


@contextmanager
def opened(out: Path) -> Iterator[SiteFolder]:
    """Give the site in `out`, which is made if need be; its manifest is closed behind.

    Raises:
        UsageProblem: something else is in the folder.
        FileInvalid: its manifest is none.
        StoreError: it can't be written.
    """
    manifest = out / MANIFEST
    with closing(sqlite3.connect("", isolation_level=None)) as files:
        files.executescript(TABLES)
        files.execute("pragma cache_size = -8000")
        files.execute("begin")
        try:
            if manifest.is_file():
                read_manifest(manifest, files)
            else:
                _check_fresh(out)
            out.mkdir(parents=True, exist_ok=True)
            rewrite_manifest(manifest, files)
            for name in FOLDERS:
                _make_folder(out / name)
                (out / name / TEMPORARY).unlink(missing_ok=True)  # a killed build's
            with manifest.open("a", encoding="utf-8", newline="\n") as journal:
                yield SiteFolder(out, files, journal)
            rewrite_manifest(manifest, files)
        except OSError as error:
            raise _unwritable(out, error) from error


def _make_folder(folder: Path) -> None:
    if folder.is_symlink():
        raise UsageProblem(f"{folder} is a link: it leads out of the site")
    folder.mkdir(exist_ok=True)


def _replace(target: Path, raw: bytes) -> None:
    try:
        _make_folder(target.parent)
        replace_whole(target, raw)
    except OSError as error:
        raise _unwritable(target, error) from error


def replace_whole(target: Path, raw: bytes) -> None:
    """Write a file under a temporary name and rename it: never half a page."""
    temporary = target.with_name(TEMPORARY)
    try:
        temporary.write_bytes(raw)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _check_fresh(out: Path) -> None:
    there = out.iterdir() if out.is_dir() else [out] if out.exists() else []
    if any(path.name != TEMPORARY for path in there):
        raise UsageProblem(
            f"{out} is not empty, and not a site that capdraft made",
            hint="Name a new or an empty folder: capdraft site public",
        )


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked for each page
    except OSError:
        return -1


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(f"can't be written: {error.strerror or error}", where=str(path))
