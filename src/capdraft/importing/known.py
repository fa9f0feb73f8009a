"""What the workspace knows of an artifact before a page about it is imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from capdraft.importing.page import Note, Page
from capdraft.records import Artifact, Capability, CatalogEntry, Proposal, Record
from capdraft.reviewing import field_states, workspace_policy
from capdraft.text import normalise
from capdraft.workspace import StoredProposal, Workspace

Known = Mapping[str, Capability | Record]


def differences(known: Artifact, fresh: Artifact, page: Page) -> Iterator[Note]:
    """Say what a page tells otherwise of an artifact than is known."""
    for key, empty in (("name", ""), ("type", "unknown"), ("pricing", None)):
        before, now = getattr(known, key), getattr(fresh, key)
        if now not in (before, empty) and before != empty:
            row = page.row(key)
            message = f"{known.slug}: the page says {key} {now!r}; it stays {before!r}"
            yield Note("known-otherwise", message, row.line if row else 1)


def undecided(workspace: Workspace, newest: StoredProposal) -> Iterator[Note]:
    """Say that an import puts a proposal that still waits out of sight."""
    slug = newest.proposal.artifact.slug
    policy = workspace_policy(workspace, slug)
    states = field_states(newest.proposal, workspace.decisions(slug), {}, policy)
    waiting = sum(state.status == "pending" for state in states)
    if waiting:
        fields = "1 undecided field" if waiting == 1 else f"{waiting} undecided fields"
        message = f"{newest.name} has {fields}, and review shows the newest proposal"
        yield Note("undecided", message, 1)


def said_before(newest: StoredProposal, draft: Proposal) -> Iterator[Note]:
    """Say where another page gives an artifact another rank or other words."""
    ranks = [_rank(proposal) for proposal in (newest.proposal, draft)]
    slug = draft.artifact.slug
    if all(ranks) and ranks[0] != ranks[1]:
        message = f"{slug} is at {ranks[1]} here and at {ranks[0]} in {newest.name}"
        yield Note("two-ranks", message, 1)
    before, now = (
        {normalise(item.description.text) for item in proposal.capabilities}
        for proposal in (newest.proposal, draft)
    )
    if newest.proposal.run.imported and now - before:
        message = f"{len(now - before)} of {len(now)} records of {slug} aren't in {newest.name}"
        yield Note("two-wordings", message, 1)


def _rank(proposal: Proposal) -> str | None:
    """Return the rank that a page gave an artifact, if a page is what it comes from."""
    if not proposal.run.imported:
        return None
    table: dict[str, str] = proposal.run.parameters.get("page", {}).get("table", {})
    return next((cell for label, cell in table.items() if label.casefold().endswith("rank")), None)


def known_by_description(workspace: Workspace, slug: str) -> Known:
    """Return what is known under each description: the catalog's first, then newer proposals'."""
    entry: CatalogEntry | None = workspace.read_entry(slug).entry
    items: list[Capability | Record] = [*entry.capabilities] if entry else []
    for number in reversed(workspace.proposals(slug)):
        items += workspace.read_proposal(slug, number).proposal.capabilities
    return {normalise(item.description.text): item for item in reversed(items)}
