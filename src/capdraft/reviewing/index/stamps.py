"""Whether anything that an artifact was read from has changed, told by file metadata alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from capdraft.records import Proposal
from capdraft.text import is_slug, sha256

TICK = 2.0
"""Seconds in which two changes of a file may carry one time: some file systems are so coarse."""
_NUMBERED = re.compile(r"(\d{4,})\.toml")


@dataclass(frozen=True, slots=True)
class Marks:
    """How some files stand: what changes when one of them does, and when the last one did."""

    text: str
    newest: int = 0

    def __add__(self, other: Marks) -> Marks:
        return Marks(f"{self.text}|{other.text}", max(self.newest, other.newest))

    def stamp(self, terms: str) -> str:
        """Return the marks, with the `terms` under which the files were read, as one short text."""
        return sha256(f"{terms}|{self.text}")[:32]


def artifact_folders(root: Path) -> list[str]:
    """Return the slugs below reviews/, with or without a proposal."""
    try:
        with os.scandir(root / "reviews") as entries:
            return [entry.name for entry in entries if is_slug(entry.name)]
    except FileNotFoundError:
        return []


def own_marks(root: Path, slug: str) -> Marks | None:
    """Return how an artifact's newest proposal and what was said of it stand; None without one."""
    folder = f"{root}/reviews/{slug}"
    names = _names(folder)
    numbered = [(int(m[1]), name) for name in names if (m := _NUMBERED.fullmatch(name))]
    if not numbered:
        return None
    newest = max(numbered)[1]
    decisions = f"{folder}/decisions"
    said = sorted(name for name in _names(decisions) if name.endswith(".jsonl"))
    judgements = f"{folder}/judgements"
    judged = sorted(name for name in _names(judgements) if name.endswith(".jsonl"))
    paths = [f"{folder}/{newest}", *(f"{decisions}/{name}" for name in said)]
    paths += [f"{judgements}/{name}" for name in judged]
    return Marks(" ".join([newest, *said, *judged])) + _marks(paths)


def document_paths(proposal: Proposal) -> tuple[str, ...]:
    """Return the files that the documents of a proposal are looked up in, from the workspace."""
    from capdraft.sources import RECORDS_MEDIA_TYPE
    from capdraft.sources.addresses import is_address
    from capdraft.sources.addresses.snapshots import FOLDER

    return tuple(
        f"{FOLDER}/{document.sha256}"
        if document.media_type != RECORDS_MEDIA_TYPE and is_address(document.uri)
        else document.uri
        for document in proposal.documents
    )


def document_marks(root: Path, paths: Iterable[str]) -> Marks:
    """Return how the files that `document_paths` names stand."""
    return _marks(os.path.join(root, path) for path in paths)  # noqa: PTH118 - a hot loop


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - a hot loop
    except (FileNotFoundError, NotADirectoryError):
        return []


def _marks(paths: Iterable[str]) -> Marks:
    found = [_mark(path) for path in paths]
    text = " ".join(mark for mark, _ in found)
    return Marks(text, max((moment for _, moment in found), default=0))


def _mark(path: str) -> tuple[str, int]:
    """Return what tells a file from what it was or will be, and when it was changed.

    The time of its last change of any sort can't be set back, other than that of its content; and
    a file that another one was renamed to has another inode.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - a hot loop
    except (OSError, ValueError) as error:
        return f"{getattr(error, 'errno', '?')}{os.path.islink(path)}", 0  # noqa: PTH114
    changed = found.st_mtime_ns if os.name == "nt" else found.st_ctime_ns
    parts = (found.st_mtime_ns, changed, found.st_size, found.st_ino, found.st_dev, found.st_mode)
    return ".".join(map(str, parts)), changed
