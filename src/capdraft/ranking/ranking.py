"""The ranks of a workspace's artifacts, from what is known of each when it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from capdraft.errors import FileInvalid, NotFound
from capdraft.ranking.adoption import adoption
from capdraft.ranking.ecosystem import ecosystem
from capdraft.ranking.formula import ZERO, Score, score
from capdraft.ranking.freshness import freshness
from capdraft.ranking.match_graph import Matches, NoMatches, match_graph
from capdraft.ranking.mentions import mentions
from capdraft.ranking.quality import quality
from capdraft.ranking.signal_files import read_signals
from capdraft.ranking.weights import Weights, weights_for
from capdraft.records import Artifact, CatalogEntry, Proposal, Signals
from capdraft.reviewing import ANYBODY, Policy, workspace_policy
from capdraft.settings import RankSettings
from capdraft.workspace import Workspace
from capdraft.workspace.naming import first_of, meant

MATCHES = ".capdraft/matches.sqlite3"


@dataclass(frozen=True, slots=True)
class Rank:
    """An artifact's score and the weights that it was computed with."""

    artifact: Artifact
    score: Score
    weights: Weights
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What an artifact is ranked by, beside its catalog entry."""

    now: datetime
    settings: RankSettings = field(default_factory=RankSettings)
    signals: Signals | None = None
    proposals: Mapping[str, Proposal] = field(default_factory=dict)
    newest: Proposal | None = None
    policy: Policy = ANYBODY
    named_by: Sequence[str] = ()
    matches: tuple[int, int, int, int] = (0, 0, 0, 0)


def rank_entry(entry: CatalogEntry, known: Known) -> Rank:
    """Return the rank of an artifact; it has none without an approved record."""
    weights = weights_for(known.settings, entry.artifact.type)
    parts = (
        adoption(entry.artifact.type, known.signals, known.now),
        quality(entry, known.proposals, known.policy),
        ecosystem(entry, known.named_by),
        match_graph(known.matches, MATCHES),
        freshness(entry, known.newest, known.settings.half_life, known.now),
    )
    found = score(parts, weights.by_part)
    if not entry.capabilities:
        why = "it was withdrawn" if entry.withdrawn else "it has no approved record"
        found = replace(found, unranked=why)
    return Rank(entry.artifact, found, weights, withdrawn=entry.withdrawn is not None)


@dataclass(frozen=True, slots=True)
class _Catalog:
    """The entries that can be read, each time anew: all at once they would fill the memory.

    What is wrong with another is told where that artifact is ranked.
    """

    workspace: Workspace

    def __iter__(self) -> Iterator[CatalogEntry]:
        for slug in self.workspace.catalog():
            with suppress(FileInvalid):
                entry = self.workspace.read_entry(slug).entry
                if entry is not None:
                    yield entry


class Ranking:
    """Ranks the artifacts of a workspace; who names whom is looked up once, if it isn't given."""

    def __init__(
        self,
        workspace: Workspace,
        settings: RankSettings,
        now: datetime,
        matches: Matches | None = None,
        named_by: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._workspace, self._settings, self._now = workspace, settings, now
        self._matches = matches or NoMatches()
        self._named_by = named_by

    def rank(self, slug: str) -> Rank:
        """Return the rank of an artifact.

        Raises:
            NotFound: the catalog has no such artifact.
            FileInvalid: one of its files isn't what its schema says.
        """
        entry = self._workspace.read_entry(slug).entry
        if entry is None:
            slugs = self._workspace.catalog()
            listed = f"It has: {first_of(slugs, 'nothing yet')}."
            hint = meant(slug, slugs) or f"{listed} `capdraft merge` adds what was approved."
            raise NotFound(f"the catalog has no artifact {slug!r}", hint=hint)
        proposals, newest = self._proposals(entry)
        known = Known(
            now=self._now,
            settings=self._settings,
            signals=read_signals(self._workspace, slug).signals,
            proposals=proposals,
            newest=newest,
            policy=workspace_policy(self._workspace, slug),
            named_by=self._mentions.get(slug, ()),
            matches=self._matches.counts(slug),
        )
        return rank_entry(entry, known)

    @cached_property
    def _mentions(self) -> Mapping[str, Sequence[str]]:
        if self._named_by is not None:
            return self._named_by
        return mentions(_Catalog(self._workspace))

    def _proposals(self, entry: CatalogEntry) -> tuple[dict[str, Proposal], Proposal | None]:
        """Return the proposals that an entry's texts come from, and the newest one."""
        slug = entry.artifact.slug
        there = self._workspace.proposals(slug)
        cited = {field.proposal for r in entry.capabilities for _, field in r.fields()}
        wanted = (cited & {*there}) | {*there[-1:]}
        read = {number: self._workspace.read_proposal(slug, number).proposal for number in wanted}
        return read, read[there[-1]] if there else None


def by_total(ranks: Iterable[Rank]) -> list[Rank]:
    """Return `ranks`, the highest total first and those without one last."""

    def place(rank: Rank) -> tuple[bool, Decimal, str]:
        total = rank.score.total
        return total is None, -(total or ZERO), rank.artifact.slug

    return sorted(ranks, key=place)
