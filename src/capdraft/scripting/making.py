"""Making a workspace, for scripts and for `capdraft init`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from capdraft.errors import StoreError

SETTINGS = 'schema = "capdraft/settings/1"\n'
IGNORED = ".capdraft/"


def make(
    folder: Path | str, settings: str = SETTINGS, more: Mapping[str, str] | None = None
) -> list[str]:
    """Write what a workspace needs into `folder`, and return the names of what was written.

    `more` gives further files by name. What is there stays as it is.

    Raises:
        StoreError: it can't be written.
    """
    from capdraft.workspace import SETTINGS_FILE
    from capdraft.workspace.store import write_synced

    place, first = Path(folder), {SETTINGS_FILE: settings, **(more or {})}
    try:
        place.mkdir(parents=True, exist_ok=True)
        written = [name for name in first if not os.path.lexists(place / name)]
        for name in written:
            write_synced(place / name, first[name])
        ignore = place / ".gitignore"
        present = ignore.read_text(encoding="utf-8") if ignore.exists() else ""
        if IGNORED not in present.split():
            gap = "" if not present or present.endswith("\n") else "\n"
            write_synced(ignore, f"{present}{gap}{IGNORED}\n")
            written.append(ignore.name)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        hint = "Check that the folder can be written and the disk has room."
        raise StoreError(f"can't be written: {why}", where=str(folder), hint=hint) from error
    return written
