"""What the page of a proposal shows: its run, what it was drafted from, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from capdraft.workspace import StoredProposal, Workspace


@dataclass(frozen=True, slots=True)
class RunView:
    """A proposal, the numbers of those beside it, and how many fields it has."""

    stored: StoredProposal
    earlier: str | None
    later: str | None
    fields: int

    @property
    def is_newest(self) -> bool:
        """Whether no proposal came after it."""
        return self.later is None


def run_view(workspace: Workspace, slug: str, number: str) -> RunView:
    """Return what the page of a proposal shows.

    Raises:
        NotFound: there is no such proposal.
        FileInvalid: its file isn't what its schema says.
    """
    stored = workspace.read_proposal(slug, number)
    numbers = workspace.proposals(slug)
    place = numbers.index(stored.number)
    return RunView(
        stored=stored,
        earlier=numbers[place - 1] if place else None,
        later=numbers[place + 1] if place + 1 < len(numbers) else None,
        fields=sum(len(list(capability.fields())) for capability in stored.proposal.capabilities),
    )
