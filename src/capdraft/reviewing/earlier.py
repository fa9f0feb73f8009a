"""A text that was shown or judged before, found again by its hashes."""

from __future__ import annotations

from capdraft.records import FieldName
from capdraft.reviewing.states import field_states
from capdraft.reviewing.versions import Hashes, Version
from capdraft.workspace import Workspace


def find_version(
    workspace: Workspace, slug: str, capability: str, field: FieldName, hashes: Hashes
) -> Version | None:
    """Return the text and evidence with these hashes, from the newest proposal that had them.

    It is what was drafted or what an edit left that nobody took back; None if there is none.

    Raises:
        FileInvalid: a file isn't what its schema says.
    """
    decisions = workspace.decisions(slug)
    for number in reversed(workspace.proposals(slug)):
        # What was written doesn't depend on what the documents say now.
        states = field_states(workspace.read_proposal(slug, number).proposal, decisions, {})
        for state in states:
            if (state.capability.id, state.name) == (capability, field):
                for version in state.versions:
                    if version.hashes == hashes:
                        return version
    return None
