"""Labelled alignments: how often is the rule of what is in common right, and what does it miss?

`evaluation/alignments.toml` says which capabilities of two artifacts are alike. Its set `catalog`
is about the project's own catalog; the rule was worked out on an earlier state of it and on
`shown`; `held-out` is for telling. `evaluation/pairs.toml` has single pairs, written to be hard,
and without needs: of them the rule sees only names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from made_up import field

from capdraft.checking import content_words
from capdraft.comparing.sharing import alike
from capdraft.comparing.wording import told_of
from capdraft.records import Artifact, CatalogEntry, Record
from capdraft.workspace import Workspace

ROOT = Path(__file__).parents[1]
SETS = ("catalog", "shown", "held-out")

Links = Callable[[CatalogEntry, CatalogEntry], Sequence[tuple[int, int]]]
"""A rule: which capabilities of two artifacts are alike, by their places."""


@dataclass
class Measured:
    """How a rule did; what is labelled open counts nowhere."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)

    def count(self, found: set[Any], wanted: set[Any], open_: set[Any]) -> None:
        self.right += len(found & wanted)
        self.wrong += len(found - wanted - open_)
        self.missed += len(wanted - found)


def by_rule(one: CatalogEntry, two: CatalogEntry) -> list[tuple[int, int]]:
    """The rule that pages go by."""
    return [(shared.one, shared.two) for shared in alike(told_of(one), told_of(two))]


def by_all_words(one: CatalogEntry, two: CatalogEntry) -> list[tuple[int, int]]:
    """The rule before: 4 content words of all texts, and a third of those of one."""
    first, second = ([_words(record) for record in entry.capabilities] for entry in (one, two))
    return [
        (i, j)
        for i, a in enumerate(first)
        for j, b in enumerate(second)
        if len(a & b) >= 4 and 3 * len(a & b) >= min(len(a), len(b))
    ]


def _words(record: Record) -> frozenset[str]:
    return content_words("\n".join((record.name, *record.intents, record.description.text)))


def measure(rule: Links, set_: str) -> Measured:
    """Hold a rule against the labels of a set."""
    data = _toml("alignments.toml")
    wanted, open_ = (
        {frozenset((item["one"], item["two"])) for item in data[kind] if item["set"] == set_}
        for kind in ("alike", "open")
    )
    found = set()
    entries = [*artifacts(set_)]
    for one, two in combinations(entries, 2):
        for i, j in rule(one, two):
            found.add(frozenset((_path(one, i), _path(two, j))))
    known = {_path(entry, n) for entry in entries for n in range(len(entry.capabilities))}
    assert {path for pair in wanted | open_ for path in pair} <= known
    measured = Measured()
    measured.count(found, wanted, open_)
    return measured


def measure_pairs(rule: Links) -> Measured:
    """Hold a rule against single pairs."""
    measured = Measured()
    for number, pair in enumerate(_toml("pairs.toml")["pairs"]):
        one, two = (_entry(slug, [{"id": slug, **pair[slug]}]) for slug in ("one", "two"))
        found = {number} if rule(one, two) else set()
        measured.count(found, {number} if pair["same"] else set(), set())
    return measured


def artifacts(set_: str) -> Iterator[CatalogEntry]:
    """Yield the artifacts of a set."""
    if set_ == "catalog":
        workspace = Workspace(ROOT)
        found = (workspace.read_entry(slug).entry for slug in workspace.catalog())
        yield from (entry for entry in found if entry)
    for item in _toml("alignments.toml")["artifacts"]:
        if item["set"] == set_:
            yield _entry(item["slug"], item["capabilities"])


def _entry(slug: str, capabilities: Sequence[dict[str, Any]]) -> CatalogEntry:
    return CatalogEntry(
        artifact=Artifact(slug=slug, name=slug, type="model"),
        capabilities=tuple(
            Record(
                id=item["id"],
                name=item["name"],
                intents=tuple(item.get("intents", ())),
                drafted_by="draft-model-1",
                description=field(item["description"]),
            )
            for item in capabilities
        ),
    )


def _path(entry: CatalogEntry, place: int) -> str:
    return f"{entry.artifact.slug}/{entry.capabilities[place].id}"


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "evaluation" / name).read_text("utf-8"))
