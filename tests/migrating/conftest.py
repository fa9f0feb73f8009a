"""Workspaces as older versions wrote them, and the command line in them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from capdraft.workspace import Workspace

HERE = Path(__file__).parent
Older = Callable[[str], Workspace]


def load_database(path: Path, sql: Path) -> None:
    """Make the SQLite file at `path` from its statements."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(sql.read_text(encoding="utf-8"))


@pytest.fixture
def samples(tmp_path: Path) -> Workspace:
    """Return a copy of the workspace with a file of each kind."""
    folder = shutil.copytree(HERE / "samples/workspace", tmp_path / "samples")
    for name in ("ledger", "matches"):
        load_database(folder / f".capdraft/{name}.sqlite3", HERE / f"samples/{name}.sql")
    return Workspace(folder)


@pytest.fixture
def older(tmp_path: Path) -> Older:
    """Return a copy of a workspace of older files by its name."""

    def copied(name: str) -> Workspace:
        number = len(list(tmp_path.iterdir()))
        folder = shutil.copytree(HERE / "older" / name, tmp_path / f"{name}-{number}")
        if (folder / "ledger.sql").exists():
            load_database(folder / ".capdraft/ledger.sqlite3", folder / "ledger.sql")
        return Workspace(folder)

    return copied
