"""Building the site of a catalog of made-up artifacts: time, memory, and again after one change.

    python -m benchmarks.site                (100, 1,000 and 10,000 artifacts)
    python -m benchmarks.site 100 1000

Each artifact has five capabilities and the proposal that they come from. Words are drawn as in
natural text, the n-th most common one with a chance of about 1/n (Zipf). An artifact belongs to one
of so many families that fifty share one; its capabilities vary five of the family's eight tasks, so
that artifacts have some in common. The catalog is committed to git. Each build runs in a process of
its own. `again` is a build with nothing changed, `one change` one behind a second commit, in which
the text of one record changed.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from capdraft.publishing.site import SiteOptions, build_site
from capdraft.records import (
    Approval,
    Artifact,
    Capability,
    CatalogEntry,
    DocumentRef,
    Evidence,
    Field,
    Proposal,
    Record,
    RecordField,
    Run,
)
from capdraft.settings import RankSettings
from capdraft.workspace import Workspace
from capdraft.workspace.proposal_file import dump_proposal

SIZES = (100, 1_000, 10_000)
EACH = 5
TYPES = ("model", "dataset", "repository", "tool")
FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
_SYLLABLES = ("br", "cl", "d", "f", "gr", "m", "pl", "t")
_ENDINGS = ("", "ar", "en", "im", "ol", "up")
_PARTS = (_SYLLABLES, "aeiou", "lnrst", _ENDINGS, ("", "a", "e", "i", "o"))
_WORDS = ["".join(parts) for parts in itertools.product(*_PARTS)]
_CHANCES = [*itertools.accumulate(1 / (place + 2) for place in range(len(_WORDS)))]


def words(drawn: random.Random, count: int) -> str:
    """Return made-up words."""
    return " ".join(drawn.choices(_WORDS, cum_weights=_CHANCES, k=count))


def artifact(number: int, families: int, seed: int = 0) -> CatalogEntry:
    """Return an artifact; another seed words its records differently."""
    drawn = random.Random(number * 31 + seed)  # noqa: S311 - nothing here is secret
    slug = f"artifact-{number:05}"
    document = DocumentRef(
        id="d1",
        uri=f"https://example.org/{slug}/README.md",
        sha256=f"{number:064x}",
        retrieved=FIRST,
        media_type="text/markdown",
        passages=40,
    )
    tasks = random.Random(number).sample(range(8), EACH)  # noqa: S311
    family = number // len(TYPES) % families
    records = tuple(_record(drawn, n, family * 8 + task) for n, task in enumerate(tasks))
    kind = TYPES[number % len(TYPES)]
    return CatalogEntry(
        artifact=Artifact(slug=slug, name=f"Artifact {number}", type=kind, license="MIT"),
        documents=(document,),
        capabilities=records,
    )


def proposal(entry: CatalogEntry) -> Proposal:
    """Return the proposal that the records of `entry` come from."""

    def drafted(field: RecordField) -> Field:
        return Field(text=field.text, passages=(1,), evidence=field.evidence)

    return Proposal(
        artifact=entry.artifact,
        run=Run(
            started=FIRST,
            tool="capdraft",
            state="drafted",
            model="draft-model-1",
            endpoint="http://127.0.0.1/v1",
            prompt="draft",
            prompt_sha256="0" * 64,
            calls=1,
            attempts=1,
            seconds=1,
        ),
        documents=entry.documents,
        capabilities=tuple(
            Capability(
                id=item.id,
                name=item.name,
                intents=item.intents,
                description=drafted(item.description),
                unique=drafted(item.unique) if item.unique else None,
            )
            for item in entry.capabilities
        ),
    )


def _record(drawn: random.Random, place: int, task: int) -> Record:
    common = words(random.Random(task), 14)  # noqa: S311
    quote = f"{common} {words(drawn, 12)}"
    start = place * 400
    evidence = Evidence(
        document="d1", passage=place + 1, start=start, end=start + len(quote), quote=quote
    )
    day = FIRST + timedelta(hours=drawn.randrange(400))
    approved = (Approval(by="ada", at=day, decision=f"{place:012x}"),)

    def field(text: str) -> RecordField:
        return RecordField(text=text, proposal="0001", evidence=(evidence,), approved=approved)

    return Record(
        id=f"capability-{place}",
        name=" ".join(common.split()[:3]).capitalize(),
        intents=(words(drawn, 4), words(drawn, 4)),
        drafted_by="draft-model-1",
        description=field(f"{common} {words(drawn, 10)}."),
        unique=field(f"{words(drawn, 12)}."),
    )


def families(size: int) -> int:
    """Return how many families `size` artifacts belong to."""
    return max(size // 50, 1)


def fill(root: Path, size: int) -> Workspace:
    """Return a workspace with a catalog of `size` artifacts, committed to git."""
    (root / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    (root / ".gitignore").write_text(".capdraft/\n")
    (root / "catalog").mkdir()
    workspace = Workspace(root)
    for number in range(size):
        entry = artifact(number, families(size))
        _save(workspace, entry)
        folder = workspace.root / f"reviews/{entry.artifact.slug}"
        folder.mkdir(parents=True)
        (folder / "0001.toml").write_text(dump_proposal(proposal(entry)), encoding="utf-8")
    _git(root, "init", "-q", "-b", "main")
    _commit(root, FIRST + timedelta(days=20))
    return workspace


def _save(workspace: Workspace, entry: CatalogEntry) -> None:
    data = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    path = workspace.root / f"catalog/{entry.artifact.slug}.json"
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _git(root: Path, *words: str, day: datetime = FIRST) -> None:
    who = ("-c", "user.name=ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
    env = {"GIT_COMMITTER_DATE": day.isoformat(), "GIT_AUTHOR_DATE": day.isoformat()}
    subprocess.run(["git", *who, *words], cwd=root, env={**os.environ, **env}, check=True)


def _commit(root: Path, day: datetime) -> None:
    _git(root, "add", "--all")
    _git(root, "commit", "-q", "-m", "catalog", day=day)


def change(root: Path, size: int) -> None:
    """Change the text of one record, and commit it."""
    entry = artifact(size // 2, families(size))
    changed = artifact(size // 2, families(size), seed=1)
    kept = (changed.capabilities[0], *entry.capabilities[1:])
    _save(Workspace(root), entry.model_copy(update={"capabilities": kept}))
    _commit(root, FIRST + timedelta(days=22))


def build(root: Path, what: str) -> None:
    """Build once and print what it took; the memory is that of this process."""
    begun = time.perf_counter()
    options = SiteOptions(base="https://example.org/catalog")
    built = build_site(Workspace(root / "workspace"), root / "out", RankSettings(), options)
    took = time.perf_counter() - begun
    memory = _peak()
    print(
        f"  {what:10}  {took:7.1f} s  {memory:5.0f} MB  {built.pages:6,} pages  "
        f"{built.comparisons:6,} comparisons  {len(built.written):6,} files written"
    )


def _peak() -> float:
    """Return the most megabytes that this process had."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux ru_maxrss counts what the parent had when it started this one
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(size: int) -> None:
    """Build three times, each in a process of its own, and print how large the site is."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "workspace").mkdir()
        fill(root / "workspace", size)
        print(f"{size:,} artifacts", flush=True)
        for what in ("first", "again", "one change"):
            if what == "one change":
                change(root / "workspace", size)
            _start("--build", folder, what)
        files = [path for path in (root / "out").rglob("*") if path.is_file()]
        pages = sorted(path.stat().st_size for path in files if path.suffix == ".html")
        data = (root / "out/assets/search-data.js").stat().st_size
        whole = sum(path.stat().st_size for path in files)
        print(
            f"  page: median {pages[len(pages) // 2] / 1000:.0f} kB, largest "
            f"{pages[-1] / 1000:.0f} kB; search data {data / 1e6:.1f} MB; {len(files):,} files, "
            f"{whole / 1e6:.0f} MB"
        )


def _start(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "benchmarks.site", *arguments], check=True)


def main(arguments: list[str]) -> None:
    """Measure each size."""
    if arguments[:1] == ["--build"]:
        build(Path(arguments[1]), arguments[2])
        return
    for size in arguments or map(str, SIZES):
        measure(int(size))


if __name__ == "__main__":
    main(sys.argv[1:])
