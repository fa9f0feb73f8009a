"""The catalog entries that a comparison is made of."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

from capdraft.errors import NotFound
from capdraft.records import CatalogEntry, Withdrawn
from capdraft.workspace import Workspace
from capdraft.workspace.naming import first_of, meant


def read_entries(workspace: Workspace, slugs: Sequence[str]) -> list[CatalogEntry]:
    """Return the catalog entries of `slugs`, in their order.

    Raises:
        BadSlug: one of them isn't a slug.
        NotFound: the catalog has no such artifact, or it was withdrawn.
    """
    entries = []
    for slug in slugs:
        entry = workspace.read_entry(slug).entry
        if entry is None:
            raise _missing(workspace, slug)
        if entry.withdrawn is not None:
            raise _gone(slug, entry.withdrawn)
        entries.append(entry)
    return entries


def _gone(slug: str, withdrawn: Withdrawn) -> NotFound:
    return NotFound(
        f"{slug!r} was withdrawn by {withdrawn.by} on {withdrawn.at:%Y-%m-%d}, "
        f"{withdrawn.reason}: {shorten(withdrawn.note, 200)}",
        hint=f"`capdraft restore {slug}`, then `capdraft merge {slug}`, brings it back.",
    )


def _missing(workspace: Workspace, slug: str) -> NotFound:
    known = workspace.catalog()
    if slug in workspace.artifacts():
        hint = f"Its proposal waits: capdraft review show {slug}, then capdraft merge {slug}"
    else:
        listed = first_of(known, "nothing yet")
        hint = meant(slug, known) or f"It has: {listed}. `capdraft merge` adds what was approved."
    return NotFound(f"the catalog has no artifact {slug!r}", hint=hint)
