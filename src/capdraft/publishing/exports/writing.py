"""Files that are written piece by piece and appear whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from capdraft.errors import StoreError, UsageProblem
from capdraft.workspace import SETTINGS_FILE, Workspace

_OWN = {"catalog", "reviews", "signals", "cassettes", ".capdraft", ".git", SETTINGS_FILE}


def check_target(workspace: Workspace, path: Path) -> None:
    """Check that an export to `path` overwrites nothing that the workspace lives from.

    Raises:
        UsageProblem: it would.
    """
    target = path.resolve()
    if not target.is_relative_to(workspace.root):
        return
    first = target.relative_to(workspace.root).parts[:1]
    if first and first[0] in _OWN:
        raise UsageProblem(
            f"{path} is the workspace's own",
            hint="Name a place outside of it, or another folder: --out exports",
        )


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to; it is called `path` once all is written and synced.

    Raises:
        StoreError: it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _unwritable(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(f"can't be written: {error.strerror or error}", where=str(path))
