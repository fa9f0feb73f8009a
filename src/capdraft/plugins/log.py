"""`.capdraft/plugins.log`: the tracebacks of plugins that broke."""

from __future__ import annotations

import importlib
import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

PLACE = ".capdraft/plugins.log"
_OURS = (f"{Path(__file__).parents[1]}{os.sep}", f"{Path(importlib.__file__).parent}{os.sep}")
LARGEST = 1_000_000
"""Bytes after which the log begins anew; the one before stays beside it."""


def write_traceback(root: Path, what: str, error: BaseException) -> bool:
    """Add the traceback of `error` to the log of a workspace; return whether that worked."""
    path = root / PLACE
    lines = "".join(traceback.format_exception(error))
    try:
        path.parent.mkdir(exist_ok=True)
        if path.exists() and path.stat().st_size > LARGEST:
            path.replace(path.with_suffix(".log.1"))
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {what}\n{lines}\n")
    except OSError:
        return False
    return True


def innermost(error: BaseException) -> str:
    """Return FILE:LINE of the last line outside of capdraft and the importer that led to `error`.

    Nothing where there is none: what capdraft itself finds wrong with a plugin.
    """
    frames = reversed(traceback.extract_tb(error.__traceback__))
    theirs = (frame for frame in frames if not frame.filename.startswith(("<frozen ", *_OURS)))
    last = next(theirs, None)
    return f"{Path(last.filename).name}:{last.lineno}" if last else ""
