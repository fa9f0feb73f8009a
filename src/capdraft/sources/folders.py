"""A folder's documents: which files are read, and which are a workspace's own, and no source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from capdraft.errors import SourceError
from capdraft.sources.formats import suffixes, what_is_read
from capdraft.workspace import SETTINGS_FILE

SITE_FILE = ".capdraft-site.jsonl"
"""What `capdraft site` keeps in a folder that it wrote."""
OWN_FOLDERS = frozenset({"reviews", "catalog", "prompts", "cassettes", "signals"})
"""Of a workspace, beside its settings: what is in them was written by capdraft, or for it."""
README_SAYS = b"This folder is a capdraft workspace."
"""A line that starts so is in the README that `capdraft init` writes, and stays when it is edited
elsewhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is below a folder: to be read, of no kind that is read, and a workspace's own."""

    files: list[Path] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    own: list[Path] = field(default_factory=list)

    @property
    def own_names(self) -> str:
        """The names of what is a workspace's own."""
        return ", ".join(path.name for path in self.own)


def find_files(folder: Path) -> Found:
    """Return what is below `folder`; hidden files and folders and symbolic links are left out.

    Raises:
        SourceError: `folder` is no folder, can't be listed, or holds nothing that can be read.
    """
    found, known = Found(), suffixes()
    for path in _visible(folder, found.own):
        if is_workspace_readme(path):
            found.own.append(path)
        else:
            (found.files if path.suffix.lower() in known else found.skipped).append(path)
    if found.files:
        return found
    beside = f" Left out is what is a workspace's own: {found.own_names}." if found.own else ""
    raise SourceError(
        f"none of the {len(found.skipped)} files below this folder can be read",
        where=str(folder),
        hint=what_is_read() + beside,
    )


def is_workspace_readme(path: Path) -> bool:
    """Tell whether a file is the README that `capdraft init` wrote; it is of no artifact."""
    if path.name != "README.md":
        return False
    try:
        with path.open("rb") as file:
            return any(line.startswith(README_SAYS) for line in file.read(4000).splitlines())
    except OSError:
        return False  # whoever reads it is told why


def _visible(folder: Path, own: list[Path]) -> Iterator[Path]:
    """Yield the files below `folder`; what is a workspace's own goes to `own` instead."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = "Give a folder that you may list."
        raise SourceError(f"can't be read: {reason}", where=str(folder), hint=hint) from error
    in_workspace = (folder / SETTINGS_FILE).is_file()
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            if (in_workspace and entry.name in OWN_FOLDERS) or (entry / SITE_FILE).is_file():
                own.append(entry)
            else:
                yield from _visible(entry, own)
        elif in_workspace and entry.name == SETTINGS_FILE:
            own.append(entry)
        elif entry.is_file():
            yield entry
