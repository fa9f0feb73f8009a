"""Packages with plugins as an installer leaves them: a module, and metadata with entry points."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent


@dataclass
class Said:
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str


def add_package(site: Path, name: str, code: str, **plugins: Mapping[str, str]) -> None:
    """Put the package `name` 0.1 into `site`; `plugins` maps the kinds to names and objects."""
    module = name.replace("-", "_")
    (site / f"{module}.py").write_text(HEAD + dedent(code))
    metadata = site / f"{module}-0.1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n")
    lines = []
    for kind, named in plugins.items():
        lines.append(f"[capdraft.{kind}]")
        lines += [f"{key} = {module}{value}" for key, value in named.items()]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")


HEAD = """\
from datetime import UTC, datetime
from capdraft.plugins import CONTRACT, Problem
from capdraft.records import Signal
"""


def capdraft(folder: Path, *arguments: str, site: Path, **environment: str) -> Said:
    """Run `capdraft ARGUMENTS` in `folder` as a process that has what is installed in `site`."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "capdraft", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(site)]), **environment},
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)
