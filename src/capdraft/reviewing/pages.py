"""What other imported pages say of an artifact."""

from __future__ import annotations

from capdraft.records import Capability
from capdraft.workspace import StoredProposal, Workspace


def earlier_pages(
    workspace: Workspace, slug: str, before: str | None = None
) -> tuple[tuple[str, Capability], ...]:
    """Return the records of imported pages, each id once as told last, with its proposal's file.

    `before` is the number of a proposal: what was imported later is left out.
    """
    found: dict[str, tuple[str, Capability]] = {}
    for number in reversed(workspace.proposals(slug)):
        if before is not None and int(number) >= int(before):
            continue
        stored = workspace.read_proposal(slug, number)
        for capability in stored.proposal.capabilities if stored.proposal.run.imported else ():
            found.setdefault(capability.id, (stored.name, capability))
    return tuple(found.values())


def other_pages(workspace: Workspace, stored: StoredProposal) -> tuple[tuple[str, Capability], ...]:
    """Return what earlier pages say of an artifact, if a proposal was imported from a page.

    What a model says again keeps its id, so that a draft has none.
    """
    if not stored.proposal.run.imported:
        return ()
    return earlier_pages(workspace, stored.proposal.artifact.slug, stored.number)
