"""The state of each field, computed from the proposal, the decisions and the present documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Literal

from capdraft.checking import Said, is_said
from capdraft.records import Capability, Decision, Evidence, Field, FieldName, Proposal
from capdraft.records.evidence import evidence_hash
from capdraft.reviewing.policy import ANYBODY, Policy, adjudicated

Status = Literal["pending", "approved", "rejected", "stale", "conflicting"]


@dataclass(frozen=True, slots=True)
class Version:
    """A text with its evidence, as it was drafted or as `edit` left it, and their hashes."""

    text: str
    evidence: tuple[Evidence, ...]
    text_sha256: str
    evidence_sha256: str
    edit: Decision | None = None

    @property
    def hashes(self) -> tuple[str, str]:
        """The hashes of text and evidence that a decision on it carries."""
        return self.text_sha256, self.evidence_sha256


@dataclass(frozen=True, slots=True)
class FieldState:
    """One field as it stands: its text and evidence as drafted, or as the last edit left them."""

    capability: Capability
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
        drafted = self.capability.field(self.name)
        return self.field if drafted is None else drafted

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
    versions = _versions(capability, name, field, proposal.uris, decisions)
    edits = [version.edit for version in versions if version.edit]
    wrote = {version.edit.id: version.hashes for version in versions if version.edit}
    field = with_evidence(field, versions[-1].evidence) if edits else field
    # A reviewer's last word on this very text counts; words on other texts are history. An edit
    # speaks of the text that it wrote. One that doesn't start from what was drafted here was made
    # under another name or intents.
    on_it = {
        d.reviewer: d
        for d in decisions
        if (d.text is None or d.id in wrote) and wrote.get(d.id, _judged(d)) == versions[-1].hashes
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
        needed = policy.needed(name, authors)
        if status == "approved" and len(approvals) < needed:
            status, why = "pending", f"{len(approvals)} of {needed} approvals, {why}"
    elif ignored:
        status, why = "pending", ""
    else:
        status, why = _undecided(decisions, versions[-1].evidence_sha256)
    why = "; ".join(filter(None, (why, *(f"not counted: {reason}" for _, reason in ignored))))
    return FieldState(
        capability,
        name,
        field,
        tuple(versions),
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


def _versions(
    capability: Capability,
    name: FieldName,
    field: Field,
    uris: Mapping[str, str],
    decisions: Sequence[Decision],
) -> list[Version]:
    """Follow the edits from what was drafted on, each by the hashes of what it changed."""

    def version(text: str, evidence: tuple[Evidence, ...], edit: Decision | None) -> Version:
        hashes = capability.text_hash(name, text), evidence_hash(evidence, uris)
        return Version(text, evidence, *hashes, edit)

    ids = {uri: document for document, uri in uris.items()}
    versions = [version(field.text, field.evidence, None)]
    waiting = [d for d in decisions if d.text is not None and _is_at_hand(d, ids)]
    while True:
        now = versions[-1]
        following = next((d for d in waiting if _judged(d) == now.hashes), None)
        if following is None or following.text is None:
            return versions
        evidence = now.evidence if following.evidence is None else _evidence(following, ids)
        versions.append(version(following.text, evidence, following))
        waiting.remove(following)


def _is_at_hand(edit: Decision, ids: Mapping[str, str]) -> bool:
    """Tell whether all documents that an edit cites are among the proposal's."""
    return all(item.document in ids for item in edit.evidence or ())


def _evidence(edit: Decision, ids: Mapping[str, str]) -> tuple[Evidence, ...]:
    """Return what an edit cites, each document by its id in the proposal."""
    return tuple(
        Evidence(**{**item.model_dump(), "document": ids[item.document]})
        for item in edit.evidence or ()
    )


def with_evidence(field: Field, evidence: tuple[Evidence, ...]) -> Field:
    """Return `field` as if the model had cited `evidence`."""
    if evidence == field.evidence:
        return field
    return field.model_copy(
        update={
            "evidence": evidence,
            "passages": tuple(e.passage for e in evidence if e.side == "artifact"),
            "alternative_passages": tuple(e.passage for e in evidence if e.side == "alternative"),
        }
    )


def _crossed(
    decisions: Sequence[Decision], edits: Sequence[Decision], on_it: Mapping[str, Decision]
) -> list[Decision]:
    """Return others' later decisions on a text that an edit had replaced by then.

    Whoever took one saw the text before the edit: the two have to be told of each other.
    """
    replaced = {_judged(edit): edit for edit in edits}
    return [
        decision
        for decision in decisions
        if decision not in edits
        and (edit := replaced.get(_judged(decision))) is not None
        and decision.reviewer != edit.reviewer
        and decision.time >= edit.time
        and (last := on_it.get(decision.reviewer)) is not decision
        and (last is None or last.time < decision.time)
    ]


def _judged(decision: Decision) -> tuple[str, str]:
    """Return the hashes of what the reviewer saw."""
    return decision.text_sha256, decision.evidence_sha256


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
