"""A workspace that can't be written: how that is known, and what to do about it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

WAY_OUT = "Make the workspace writable, or work in a copy of it that is: cp -r or git clone."
_REFUSALS = {errno.EACCES, errno.EPERM, errno.EROFS}


def is_read_only(path: Path) -> bool:
    """Tell whether the file at `path` can be neither written nor, where it is missing, made."""
    folder = next(place for place in path.parents if place.exists())
    return not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK))


def way_out(error: OSError) -> str:
    """Return the hint for a file of the workspace that couldn't be written."""
    return WAY_OUT if error.errno in _REFUSALS else ""
