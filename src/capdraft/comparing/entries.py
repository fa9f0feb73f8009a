"""The catalog entries that a comparison is made of."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from capdraft.errors import NotFound
from capdraft.records import CatalogEntry
from capdraft.workspace import Workspace


def read_entries(workspace: Workspace, slugs: Sequence[str]) -> list[CatalogEntry]:
    """Return the catalog entries of `slugs`, in their order.

    Raises:
        BadSlug: one of them isn't a slug.
        NotFound: the catalog has no such artifact.
    """
    entries = []
    for slug in slugs:
        entry = workspace.read_entry(slug).entry
        if entry is None:
            raise _missing(workspace, slug)
        entries.append(entry)
    return entries


def _missing(workspace: Workspace, slug: str) -> NotFound:
    known = workspace.catalog()
    near = difflib.get_close_matches(slug, known, n=1)
    if near:
        hint = f"Did you mean {near[0]!r}?"
    elif slug in workspace.artifacts():
        hint = f"Its proposal waits: capdraft review show {slug}, then capdraft merge {slug}"
    else:
        hint = (
            f"It has: {', '.join(known) or 'nothing yet'}. `capdraft merge` adds what was approved."
        )
    return NotFound(f"the catalog has no artifact {slug!r}", hint=hint)
