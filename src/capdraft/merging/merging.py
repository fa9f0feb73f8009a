"""One artifact's catalog entry from its proposals, decisions and present documents.

For each capability the newest approved text counts. A text that is still waiting, or was rejected,
in a newer proposal leaves the one approved before in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from capdraft.checking import present_passages
from capdraft.records import (
    Approval,
    CatalogEntry,
    Decision,
    DocumentRef,
    Evidence,
    FieldName,
    Record,
    RecordField,
)
from capdraft.reviewing import FieldState, Status, field_states
from capdraft.workspace import StoredProposal, Workspace


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A field of the newest proposal that is not in the catalog, and why."""

    capability: str
    field: FieldName
    status: Status
    why: str


@dataclass(slots=True)
class MergeReport:
    """What merging one artifact did."""

    slug: str
    records: int = 0
    fields: int = 0
    changed: bool = False
    left_out: list[LeftOut] = field(default_factory=list)


class _Documents:
    """The documents that the records of an entry cite, numbered anew over all proposals."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], DocumentRef] = {}

    def moved(self, evidence: Sequence[Evidence], stored: StoredProposal) -> tuple[Evidence, ...]:
        """Return the evidence with the entry's own document ids."""
        ids = {document.id: document for document in stored.proposal.documents}
        return tuple(
            item.model_copy(update={"document": self._ref(ids[item.document]).id})
            for item in evidence
        )

    def _ref(self, document: DocumentRef) -> DocumentRef:
        fresh = document.model_copy(update={"id": f"d{len(self._known) + 1}"})
        return self._known.setdefault((document.uri, document.sha256), fresh)

    def listed(self) -> tuple[DocumentRef, ...]:
        return tuple(self._known.values())


def merge_artifact(workspace: Workspace, slug: str) -> MergeReport:
    """Write the catalog entry of one artifact and say what is in it and what is not.

    Raises:
        NotFound: the artifact has no proposal.
        FileInvalid: one of its files isn't what its schema says.
    """
    newest = workspace.read_proposal(slug)
    numbers = workspace.proposals(slug)
    decisions = workspace.decisions(slug)
    documents = _Documents()
    records: dict[str, Record] = {}
    report = MergeReport(slug)
    for number in reversed(numbers):
        stored = newest if number == newest.number else workspace.read_proposal(slug, number)
        present = present_passages(workspace, stored.proposal)
        states = field_states(stored.proposal, decisions, present)
        for record in _records(stored, states, documents, known=set(records)):
            records[record.id] = record
        if number == newest.number:
            report.left_out = _left_out(states, records)
    report.records = len(records)
    report.fields = sum(len(list(record.fields())) for record in records.values())
    entry = CatalogEntry(
        artifact=newest.proposal.artifact,
        documents=documents.listed(),
        capabilities=tuple(records.values()),
    )
    if records or workspace.read_entry(slug) is not None:
        report.changed = workspace.write_entry(entry)
    return report


def _records(
    stored: StoredProposal,
    states: Sequence[FieldState],
    documents: _Documents,
    known: set[str],
) -> list[Record]:
    """Return a record for each capability whose description is approved and not yet `known`."""
    approved: dict[str, dict[FieldName, FieldState]] = {}
    for state in states:
        if state.status == "approved" and state.capability.id not in known:
            approved.setdefault(state.capability.id, {})[state.name] = state
    return [
        Record(
            id=capability_id,
            name=fields["description"].capability.name,
            intents=fields["description"].capability.intents,
            proposal=stored.number,
            drafted_by=stored.proposal.run.model,
            **{
                name: RecordField(
                    text=state.text,
                    alternative=state.field.alternative,
                    evidence=documents.moved(state.field.evidence, stored),
                    approved=tuple(_approval(decision) for decision in state.approvals),
                )
                for name, state in fields.items()
            },
        )
        for capability_id, fields in approved.items()
        if "description" in fields
    ]


def _approval(decision: Decision) -> Approval:
    return Approval(
        by=decision.reviewer,
        at=decision.time,
        decision=decision.id,
        edited=decision.verdict == "edit",
        editorial=decision.editorial,
        despite=decision.despite,
        note=decision.note,
    )


def _left_out(states: Sequence[FieldState], records: dict[str, Record]) -> list[LeftOut]:
    left = []
    for state in states:
        if state.status != "approved":
            left.append(LeftOut(state.capability.id, state.name, state.status, state.why))
        elif state.capability.id not in records:
            why = "its description is not approved"
            left.append(LeftOut(state.capability.id, state.name, "approved", why))
    return left
