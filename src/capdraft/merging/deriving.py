"""What proposals, decisions and present documents give now: the entry that a merge would write.

For each field the newest approved text counts. A text that is still waiting, or was rejected, in a
newer proposal leaves the one approved before in place. What was withdrawn is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from capdraft.merging.numbering import Documents
from capdraft.merging.withdrawing import withdrawn_now
from capdraft.records import (
    FIELDS,
    Approval,
    Artifact,
    CatalogEntry,
    Decision,
    FieldName,
    Record,
    RecordField,
    Withdrawal,
    WithdrawnRecord,
)
from capdraft.reviewing import FieldState, Status
from capdraft.reviewing.across import Approved, Key, Standing, across_proposals, newest_approved
from capdraft.text import normalise
from capdraft.workspace import StoredProposal, Workspace


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A field of the newest proposal that is not in the catalog, and why."""

    capability: str
    field: FieldName
    status: Status
    why: str


@dataclass(frozen=True, slots=True)
class Derived:
    """An artifact's entry as its reviews give it."""

    entry: CatalogEntry
    approved: CatalogEntry
    """The same before anything was withdrawn."""
    left_out: tuple[LeftOut, ...]
    newest: StoredProposal


def derive(workspace: Workspace, slug: str) -> Derived:
    """Return what the reviews of an artifact give.

    Raises:
        NotFound: the artifact has no proposal.
        FileInvalid: one of its files isn't what its schema says.
    """
    newest = workspace.read_proposal(slug)
    fields = across_proposals(workspace, slug)
    found = newest_approved(fields)
    withdrawn = withdrawn_now(workspace, slug)
    names = {key[0]: standings[0].state.capability.name for key, standings in fields.items()}
    approved = _filled(newest.proposal.artifact, found)
    return Derived(
        without(approved, withdrawn, names) if withdrawn else approved,
        approved,
        tuple(_left_out(fields, found, newest.number)),
        newest,
    )


def _filled(artifact: Artifact, found: Approved) -> CatalogEntry:
    documents = Documents()
    records = tuple(_record(fields, documents) for fields in found.values())
    entry = CatalogEntry(artifact=artifact, documents=documents.listed(), capabilities=records)
    return entry.sealed()


def without(
    entry: CatalogEntry, withdrawn: Mapping[str | None, Withdrawal], names: Mapping[str, str]
) -> CatalogEntry:
    """Return `entry` without what was withdrawn, and with what readers are told of that."""
    whole = withdrawn.get(None)
    kept = tuple(item for item in entry.capabilities if not whole and item.id not in withdrawn)
    documents, ids = Documents(), {ref.id: ref for ref in entry.documents}
    told = (
        WithdrawnRecord(id=id_, name=names.get(id_, id_), **item.told.model_dump())
        for id_, item in withdrawn.items()
        if id_ is not None
    )
    return entry.model_copy(
        update={
            "withdrawn": whole.told if whole else None,
            "capabilities": tuple(
                documents.renumbered(item, dict.fromkeys(FIELDS, ids)) for item in kept
            ),
            "documents": documents.listed(),
            "withdrawn_records": tuple(sorted(told, key=lambda item: item.id)),
        }
    )


def _record(fields: Mapping[FieldName, Standing], documents: Documents) -> Record:
    description = fields["description"]
    capability = description.state.capability
    return Record(
        id=capability.id,
        name=capability.name,
        intents=capability.intents,
        drafted_by=description.stored.proposal.run.model,
        **{
            name: _field(standing, documents)
            for name in FIELDS
            if (standing := fields.get(name)) is not None
        },
    )


def _field(standing: Standing, documents: Documents) -> RecordField:
    state, ids = standing.state, {ref.id: ref for ref in standing.stored.proposal.documents}
    return RecordField(
        text=state.text,
        alternative=state.field.alternative,
        proposal=standing.stored.number,
        evidence=documents.moved(state.field.evidence, ids),
        approved=tuple(_approval(decision, state) for decision in state.approvals),
    )


def _left_out(
    fields: Mapping[Key, Sequence[Standing]], approved: Approved, newest: str
) -> Iterator[LeftOut]:
    """Yield the fields whose newest text is not in the catalog, and why.

    What only waits or was rejected in a proposal that a newer one replaced is history.
    """
    for (capability_id, name), (standing, *_) in fields.items():
        state = standing.state
        published = approved.get(capability_id, {})
        if state.status == "approved":
            if not published:
                why = "its description is not approved"
                yield LeftOut(capability_id, name, "approved", why)
        elif standing.stored.number == newest or state.status in ("stale", "conflicting"):
            kept = published.get(name)
            stays = f"the text of {kept.stored.number} stays" if kept else ""
            yield LeftOut(
                capability_id, name, state.status, "; ".join(filter(None, (state.why, stays)))
            )


def _approval(decision: Decision, state: FieldState) -> Approval:
    return Approval(
        by=decision.reviewer,
        at=decision.time,
        decision=decision.id,
        edited=_is_rewritten(decision, state),
        own=decision.reviewer in state.authors and decision.verdict != "edit",
        editorial=decision.editorial,
        despite=decision.despite,
        note=decision.note,
    )


def _is_rewritten(decision: Decision, state: FieldState) -> bool:
    """Tell whether `decision` wrote text or names, and not only chose what they cite."""
    return any(
        after.edit == decision
        and (after.names != before.names or normalise(after.text) != normalise(before.text))
        for before, after in pairwise(state.versions)
    )
