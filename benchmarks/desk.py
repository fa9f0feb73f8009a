"""The review queue at 1,000, 10,000 and 100,000 fields: how each step grows.

    python -m benchmarks.desk [--fields 1000 --fields 10000 --fields 100000] [--keep FOLDER]

Each size is a workspace of its own, with 10 fields an artifact, in a process of its own. Times are
medians in milliseconds, but for what begins cold or warm, which is run once. The index is asked
first, in this process; then `capdraft serve` over HTTP.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from benchmarks.desk_server import LIMIT as PAGE_LIMIT
from benchmarks.desk_server import PAGES, measure_server
from benchmarks.desk_workspace import RARE, make_workspace

from capdraft.reviewing import (
    Judgement,
    QueueIndex,
    Target,
    Wanted,
    approve,
    open_review,
)
from capdraft.workspace import Workspace

ROUNDS = 9
LIMIT = 50.0
"""Milliseconds that a question may take at 100,000 fields."""
QUESTIONS = (
    "first page",
    "page 1,000 on",
    "page of a reviewer",
    "count",
    "facets",
    "facets of a rule",
    "next item",
    "position",
    "artifacts",
    "common word: page",
    "common word: count",
    "common word: facets",
    "common word: anew",
    "rare word: page",
    "rare word: count",
)


def measure(workspace: Workspace) -> dict[str, float]:
    """Return what each step takes in milliseconds, and the peak memory in MB."""
    index = QueueIndex(workspace)
    took = {"cold build": _once(index.refresh)}
    time.sleep(2.1)  # what was written in the last two seconds is read again
    index.refresh()
    took["warm refresh"] = _median(index.refresh)
    middle = index.page(offset=index.count() // 2, limit=1)[0]
    verbs = iter("aeionrstlhcdu")  # each search is one that was not asked before
    common, rare = Wanted(words="records left"), Wanted(words=RARE)
    ruled = Wanted(rule="CD103", reviewer="ann")
    steps: tuple[Callable[[], Any], ...] = (
        index.page,
        lambda: index.page(offset=min(1000, index.count() // 2)),
        lambda: index.page(Wanted(reviewer="ann")),
        index.count,
        index.facets,
        lambda: index.facets(ruled),
        lambda: index.after(middle, Wanted(reviewer="ann"), skip_claimed_for="ann"),
        lambda: index.position(middle, Wanted(reviewer="ann")),
        index.artifacts,
        lambda: index.page(common),
        lambda: index.count(common),
        lambda: index.facets(common),
        lambda: index.facets(Wanted(words=f"records left {next(verbs)}")),
        lambda: index.page(rare),
        lambda: index.count(rare),
    )
    took |= {name: _median(step) for name, step in zip(QUESTIONS, steps, strict=True)}
    assert index.count(common) > index.count() // 2
    assert index.count(rare) == 3
    took["one decision"] = statistics.median(_decisions(workspace, index))
    took["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    files = (workspace.root / ".capdraft").glob("review.sqlite3*")
    took["index, MB"] = sum(path.stat().st_size for path in files) / 1e6
    return took


def _decisions(workspace: Workspace, index: QueueIndex) -> Iterator[float]:
    """Approve a field and bring the index up to date, nine times."""
    for item in index.page(Wanted(reviewer="bo", field="description"), offset=20, limit=ROUNDS):

        def decide(target: Target = item.target) -> None:
            approve(open_review(workspace, target), Judgement("bo", {}))
            index.refresh_one(target.slug)

        before = index.count()
        yield _once(decide)
        assert index.count() in (before - 1, before)


def _once(step: Callable[[], Any]) -> float:
    started = time.perf_counter()
    step()
    return (time.perf_counter() - started) * 1000


def _median(step: Callable[[], Any]) -> float:
    return statistics.median(_once(step) for _ in range(ROUNDS))


def show(found: dict[int, dict[str, float]]) -> None:
    """Print a row for each step, with its growth from size to size."""
    sizes = list(found)
    head = "".join(f"{size:>12,}{'×':>8}" for size in sizes)
    click.echo(f"{'':<28}{head}")
    for name in found[sizes[0]]:
        row, before = "", 0.0
        for size in sizes:
            now = found[size][name]
            ratio = f"{now / before:.1f}" if before else ""
            row, before = f"{row}{now:>12,.1f}{ratio:>8}", now
        click.echo(f"{name:<28}{row}")


@click.command()
@click.option("--fields", type=int, multiple=True, default=(1_000, 10_000, 100_000))
@click.option("--keep", type=click.Path(path_type=Path), help="Where workspaces are left or found.")
@click.option("--alone", is_flag=True, hidden=True, help="Measure one size, print it as JSON.")
def main(fields: tuple[int, ...], keep: Path | None, alone: bool) -> None:
    """Print how long each step takes, and how it grows with the queue."""
    with tempfile.TemporaryDirectory() as temporary:
        found = {}
        for size in sorted(fields):
            folder = (keep or Path(temporary)) / str(size)
            if not folder.exists():
                folder.mkdir(parents=True)
                make_workspace(folder, size)
            if alone:
                click.echo(json.dumps(measure(Workspace(folder)) | measure_server(folder)))
                return
            command = ["-m", "benchmarks.desk", "--alone", "--fields", str(size)]
            done = subprocess.run(
                [sys.executable, *command, "--keep", str(folder.parent)],
                stdout=subprocess.PIPE,
                check=True,
            )
            found[size] = json.loads(done.stdout)
    show(found)
    for limit, names in ((LIMIT, QUESTIONS), (PAGE_LIMIT, PAGES)):
        what = "questions" if names is QUESTIONS else "pages"
        slow = [name for name in names if found.get(100_000, {}).get(name, 0) > limit]
        click.echo(f"{what} over {limit:.0f} ms at 100,000 fields: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main()
