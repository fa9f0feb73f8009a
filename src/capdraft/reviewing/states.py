"""The state of each field, computed from the proposal, the decisions and the present documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Literal

from capdraft.checking import Said, is_said
from capdraft.records import Capability, Decision, Field, FieldName, Proposal
from capdraft.records.evidence import evidence_hash
from capdraft.reviewing.policy import ANYBODY, Policy, adjudicated

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
    ignored: tuple[tuple[Decision, str], ...] = ()
    """Decisions on this text that the policy doesn't count, each with the reason."""
    authors: Mapping[str, str] = attribute(default_factory=dict)
    """Who had a hand in the text, and what it was."""

    @property
    def path(self) -> str:
        """Return CAPABILITY.FIELD, for messages."""
        return f"{self.capability.id}.{self.name}"


def field_states(
    proposal: Proposal,
    decisions: Sequence[Decision],
    present: Mapping[str, Said | None],
    policy: Policy = ANYBODY,
) -> list[FieldState]:
    """Return the state of every field of `proposal` under `policy`.

    `decisions` are all of the artifact, oldest first: one that was made on an earlier proposal
    stands if the text and the evidence are the same. `present` is what each document
    says now by its URI, None where it isn't at hand.
    """
    active: dict[tuple[str, str], list[Decision]] = {}
    for decision in standing_decisions(decisions):
        active.setdefault((decision.capability, decision.field), []).append(decision)
    return [
        _state(
            proposal,
            capability,
            name,
            field,
            active.get((capability.id, name), []),
            present,
            policy,
        )
        for capability in proposal.capabilities
        for name, field in capability.fields()
    ]


