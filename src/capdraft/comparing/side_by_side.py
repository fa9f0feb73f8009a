"""Set catalog entries side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from capdraft.comparing.aligning import Aligned, align
from capdraft.comparing.comparison import (
    Claim,
    Column,
    Comparison,
    Group,
    Near,
    ShownCapability,
    Source,
)
from capdraft.comparing.conflicts import conflicts
from capdraft.comparing.footnotes import Footnotes
from capdraft.comparing.settling import Pair
from capdraft.comparing.standing import UNKNOWN_STANDING, Standing
from capdraft.comparing.table import last_approved, last_read, table
from capdraft.comparing.verdict import headline, verdict
from capdraft.errors import UsageProblem
from capdraft.records import Artifact, CatalogEntry, Record, RecordField
from capdraft.records.alignments import Alignment
from capdraft.text import one_line

LEAST = 3
"""Capabilities that any two of them need in common to be rivals."""
_HINT = "Name two or more different artifacts: capdraft compare paligemma gemma-2"


def compare(
    entries: Sequence[CatalogEntry],
    standings: Sequence[Standing] = (),
    counting: Mapping[Pair, Alignment] | None = None,
    *,
    limit: int | None = 8,
    least: int = LEAST,
    ranked_for: str | None = None,
    common_first: bool = True,
) -> Comparison:
    """Set `entries` side by side, each with `limit` capabilities (None: with all).

    Those in common are among them before others, else (`common_first`) the first of the catalog.
    `standings` are their ranks, counted for the day `ranked_for`; without, none is ranked.
    `counting` is what reviewers said of their capabilities, as `settled` returns it.

    Raises:
        UsageProblem: fewer than two artifacts, the same one twice, or a negative limit.
        FileInvalid: evidence names a document that its entry doesn't list.
    """
    artifacts = [entry.artifact for entry in entries]
    _check(artifacts, limit)
    names = distinct_names(artifacts)
    aligned = align(entries, counting or {})
    groups = aligned.groups[:limit] if common_first else ()
    notes = Footnotes()
    columns = tuple(
        _column(entry, name, standing, _chosen(entry, groups, limit), aligned, notes)
        for entry, name, standing in zip(
            entries, names, standings or [UNKNOWN_STANDING] * len(entries), strict=True
        )
    )
    rows = table(entries, columns, aligned.pairs)
    found = verdict(columns, rows, least)
    dates = [day for e in entries for day in (last_read(e), last_approved(e)) if day]
    records = [record for entry in entries for record in entry.capabilities]
    return Comparison(
        title=" vs ".join(names),
        headline=headline(columns, aligned.groups, found),
        newest=max(dates, default=None),
        ranked_for=ranked_for if standings else None,
        reviewers=tuple(sorted({a.by for r in records for _, f in r.fields() for a in f.approved})),
        drafted_by=tuple(sorted({record.drafted_by for record in records})),
        rows=rows,
        artifacts=columns,
        groups=groups,
        more_groups=len(aligned.groups) - len(groups),
        conflicts=conflicts(entries, names, notes),
        footnotes=notes.listed(),
        verdict=found,
        least=least,
    )


def _check(artifacts: Sequence[Artifact], limit: int | None) -> None:
    if len(artifacts) < 2:
        named = artifacts[0].slug if artifacts else "nothing"
        raise UsageProblem(f"a comparison needs two artifacts, and has {named}", hint=_HINT)
    slug, times = Counter(artifact.slug for artifact in artifacts).most_common(1)[0]
    if times > 1:
        raise UsageProblem(f"{slug} can't be compared with itself", hint=_HINT)
    if limit is not None and limit < 0:
        raise UsageProblem(f"{limit} capabilities can't be shown", hint="Give 0 or more.")


def distinct_names(artifacts: Sequence[Artifact]) -> list[str]:
    """Return the names on one line; those that two artifacts share carry the slug."""
    names = [one_line(artifact.name) or artifact.slug for artifact in artifacts]
    times = Counter(names)
    return [
        f"{name} ({artifact.slug})" if times[name] > 1 else name
        for name, artifact in zip(names, artifacts, strict=True)
    ]


def _chosen(entry: CatalogEntry, groups: Sequence[Group], limit: int | None) -> list[Record]:
    """Return the records that the page shows, in the catalog's order."""
    slug = entry.artifact.slug
    shared = {m.capability for group in groups for m in group.members if m.artifact == slug}
    wanted = sorted(entry.capabilities, key=lambda record: record.id not in shared)[:limit]
    kept = {record.id for record in wanted}
    return [record for record in entry.capabilities if record.id in kept]


def _column(
    entry: CatalogEntry,
    name: str,
    standing: Standing,
    chosen: Sequence[Record],
    aligned: Aligned,
    notes: Footnotes,
) -> Column:
    slug = entry.artifact.slug
    return Column(
        slug=slug,
        name=name,
        type=entry.artifact.type,
        approved=len(entry.capabilities),
        rest=len(entry.capabilities) - sum(g.member(slug) is not None for g in aligned.groups),
        capabilities=tuple(
            _shown(entry, record, aligned.near.get((slug, record.id), ()), notes)
            for record in chosen
        ),
        more=len(entry.capabilities) - len(chosen),
        standing=standing,
        documents=tuple(
            Source(uri=item.uri, sha256=item.sha256, retrieved=item.retrieved)
            for item in entry.documents
        ),
    )


def _shown(
    entry: CatalogEntry, record: Record, near: tuple[Near, ...], notes: Footnotes
) -> ShownCapability:
    unique, versus = record.unique, record.vs_alternatives
    return ShownCapability(
        id=record.id,
        name=one_line(record.name) or record.id,
        drafted_by=record.drafted_by,
        description=_claim(entry, record.description, notes),
        unique=_claim(entry, unique, notes) if unique else None,
        vs_alternatives=_claim(entry, versus, notes) if versus else None,
        near=near,
    )


def _claim(entry: CatalogEntry, field: RecordField, notes: Footnotes) -> Claim:
    codes = {code for approval in field.approved for code in approval.despite}
    return Claim(
        text=field.text,
        footnotes=notes.cite(entry, field.evidence),
        editorial=any(approval.editorial for approval in field.approved),
        despite=tuple(sorted(codes)),
        alternative=field.alternative,
        approved=field.approved,
    )
