"""The folder that a site is written to: what is in it, from which inputs, and nothing else.

`.capdraft-site.jsonl` names each file that was written, a line each. A file is claimed there before
it appears, and its inputs are noted after, so that a killed build is simply continued. Files that
are not named there are not touched.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from capdraft.errors import FileInvalid, StoreError, UsageProblem
from capdraft.text import sha256

MANIFEST = ".capdraft-site.jsonl"
TEMPORARY = ".capdraft-tmp"
SCHEMA = "capdraft/site/1"
FOLDERS = ("artifacts", "assets", "capabilities", "compare", "types")


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the site: a digest of what it was made from, its size, and whose page it is."""

    inputs: str
    size: int
    artifact: tuple[str, str, str] | None = None
    """Slug, name and type."""


@dataclass
class SiteFolder:
    """The files of a site while it is built."""

    out: Path
    files: dict[str, Written]
    _journal: TextIO
    kept: set[str] = field(default_factory=set)
    rewritten: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def is_current(self, path: str, inputs: str) -> bool:
        """Tell whether `path` is there, made from the same inputs; if so, it stays."""
        known = self.files.get(path)
        if known is None or known.inputs != inputs or _size(self.out / path) != known.size:
            return False
        self.kept.add(path)
        return True

    def keep(self, path: str) -> None:
        """Let a file stay as it is, if it was written before."""
        if path in self.files:
            self.kept.add(path)

    def write(
        self,
        path: str,
        text: str,
        inputs: str | None = None,
        artifact: tuple[str, str, str] | None = None,
    ) -> None:
        """Write a file whole; without `inputs` only if its text differs from what is there.

        Raises:
            StoreError: it can't be written, or a file that capdraft didn't write is there.
        """
        raw = text.encode("utf-8", "replace")
        inputs = inputs or sha256(raw)
        if self.is_current(path, inputs):
            return
        target = self.out / path
        if path not in self.files and target.exists():
            raise StoreError(
                "is there already, and capdraft did not write it",
                where=str(target),
                hint="Move it away, or name another folder.",
            )
        self._note(path, Written("", -1, artifact))
        try:
            replace_whole(target, raw)
        except OSError as error:
            raise _unwritable(target, error) from error
        self._note(path, Written(inputs, len(raw), artifact))
        self.kept.add(path)
        self.rewritten.append(path)

    def _note(self, path: str, written: Written) -> None:
        self.files[path] = written
        self._journal.write(_line(path, written))
        self._journal.flush()

    def artifacts(self) -> dict[str, tuple[str, str, str]]:
        """Return the artifacts that have a page: slug, name and type, by slug."""
        found = (written.artifact for written in self.files.values())
        return {artifact[0]: artifact for artifact in found if artifact}

    def remove_others(self) -> None:
        """Remove the files that were written before and are no part of the site any more."""
        for path in [path for path in self.files if path not in self.kept]:
            (self.out / path).unlink(missing_ok=True)
            del self.files[path]
            self.removed.append(path)


@contextmanager
def opened(out: Path) -> Iterator[SiteFolder]:
    """Give the site in `out`, which is made if need be; its manifest is closed behind.

    Raises:
        UsageProblem: something else is in the folder.
        FileInvalid: its manifest is none.
        StoreError: it can't be written.
    """
    manifest = out / MANIFEST
    try:
        files = _read(manifest) if manifest.is_file() else _fresh(out)
        out.mkdir(parents=True, exist_ok=True)
        _rewrite(manifest, files)
        for name in FOLDERS:
            if (out / name).is_symlink():
                raise UsageProblem(f"{out / name} is a link: it leads out of the site")
            (out / name).mkdir(exist_ok=True)
            (out / name / TEMPORARY).unlink(missing_ok=True)  # a killed build's
        with manifest.open("a", encoding="utf-8", newline="\n") as journal:
            folder = SiteFolder(out, files, journal)
            yield folder
        _rewrite(manifest, folder.files)
    except OSError as error:
        raise _unwritable(out, error) from error


def replace_whole(target: Path, raw: bytes) -> None:
    """Write a file under a temporary name and rename it: never half a page."""
    temporary = target.with_name(TEMPORARY)
    try:
        temporary.write_bytes(raw)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _fresh(out: Path) -> dict[str, Written]:
    there = out.iterdir() if out.is_dir() else [out] if out.exists() else []
    if any(path.name != TEMPORARY for path in there):
        raise UsageProblem(
            f"{out} is not empty, and not a site that capdraft made",
            hint="Name a new or an empty folder: capdraft site public",
        )
    return {}


def _read(manifest: Path) -> dict[str, Written]:
    first, *lines = manifest.read_text(encoding="utf-8").split("\n")
    if first != _head():
        raise FileInvalid("is not the manifest of a site", where=str(manifest))
    files: dict[str, Written] = {}
    for line in lines:
        try:
            path, inputs, size, artifact = json.loads(line)
        except (TypeError, ValueError):
            continue  # cut off by a kill
        _check_inside(manifest, path)
        files[path] = Written(inputs, size, tuple(artifact) if artifact else None)
    return files


def _check_inside(manifest: Path, path: str) -> None:
    """Check that a path leads nowhere else: what is listed may be overwritten and removed."""
    parts = path.split("/")
    if len(parts) > 2 or {"", ".", ".."} & {*parts} or "\\" in path or ":" in parts[0]:
        raise FileInvalid(f"lists {path!r}, which is no file of a site", where=str(manifest))


def _rewrite(manifest: Path, files: dict[str, Written]) -> None:
    lines = [_head() + "\n", *(_line(path, files[path]) for path in sorted(files))]
    replace_whole(manifest, "".join(lines).encode())


def _head() -> str:
    return json.dumps({"schema": SCHEMA})


def _line(path: str, written: Written) -> str:
    data = [path, written.inputs, written.size, written.artifact]
    return json.dumps(data, ensure_ascii=False) + "\n"


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked for each page
    except OSError:
        return -1


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(f"can't be written: {error.strerror or error}", where=str(path))
