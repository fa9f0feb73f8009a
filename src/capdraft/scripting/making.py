"""Making a workspace that a script can draft in."""

from __future__ import annotations

import os
from pathlib import Path

from capdraft.errors import StoreError

SETTINGS = 'schema = "capdraft/settings/1"\n'
IGNORED = ".capdraft/"


def make(folder: Path | str) -> None:
    """Write what a workspace needs into `folder`; what is there stays as it is.

    Raises:
        StoreError: it can't be written.
    """
    from capdraft.workspace import SETTINGS_FILE

    place = Path(folder)
    settings, ignore = place / SETTINGS_FILE, place / ".gitignore"
    try:
        place.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(settings):
            settings.write_text(SETTINGS, encoding="utf-8")
        ignored = ignore.read_text(encoding="utf-8") if ignore.exists() else ""
        if IGNORED not in ignored.split():
            gap = "" if not ignored or ignored.endswith("\n") else "\n"
            ignore.write_text(f"{ignored}{gap}{IGNORED}\n", encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise StoreError(f"can't be written: {why}", where=str(folder)) from error
