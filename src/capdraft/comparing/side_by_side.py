"""Set catalog entries side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from capdraft.comparing.comparison import Claim, Column, Comparison, ShownCapability
from capdraft.comparing.footnotes import Footnotes, count_passages
from capdraft.comparing.wording import headline, table, verdict
from capdraft.errors import UsageProblem
from capdraft.records import Artifact, CatalogEntry, Record, RecordField
from capdraft.text import one_line

_HINT = "Name two or more different artifacts: capdraft compare paligemma gemma-2"


def compare(entries: Sequence[CatalogEntry], *, limit: int | None = 8) -> Comparison:
    """Set `entries` side by side, each with its first `limit` capabilities (None: with all).

    Raises:
        UsageProblem: fewer than two artifacts, the same one twice, or a negative limit.
        FileInvalid: evidence names a document that its entry doesn't list.
    """
    artifacts = [entry.artifact for entry in entries]
    _check(artifacts, limit)
    notes = Footnotes()
    columns = tuple(
        _column(entry, name, limit, notes)
        for entry, name in zip(entries, _distinct_names(artifacts), strict=True)
    )
    rows = table(artifacts, columns)
    return Comparison(
        title=" vs ".join(column.name for column in columns),
        headline=headline(columns, rows, count_passages(entries)),
        rows=rows,
        artifacts=columns,
        footnotes=notes.listed(),
        verdict=verdict(columns, rows),
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


def _distinct_names(artifacts: Sequence[Artifact]) -> list[str]:
    """Return the names on one line; those that two artifacts share carry the slug."""
    names = [one_line(artifact.name) or artifact.slug for artifact in artifacts]
    times = Counter(names)
    return [
        f"{name} ({artifact.slug})" if times[name] > 1 else name
        for name, artifact in zip(names, artifacts, strict=True)
    ]


def _column(entry: CatalogEntry, name: str, limit: int | None, notes: Footnotes) -> Column:
    shown = entry.capabilities[:limit]
    return Column(
        slug=entry.artifact.slug,
        name=name,
        type=entry.artifact.type,
        approved=len(entry.capabilities),
        capabilities=tuple(_shown(entry, record, notes) for record in shown),
        more=len(entry.capabilities) - len(shown),
    )


def _shown(entry: CatalogEntry, record: Record, notes: Footnotes) -> ShownCapability:
    unique, versus = record.unique, record.vs_alternatives
    return ShownCapability(
        id=record.id,
        name=one_line(record.name) or record.id,
        drafted_by=record.drafted_by,
        description=_claim(entry, record.description, notes),
        unique=_claim(entry, unique, notes) if unique else None,
        vs_alternatives=_claim(entry, versus, notes) if versus else None,
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
