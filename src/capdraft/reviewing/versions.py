"""The texts that a field has had: as it was drafted, and as each edit left it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from capdraft.records import NO_NAMES, Capability, Decision, Evidence, Field, FieldName, Names
from capdraft.records.evidence import evidence_hash

Hashes = tuple[str, str]
"""Of a text and of its evidence."""


@dataclass(frozen=True, slots=True)
class Version:
    """A text with its evidence, as it was drafted or as `edit` left it, and their hashes."""

    text: str
    evidence: tuple[Evidence, ...]
    text_sha256: str
    evidence_sha256: str
    edit: Decision | None = None
    names: Names = NO_NAMES
    """What is judged with the text: it is in the text's hash."""

    @property
    def hashes(self) -> Hashes:
        """The hashes of text and evidence that a decision on it carries."""
        return self.text_sha256, self.evidence_sha256


@dataclass(frozen=True, slots=True)
class Chain:
    """The versions of a field, the oldest first, and the edits between and beside them."""

    versions: tuple[Version, ...]
    wrote: Mapping[str, Hashes]
    """What each edit on the way left, by its id; two that wrote the same are both on the way."""
    lost: tuple[Decision, ...] = ()
    """Edits of the last version that cite a document which the proposal does not have."""

    @property
    def last(self) -> Version:
        """What the field reads now."""
        return self.versions[-1]

    @property
    def edits(self) -> list[Decision]:
        """The edits that the versions are of."""
        return [version.edit for version in self.versions if version.edit]


def judged(decision: Decision) -> Hashes:
    """Return the hashes of what the reviewer saw."""
    return decision.text_sha256, decision.evidence_sha256


def follow_edits(
    capability: Capability,
    name: FieldName,
    field: Field,
    uris: Mapping[str, str],
    decisions: Sequence[Decision],
) -> Chain:
    """Follow the edits from what was drafted on, each by the hashes of what it changed.

    `uris` are those of the proposal's documents by their ids, `decisions` those on the field that
    stand, oldest first.
    """

    def version(
        text: str, evidence: tuple[Evidence, ...], edit: Decision | None, names: Names
    ) -> Version:
        judged_hash = capability.called(names).text_hash(name, text)
        return Version(text, evidence, judged_hash, evidence_hash(evidence, uris), edit, names)

    def after(now: Version, edit: Decision) -> Version:
        evidence = now.evidence if edit.evidence is None else _cited(edit, ids)
        return version(edit.text or "", evidence, edit, edit.names.over(now.names))

    ids = {uri: document for document, uri in uris.items()}
    edits = [decision for decision in decisions if decision.text is not None]
    lost = [edit for edit in edits if not _is_at_hand(edit, ids)]
    edits = [edit for edit in edits if edit not in lost]
    versions = [version(field.text, field.evidence, None, capability.names(name))]
    wrote: dict[str, Hashes] = {}
    while following := _following(versions, edits):
        fresh = after(versions[-1], following[0])
        same = [edit for edit in following if after(versions[-1], edit).hashes == fresh.hashes]
        wrote |= {edit.id: fresh.hashes for edit in same}
        edits = [edit for edit in edits if edit not in same]
        versions.append(fresh)
    return Chain(tuple(versions), wrote, tuple(e for e in lost if judged(e) == versions[-1].hashes))


def names_ever(capability: Capability, edits: Iterable[Decision]) -> list[Capability]:
    """Return a capability as it was drafted, and under all names that its edits may have left."""
    found = [capability]
    for edit in edits:
        # An edit gives the names that it changes; the others are those of any before it.
        called = [item.called(edit.names) for item in found] if edit.names else []
        found += [item for item in called if item not in found]
    return found


def _following(versions: Sequence[Version], edits: Sequence[Decision]) -> list[Decision]:
    """Return the edits of the last of `versions`.

    Where an edit brought an earlier text back, what was made of that before is not among them.
    """
    *earlier, now = versions
    since = now.edit if any(version.hashes == now.hashes for version in earlier) else None
    return [
        edit
        for edit in edits
        if judged(edit) == now.hashes and (since is None or edit.time > since.time)
    ]


def _is_at_hand(edit: Decision, ids: Mapping[str, str]) -> bool:
    """Tell whether all documents that an edit cites are among the proposal's."""
    return all(item.document in ids for item in edit.evidence or ())


def _cited(edit: Decision, ids: Mapping[str, str]) -> tuple[Evidence, ...]:
    """Return what an edit cites, each document by its id in the proposal."""
    return tuple(
        Evidence(**{**item.model_dump(), "document": ids[item.document]})
        for item in edit.evidence or ()
    )


def last_words(chain: Chain, decisions: Sequence[Decision]) -> list[Decision]:
    """Return each reviewer's last word on the very text that a field has now.

    Words on other texts are history. An edit speaks of the text that it wrote; one that doesn't
    start from what was drafted here was made under another name or intents.
    """
    on_it = {
        decision.reviewer: decision
        for decision in decisions
        if (decision.text is None or decision.id in chain.wrote)
        and chain.wrote.get(decision.id, judged(decision)) == chain.last.hashes
    }
    return list(on_it.values())


def crossed(
    chain: Chain, decisions: Sequence[Decision], on_it: Sequence[Decision]
) -> list[Decision]:
    """Return others' later decisions on a text that an edit had replaced by then.

    Whoever took one saw the text before the edit: the two have to be told of each other.
    """
    replaced = {judged(edit): edit for edit in chain.edits}
    spoken = {decision.reviewer: decision for decision in on_it}
    return [
        decision
        for decision in decisions
        if decision.id not in chain.wrote
        and (edit := replaced.get(judged(decision))) is not None
        and decision.reviewer != edit.reviewer
        and decision.time >= edit.time
        and (last := spoken.get(decision.reviewer)) is not decision
        and (last is None or last.time < decision.time)
    ]


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
