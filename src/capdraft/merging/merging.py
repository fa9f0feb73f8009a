"""One artifact's catalog entry from its proposals, decisions and present documents.

For each field the newest approved text counts. A text that is still waiting, or was rejected, in a
newer proposal leaves the one approved before in place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from capdraft.records import (
    FIELDS,
    Approval,
    CatalogEntry,
    Decision,
    DocumentRef,
    Evidence,
    FieldName,
    Record,
    RecordField,
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
class MergeReport:
    """What merging one artifact did."""

    slug: str
    records: int
    fields: int
    changed: bool
    left_out: list[LeftOut]


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
        fresh = document.model_copy(update={"id": f"d{len(self._known) + 1}", "seen": None})
        return self._known.setdefault((document.uri, document.sha256), fresh)

    def listed(self) -> tuple[DocumentRef, ...]:
        return tuple(self._known.values())


def merge_artifact(workspace: Workspace, slug: str) -> MergeReport:
    """Write the catalog entry of one artifact and say what is in it and what is not.

    Raises:
        NotFound: the artifact has no proposal.
        FileInvalid: one of its files isn't what its schema says.
        FileChanged: someone else merged it at the same time.
    """
    before = workspace.read_entry(slug)
    newest = workspace.read_proposal(slug)
    fields = across_proposals(workspace, slug)
    approved = newest_approved(fields)
    documents = _Documents()
    records = [_record(found, documents) for found in approved.values()]
    entry = CatalogEntry(
        artifact=newest.proposal.artifact,
        documents=documents.listed(),
        capabilities=tuple(records),
    )
    changed = (bool(records) or before.entry is not None) and workspace.write_entry(entry, before)
    count = sum(len(list(record.fields())) for record in records)
    left_out = [*_left_out(fields, approved, newest.number)]
    return MergeReport(slug, len(records), count, changed, left_out)


def citing(workspace: Workspace, slugs: Collection[str]) -> list[str]:
    """Return the artifacts whose records cite those of other artifacts, of `slugs`.

    Raises:
        FileInvalid: a catalog entry isn't what its schema says.
    """
    uris = {f"catalog/{slug}.json" for slug in slugs}
    entries = (workspace.read_entry(slug).entry for slug in workspace.catalog())
    return [
        entry.artifact.slug
        for entry in entries
        if entry and any(document.uri in uris for document in entry.documents)
    ]


def _record(fields: Mapping[FieldName, Standing], documents: _Documents) -> Record:
    description = fields["description"]
    capability = description.state.capability
    return Record(
        id=capability.id,
        name=capability.name,
        intents=capability.intents,
        drafted_by=description.stored.proposal.run.model,
        **{
            name: RecordField(
                text=standing.state.text,
                alternative=standing.state.field.alternative,
                proposal=standing.stored.number,
                evidence=documents.moved(standing.state.field.evidence, standing.stored),
                approved=tuple(_approval(d, standing.state) for d in standing.state.approvals),
            )
            for name in FIELDS
            if (standing := fields.get(name)) is not None
        },
    )


def _left_out(
    fields: Mapping[Key, Sequence[Standing]],
    approved: Approved,
    newest: str,
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
    """Tell whether `decision` wrote the text, and not only chose what it cites."""
    return any(
        after.edit == decision and normalise(after.text) != normalise(before.text)
        for before, after in pairwise(state.versions)
    )
