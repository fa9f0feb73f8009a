"""A review desk of its own for a test, and what runs beside the browser."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from capdraft.workspace import Workspace


@dataclass
class Server:
    """`capdraft serve` on a free port."""

    workspace: Workspace
    process: subprocess.Popen[str]
    urls: dict[str, str]
    """Where each reviewer opens it."""


@contextmanager
def serving(workspace: Workspace, *options: str) -> Iterator[Server]:
    """Run the desk for a workspace and stop it afterwards."""
    command = [sys.executable, "-m", "capdraft", "serve", "--port", "0", "--json", *options]
    with subprocess.Popen(
        command, cwd=workspace.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        while line := process.stdout.readline():
            lines.append(line)
            if line.startswith("}"):
                break
        try:
            assert lines, process.communicate(timeout=10)[1]
            _wait_until_read(process)
            told = json.loads("".join(lines))["urls"]
            yield Server(workspace, process, {item["reviewer"]: item["url"] for item in told})
        finally:
            process.terminate()
            process.communicate(timeout=20)


def _wait_until_read(process: subprocess.Popen[str]) -> None:
    """Wait until the queue is read: the page that tells of its progress loads itself anew."""
    assert process.stderr is not None
    while (line := process.stderr.readline()) and " for " not in line:
        pass


def beside_the_browser(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call what runs an event loop of its own: the browser's loop is running in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments, **options).result()
