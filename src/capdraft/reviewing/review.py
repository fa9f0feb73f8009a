"""A proposal opened for review: how its fields stand, and what the rules say of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from capdraft.checking import (
    Around,
    Judgements,
    Said,
    by_document,
    check_text,
    present_passages,
    read_judgements,
)
from capdraft.errors import NotFound
from capdraft.records import NO_NAMES, Capability, Evidence, FieldName, Finding, Names
from capdraft.reviewing.across import Approved, across_proposals, newest_approved
from capdraft.reviewing.pages import other_pages
from capdraft.reviewing.policy import ANYBODY, Policy, workspace_policy
from capdraft.reviewing.states import FieldState, field_states
from capdraft.reviewing.targets import Target
from capdraft.reviewing.versions import with_evidence
from capdraft.workspace import StoredProposal, Workspace

_Of = tuple[str, FieldName, frozenset[tuple[str, str]]]
"""A capability, one of its fields, and the severities."""


@dataclass(frozen=True)
class Review:
    """A proposal with the states of all its fields and of those that a command selected."""

    workspace: Workspace
    stored: StoredProposal
    states: tuple[FieldState, ...]
    selected: tuple[FieldState, ...]
    present: Mapping[str, Said | None]
    policy: Policy = ANYBODY
    newest: bool = True
    """Whether the newest proposal was asked for, whatever its number."""
    judgements: Judgements = field(default_factory=Judgements)
    """What models said of its fields, where some were asked."""
    pages: tuple[tuple[str, Capability], ...] = ()
    """Of imported texts: the artifact's records on other pages, each with its proposal's file."""
    whole: bool = False
    """Whether all of the artifact was named, and no field by itself."""
    _found: dict[_Of, tuple[FieldState, tuple[Finding, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What the rules say of its fields as they are, once that was asked."""

    @property
    def slug(self) -> str:
        """The artifact's slug."""
        return self.stored.proposal.artifact.slug

    @cached_property
    def published(self) -> Approved:
        """What a merge takes of all proposals; they are read when it is first asked for."""
        return newest_approved(across_proposals(self.workspace, self.slug))

    def findings(
        self,
        state: FieldState,
        severities: Mapping[str, str],
        text: str | None = None,
        evidence: tuple[Evidence, ...] | None = None,
        names: Names = NO_NAMES,
    ) -> tuple[Finding, ...]:
        """Return what the rules say of a field now, or with `text`, `evidence` or `names` in it."""
        if text is not None or evidence is not None or names is not NO_NAMES:
            return self._checked(state, severities, text, evidence, names)
        of = (state.capability.id, state.name, frozenset(severities.items()))
        known = self._found.get(of)
        if known is None or known[0] is not state:
            known = self._found[of] = state, self._checked(state, severities)
        return known[1]

    def _checked(
        self,
        state: FieldState,
        severities: Mapping[str, str],
        text: str | None = None,
        evidence: tuple[Evidence, ...] | None = None,
        names: Names = NO_NAMES,
    ) -> tuple[Finding, ...]:
        proposal, capability = self.stored.proposal, state.capability.called(names)
        now = state.field if evidence is None else with_evidence(state.field, evidence)
        if names.alternative is not None:
            now = now.model_copy(update={"alternative": names.alternative})
        text = state.text if text is None else text
        said = self.judgements.newest(capability, state.name, text, now.evidence, proposal.uris)
        return check_text(
            proposal.artifact,
            capability.model_copy(update={state.name: now}),
            state.name,
            text,
            earlier=self._before(capability),
            around=Around(
                by_document(proposal, self.present),
                proposal.contradictions,
                {(capability.id, state.name): said} if said else {},
                self.pages,
            ),
            severities=severities,
        )

    def _before(self, capability: Capability) -> tuple[Capability, ...]:
        """Return the capabilities that stand before one of the proposal's."""
        ids = [item.id for item in self.stored.proposal.capabilities]
        return self.stored.proposal.capabilities[: ids.index(capability.id)]

    def state(self, capability: str, field: str) -> FieldState | None:
        """Return how a field stands, or None if there is none."""
        found = (s for s in self.states if (s.capability.id, s.name) == (capability, field))
        return next(found, None)

    def now(self) -> Review:
        """Return the review as others' decisions, or a newer proposal, have left it."""
        numbers = self.workspace.proposals(self.slug)
        if self.newest and numbers[-1:] != [self.stored.number]:
            return open_review(self.workspace, Target(self.slug))
        decisions = self.workspace.decisions(self.slug)
        proposal = self.stored.proposal
        states = tuple(field_states(proposal, decisions, self.present, self.policy))
        return replace(self, states=states, selected=())


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
    return Review(
        workspace,
        stored,
        tuple(states),
        selected,
        present,
        policy,
        newest=number is None,
        judgements=read_judgements(workspace, target.slug),
        pages=other_pages(workspace, stored),
        whole=target.capability is None,
    )


def select(review: Review, targets: Iterable[Target]) -> Review:
    """Return a review of what `targets` name, each field once; all are of its artifact.

    Raises:
        NotFound: there is no such capability or field.
    """
    targets = tuple(targets)
    named = {(s.capability.id, s.name) for t in targets for s in _selected(review.states, t)}
    selected = (s for s in review.states if (s.capability.id, s.name) in named)
    whole = any(target.capability is None for target in targets)
    return replace(review, selected=tuple(selected), whole=whole)


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
