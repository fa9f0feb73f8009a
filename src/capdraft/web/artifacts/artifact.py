"""What the page of an artifact shows: its documents, its fields as they stand, and its catalog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from capdraft.records import Capability, Contradiction, Evidence, Finding, Proposal
from capdraft.reviewing import (
    Explanation,
    FieldState,
    Review,
    Status,
    Target,
    explanation,
    open_review,
)
from capdraft.web.artifacts.documents import (
    ChangedPassage,
    DocumentNow,
    changed_passages,
    documents_now,
)
from capdraft.web.artifacts.merge_preview import MergePreview, merge_preview
from capdraft.web.artifacts.parsed import ParsedOnce
from capdraft.web.artifacts.secrecy import blind_fields
from capdraft.web.house import House
from capdraft.workspace import StoredProposal, Workspace

STATUSES: tuple[Status, ...] = ("conflicting", "stale", "pending", "approved", "rejected")
"""As they are listed: what a person has to look into comes first."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as it stands; `hidden`: others' word on it is kept from who asks."""

    state: FieldState
    findings: tuple[Finding, ...]
    explanation: Explanation
    changed: tuple[ChangedPassage, ...]
    hidden: bool


@dataclass(frozen=True, slots=True)
class CapabilityView:
    """A capability and its fields."""

    capability: Capability
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class ContradictionView:
    """What documents say differently of one thing, each passage with its URI."""

    contradiction: Contradiction
    sides: tuple[tuple[tuple[str, Evidence], ...], ...]


@dataclass(frozen=True, slots=True)
class ArtifactView:
    """Everything that the page of an artifact shows."""

    stored: StoredProposal
    counts: Mapping[str, int]
    documents: list[DocumentNow]
    capabilities: list[CapabilityView]
    contradictions: list[ContradictionView]
    merge: MergePreview
    proposals: list[StoredProposal]
    review: Review

    @property
    def waiting(self) -> int:
        """How many fields wait for a decision."""
        return sum(self.counts[status] for status in ("conflicting", "stale", "pending"))


def artifact_view(house: House, slug: str, who: str) -> ArtifactView:
    """Return what the page of `slug` shows to `who`.

    Raises:
        NotFound: the artifact has no proposal.
        FileInvalid: one of its files isn't what its schema says.
    """
    workspace = ParsedOnce(house.workspace.root, house.workspace.store)
    review = open_review(workspace, Target(slug))
    hidden = blind_fields(review, who, house.review_settings().second_opinions)
    counts = Counter(state.status for state in review.states)
    return ArtifactView(
        stored=review.stored,
        counts={status: counts[status] for status in STATUSES},
        documents=documents_now(review),
        capabilities=list(_capabilities(review, house.severities(), hidden)),
        contradictions=[_contradiction(item, review) for item in _proposal(review).contradictions],
        merge=merge_preview(workspace, slug),
        proposals=proposals(workspace, slug),
        review=review,
    )


def proposals(workspace: Workspace, slug: str) -> list[StoredProposal]:
    """Return the proposals of an artifact, newest first.

    Raises:
        FileInvalid: one of them isn't what its schema says.
    """
    numbers = reversed(workspace.proposals(slug))
    return [workspace.read_proposal(slug, number) for number in numbers]


def _proposal(review: Review) -> Proposal:
    return review.stored.proposal


def _capabilities(
    review: Review, severities: Mapping[str, str], hidden: frozenset[tuple[str, str]]
) -> Iterator[CapabilityView]:
    for capability in _proposal(review).capabilities:
        states = [state for state in review.states if state.capability.id == capability.id]
        fields = tuple(
            FieldView(
                state=state,
                findings=review.findings(state, severities),
                explanation=explanation(review, state, severities),
                changed=tuple(changed_passages(review, state)),
                hidden=(capability.id, state.name) in hidden,
            )
            for state in states
        )
        yield CapabilityView(capability, fields)


def _contradiction(item: Contradiction, review: Review) -> ContradictionView:
    uris = _proposal(review).uris

    def placed(evidence: Sequence[Evidence]) -> tuple[tuple[str, Evidence], ...]:
        return tuple((uris[one.document], one) for one in evidence)

    return ContradictionView(item, (placed(item.evidence), placed(item.other)))
