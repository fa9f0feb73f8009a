"""What a command meets around it: closed streams, folders it can't write, names that are near."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workspaces import drafted_workspace

ROOT = Path(__file__).parents[2]
Run = Callable[..., Any]


def typed(where: Path, line: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in which `capdraft` is this one."""
    program = f'capdraft() {{ "{sys.executable}" -m capdraft "$@"; }}; '
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {program}{line}"],
        cwd=where,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("capdraft review next --as ann <&-", 0),
        ("capdraft review apply - --as ann <&-", 0),
        ("capdraft draft --from - <&-", 2),
        ("capdraft check --json >&-", 1),
        ("capdraft schema settings | head -1", 0),
        ("PYTHONIOENCODING=ascii capdraft review show ticket-reader", 0),
        ("HOME=/nowhere PATH=/nowhere capdraft review approve ticket-reader --as ann", 1),
    ],
)
def test_no_stream_and_no_environment_makes_a_traceback(
    tmp_path: Path, line: str, status: int
) -> None:
    drafted_workspace(tmp_path)
    assert typed(tmp_path, line).returncode == status


def no_room() -> None:
    """Let a process write no byte to any file, as a full disk does."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def test_init_leaves_no_half_of_a_workspace_where_there_is_no_room(tmp_path: Path) -> None:
    done = typed(tmp_path, "capdraft init here", preexec_fn=no_room)
    assert done.returncode == 1
    assert "can't be written" in done.stderr
    assert "next: Check that" in done.stderr
    assert list((tmp_path / "here").iterdir()) == []


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    drafted_workspace(tmp_path)
    (tmp_path / ".capdraft/site.lock").mkdir(parents=True)
    done = typed(tmp_path, "capdraft site out")
    assert done.returncode == 1
    assert ".capdraft/site.lock: can't be used" in done.stderr


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("review next --rule CD3011", "'CD301'"),
        ("review approve ticket-reader --as ann --despite CD3011", "'CD301'"),
        ("review show ticket-reader/read-tickts", "ticket-reader/read-tickets"),
        ("log ticket-readr", "'ticket-reader'"),
        ("signals set ticket-reader downlods=3 --as ann", "'downloads'"),
        ("prompts show drft", "'draft'"),
        ("export jsn", "'json'"),
    ],
)
def test_a_name_that_is_near_to_one_is_answered_with_it(
    run: Run, tmp_path: Path, line: str, meant: str
) -> None:
    drafted_workspace(tmp_path)
    said = run(*line.split())
    assert said.status in (1, 2)
    assert f"Did you mean {meant}" in said.err
