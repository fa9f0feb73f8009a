"""What a review command is about: SLUG, SLUG/CAPABILITY, one field or all."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from capdraft.checking import present_passages
from capdraft.errors import NotFound
from capdraft.records import FieldName
from capdraft.reviewing.deciding import Review
from capdraft.reviewing.policy import workspace_policy
from capdraft.reviewing.states import FieldState, field_states
from capdraft.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Target:
    """The fields that a command names; None stands for all."""

    slug: str
    capability: str | None = None
    field: FieldName | None = None

    @classmethod
    def parse(cls, path: str, field: FieldName | None = None) -> Target:
        """Return the target for SLUG or SLUG/CAPABILITY.

        Raises:
            NotFound: nothing stands behind the slash.
        """
        slug, slash, capability = path.partition("/")
        if slash and not capability:
            raise NotFound(f"{path!r} names no capability", hint=f"All of it: {slug}")
        return cls(slug, capability or None, field)


def open_review(workspace: Workspace, target: Target, number: str | None = None) -> Review:
    """Return the review of a proposal (the newest, if no number is given), with what it selects.

    Raises:
        NotFound: there is no such proposal, capability or field.
    """
    stored = workspace.read_proposal(target.slug, number)
    present = present_passages(workspace, stored.proposal)
    policy = workspace_policy(workspace, target.slug)
    states = field_states(stored.proposal, workspace.decisions(target.slug), present, policy)
    selected = tuple(_selected(states, target))
    return Review(workspace, stored, tuple(states), selected, present, policy)


def _selected(states: Iterable[FieldState], target: Target) -> list[FieldState]:
    states = list(states)
    ids = list(dict.fromkeys(state.capability.id for state in states))
    if target.capability is not None and target.capability not in ids:
        near = difflib.get_close_matches(target.capability, ids, n=1)
        hint = f"Did you mean {target.slug}/{near[0]}? " if near else ""
        raise NotFound(
            f"{target.slug!r} has no capability {target.capability!r}",
            hint=f"{hint}`capdraft review list {target.slug}` lists them.",
        )
    found = [
        state
        for state in states
        if target.capability in (None, state.capability.id) and target.field in (None, state.name)
    ]
    if not found and target.capability and target.field:
        raise NotFound(f"{target.slug}/{target.capability} has no {target.field}")
    return found
