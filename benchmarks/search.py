"""Searching a catalog of made-up records: how fast it is built and asked, how much room it takes.

    python -m benchmarks.search                  (10,000, 100,000 and 1,000,000 records)
    python -m benchmarks.search 10000 100000

Words are drawn as in natural text, the n-th most common one with a chance of 1/n (Zipf). A need has
three words: common ones of the 30 most common, mid ones of the 300th to the 3,000th, rare ones from
the 20,000th on; `typo` is three mid ones of which the longest has a slip. Each size runs in a
process of its own. `plain FTS5` is the same need over the same index as one query that orders by
bm25, with nothing left out.
"""

from __future__ import annotations

import json
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from capdraft.searching import Search
from capdraft.searching.index import INDEX
from capdraft.searching.rows import Row
from capdraft.searching.vectors import Vectors
from capdraft.searching.words import words_of
from capdraft.text import sha256
from capdraft.workspace import Stored, Workspace

SIZES = (10_000, 100_000, 1_000_000)
WORDS = 200_000
NEEDS = 60
VECTORS, LENGTH = 250_000, 384
LENGTHS = (4, 12, 28, 10)
"""Words of a record's name, intents, description and unique."""
RECORDS_EACH = 5
STARTS = ("b", "bl", "c", "ch", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r")
ENDS = ("l", "m", "n", "nd", "r", "rt", "s", "st", "t", "x")
KINDS = {"common": (0, 30), "mid": (300, 3_000), "rare": (20_000, WORDS)}


def vocabulary() -> list[str]:
    """Return made-up words, the common ones short."""
    drawn = random.Random(7)  # noqa: S311 - nothing here is secret
    found: dict[str, None] = {}
    while len(found) < WORDS:
        syllables = 1 + int(len(found) > 500) + int(len(found) > 20_000)
        word = "".join(
            drawn.choice(STARTS) + drawn.choice("aeiou") for _ in range(syllables)
        ) + drawn.choice(ENDS)
        found[word] = None
    return list(found)


class MadeUp:
    """A store whose catalog entries are made when they are read."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        chances = 1 / np.arange(1, WORDS + 1)
        self._chances = np.cumsum(chances / chances.sum())

    def texts(self, number: int, records: int) -> list[tuple[str, str, str, str]]:
        """Return the texts of some records of an artifact, the same each time."""
        draws = np.random.default_rng(number).random((records, sum(LENGTHS)))
        places = np.minimum(np.searchsorted(self._chances, draws), WORDS - 1)
        return [self._record([self._words[place] for place in row]) for row in places]

    def _record(self, words: list[str]) -> tuple[str, str, str, str]:
        parts, start = [], 0
        for length in LENGTHS:
            parts.append(" ".join(words[start : start + length]))
            start += length
        name, intents, description, unique = parts
        return name, intents, description, unique

    def rows(self, records: int) -> Iterator[Row]:
        """Yield the records of a catalog."""
        for number in range(records // RECORDS_EACH):
            for place, texts in enumerate(self.texts(number, RECORDS_EACH)):
                slug = f"artifact-{number}"
                yield Row(slug, f"cap-{place}", "model", (*texts, slug))

    def read(self, name: str) -> Stored | None:
        """Return a catalog entry."""
        slug = Path(name).stem
        number = int(slug.rpartition("-")[2])
        records = [
            {
                "id": f"cap-{place}",
                "name": name,
                "intents": [intents],
                "drafted_by": "stub",
                "description": _field(description),
                "unique": _field(unique),
            }
            for place, (name, intents, description, unique) in enumerate(
                self.texts(number, RECORDS_EACH)
            )
        ]
        artifact = {"slug": slug, "name": slug, "type": "model"}
        document = {
            "id": "d1",
            "uri": f"docs/{slug}.md",
            "sha256": "a" * 64,
            "retrieved": "2026-03-01T09:30:00Z",
            "media_type": "text/markdown",
            "passages": 9,
        }
        text = json.dumps({"artifact": artifact, "documents": [document], "capabilities": records})
        return Stored(text, sha256(text))

    def list(self, folder: str) -> list[str]:  # noqa: ARG002
        """Return nothing: the benchmark adds what is read."""
        return []

    def append(self, name: str, line: str) -> None:
        """Refuse."""
        raise NotImplementedError

    def replace(self, name: str, text: str, *, if_sha256: str | None) -> None:
        """Refuse."""
        raise NotImplementedError


def _field(text: str) -> dict[str, Any]:
    approval = {"by": "ann", "at": "2026-03-01T09:30:00Z", "decision": "0" * 12}
    cited = {"document": "d1", "passage": 1, "start": 0, "end": len(text), "quote": text}
    return {"text": text, "proposal": "0001", "evidence": [cited], "approved": [approval]}


def needs(words: list[str]) -> dict[str, list[str]]:
    """Return the needs of each kind."""
    drawn = random.Random(11)  # noqa: S311 - nothing here is secret
    made = {
        kind: [" ".join(drawn.sample(words[first:last], 3)) for _ in range(NEEDS)]
        for kind, (first, last) in KINDS.items()
    }
    made["typo"] = [_with_slip(need) for need in made["mid"]]
    return made


def _with_slip(need: str) -> str:
    longest = max(need.split(), key=len)
    place = len(longest) // 2
    return need.replace(longest, longest[:place] + "q" + longest[place + 1 :])


def times(work: Callable[[str], object], asked: list[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile, in ms."""
    taken = []
    for need in asked:
        started = time.perf_counter()
        work(need)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def measure(records: int) -> dict[str, Any]:
    """Build an index of that size and ask it."""
    words = vocabulary()
    store = MadeUp(words)
    with tempfile.TemporaryDirectory() as folder:
        search = Search(Workspace(Path(folder), store))
        seconds = _build(search, store, records)
        path = Path(folder) / INDEX.place
        with sqlite3.connect(path) as database:
            database.execute("pragma wal_checkpoint(truncate)")
        told: dict[str, Any] = {"records": records, "a_second": records / seconds}
        told["mb"] = path.stat().st_size / 1e6
        told["built_mb"] = _peak()
        for kind, asked in needs(words).items():
            search.find(asked[0])
            told[kind] = times(search.find, asked)
        told["asked_mb"] = _peak()
        for kind, asked in needs(words).items():
            if kind != "typo":
                told[f"plain {kind}"] = times(_plain(search), asked[: max(5, NEEDS // 6)])
        return told


def _build(search: Search, store: MadeUp, records: int) -> float:
    seconds, rows, group = 0.0, store.rows(records), 20_000
    for _ in range(0, records, group):
        made = [row for row, _ in zip(rows, range(min(group, records)), strict=False)]
        started = time.perf_counter()
        with search.index.database.writing() as database:
            search.index.add(database, made)
        seconds += time.perf_counter() - started
    return seconds


def _plain(search: Search) -> Callable[[str], object]:
    def ask(need: str) -> object:
        terms = " OR ".join(f'"{term}"' for term in search.index.stemmer.terms(words_of(need)))
        select = "select rowid from words where words match ? order by bm25(words) limit 10"
        with search.index.database.reading() as database:
            return database.execute(select, (terms,)).fetchall()

    return ask


def measure_vectors() -> dict[str, Any]:
    """Compare needs with vectors one by one."""
    random_ = np.random.default_rng(3)
    with tempfile.TemporaryDirectory() as folder:
        vectors = Vectors(Path(folder), "http://127.0.0.1/v1", "made-up")
        for start in range(0, VECTORS, 10_000):
            keys = [sha256(str(number)) for number in range(start, start + 10_000)]
            vectors.add(keys, random_.standard_normal((10_000, LENGTH)).tolist())
        rows = list(vectors.rows().values())
        asked = {str(number): random_.standard_normal(LENGTH).tolist() for number in range(NEEDS)}
        vectors.nearest(asked["0"], rows, 100)
        took = times(lambda key: vectors.nearest(asked[key], rows, 100), list(asked))
        return {"took": took, "peak": _peak()}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> None:
    """Print a table; each row is measured in a process of its own."""
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(measure(int(sys.argv[2])) if sys.argv[2:] else measure_vectors()))
        return
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    kinds = ["common", "mid", "rare", "typo"]
    print("| records | built, a second | index MB | peak MB built, asked |", end="")
    print(*(f" {kind} p50, p95 ms |" for kind in kinds), "plain FTS5, of it: common, mid, rare |")
    print("|---" * (4 + len(kinds) + 1) + "|")
    for size in sizes:
        told = _in_a_process("one", str(size))
        peaks = f"{told['built_mb']:.0f}, {told['asked_mb']:.0f}"
        print(f"| {size:,} | {told['a_second']:,.0f} | {told['mb']:,.0f} | {peaks} |", end="")
        print(*(f" {told[kind][0]:.1f}, {told[kind][1]:.1f} |" for kind in kinds), end="")
        ratios = (f"×{told[f'plain {kind}'][0] / told[kind][0]:.1f}" for kind in KINDS)
        print(f" {', '.join(ratios)} |", flush=True)
    told = _in_a_process("one")
    p50, p95 = told["took"]
    print(f"\n{VECTORS:,} vectors of {LENGTH} numbers, compared one by one: ", end="")
    print(f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, peak {told['peak']:.0f} MB with the files mapped")


def _in_a_process(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.search", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    main()
