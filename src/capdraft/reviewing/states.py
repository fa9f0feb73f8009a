"""The state of each field, computed from the proposal, the decisions and the present documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Literal

from capdraft.checking import Said, is_said
from capdraft.records import NO_NAMES, Capability, Decision, Field, FieldName, Proposal
from capdraft.reviewing.policy import ANYBODY, Policy, adjudicated
from capdraft.reviewing.versions import (
    Chain,
    Version,
    crossed,
    follow_edits,
    last_words,
    with_evidence,
)
from capdraft.text import one_line

Status = Literal["pending", "approved", "rejected", "stale", "conflicting"]


@dataclass(frozen=True, slots=True)
class FieldState:
    """One field as it stands: its text and evidence as drafted, or as the last edit left them."""

    capability: Capability
    """Under the names that it has now: edits change them with the texts that they belong to."""
    name: FieldName
    field: Field
    versions: tuple[Version, ...]
    """The oldest, as drafted, first."""
    status: Status
    why: str
    approvals: tuple[Decision, ...] = ()
    rejections: tuple[Decision, ...] = ()
    ignored: tuple[tuple[Decision, str], ...] = ()
    """Decisions on this text that the policy doesn't count, each with the reason."""
    authors: Mapping[str, str] = attribute(default_factory=dict)
    """Who had a hand in the text, and what it was."""

    def __repr__(self) -> str:
        return f"<FieldState {self.path}: {self.status}>"

    @property
    def text(self) -> str:
        """The text as it reads now."""
        return self.versions[-1].text

    @property
    def text_sha256(self) -> str:
        """The hash of what is judged: of the text, and of the names that are judged with it."""
        return self.versions[-1].text_sha256

    @property
    def evidence_sha256(self) -> str:
        """The hash of what the field cites now."""
        return self.versions[-1].evidence_sha256

    @property
    def edit(self) -> Decision | None:
        """The edit that the field reads like now, or None if nobody edited it."""
        return self.versions[-1].edit

    @property
    def drafted(self) -> Field:
        """The field as it was drafted."""
        drafted = self.capability.field(self.name) or self.field
        return drafted.model_copy(update={"alternative": self.versions[0].names.alternative})

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
    found: list[FieldState] = []
    for capability in proposal.capabilities:
        on = {name: active.get((capability.id, name), []) for name, _ in capability.fields()}
        chains = {
            name: follow_edits(capability, name, field, proposal.uris, on[name])
            for name, field in capability.fields()
        }
        now = called_now(capability, chains.values())
        found += (
            _state(proposal, now, name, field, chains[name], on[name], present, policy)
            for name, field in now.fields()
        )
    return found


def called_now(capability: Capability, chains: Iterable[Chain]) -> Capability:
    """Return a capability under the names that edits of its fields left."""
    names = NO_NAMES
    for chain in chains:
        names = chain.last.names.over(names)
    return capability.called(names)


def standing_decisions(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions that their own reviewer did not take back, in their order."""
    undone = {(d.reviewer, d.undoes) for d in decisions if d.verdict == "undo"}
    return [d for d in decisions if d.verdict != "undo" and (d.reviewer, d.id) not in undone]


def _state(
    proposal: Proposal,
    capability: Capability,
    name: FieldName,
    field: Field,
    chain: Chain,
    decisions: Sequence[Decision],
    present: Mapping[str, Said | None],
    policy: Policy,
) -> FieldState:
    field = with_evidence(field, chain.last.evidence)
    on_it = last_words(chain, decisions)
    authors = _authors(proposal, chain.edits)
    objections = {d.id: policy.objection(d, authors) for d in on_it}
    ignored = tuple((d, objections[d.id]) for d in on_it if objections[d.id])
    counted = adjudicated([d for d in on_it if not objections[d.id]], policy)
    approvals = tuple(d for d in counted if d.verdict != "reject")
    rejections = tuple(d for d in counted if d.verdict == "reject")
    overtaken = _overtaken(chain, decisions, on_it, counted, policy)
    if overtaken is not None:
        status, why = overtaken
    elif counted:
        gone = changed_passages(field, proposal.uris, present)
        away = out_of_reach(field, proposal.uris, present)
        status, why = _decided(approvals, rejections, gone, away)
        needed = policy.needed(name, authors)
        if status == "approved" and len(approvals) < needed:
            status, why = "pending", f"{len(approvals)} of {needed} approvals, {why}"
    elif ignored:
        status, why = "pending", ""
    else:
        status, why = _undecided(decisions, chain.last.evidence_sha256)
    why = "; ".join(filter(None, (why, *(f"not counted: {reason}" for _, reason in ignored))))
    return FieldState(
        capability,
        name,
        field,
        chain.versions,
        status,
        why,
        approvals,
        rejections,
        ignored,
        authors,
    )


def _authors(proposal: Proposal, edits: Sequence[Decision]) -> dict[str, str]:
    """Return who had a hand in a text, and what it was."""
    authors = {proposal.run.by: "ran its draft"} if proposal.run.by else {}
    return authors | {edit.reviewer: "edited this text" for edit in edits[-1:]}


def _overtaken(
    chain: Chain,
    decisions: Sequence[Decision],
    on_it: Sequence[Decision],
    counted: Sequence[Decision],
    policy: Policy,
) -> tuple[Status, str] | None:
    """Return how a field stands where an edit and a decision passed each other, else None."""
    settled = max((d.time for d in counted if d.reviewer == policy.adjudicator), default=None)
    for decision in crossed(chain, decisions, on_it):
        if not policy.may_decide(decision.reviewer) and (
            settled is None or settled < decision.time
        ):
            editor = chain.edits[-1].reviewer
            why = f"{decision.reviewer} decided on the text before {editor} edited it"
            return "conflicting", why
    for edit in chain.lost:
        if not policy.may_decide(edit.reviewer) and all(d.time < edit.time for d in counted):
            return "stale", f"the edit of {edit.reviewer} cites what is not in this proposal"
    return None


def _decided(
    approvals: Sequence[Decision],
    rejections: Sequence[Decision],
    gone: Sequence[int],
    away: Sequence[str],
) -> tuple[Status, str]:
    by = ", ".join(decision.reviewer for decision in (*approvals, *rejections))
    if approvals and rejections:
        whose = ", ".join(decision.reviewer for decision in approvals)
        against = ", ".join(f"{d.reviewer} rejected it: {_why(d)}" for d in rejections)
        return "conflicting", f"{whose} approved it, {against}"
    if rejections:
        return "rejected", f"by {by}: {', '.join(map(_why, rejections))}"
    if gone:
        return "stale", f"cited passage {_listed(gone)} changed since {by} approved it"
    unseen = f", {', '.join(away)} not at hand to look into" if away else ""
    return "approved", f"by {by}{unseen}"


def _why(rejection: Decision) -> str:
    note = one_line(rejection.note or "")
    return f"{rejection.reason} (“{note}”)" if note else str(rejection.reason)


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
