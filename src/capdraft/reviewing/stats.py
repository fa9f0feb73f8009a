"""How reviewers review: what they decide, how fast, what they miss, and whether they agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from statistics import NormalDist, quantiles
from weakref import WeakKeyDictionary

from capdraft.errors import CapdraftError, ExtraMissing
from capdraft.records import Decision, Outcome
from capdraft.reviewing.agreement import Agreement, Units, agreements
from capdraft.reviewing.index import Judged, QueueIndex
from capdraft.reviewing.seeding import outcomes
from capdraft.reviewing.seeding.outcomes import FOLDER
from capdraft.reviewing.states import standing_decisions
from capdraft.workspace import Workspace

__all__ = ["QUICK", "Agreement", "ReviewerStats", "Stats", "indexed_stats", "stats", "wilson"]

QUICK = 3.0
"""Seconds: who approves a field in less has hardly read the claim and its passage."""
_MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class ReviewerStats:
    """What one reviewer decided; `undone` is what was taken back, and is not in the others."""

    reviewer: str
    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    undone: int = 0
    bulk: int = 0
    """How many of all these were taken as one with others."""
    seconds: tuple[float, float, float] | None = None
    """The quartiles of the time for one field, where it was measured; the second is the median."""
    timed: int = 0
    """Fields approved whose time was measured."""
    quick: int = 0
    """How many of those took less than `QUICK` seconds."""
    seeds: int = 0
    caught: int = 0

    @property
    def taken(self) -> int:
        """How many decisions there are, taken back or not."""
        return self.accepted + self.edited + self.rejected + self.undone

    @property
    def catch_interval(self) -> tuple[float, float] | None:
        """Where the share of errors that the reviewer catches lies, with 95 % confidence."""
        return wilson(self.caught, self.seeds) if self.seeds else None


@dataclass(frozen=True, slots=True)
class Stats:
    """The figures of all reviewers, and what could not be read or computed."""

    reviewers: tuple[ReviewerStats, ...]
    overall: Agreement
    pairs: tuple[Agreement, ...]
    failed: tuple[CapdraftError, ...] = ()


@dataclass
class _Told:
    """What one reviewer said."""

    standing: list[Judged] = attribute(default_factory=list)
    undone: list[Judged] = attribute(default_factory=list)
    seeds: dict[tuple[str, str], Outcome] = attribute(default_factory=dict)


def stats(
    workspace: Workspace, *, since: datetime | None = None, reviewer: str | None = None
) -> Stats:
    """Return the figures of all reviewers (or one) from the files, as decided since then.

    An artifact whose decisions can't be read is left out and told in `failed`.
    """
    judged: list[Judged] = []
    failed: list[CapdraftError] = []
    for slug in workspace.artifacts():
        try:
            judged += _judged(slug, workspace.decisions(slug), since)
        except CapdraftError as error:
            failed.append(error)
    return _stats(workspace, judged, failed, since, reviewer)


_Kept = dict[tuple[object, ...], Stats]
_KEPT: WeakKeyDictionary[QueueIndex, _Kept] = WeakKeyDictionary()
"""What was computed from each index at its last revision."""


def indexed_stats(
    index: QueueIndex, *, since: datetime | None = None, reviewer: str | None = None
) -> Stats:
    """Return what `stats` does, from what the index read: quick, however many files there are.

    Raises:
        StoreError: the index can't be used.
    """
    state = index.revision(), _seeds_state(index.workspace)
    kept, asked = _KEPT.get(index, {}), (state, since, reviewer)
    if asked not in kept:
        failed = list(_unread(index))
        found = _stats(index.workspace, index.judged(since), failed, since, reviewer)
        kept = {key: value for key, value in kept.items() if key[0] == state}
        kept[asked] = found
        _KEPT[index] = dict(list(kept.items())[-_MOST_KEPT:])
    return kept[asked]


def _unread(index: QueueIndex) -> Iterator[CapdraftError]:
    """Yield why decisions are missing: an artifact may be broken for other reasons."""
    for artifact in index.artifacts(0, index.count_artifacts(broken=True), broken=True):
        try:
            index.workspace.decisions(artifact.slug)
        except CapdraftError as error:
            yield error


def _seeds_state(workspace: Workspace) -> object:
    """Return what is the same as long as nobody answers another planted error."""
    try:
        names = [f"{FOLDER}/{name}" for name in workspace.store.list(FOLDER)]
        files = [(name, workspace.store.read(name)) for name in names if name.endswith(".jsonl")]
    except CapdraftError as error:
        return str(error)
    return tuple((name, stored.sha256) for name, stored in files if stored)


def _judged(slug: str, decisions: Sequence[Decision], since: datetime | None) -> Iterator[Judged]:
    standing = {id(decision) for decision in standing_decisions(decisions)}
    for d in decisions:
        if d.verdict != "undo" and (since is None or d.time >= since):
            yield Judged(
                slug=slug,
                capability=d.capability,
                field=d.field,
                text_sha256=d.text_sha256,
                evidence_sha256=d.evidence_sha256,
                reviewer=d.reviewer,
                verdict=d.verdict,
                seconds=d.seconds,
                bulk_size=d.bulk.size if d.bulk else None,
                undone=id(d) not in standing,
            )


def _stats(
    workspace: Workspace,
    judged: Iterable[Judged],
    failed: list[CapdraftError],
    since: datetime | None,
    reviewer: str | None,
) -> Stats:
    """Return the figures of decisions, those of an artifact oldest first; add to `failed`."""
    told: dict[str, _Told] = defaultdict(_Told)
    units = _read(judged, told)
    try:
        for outcome in outcomes(workspace, reviewer):
            if since is None or outcome.time >= since:
                told[outcome.reviewer].seeds.setdefault(outcome.seen, outcome)
    except CapdraftError as error:
        failed.append(error)
    shared = {unit: said for unit, said in units.items() if len(said) > 1}
    if reviewer:
        shared = {unit: said for unit, said in shared.items() if reviewer in said}
    try:
        overall, *pairs = agreements(shared, reviewer)
    except ExtraMissing as error:
        failed.append(error)
        overall, pairs = Agreement((), len(shared), None, "not computed"), []
    rows = (_figures(who, said) for who, said in sorted(told.items()) if reviewer in (None, who))
    return Stats(tuple(rows), overall, tuple(pairs), tuple(failed))


def _read(judged: Iterable[Judged], told: Mapping[str, _Told]) -> Units:
    """Add decisions to what was told; return what was said of each text."""
    units: dict[tuple[str, ...], dict[str, str]] = {}
    for decision in judged:
        if decision.undone:
            told[decision.reviewer].undone.append(decision)
            continue
        told[decision.reviewer].standing.append(decision)
        units.setdefault(decision[:5], {}).setdefault(decision.reviewer, decision.verdict)
    return units


def _figures(reviewer: str, told: _Told) -> ReviewerStats:
    verdicts = Counter(decision.verdict for decision in told.standing)
    taken = [*told.standing, *told.undone]
    approved = list(_times(d for d in taken if d.verdict == "accept"))
    return ReviewerStats(
        reviewer,
        accepted=verdicts["accept"],
        edited=verdicts["edit"],
        rejected=verdicts["reject"],
        undone=len(told.undone),
        bulk=sum(decision.bulk_size is not None for decision in taken),
        seconds=_quartiles(list(_times(taken))),
        timed=len(approved),
        quick=sum(seconds < QUICK for seconds in approved),
        seeds=len(told.seeds),
        caught=sum(outcome.caught for outcome in told.seeds.values()),
    )


def _times(decisions: Iterable[Judged]) -> Iterator[float]:
    """Yield the time for each field; what was decided as one shares its time."""
    for decision in decisions:
        if decision.seconds is not None:
            yield decision.seconds / (decision.bulk_size or 1)


def _quartiles(values: Sequence[float]) -> tuple[float, float, float] | None:
    if len(values) < 2:
        return (values[0], values[0], values[0]) if values else None
    low, median, high = quantiles(values, n=4, method="inclusive")
    return low, median, high


def wilson(hits: int, tries: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval in which the share of hits lies.

    The score interval of E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", JASA 22 (1927): with z of the normal distribution and p = hits / tries,
    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, square = hits / tries, z * z / tries
    middle = share + square / 2
    half = z * (share * (1 - share) / tries + square / tries / 4) ** 0.5
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))
