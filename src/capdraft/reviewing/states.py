"""The state of each field, computed from the proposal, the decisions and the present documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from capdraft.checking import still_quoted
from capdraft.records import Capability, Decision, Field, FieldName, Proposal
from capdraft.records.proposals import evidence_hash

Status = Literal["pending", "approved", "rejected", "stale", "conflicting"]


@dataclass(frozen=True, slots=True)
class FieldState:
    """One field as it stands: `text` is the drafted text, or what the last edit made of it."""

    capability: Capability
    name: FieldName
    field: Field
    text: str
    text_sha256: str
    evidence_sha256: str
    status: Status
    why: str
    approvals: tuple[Decision, ...] = ()
    edit: Decision | None = None

    @property
    def path(self) -> str:
        """Return CAPABILITY.FIELD, for messages."""
        return f"{self.capability.id}.{self.name}"


def field_states(
    proposal: Proposal, decisions: Sequence[Decision], texts: Mapping[str, str | None]
) -> list[FieldState]:
    """Return the state of every field of `proposal`.

    `decisions` are all of the artifact, oldest first: one that was made on an earlier proposal
    stands if the text and the evidence are the same. `texts` maps document URIs to their present
    text, None where it isn't at hand.
    """
    undone = {decision.undoes for decision in decisions if decision.verdict == "undo"}
    active: dict[tuple[str, str], list[Decision]] = {}
    for decision in decisions:
        if decision.verdict != "undo" and decision.id not in undone:
            active.setdefault((decision.capability, decision.field), []).append(decision)
    return [
        _state(proposal, capability, name, field, active.get((capability.id, name), []), texts)
        for capability in proposal.capabilities
        for name, field in capability.fields()
    ]


def _state(
    proposal: Proposal,
    capability: Capability,
    name: FieldName,
    field: Field,
    decisions: Sequence[Decision],
    texts: Mapping[str, str | None],
) -> FieldState:
    evidence = evidence_hash(field.evidence, proposal.uris)
    text, edit = field.text, None
    for decision in decisions:
        judged = (decision.text_sha256, decision.evidence_sha256)
        if decision.text is not None and judged == (capability.text_hash(name, text), evidence):
            text, edit = decision.text, decision
    current = (capability.text_hash(name, text), evidence)
    # A reviewer's last word on this very text counts; words on other texts are history.
    on_it = {d.reviewer: d for d in decisions if _concerns(d, capability, name) == current}
    approvals = tuple(d for d in on_it.values() if d.verdict != "reject")
    rejections = tuple(d for d in on_it.values() if d.verdict == "reject")
    if approvals or rejections:
        gone = changed_passages(field, proposal.uris, texts)
        status, why = _decided(approvals, rejections, gone)
    else:
        status, why = _undecided(decisions, evidence)
    return FieldState(capability, name, field, text, *current, status, why, approvals, edit)


def _concerns(decision: Decision, capability: Capability, name: FieldName) -> tuple[str, str]:
    """Return the hashes of what a decision speaks of: an edit speaks of the text that it wrote."""
    wrote = decision.text
    text = decision.text_sha256 if wrote is None else capability.text_hash(name, wrote)
    return text, decision.evidence_sha256


def _decided(
    approvals: Sequence[Decision], rejections: Sequence[Decision], gone: Sequence[int]
) -> tuple[Status, str]:
    by = ", ".join(decision.reviewer for decision in (*approvals, *rejections))
    if approvals and rejections:
        return "conflicting", f"{by} decided differently"
    if rejections:
        return "rejected", f"by {by}: {', '.join(str(d.reason) for d in rejections)}"
    if gone:
        return "stale", f"cited passage {_listed(gone)} changed since {by} approved it"
    return "approved", f"by {by}"


def _undecided(decisions: Sequence[Decision], evidence: str) -> tuple[Status, str]:
    if not decisions:
        return "pending", ""
    what = "text" if any(d.evidence_sha256 == evidence for d in decisions) else "evidence"
    return "stale", f"the {what} changed since {decisions[-1].reviewer} decided"


def changed_passages(
    field: Field, uris: Mapping[str, str], texts: Mapping[str, str | None]
) -> list[int]:
    """Return the cited passages whose document is at hand and no longer holds their quote."""
    return [
        item.passage
        for item in field.evidence
        if (text := texts.get(uris[item.document])) is not None
        and not still_quoted(item.quote, text)
    ]


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(f"[{number}]" for number in dict.fromkeys(numbers))
