"""How reviewers review: what they decide, how fast, what they miss, and whether they agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from itertools import combinations
from statistics import NormalDist, quantiles

from capdraft.errors import CapdraftError, ExtraMissing
from capdraft.records import Decision, Outcome
from capdraft.reviewing.seeding import outcomes
from capdraft.reviewing.states import standing_decisions
from capdraft.workspace import Workspace

QUICK = 3.0
"""Seconds: who approves a field in less has hardly read the claim and its passage."""
FEW_UNITS = 10
"""Fewer texts than this say nothing of how two reviewers agree."""
_VERDICTS = ("accept", "edit", "reject")
_Unit = tuple[str, ...]
_Units = Mapping[_Unit, Mapping[str, str]]
"""Of each text, as it was shown: each reviewer's first verdict that was not taken back."""


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
class Agreement:
    """How far reviewers agree on the texts that two or more of them decided on."""

    reviewers: tuple[str, ...]
    units: int
    alpha: float | None
    """Krippendorff's alpha: 1 is full agreement, 0 what chance would give; None is undefined."""
    meaning: str
    """What the figure says, in plain words."""


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

    standing: list[Decision] = attribute(default_factory=list)
    undone: list[Decision] = attribute(default_factory=list)
    seeds: dict[tuple[str, str], Outcome] = attribute(default_factory=dict)


def stats(
    workspace: Workspace, *, since: datetime | None = None, reviewer: str | None = None
) -> Stats:
    """Return the figures of all reviewers (or one) from the files, as decided since then.

    An artifact whose decisions can't be read is left out and told in `failed`.
    """
    told: dict[str, _Told] = defaultdict(_Told)
    units: dict[_Unit, dict[str, str]] = {}
    failed: list[CapdraftError] = []
    for slug in workspace.artifacts():
        try:
            decisions = workspace.decisions(slug)
        except CapdraftError as error:
            failed.append(error)
            continue
        _read(slug, decisions, since, told, units)
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
        overall, *pairs = _agreements(shared, reviewer)
    except ExtraMissing as error:
        failed.append(error)
        overall, pairs = Agreement((), len(shared), None, "not computed"), []
    rows = (_figures(who, said) for who, said in sorted(told.items()) if reviewer in (None, who))
    return Stats(tuple(rows), overall, tuple(pairs), tuple(failed))


def _read(
    slug: str,
    decisions: Sequence[Decision],
    since: datetime | None,
    told: Mapping[str, _Told],
    units: dict[_Unit, dict[str, str]],
) -> None:
    """Add the decisions on one artifact, oldest first, to what was told."""
    standing = {id(decision) for decision in standing_decisions(decisions)}
    for decision in decisions:
        if decision.verdict == "undo" or (since is not None and decision.time < since):
            continue
        if id(decision) not in standing:
            told[decision.reviewer].undone.append(decision)
            continue
        told[decision.reviewer].standing.append(decision)
        hashes = (decision.text_sha256, decision.evidence_sha256)
        said = units.setdefault((slug, decision.capability, decision.field, *hashes), {})
        said.setdefault(decision.reviewer, decision.verdict)


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
        bulk=sum(decision.bulk is not None for decision in taken),
        seconds=_quartiles(list(_times(taken))),
        timed=len(approved),
        quick=sum(seconds < QUICK for seconds in approved),
        seeds=len(told.seeds),
        caught=sum(outcome.caught for outcome in told.seeds.values()),
    )


def _times(decisions: Iterable[Decision]) -> Iterator[float]:
    """Yield the time for each field; what was decided as one shares its time."""
    for decision in decisions:
        if decision.seconds is not None:
            yield decision.seconds / (decision.bulk.size if decision.bulk else 1)


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


def _agreements(units: _Units, reviewer: str | None) -> Iterator[Agreement]:
    """Yield the agreement over all, then that of each pair with a text in common.

    Raises:
        ExtraMissing: the library that computes it is not installed.
    """
    yield _agreement((), list(units.values()))
    common: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for said in units.values():
        for one, two in combinations(sorted(said), 2):
            if reviewer in (None, one, two):
                common[one, two].append({one: said[one], two: said[two]})
    for pair, both in sorted(common.items()):
        yield _agreement(pair, both)


def _agreement(reviewers: tuple[str, ...], units: Sequence[Mapping[str, str]]) -> Agreement:
    """Compare nominal verdicts: accept, edit and reject are three different things.

    The words for an alpha are those of K. Krippendorff, Content Analysis (2004), page 241.
    """
    used = {verdict for said in units for verdict in said.values()}
    if len(used) < 2:
        meaning = f"undefined: all said {used.pop()}" if used else "no text in common"
        return Agreement(reviewers, len(units), None, meaning)
    alpha = _alpha([Counter(said.values()) for said in units])
    if len(units) < FEW_UNITS:
        meaning = "too few to tell"
    elif alpha < 0.667:
        meaning = "low: don't rely on it"
    else:
        meaning = "fair: tentative" if alpha < 0.8 else "good"
    return Agreement(reviewers, len(units), alpha, meaning)


def _alpha(units: Sequence[Mapping[str, int]]) -> float:
    try:
        import krippendorff
    except ImportError as error:
        raise ExtraMissing(
            "capdraft needs the extra [stats] to tell how far reviewers agree",
            hint="pip install 'capdraft[stats]'",
        ) from error
    counts = [[said.get(verdict, 0) for verdict in _VERDICTS] for said in units]
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
