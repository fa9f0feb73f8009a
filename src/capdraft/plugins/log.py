"""`.capdraft/plugins.log`: the tracebacks of plugins that broke."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

PLACE = ".capdraft/plugins.log"
LOADING = "it was loaded"
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


def last_broken(root: Path, plugin: str) -> str:
    """Return when the log says that `plugin` last broke at work, and how; else nothing."""
    try:
        lines = (root / PLACE).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    heads = (line.partition(f" {plugin} broke while ") for line in reversed(lines))
    times = ((day, doing) for day, _, doing in heads if doing and not doing.startswith(LOADING))
    day, doing = next(times, ("", ""))
    return f"last broke on {day[:10]} while {doing}" if day else ""


def innermost(error: BaseException, module: str = "") -> str:
    """Return FILE:LINE of the last line of the package of `module` that led to `error`.

    Where none of its lines did, the last one outside of capdraft and the importer. Nothing where
    there is none either: what capdraft itself finds wrong with a plugin.
    """
    frames = traceback.extract_tb(error.__traceback__)[::-1]
    theirs = [frame for frame in frames if not frame.filename.startswith(("<frozen ", *_OURS))]
    places = _places(module)
    own = [frame for frame in theirs if places and frame.filename.startswith(places)]
    last = next(iter([*own, *theirs]), None)
    return f"{Path(last.filename).name}:{last.lineno}" if last else ""


def _places(module: str) -> tuple[str, ...]:
    """Return the folders of the package that `module` is in, or its file; none if not imported."""
    package = sys.modules.get(module.partition(".")[0])
    folders = tuple(f"{folder}{os.sep}" for folder in getattr(package, "__path__", ()))
    return folders or tuple(filter(None, [getattr(package, "__file__", None)]))
