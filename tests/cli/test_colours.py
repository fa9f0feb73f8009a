"""Colours: on a terminal alone, unless the environment says otherwise, in answers and in errors."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).parents[2]
ANSWER, ERROR = ["doctor", "--offline"], ["review", "list"]


def said(where: Path, words: list[str], *, terminal: bool, **environment: str) -> str:
    """Return all that a command prints, on a terminal of its own or into a pipe."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    variables = {**kept, "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm", **environment}
    arguments = ["-m", "capdraft", *words]
    if terminal:
        child = pexpect.spawn(
            sys.executable, arguments, cwd=where, env=variables, timeout=30, encoding="utf-8"
        )
        printed = child.read()
        child.close()
        return printed
    done = subprocess.run(
        [sys.executable, *arguments], cwd=where, env=variables, capture_output=True, check=False
    )
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("words", [ANSWER, ERROR], ids=["answer", "error"])
@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {}, False),
        (False, {"FORCE_COLOR": "1"}, True),
    ],
)
def test_colours_are_where_they_are_wanted(
    tmp_path: Path, words: list[str], terminal: bool, environment: dict[str, str], coloured: bool
) -> None:
    printed = said(tmp_path, words, terminal=terminal, **environment)
    assert "capdraft.toml" in printed
    assert ("\x1b[" in printed) == coloured
