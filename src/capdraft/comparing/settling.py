"""What reviewers said of two capabilities, and which of it counts.

A word counts as long as both capabilities read as they did, its reviewer may decide on both
artifacts, and no other reviewer says the contrary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from capdraft.errors import FileInvalid
from capdraft.records import CatalogEntry, Record
from capdraft.records.alignments import Alignment, wording_hash
from capdraft.reviewing import workspace_policy
from capdraft.text import is_slug
from capdraft.workspace import Workspace
from capdraft.workspace.parsing import parse_json, validated

FOLDER = "reviews/_alignments"
"""No artifact: a slug starts with a letter or a digit."""
Pair = frozenset[str]
"""Two capabilities, each as SLUG/CAPABILITY."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A word that doesn't count, and why."""

    alignment: Alignment
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The words that count, by the two that they are about; and those that don't."""

    counting: Mapping[Pair, Alignment] = field(default_factory=dict)
    others: tuple[Unsettled, ...] = ()


def settled(workspace: Workspace, entries: Iterable[CatalogEntry]) -> Settled:
    """Return what reviewers said of the capabilities of `entries`.

    Raises:
        FileInvalid: a line isn't what its schema says.
        SettingsError: capdraft.toml can't be read.
    """
    by_slug = {entry.artifact.slug: entry for entry in entries}
    policy = cache(lambda slug: workspace_policy(workspace, slug))
    counting: dict[Pair, Alignment] = {}
    others: list[Unsettled] = []
    for pair, words in read_said(workspace).items():
        if not _slugs(pair) <= by_slug.keys():
            continue
        standing = []
        for item, where in words.values():
            refused = (policy(slug).may_decide(item.reviewer) for slug in sorted(_slugs(pair)))
            if why := next(filter(None, refused), "") or _outdated(item, by_slug):
                others.append(Unsettled(item, where, why))
            else:
                standing.append((item, where))
        if len({item.verdict for item, _ in standing}) > 1:
            why = f"{' and '.join(sorted(item.reviewer for item, _ in standing))} disagree"
            others += [Unsettled(item, where, why) for item, where in standing]
        elif standing:
            counting[pair] = max((item for item, _ in standing), key=lambda item: item.time)
    return Settled(counting, tuple(others))


def _slugs(pair: Pair) -> frozenset[str]:
    return frozenset(path.partition("/")[0] for path in pair)


def settled_artifacts(workspace: Workspace) -> set[frozenset[str]]:
    """Return each two artifacts of whose capabilities somebody said something.

    Raises:
        FileInvalid: a line isn't what its schema says.
    """
    return {_slugs(pair) for pair in read_said(workspace)}


def record_of(entry: CatalogEntry, capability: str) -> Record | None:
    """Return a capability of an artifact, or None."""
    return next((record for record in entry.capabilities if record.id == capability), None)


def _outdated(item: Alignment, entries: Mapping[str, CatalogEntry]) -> str:
    for path, judged in item.judged.items():
        slug, _, capability = path.partition("/")
        record = record_of(entries[slug], capability)
        if record is None:
            return f"the catalog has no {path}"
        if wording_hash(record) != judged:
            return f"{path} reads otherwise since"
    return ""


def read_said(workspace: Workspace) -> dict[Pair, dict[str, tuple[Alignment, str]]]:
    """Return each reviewer's newest word on two capabilities, with its file and line.

    Raises:
        FileInvalid: a line isn't what its schema says.
    """
    found: dict[Pair, dict[str, tuple[Alignment, str]]] = {}
    for item, where in sorted(_lines(workspace), key=lambda line: line[0].time):
        words = found.setdefault(item.pair, {})
        words.pop(item.reviewer, None)
        if item.verdict != "undo":
            words[item.reviewer] = (item, where)
    return {pair: words for pair, words in found.items() if words}


def _lines(workspace: Workspace) -> Iterator[tuple[Alignment, str]]:
    for file in workspace.store.list(FOLDER):
        reviewer = file.removesuffix(".jsonl")
        stored = workspace.store.read(f"{FOLDER}/{file}") if is_slug(reviewer) else None
        for number, line in enumerate(stored.text.split("\n") if stored else [], 1):
            if line.strip():
                where = f"{FOLDER}/{file}:{number}"
                item = validated(Alignment, parse_json(line, where), where)
                if item.reviewer != reviewer:
                    raise FileInvalid(f"a word of {item.reviewer!r} in this file", where=where)
                yield item, where


def everything_said(workspace: Workspace) -> Settled:
    """Return all that reviewers said, of whatever the catalog has and no longer has.

    Raises:
        FileInvalid: a file isn't what its schema says.
    """
    slugs = sorted({slug for pair in settled_artifacts(workspace) for slug in pair})
    there: list[CatalogEntry] = []
    for slug in slugs:
        entry = workspace.read_entry(slug).entry if is_slug(slug) else None
        if entry and not entry.withdrawn:
            there.append(entry)
    found = settled(workspace, there)
    known = {entry.artifact.slug for entry in there}
    return Settled(found.counting, (*found.others, *_gone(workspace, known)))


def _gone(workspace: Workspace, known: set[str]) -> Iterator[Unsettled]:
    for words in read_said(workspace).values():
        for item, where in words.values():
            for path in item.judged:
                slug = path.partition("/")[0]
                if slug not in known:
                    yield Unsettled(item, where, f"the catalog has no artifact {slug!r}")
                    break


def by_artifacts(
    counting: Mapping[Pair, Alignment],
) -> dict[frozenset[str], dict[Pair, Alignment]]:
    """Return what was said, by the two artifacts that it is about."""
    found: dict[frozenset[str], dict[Pair, Alignment]] = {}
    for pair, item in counting.items():
        found.setdefault(_slugs(pair), {})[pair] = item
    return found


def places(
    counting: Mapping[Pair, Alignment], one: CatalogEntry, two: CatalogEntry
) -> dict[tuple[int, int], Alignment]:
    """Return what was said of capabilities of two artifacts, by their places in the entries."""
    found = {}
    for pair, item in counting.items():
        here = [_place(entry, pair) for entry in (one, two)]
        if here[0] is not None and here[1] is not None:
            found[here[0], here[1]] = item
    return found


def _place(entry: CatalogEntry, pair: Pair) -> int | None:
    paths: Sequence[str] = [f"{entry.artifact.slug}/{item.id}" for item in entry.capabilities]
    return next((place for place, path in enumerate(paths) if path in pair), None)