def standing_decisions(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions that their own reviewer did not take back, in their order."""
    undone = {(d.reviewer, d.undoes) for d in decisions if d.verdict == "undo"}
    return [d for d in decisions if d.verdict != "undo" and (d.reviewer, d.id) not in undone]


def _state(
    proposal: Proposal,
    capability: Capability,
    name: FieldName,
    field: Field,
    decisions: Sequence[Decision],
    present: Mapping[str, Said | None],
    policy: Policy,
) -> FieldState:
    evidence = evidence_hash(field.evidence, proposal.uris)
    text, edits = _edited(capability, name, field.text, evidence, decisions)
    current = (capability.text_hash(name, text), evidence)
    # A reviewer's last word on this very text counts; words on other texts are history.
    # An edit that doesn't start from what was drafted here was made under another name or intents.
    on_it = {
        d.reviewer: d
        for d in decisions
        if (d.text is None or d in edits) and _concerns(d, capability, name) == current
    }
    authors = _authors(proposal, edits)
    objections = {d.id: policy.objection(d, authors) for d in on_it.values()}
    ignored = tuple((d, objections[d.id]) for d in on_it.values() if objections[d.id])
    counted = adjudicated([d for d in on_it.values() if not objections[d.id]], policy)
    approvals = tuple(d for d in counted if d.verdict != "reject")
    rejections = tuple(d for d in counted if d.verdict == "reject")
    settled = max((d.time for d in counted if d.reviewer == policy.adjudicator), default=None)
    crossed = [
        d
        for d in _crossed(decisions, edits, on_it)
        if not policy.may_decide(d.reviewer) and (settled is None or settled < d.time)
    ]
    if crossed:
        status: Status = "conflicting"
        why = f"{crossed[0].reviewer} decided on the text before {edits[-1].reviewer} edited it"
    elif approvals or rejections:
        gone = changed_passages(field, proposal.uris, present)
        away = out_of_reach(field, proposal.uris, present)
        status, why = _decided(approvals, rejections, gone, away)
        needed = policy.needed(name)
        if status == "approved" and len(approvals) < needed:
            status, why = "pending", f"{len(approvals)} of {needed} approvals, {why}"
    elif ignored:
        status, why = "pending", ""
    else:
        status, why = _undecided(decisions, evidence)
    why = "; ".join(filter(None, (why, *(f"not counted: {reason}" for _, reason in ignored))))
    edit = edits[-1] if edits else None
    return FieldState(
        capability, name, field, text, *current, status, why, approvals, edit, ignored, authors
    )


def _authors(proposal: Proposal, edits: Sequence[Decision]) -> dict[str, str]:
    """Return who had a hand in a text, and what it was."""
    authors = {proposal.run.by: "ran its draft"} if proposal.run.by else {}
    return authors | {edit.reviewer: "edited this text" for edit in edits[-1:]}


def _edited(
    capability: Capability,
    name: FieldName,
    text: str,
    evidence: str,
    decisions: Sequence[Decision],
) -> tuple[str, list[Decision]]:
    """Follow the edits from the drafted text on, each by the hash of the text that it changed."""
    edits: list[Decision] = []
    waiting = [d for d in decisions if d.text is not None and d.evidence_sha256 == evidence]
    while True:
        now = capability.text_hash(name, text)
        following = next((d for d in waiting if d.text_sha256 == now), None)
        if following is None or following.text is None:
            return text, edits
        text = following.text
        edits.append(following)
        waiting.remove(following)


def _crossed(
    decisions: Sequence[Decision], edits: Sequence[Decision], on_it: Mapping[str, Decision]
) -> list[Decision]:
    """Return others' later decisions on a text that an edit had replaced by then.

    Whoever took one saw the text before the edit: the two have to be told of each other.
    """
    replaced = {edit.text_sha256: edit for edit in edits}
    return [
        decision
        for decision in decisions
        if decision not in edits
        and (edit := replaced.get(decision.text_sha256)) is not None
        and decision.evidence_sha256 == edit.evidence_sha256
        and decision.reviewer != edit.reviewer
        and decision.time >= edit.time
        and (last := on_it.get(decision.reviewer)) is not decision
        and (last is None or last.time < decision.time)
    ]


def _concerns(decision: Decision, capability: Capability, name: FieldName) -> tuple[str, str]:
    """Return the hashes of what a decision speaks of: an edit speaks of the text that it wrote."""
    wrote = decision.text
    text = decision.text_sha256 if wrote is None else capability.text_hash(name, wrote)
    return text, decision.evidence_sha256


def _decided(
    approvals: Sequence[Decision],
    rejections: Sequence[Decision],
    gone: Sequence[int],
    away: Sequence[str],
) -> tuple[Status, str]:
    by = ", ".join(decision.reviewer for decision in (*approvals, *rejections))
    if approvals and rejections:
        return "conflicting", f"{by} decided differently"
    if rejections:
        return "rejected", f"by {by}: {', '.join(str(d.reason) for d in rejections)}"
    if gone:
        return "stale", f"cited passage {_listed(gone)} changed since {by} approved it"
    unseen = f", {', '.join(away)} not at hand to look into" if away else ""
    return "approved", f"by {by}{unseen}"


def _undecided(decisions: Sequence[Decision], evidence: str) -> tuple[Status, str]:
    if not decisions:
        return "pending", ""
    what = "text" if any(d.evidence_sha256 == evidence for d in decisions) else "evidence"
    return "stale", f"the {what} changed since {decisions[-1].reviewer} decided"


def changed_passages(
    field: Field, uris: Mapping[str, str], present: Mapping[str, Said | None]
) -> list[int]:
    """Return the cited passages whose document is at hand and no longer holds them."""
    return [
        item.passage
        for item in field.evidence
        if (said := present.get(uris[item.document])) is not None and not is_said(item, said)
    ]


def out_of_reach(
    field: Field, uris: Mapping[str, str], present: Mapping[str, Said | None]
) -> list[str]:
    """Return the URIs of cited documents that are not at hand to look into."""
    cited = dict.fromkeys(uris[item.document] for item in field.evidence)
    return [uri for uri in cited if present.get(uri) is None]


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(f"[{number}]" for number in dict.fromkeys(numbers))
