"""How the fields of an artifact stand in each of its proposals, and which text a merge takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capdraft.checking import Said, present_passages
from capdraft.records import FieldName
from capdraft.reviewing.policy import workspace_policy
from capdraft.reviewing.states import FieldState, field_states
from capdraft.workspace import StoredProposal, Workspace

Key = tuple[str, FieldName]
"""A capability's id and one of its fields."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A field as it stands in one proposal."""

    stored: StoredProposal
    state: FieldState


Approved = dict[str, dict[FieldName, Standing]]
"""Of each capability, by its id: the newest approved text of each field."""


def across_proposals(workspace: Workspace, slug: str) -> dict[Key, list[Standing]]:
    """Return how each field stands in the proposals that have it, the newest first.

    Raises:
        FileInvalid: a file isn't what its schema says.
    """
    decisions, policy = workspace.decisions(slug), workspace_policy(workspace, slug)
    fields: dict[Key, list[Standing]] = {}
    newest: dict[str, Said | None] | None = None
    for number in reversed(workspace.proposals(slug)):
        stored = workspace.read_proposal(slug, number)
        present = present_passages(workspace, stored.proposal)
        newest = present if newest is None else newest
        present = _without_dropped(present, newest)
        for state in field_states(stored.proposal, decisions, present, policy):
            fields.setdefault((state.capability.id, state.name), []).append(Standing(stored, state))
    return fields


def newest_approved(fields: Mapping[Key, Sequence[Standing]]) -> Approved:
    """Return what a merge takes: no field of a capability whose description is not among them."""
    approved: Approved = {}
    for (capability, name), standings in fields.items():
        found = next((item for item in standings if item.state.status == "approved"), None)
        if found is not None:
            approved.setdefault(capability, {})[name] = found
    return {id_: found for id_, found in approved.items() if "description" in found}


def _without_dropped(
    present: Mapping[str, Said | None], newest: Mapping[str, Said | None]
) -> dict[str, Said | None]:
    """Return what documents say, one that is gone from the newest proposal too what that has.

    A document that was renamed still says what it said; one that was removed does not.
    """
    others = [said for said in newest.values() if said is not None]
    now = frozenset().union(*others) if others else None
    return {
        uri: now if said is None and uri not in newest else said for uri, said in present.items()
    }
