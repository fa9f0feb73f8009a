"""What waits for a decision, listed in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from capdraft.reviewing.index import QueueIndex, Waiting, Wanted
from capdraft.workspace import Workspace


def waiting(
    workspace: Workspace,
    slugs: Iterable[str],
    severities: Mapping[str, str],
    wanted: Wanted | None = None,
    told: Callable[[int, int], None] | None = None,
) -> list[Waiting]:
    """Return the fields of the newest proposals of `slugs` that wait, the riskiest first.

    One that can't be read has none: `QueueIndex.artifacts(broken=True)` says why. `told` hears how
    many were read, of how many.

    Raises:
        NotFound: an artifact has no proposal.
        StoreError: the index can't be used.
    """
    named = set(slugs)
    index = QueueIndex(workspace, severities)
    index.refresh(named, told)
    for slug in named.difference(index.slugs()):
        workspace.read_proposal(slug)  # tells that there is none
    return [item for item in index.page(wanted or Wanted(), limit=None) if item.slug in named]
