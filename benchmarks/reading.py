"""How fast documents are read, and how much of each would be sent to a model.

    python benchmarks/reading.py [FOLDER…]

Reads every document below the folders (else the project's examples and docs), format by format.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from capdraft.errors import SourceError
from capdraft.records import Document
from capdraft.sources import find_files, read_document

PROJECT = Path(__file__).parent.parent
HEADER = "format          docs refused       MB   MB/s  sent  passages  slowest"


@dataclass
class Taken:
    """What reading the documents of one format took, and gave."""

    documents: int = 0
    bytes_read: int = 0
    seconds: float = 0.0
    characters: int = 0
    sent: int = 0
    slowest: tuple[float, str] = (0.0, "")
    reasons: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def add(self, path: Path, document: Document, seconds: float) -> None:
        """Count one document that was read in `seconds`."""
        self.documents += 1
        self.bytes_read += path.stat().st_size
        self.seconds += seconds
        self.characters += len(document.text)
        self.slowest = max(self.slowest, (seconds, path.name))
        for passage in document.passages:
            self.reasons[passage.boilerplate or ""] += 1
            self.sent += 0 if passage.boilerplate else len(passage.shown)

    def lines(self, name: str) -> Iterator[str]:
        """Yield the format's row, and below it what is left out or refused."""
        megabytes, passages = self.bytes_read / 1e6, self.reasons.total()
        yield (
            f"{name:<14} {self.documents:>5} {len(self.refused):>7} {megabytes:8.2f}"
            f" {megabytes / (self.seconds or 1):6.1f} {self.sent / (self.characters or 1):5.0%}"
            f" {passages:>9}  {self.slowest[0]:.2f} s {self.slowest[1]}"
        )
        for reason, count in self.reasons.most_common():
            if reason:
                yield f"    {count / passages:6.2%} of passages are {reason}"
        yield from (f"    refused: {refusal}" for refusal in self.refused)


def read_all(folders: list[Path]) -> dict[str, Taken]:
    """Return what reading the documents below `folders` took, by their suffix."""
    taken: dict[str, Taken] = defaultdict(Taken)
    for path in (path for folder in folders for path in find_files(folder).files):
        part = taken[path.suffix.lower() or "no suffix"]
        started = time.perf_counter()
        try:
            document = read_document(path, uri=str(path))
        except SourceError as error:
            part.refused.append(f"{path.name}: {error.message}")
        else:
            part.add(path, document, time.perf_counter() - started)
    return taken


def main() -> None:
    """Print a row for each format, and what was left out."""
    parser = argparse.ArgumentParser(description="Time the readers of documents.")
    parser.add_argument(
        "folders", nargs="*", type=Path, default=[PROJECT / "examples", PROJECT / "docs"]
    )
    taken = read_all(parser.parse_args().folders)
    print(HEADER)
    for name in sorted(taken):
        print("\n".join(taken[name].lines(name)))


if __name__ == "__main__":
    main()
