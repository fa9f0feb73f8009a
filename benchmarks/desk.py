"""The review queue at 1,000, 10,000 and 100,000 fields: how each step grows.

    python -m benchmarks.desk [--fields 1000 --fields 10000 --fields 100000] [--keep FOLDER]

Each size is a workspace of its own, with 10 fields an artifact, in a process of its own. Times are
medians in milliseconds, but for the cold build, which is run once.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from capdraft.records import Artifact, Capability, DocumentRef, Field, Proposal, Run
from capdraft.reviewing import (
    Judgement,
    QueueIndex,
    Target,
    Wanted,
    approve,
    open_review,
)
from capdraft.sources import quote, read_bytes
from capdraft.workspace import Workspace, dump_proposal

FIELDS_EACH = 10
CAPABILITIES = 4
ROUNDS = 9
LIMIT = 50.0
"""Milliseconds that a question may take at 100,000 fields."""
STARTED = datetime(2026, 1, 1, tzinfo=UTC)
VERBS = [
    "reads",
    "sorts",
    "joins",
    "counts",
    "cleans",
    "maps",
    "trims",
    "links",
    "folds",
    "marks",
    "packs",
    "scans",
]
THINGS = [
    "tickets",
    "ledgers",
    "letters",
    "parcels",
    "menus",
    "maps",
    "recipes",
    "rosters",
    "labels",
    "invoices",
]
PLACES = [
    "harbours",
    "kitchens",
    "libraries",
    "orchards",
    "depots",
    "museums",
    "bakeries",
    "stations",
    "farms",
]
RARE = "quillfeather"
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
    "rare word: page",
    "rare word: count",
)


def make_workspace(folder: Path, fields: int) -> Workspace:
    """Write a workspace with so many fields: a document and a proposal for every ten."""
    (folder / "capdraft.toml").write_text(
        'schema = "capdraft/settings/1"\n[review]\nreviewers = ["ann", "bo", "cy"]\n'
    )
    (folder / "docs").mkdir()
    for number in range(fields // FIELDS_EACH):
        slug = f"artifact-{number:05d}"
        sentences = list(_sentences(number))
        document = folder / f"docs/{slug}.md"
        document.write_text(f"# Artifact {number}\n\n" + "\n\n".join(sentences) + "\n")
        path = folder / f"reviews/{slug}/0001.toml"
        path.parent.mkdir(parents=True)
        path.write_text(dump_proposal(_proposal(slug, number, document)), encoding="utf-8")
    return Workspace(folder)


def _sentences(number: int) -> Iterator[str]:
    chance = random.Random(number)  # noqa: S311
    for _ in range(FIELDS_EACH):
        verb, other = chance.sample(VERBS, 2)
        thing, place = chance.choice(THINGS), chance.choice(PLACES)
        yield (
            f"It {verb} {chance.randint(2, 999)} {thing} an hour and {other} what is left over, "
            f"as the records of small {place} ask for in week {chance.randint(1, 52)}."
        )


def _proposal(slug: str, number: int, path: Path) -> Proposal:
    document = read_bytes(path.read_bytes(), path.name, uri=f"docs/{path.name}")
    cited = iter(document.passages)

    def claim(*, wrong: bool = False, alternative: str | None = None) -> Field:
        passage = next(cited)
        text = passage.shown.replace("an hour", "in 1234 hours") if wrong else passage.shown
        evidence = (quote(document, passage, document_id="d1"),)
        return Field(text=text, alternative=alternative, evidence=evidence)

    def capability(place: int) -> Capability:
        rare = f" {RARE}" if (number, place) == (7, 0) else ""
        return Capability(
            id=f"{VERBS[place]}-{number % 97}",
            name=f"{VERBS[place].capitalize()} {THINGS[number % 10]}{rare}",
            intents=(f"work with {THINGS[place]}",),
            description=claim(wrong=number % 9 == place),
            unique=claim(),
            vs_alternatives=claim(alternative="a pencil") if place < 2 else None,
        )

    ref = DocumentRef(
        id="d1",
        uri=document.uri,
        sha256=document.sha256,
        retrieved=STARTED,
        media_type=document.media_type,
        passages=len(document.passages),
    )
    return Proposal(
        artifact=Artifact(slug=slug, name=f"Artifact {number}", type="tool"),
        run=_run(number),
        documents=(ref,),
        capabilities=tuple(capability(place) for place in range(CAPABILITIES)),
    )


def _run(number: int) -> Run:
    return Run(
        started=STARTED + timedelta(minutes=number * 7919 % 100_003),
        by=("ann", "bo", "cy")[number % 3],
        tool="benchmark",
        state="drafted",
        model="stub",
        endpoint="http://stub/v1",
        prompt="draft",
        prompt_sha256="0" * 64,
        calls=1,
        attempts=1,
        seconds=1,
    )


def measure(workspace: Workspace) -> dict[str, float]:
    """Return what each step takes in milliseconds, and the peak memory in MB."""
    index = QueueIndex(workspace)
    took = {"cold build": _once(index.refresh)}
    time.sleep(2.1)  # what was written in the last two seconds is read again
    index.refresh()
    took["warm refresh"] = _median(index.refresh)
    middle = index.page(offset=index.count() // 2, limit=1)[0]
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
    click.echo(f"{'':<22}{head}")
    for name in found[sizes[0]]:
        row, before = "", 0.0
        for size in sizes:
            now = found[size][name]
            ratio = f"{now / before:.1f}" if before else ""
            row, before = f"{row}{now:>12,.1f}{ratio:>8}", now
        click.echo(f"{name:<22}{row}")


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
                click.echo(json.dumps(measure(Workspace(folder))))
                return
            command = ["-m", "benchmarks.desk", "--alone", "--fields", str(size)]
            done = subprocess.run(
                [sys.executable, *command, "--keep", str(folder.parent)],
                stdout=subprocess.PIPE,
                check=True,
            )
            found[size] = json.loads(done.stdout)
    show(found)
    slow = [name for name in QUESTIONS if found.get(100_000, {}).get(name, 0) > LIMIT]
    click.echo(f"over {LIMIT:.0f} ms at 100,000 fields: {', '.join(slow) or 'nothing'}")


if __name__ == "__main__":
    main()
