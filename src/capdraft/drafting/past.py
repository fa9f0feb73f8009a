"""What is known of an artifact before it is drafted: earlier proposals, decisions, the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from capdraft.checking import alike, present_passages
from capdraft.records import (
    Capability,
    CatalogEntry,
    Dropped,
    Field,
    FieldName,
    Record,
)
from capdraft.records.proposals import evidence_hash
from capdraft.reviewing import FieldState, field_states
from capdraft.text import clean
from capdraft.workspace import StoredProposal, Workspace

LONGEST = 160
"""Characters of a rejected text that a prompt repeats."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A text that a reviewer rejected, and what it rested on."""

    capability: str
    name: str
    field: FieldName
    text: str
    evidence_sha256: str
    why: str

    @property
    def line(self) -> str:
        """The rejection as a prompt tells it."""
        text = " ".join(clean(self.text).split())
        text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        what = "" if self.field == "description" else f" ({self.field})"
        return f"{self.name}{what}: {text}"

    def repeats(self, capability: Capability, name: FieldName, field: Field, evidence: str) -> bool:
        """Tell whether a drafted field is this one again: the same evidence, and name or words."""
        if name != self.field or evidence != self.evidence_sha256:
            return False
        return capability.id == self.capability or alike(self.text, field.text)


@dataclass(frozen=True, slots=True)
class Past:
    """An artifact's newest proposal, what its catalog entry has, and what was rejected."""

    newest: StoredProposal | None = None
    entry: CatalogEntry | None = None
    rejections: tuple[Rejection, ...] = ()

    @property
    def rejected_lines(self) -> tuple[str, ...]:
        """The rejections as a prompt tells them."""
        return tuple(dict.fromkeys(rejection.line for rejection in self.rejections))

    @property
    def known_names(self) -> tuple[str, ...]:
        """The name of each record or drafted capability."""
        return tuple(dict.fromkeys(name for name, _ in self.known.values()))

    @property
    def known(self) -> dict[str, tuple[str, str]]:
        """Name and description of each record or drafted capability, by its id."""
        items: list[Capability | Record] = []
        items += self.newest.proposal.capabilities if self.newest else ()
        items += self.entry.capabilities if self.entry else ()
        return {item.id: (" ".join(item.name.split()), item.description.text) for item in items}


def look_back(workspace: Workspace, slug: str) -> Past:
    """Return what the workspace has of an artifact.

    Raises:
        FileInvalid: one of its files isn't what its schema says.
    """
    numbers = workspace.proposals(slug)
    entry = workspace.read_entry(slug).entry
    if not numbers:
        return Past(None, entry)
    stored = [workspace.read_proposal(slug, number) for number in reversed(numbers)]
    return Past(stored[0], entry, tuple(_rejections(workspace, slug, stored)))


def _rejections(
    workspace: Workspace, slug: str, stored: Iterable[StoredProposal]
) -> Iterator[Rejection]:
    decisions = workspace.decisions(slug)
    if not any(decision.verdict == "reject" for decision in decisions):
        return
    seen: set[tuple[str, str, str]] = set()
    for item in stored:
        present = present_passages(workspace, item.proposal)
        for state in field_states(item.proposal, decisions, present):
            key = (state.capability.id, state.name, state.evidence_sha256)
            if key not in seen:
                seen.add(key)
                if state.status == "rejected":
                    yield _rejection(state)


def _rejection(state: FieldState) -> Rejection:
    return Rejection(
        capability=state.capability.id,
        name=state.capability.name,
        field=state.name,
        text=state.text,
        evidence_sha256=state.evidence_sha256,
        why=state.why,
    )


def without_rejected(
    capabilities: Iterable[Capability], rejections: Iterable[Rejection], uris: dict[str, str]
) -> tuple[list[Capability], list[Dropped]]:
    """Return the capabilities without the fields that were rejected before, and those fields.

    A capability whose description was rejected goes as a whole.
    """
    kept: list[Capability] = []
    dropped: list[Dropped] = []
    rejections = list(rejections)
    for capability in capabilities:
        again = {
            name: Dropped(
                capability=capability.id,
                field=name,
                text=field.text,
                why=f"rejected {rejection.why}",
            )
            for name, field in capability.fields()
            for rejection in rejections
            if rejection.repeats(capability, name, field, evidence_hash(field.evidence, uris))
        }
        dropped += again.values()
        if "description" not in again:
            kept.append(capability.model_copy(update=dict.fromkeys(again)) if again else capability)
    return kept, dropped


def with_known_ids(
    capabilities: Iterable[Capability], known: dict[str, tuple[str, str]]
) -> list[Capability]:
    """Return the capabilities, each under the id of the record that it tells anew, if there is one.

    The same name is the same record; else two that say much the same, each taken once.
    """
    capabilities = list(capabilities)
    taken = {capability.id for capability in capabilities}
    renamed = []
    for capability in capabilities:
        if capability.id not in known:
            same = next(
                (
                    id_
                    for id_, (_, text) in known.items()
                    if id_ not in taken and alike(text, capability.description.text)
                ),
                None,
            )
            if same is not None:
                taken.add(same)
                capability = capability.model_copy(update={"id": same})
        renamed.append(capability)
    return renamed
