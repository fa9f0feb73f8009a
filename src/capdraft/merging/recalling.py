"""What was approved when a text was merged, found again by what its catalog field names.

Proposals never change and decisions are only ever added: the number of the proposal and the ids of
the approvals are enough, whatever was decided since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from capdraft.errors import NotFound
from capdraft.merging.statements import Statement, cite
from capdraft.records import (
    Approval,
    Capability,
    Decision,
    Evidence,
    Field,
    FieldName,
    Names,
    Proposal,
    RecordField,
    Withdrawal,
)
from capdraft.records.evidence import evidence_hash
from capdraft.records.model import to_utc_seconds
from capdraft.reviewing.versions import names_ever
from capdraft.workspace import Workspace


class Memory:
    """An artifact's proposals and decisions, looked into only where the catalog differs."""

    def __init__(self, workspace: Workspace, slug: str) -> None:
        self._workspace, self._slug = workspace, slug
        self._read: dict[str, Proposal | None] = {}

    @cached_property
    def decisions(self) -> dict[str, Decision]:
        """Every decision on the artifact by its id, also those that were taken back."""
        return {item.id: item for item in self._workspace.decisions(self._slug)}

    @cached_property
    def withdrawals(self) -> list[Withdrawal]:
        """What was withdrawn of the artifact and restored, oldest first."""
        return self._workspace.withdrawals(self._slug)

    def proposal(self, number: str) -> Proposal | None:
        """Return a proposal of the artifact, or None if there is no such file."""
        if number not in self._read:
            try:
                stored = self._workspace.read_proposal(self._slug, number)
            except NotFound:
                self._read[number] = None
            else:
                self._read[number] = stored.proposal
        return self._read[number]

    def proposals(self) -> Iterator[Proposal]:
        """Yield the artifact's proposals, the newest first."""
        for number in reversed(self._workspace.proposals(self._slug)):
            if (proposal := self.proposal(number)) is not None:
                yield proposal

    def approved(self, id_: str, name: FieldName, field: RecordField) -> Statement | None:
        """Return what was approved for a catalog field; None if nothing in reviews/ covers it."""
        proposal = self.proposal(field.proposal)
        capability = proposal.capability(id_) if proposal else None
        drafted = capability.field(name) if capability else None
        if proposal is None or capability is None or drafted is None:
            return None
        past = _FieldPast(proposal, capability, name, drafted, [*self._on(id_, name)])
        found = (past.judged(decision) for decision in self._named(id_, name, field))
        return next((said for said in found if said is not None), None)

    def approvals(self, id_: str, name: FieldName, field: RecordField) -> tuple[str, str]:
        """Return the approvals of a catalog field as they were given, and as the file has them."""
        given = [_told_by(decision) for decision in self._named(id_, name, field)]
        return "\n".join(given), "\n".join(_told(approval) for approval in field.approved)

    def _on(self, id_: str, name: FieldName) -> Iterator[Decision]:
        for decision in self.decisions.values():
            if (decision.capability, decision.field) == (id_, name):
                yield decision

    def _named(self, id_: str, name: FieldName, field: RecordField) -> Iterator[Decision]:
        """Yield the decisions on a field that its approvals name."""
        known = {item.id: item for item in self._on(id_, name) if item.verdict in _APPROVES}
        yield from (known[a.decision] for a in field.approved if a.decision in known)


_APPROVES = ("accept", "edit")


class _FieldPast:
    """The texts and the evidence that a field of a proposal ever had."""

    def __init__(
        self,
        proposal: Proposal,
        capability: Capability,
        name: FieldName,
        drafted: Field,
        decisions: Sequence[Decision],
    ) -> None:
        self._name = name
        self._model = proposal.run.model
        self._documents = {ref.id: ref for ref in proposal.documents}
        self._uris = proposal.uris
        self._ids = {uri: id_ for id_, uri in self._uris.items()}
        edits = [item for item in decisions if item.text is not None]
        self._texts = [drafted.text, *(str(edit.text) for edit in edits)]
        self._called = names_ever(capability, edits)
        cited = [_with_ids(edit, self._ids) for edit in edits]
        self._evidence = [drafted.evidence, *(item for item in cited if item is not None)]

    def judged(self, decision: Decision) -> Statement | None:
        """Return what `decision` approved, or None if it can't be found any more."""
        judged = self._judged(decision.text_sha256)
        evidence = _with_ids(decision, self._ids)
        if evidence is None:
            evidence = self._cited(decision.evidence_sha256)
        if judged is None or evidence is None:
            return None
        text, names = judged
        if decision.text is not None:
            text, names = decision.text, decision.names.over(names)
        cited = cite(evidence, self._documents)
        if self._name != "description":
            return Statement(text, names.alternative, cited)
        said = (names.name or "", names.intents or (), self._model)
        return Statement(text, names.alternative, cited, *said)

    def _judged(self, hash_: str) -> tuple[str, Names] | None:
        """Return the text with that hash, and the names that it was judged with."""
        for capability in self._called:
            for text in self._texts:
                if capability.text_hash(self._name, text) == hash_:
                    return text, capability.names(self._name)
        return None

    def _cited(self, hash_: str) -> tuple[Evidence, ...] | None:
        same = (e for e in self._evidence if evidence_hash(e, self._uris) == hash_)
        return next(same, None)


def _with_ids(edit: Decision, ids: Mapping[str, str]) -> tuple[Evidence, ...] | None:
    """Return what an edit cites by the proposal's own ids; None if it cites nothing new there."""
    if edit.evidence is None or not all(item.document in ids for item in edit.evidence):
        return None
    return tuple(
        Evidence(**{**item.model_dump(), "document": ids[item.document]}) for item in edit.evidence
    )


def _told_by(decision: Decision) -> str:
    at = to_utc_seconds(decision.time)
    return _line(decision.reviewer, at, decision.editorial, decision.despite, decision.note)


def _told(approval: Approval) -> str:
    return _line(approval.by, approval.at, approval.editorial, approval.despite, approval.note)


def _line(by: str, at: object, editorial: bool, despite: Sequence[str], note: str | None) -> str:
    how = [*(f"despite {code}" for code in despite), *(["as editorial"] if editorial else [])]
    return ", ".join([f"{by} at {at}", *how, *([note] if note else [])])
