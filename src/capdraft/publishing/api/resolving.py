"""Which artifact somebody means: what is called so, and what only looks like it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from capdraft.publishing.api.answers import ArtifactList, Exact, Listed, Resolved, Suggestion
from capdraft.publishing.api.directory import Directory, Row, keys_of
from capdraft.publishing.api.library import Library
from capdraft.publishing.api.requests import ListRequest, ResolveRequest
from capdraft.text import name_key, one_line

LEAST_SIMILAR = 0.6
"""Share of letters (2 × those in common / all, by longest common subsequence) of a suggestion."""


def resolve(library: Library, asked: ResolveRequest) -> Resolved:
    """Return the artifacts that are called so, else those whose names look like it.

    Raises:
        StoreError: the directory can't be written.
    """
    directory = library.directory()
    name = one_line(asked.name)
    exact = directory.named(keys_of(name))
    near = {} if exact else dict(_near(directory, name, asked.limit))
    return Resolved(
        name=asked.name,
        artifacts=tuple(
            Exact(**_listed(library, row), how=tuple(exact[row.slug]))
            for row in directory.rows(list(exact))
        ),
        suggestions=tuple(
            Suggestion(**_listed(library, row), similarity=near[row.slug])
            for row in directory.rows(list(near))
        ),
    )


def _near(directory: Directory, name: str, limit: int) -> Iterator[tuple[str, float]]:
    """Yield the slugs whose names, or the last part of whose slugs, look like `name`."""
    from rapidfuzz import fuzz, process

    wanted = name_key(name.rpartition("/")[2] or name)
    if not wanted or not limit:
        return
    names = {slug: name_key(written) for slug, written in directory.names()}
    found = process.extract(
        wanted, names, scorer=fuzz.ratio, score_cutoff=100 * LEAST_SIMILAR, limit=None
    )
    for _, score, slug in sorted(found, key=lambda item: (-item[1], item[2]))[:limit]:
        yield slug, round(score / 100, 2)


def artifacts(library: Library, asked: ListRequest) -> ArtifactList:
    """Return a page of the list of artifacts.

    Raises:
        StoreError: the directory can't be written.
    """
    directory = library.directory()
    rows = directory.page(asked.type, asked.cursor or "", asked.limit + 1)
    shown = rows[: asked.limit]
    return ArtifactList(
        total=directory.count(asked.type),
        artifacts=tuple(Listed(**_listed(library, row)) for row in shown),
        next=shown[-1].slug if len(rows) > len(shown) else None,
    )


def _listed(library: Library, row: Row) -> dict[str, Any]:
    approved = datetime.fromisoformat(row.approved) if row.approved else None
    told = {**row._asdict(), "approved": approved, "withdrawn": bool(row.withdrawn)}
    return {**told, "url": library.url(row.slug)}
