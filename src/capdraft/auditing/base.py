"""The texts to audit: an artifact's newest proposal, or its catalog entry where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from capdraft import __version__
from capdraft.errors import NotFound
from capdraft.records import (
    IMPORTED_PAGE,
    Capability,
    CatalogEntry,
    DocumentRef,
    Evidence,
    Field,
    Proposal,
    Record,
    RecordField,
    Run,
)
from capdraft.workspace import Workspace

PARAMETER = "ground"
"""Key under a run's parameters that tells what was audited."""
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Base:
    """Existing texts, the file that they stand in, and the number if that is a proposal."""

    name: str
    proposal: Proposal
    number: str | None = None

    @property
    def kept(self) -> tuple[DocumentRef, ...]:
        """The documents that still count: not the page that texts were imported from."""
        if PARAMETER in self.proposal.run.parameters:
            return self.proposal.documents
        cited = {item.document for item in self._evidence()}
        return tuple(d for d in self.proposal.documents if d.id in cited or d.seen)

    def _evidence(self) -> Iterable[Evidence]:
        proposal = self.proposal
        for capability in proposal.capabilities:
            for _, field in capability.fields():
                yield from field.evidence
        for alternative in proposal.alternatives:
            yield from alternative.evidence
        for item in proposal.contradictions:
            yield from (*item.evidence, *item.other)


def read_base(workspace: Workspace, slug: str) -> Base:
    """Return the texts of an artifact.

    Raises:
        NotFound: it has neither a proposal nor a catalog entry.
    """
    numbers = workspace.proposals(slug)
    entry = None if numbers else workspace.read_entry(slug).entry
    if entry is not None:
        return Base(f"catalog/{slug}.json", _proposal(entry))
    stored = workspace.read_proposal(slug)
    if not stored.proposal.capabilities:
        raise NotFound(f"{stored.name} has no texts", hint="`capdraft draft SOURCE` makes some.")
    return Base(stored.name, stored.proposal, stored.number)


def _proposal(entry: CatalogEntry) -> Proposal:
    return Proposal(
        artifact=entry.artifact,
        run=_run(entry),
        documents=entry.documents,
        capabilities=tuple(map(_capability, entry.capabilities)),
    )


def _run(entry: CatalogEntry) -> Run:
    models = dict.fromkeys(record.drafted_by for record in entry.capabilities)
    imported = set(models) == {IMPORTED_PAGE}
    return Run(
        started=datetime.now(UTC),
        tool=f"capdraft {__version__}",
        state="drafted",
        model=", ".join(models) or _NONE,
        endpoint=_NONE,
        imported=True if imported else None,
        prompt=_NONE,
        prompt_sha256=_NONE,
        calls=0,
        attempts=0,
        seconds=0,
    )


def _capability(record: Record) -> Capability:
    fields = {name: _field(field) for name, field in record.fields()}
    return Capability.model_validate(
        {"id": record.id, "name": record.name, "intents": record.intents, **fields}
    )


def _field(field: RecordField) -> Field:
    return Field(text=field.text, alternative=field.alternative, evidence=field.evidence)
