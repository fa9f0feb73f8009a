"""Artifacts by slug: whole, as a passport, and side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from capdraft.comparing import (
    LEAST,
    Comparison,
    compare,
    read_entries,
    settled,
    standing_of,
)
from capdraft.errors import NotFound
from capdraft.publishing.api.library import Library
from capdraft.publishing.api.passport import (
    Coverage,
    Freshness,
    Passport,
    PassportCapability,
    PassportMatches,
    PassportRank,
    PassportSource,
)
from capdraft.publishing.api.requests import ArtifactRequest, CompareRequest, RecordRequest
from capdraft.publishing.exports import RecordLine
from capdraft.ranking import read_signals
from capdraft.records import Approval, CatalogEntry, Signal
from capdraft.reviewing import Status, field_states, workspace_policy
from capdraft.workspace import Stored


def artifact(library: Library, asked: ArtifactRequest) -> CatalogEntry:
    """Return an artifact's record with its evidence, as the catalog has it.

    Raises:
        NotFound: the catalog has no such artifact.
        FileInvalid: its file isn't what its schema says.
    """
    return _read(library, asked.slug)[0]


def record(library: Library, asked: RecordRequest) -> RecordLine:
    """Return one approved capability with its evidence.

    Raises:
        NotFound: the catalog has no such artifact, or it has no such capability.
        FileInvalid: its file isn't what its schema says.
    """
    entry, _ = _read(library, asked.slug)
    for found in entry.capabilities:
        if found.id == asked.capability:
            return RecordLine(artifact=entry.artifact, documents=entry.documents, record=found)
    known = ", ".join(found.id for found in entry.capabilities) or "none"
    raise NotFound(
        f"{asked.slug!r} has no approved capability {asked.capability!r}",
        hint=f"Its capabilities: {known}",
    )


def passport(library: Library, asked: ArtifactRequest) -> Passport:
    """Return all that is known of an artifact in short.

    Raises:
        NotFound: the catalog has no such artifact.
        FileInvalid: one of its files isn't what its schema says.
    """
    entry, stored = _read(library, asked.slug)
    rank, computed = library.rank(asked.slug)
    signals = _signals(library, asked.slug)
    approvals = [a for r in entry.capabilities for _, field in r.fields() for a in field.approved]
    return Passport(
        artifact=entry.artifact,
        version=stored.sha256[:12],
        sha256=stored.sha256,
        url=library.url(asked.slug),
        withdrawn=entry.withdrawn,
        capabilities=tuple(PassportCapability.of(record) for record in entry.capabilities),
        coverage=Coverage.of(entry, *_drafted(library, asked.slug)),
        drafted_by=_once(record.drafted_by for record in entry.capabilities),
        approved_by=_once(approval.by for approval in approvals),
        rank=PassportRank.of(rank, computed),
        matches=PassportMatches.of(library.matches().counts(asked.slug)),
        signals=signals,
        sources=tuple(PassportSource.of(document) for document in entry.documents),
        freshness=_freshness(entry, approvals, signals),
    )


def side_by_side(library: Library, asked: CompareRequest) -> Comparison:
    """Return the comparison of two artifacts or more.

    Raises:
        NotFound: the catalog lacks one of them.
        UsageProblem: one is named twice, or withdrawn.
        FileInvalid: a file isn't what its schema says.
    """
    return compared(library, asked.slugs, limit=asked.limit)


def compared(
    library: Library, slugs: Sequence[str], *, limit: int | None, least: int = LEAST
) -> Comparison:
    """Set artifacts side by side as they rank now, with what reviewers said is alike.

    Raises:
        NotFound: the catalog lacks one of them.
        UsageProblem: fewer than two are named, one twice, or one that is withdrawn.
        FileInvalid: a file isn't what its schema says.
    """
    entries = read_entries(library.workspace, slugs)
    matches = library.matches()
    ranks = [library.rank(slug) for slug in slugs]
    standings = [standing_of(r, matches.times_matched(r.artifact.slug)) for r, _ in ranks]
    day = min((f"{computed:%Y-%m-%d}" for _, computed in ranks), default=None)
    said = settled(library.workspace, entries).counting
    return compare(entries, standings, said, limit=limit, least=least, ranked_for=day)


def _read(library: Library, slug: str) -> tuple[CatalogEntry, Stored]:
    """Return an entry and its file; what is withdrawn too, as its entry says so."""
    found = library.workspace.read_entry(slug)
    if found.entry is None or found.stored is None:
        raise NotFound(
            f"the catalog has no artifact {slug!r}",
            hint="Resolve a name to find its slug, or list the artifacts.",
        )
    return found.entry, found.stored


def _signals(library: Library, slug: str) -> tuple[Signal, ...]:
    stored = read_signals(library.workspace, slug).signals
    return tuple(stored.counted.values()) if stored else ()


def _drafted(library: Library, slug: str) -> tuple[str | None, dict[Status, int] | None]:
    """Return the newest proposal's number and how its fields stand; documents aren't read."""
    workspace = library.workspace
    if not workspace.proposals(slug):
        return None, None
    newest = workspace.read_proposal(slug)
    policy = workspace_policy(workspace, slug)
    states = field_states(newest.proposal, workspace.decisions(slug), {}, policy)
    return newest.number, dict(sorted(Counter(state.status for state in states).items()))


def _freshness(
    entry: CatalogEntry, approvals: list[Approval], signals: Iterable[Signal]
) -> Freshness:
    moments = [approval.at for approval in approvals]
    return Freshness(
        approved=_newest(moments),
        first_approved=min(moments, default=None),
        read=_newest(document.retrieved for document in entry.documents),
        signals=_newest(signal.retrieved for signal in signals),
    )


def _newest(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
