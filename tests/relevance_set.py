"""A made-up catalog and needs put by hand, with the records that meet them: how good is a search?

`relevance/records.jsonl` are the records, `relevance/needs.jsonl` the needs, each with the records
that meet it: 3 is what was asked for, 2 does most of it, 1 helps. The needs are in other words than
the records where a user would choose others; some are misspelt. Every second need is for tuning,
the others are for telling.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from math import log2
from pathlib import Path
from typing import Any

from capdraft.records import (
    Approval,
    Artifact,
    CatalogEntry,
    DocumentRef,
    Evidence,
    Record,
    RecordField,
)
from capdraft.workspace import Workspace

FOLDER = Path(__file__).parent / "searching/relevance"
DAY = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
APPROVED = (Approval(by="ann", at=DAY, decision="0" * 12),)


@dataclass(frozen=True)
class Need:
    """A need, and how well each record that meets it does, as SLUG/CAPABILITY: 1 to 3."""

    text: str
    relevant: dict[str, int]


def needs() -> tuple[list[Need], list[Need]]:
    """Return the needs to tune by, and those to tell by."""
    lines = (FOLDER / "needs.jsonl").read_text(encoding="utf-8").splitlines()
    every = [Need(data["need"], data["relevant"]) for data in map(json.loads, lines)]
    return every[0::2], every[1::2]


def entries() -> list[CatalogEntry]:
    """Return the catalog."""
    lines = (FOLDER / "records.jsonl").read_text(encoding="utf-8").splitlines()
    rows = map(json.loads, lines)
    return [_entry(list(group)) for _, group in groupby(rows, key=lambda row: row["artifact"])]


def write_catalog(folder: Path, catalog: Iterable[CatalogEntry]) -> Workspace:
    """Return a workspace in `folder` that has these entries."""
    (folder / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    workspace = Workspace(folder)
    for entry in catalog:
        workspace.write_entry(entry, workspace.read_entry(entry.artifact.slug))
    return workspace


def _entry(rows: list[dict[str, Any]]) -> CatalogEntry:
    first = rows[0]
    return CatalogEntry(
        artifact=Artifact(slug=first["artifact"], name=first["name"], type=first["type"]),
        documents=(
            DocumentRef(
                id="d1",
                uri=f"docs/{first['artifact']}.md",
                sha256="a" * 64,
                retrieved=DAY,
                media_type="text/markdown",
                passages=2 * len(rows),
            ),
        ),
        capabilities=tuple(_record(row) for row in rows),
    )


def _record(row: dict[str, Any]) -> Record:
    unique = row.get("unique")
    return Record(
        id=row["capability"],
        name=row["capability_name"],
        intents=tuple(row["intents"]),
        drafted_by="stub",
        description=field(row["description"]),
        unique=field(unique) if unique else None,
    )


def field(text: str, *quotes: str) -> RecordField:
    """Return an approved text that cites `quotes`, else itself."""
    return RecordField(
        text=text,
        proposal="0001",
        approved=APPROVED,
        evidence=tuple(
            Evidence(document="d1", passage=number, start=0, end=len(quote), quote=quote)
            for number, quote in enumerate(quotes or (text,), 1)
        ),
    )


def measure(
    find: Callable[[str], Sequence[str]], asked: Sequence[Need], depth: int = 10
) -> tuple[float, float]:
    """Return nDCG and recall at `depth`, averaged; `find` gives records, the best first.

    The gain of a record is 2 to its grade, less 1 (Burges et al., ICML 2005). Recall counts the
    records of any grade.
    """
    gains, recalls = [], []
    for need in asked:
        found = list(find(need.text))[:depth]
        best = sorted(need.relevant.values(), reverse=True)[:depth]
        gains.append(_gain(need.relevant.get(key, 0) for key in found) / _gain(best))
        recalls.append(len(need.relevant.keys() & set(found)) / len(need.relevant))
    return sum(gains) / len(asked), sum(recalls) / len(asked)


def _gain(grades: Iterable[int]) -> float:
    return sum((2.0**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, 1))
