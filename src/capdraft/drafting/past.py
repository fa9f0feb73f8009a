"""What is known of an artifact before it is drafted: earlier proposals, decisions, the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from capdraft.checking import alike
from capdraft.records import (
    Capability,
    CatalogEntry,
    Decision,
    Document,
    Dropped,
    Field,
    FieldName,
    Proposal,
    Record,
)
from capdraft.records.evidence import evidence_hash
from capdraft.reviewing import FieldState, field_states
from capdraft.text import clean, normalise
from capdraft.workspace import StoredProposal, Workspace

LONGEST = 160
"""Characters of a rejected text that a prompt repeats."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A text that a reviewer rejected, and what it rested on: `quotes`, normalised."""

    capability: str
    name: str
    field: FieldName
    text: str
    evidence: frozenset[str]
    """Hashes of what it cited: as it was drafted, and as edits left it."""
    why: str
    quotes: frozenset[str] = frozenset()

    @property
    def line(self) -> str:
        """The rejection as a prompt tells it."""
        text = " ".join(clean(self.text).split())
        text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        what = "" if self.field == "description" else f" ({self.field})"
        return f"{self.name}{what}: {text}"

    def repeats(self, capability: Capability, name: FieldName, field: Field, evidence: str) -> bool:
        """Tell whether a drafted field is this one again: the same evidence, and name or words."""
        if name != self.field or evidence not in self.evidence:
            return False
        return capability.id == self.capability or alike(self.text, field.text)


@dataclass(frozen=True, slots=True)
class Past:
    """An artifact's newest proposal, what its catalog entry has, and what was rejected."""

    newest: StoredProposal | None = None
    entry: CatalogEntry | None = None
    rejections: tuple[Rejection, ...] = ()

    def still_rejected(self, documents: Sequence[Document]) -> tuple[Rejection, ...]:
        """Return the rejections of texts whose passages `documents` still have."""
        quotes = {
            normalise(document.text[passage.start : passage.end])
            for document in documents
            for passage in document.passages
        }
        return tuple(item for item in self.rejections if item.quotes <= quotes)

    def struck(self, proposal: Proposal) -> set[tuple[str, FieldName]]:
        """Return the fields of `proposal` that were rejected, by capability and name."""
        rejected = {(r.capability, r.field, hash_) for r in self.rejections for hash_ in r.evidence}
        return {
            (capability.id, name)
            for capability in proposal.capabilities
            for name, field in capability.fields()
            if (capability.id, name, evidence_hash(field.evidence, proposal.uris)) in rejected
        }

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
    newest, *older = reversed(numbers)
    stored = workspace.read_proposal(slug, newest)
    earlier = (workspace.read_proposal(slug, number) for number in older)
    return Past(
        stored, entry, tuple(_rejections(workspace.decisions(slug), chain([stored], earlier)))
    )


def _rejections(
    decisions: Sequence[Decision], stored: Iterable[StoredProposal]
) -> Iterator[Rejection]:
    if not any(decision.verdict == "reject" for decision in decisions):
        return
    seen: set[tuple[str, str, str]] = set()
    for item in stored:
        # Whether a rejection stands doesn't depend on what the documents say now.
        for state in field_states(item.proposal, decisions, present={}):
            where = (state.capability.id, state.name)
            cited = {version.evidence_sha256 for version in state.versions}
            fresh = frozenset(hash_ for hash_ in cited if (*where, hash_) not in seen)
            seen.update((*where, hash_) for hash_ in fresh)
            if fresh and state.status == "rejected":
                yield _rejection(state, fresh)


def _rejection(state: FieldState, evidence: frozenset[str]) -> Rejection:
    return Rejection(
        capability=state.capability.id,
        name=state.capability.name,
        field=state.name,
        text=state.text,
        evidence=evidence,
        why=state.why,
        quotes=frozenset(normalise(e.quote) for e in state.field.evidence if e.side == "artifact"),
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
