"""Existing texts and documents become a proposal with the same texts, and evidence where found."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from capdraft.auditing.base import Base, read_base
from capdraft.auditing.material import Material, read_material
from capdraft.auditing.writing import differs, make_proposal
from capdraft.checking import check_proposal, present_passages
from capdraft.checking.statements import (
    Judged,
    Library,
    judge_comparison,
    of_evidence,
)
from capdraft.records import Capability, Evidence, Field, FieldName, Finding
from capdraft.workspace import StoredProposal, Workspace


@dataclass(frozen=True, slots=True)
class Grounded:
    """A sentence of a field, and what the passages say of it."""

    capability: str
    field: FieldName
    text: str
    judged: Judged


@dataclass(frozen=True, slots=True)
class GroundReport:
    """What an audit found; `stored` is None where it found nothing new."""

    base: str
    sentences: tuple[Grounded, ...]
    left: tuple[tuple[str, FieldName], ...]
    """Fields that a model cited passages for: they stay as they are."""
    findings: tuple[Finding, ...]
    stored: StoredProposal | None = None
    notes: tuple[str, ...] = ()


def ground(
    workspace: Workspace,
    slug: str,
    sources: Sequence[Path | str],
    severities: Mapping[str, str],
    *,
    by: str | None = None,
) -> GroundReport:
    """Hold the texts of an artifact against documents, and store what was found as a proposal.

    Raises:
        NotFound: the artifact has no texts.
        SourceError: a document can't be read, or a folder or address has none.
        Busy: the artifact is being drafted.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    with workspace.drafting(slug):
        base = read_base(workspace, slug)
        material, notes = _material(workspace, base, sources)
        audit = _Audit(base, material)
        capabilities = tuple(map(audit.capability, base.proposal.capabilities))
        proposal = make_proposal(base, material, capabilities, started, by)
        findings = check_proposal(
            proposal, present_passages(workspace, proposal), severities=severities
        )
        seconds = round(time.monotonic() - clock, 2)
        run = proposal.run.model_copy(update={"seconds": seconds})
        stored = None
        if base.number is None or differs(base.proposal, proposal):
            told = {"findings": findings, "run": run}
            stored = workspace.add_proposal(proposal.model_copy(update=told))
    sentences, left = tuple(audit.sentences), tuple(audit.left)
    return GroundReport(base.name, sentences, left, findings, stored, tuple(notes))


def _material(
    workspace: Workspace, base: Base, sources: Sequence[Path | str]
) -> tuple[Material, list[str]]:
    """Read the documents; their passages count on from those that stay cited by other numbers."""
    material, notes = read_material(workspace, base.proposal.artifact, sources)
    uris, read = base.proposal.uris, {document.uri for document in material.documents}
    fixed = [
        item.passage
        for capability in base.proposal.capabilities
        for _, field in capability.fields()
        for item in field.evidence
        if _is_cited_by_model(field) or uris[item.document] not in read
    ]
    if fixed:
        return material.counted_from(1 + max(fixed)), notes
    return material, notes


def _is_cited_by_model(field: Field) -> bool:
    return bool(field.passages or field.alternative_passages)


class _Audit:
    """The texts of a base held against material, one field after the other."""

    def __init__(self, base: Base, material: Material) -> None:
        self._artifact, self._uris = base.proposal.artifact, base.proposal.uris
        self._material = material
        self.sentences: list[Grounded] = []
        self.left: list[tuple[str, FieldName]] = []

    def capability(self, capability: Capability) -> Capability:
        """Return a capability whose fields cite what says them; documents by their URIs."""
        fields: dict[str, Field] = {
            name: self._field(capability.id, name, field) for name, field in capability.fields()
        }
        return capability.model_copy(update=fields)

    def _field(self, capability: str, name: FieldName, field: Field) -> Field:
        named = [
            item.model_copy(update={"document": self._uris[item.document]})
            for item in field.evidence
        ]
        if _is_cited_by_model(field):
            self.left.append((capability, name))
            return field.model_copy(update={"evidence": tuple(named)})
        kept = list(self._kept(named))
        found = self._judged(name, field.text, kept)
        self.sentences += [
            Grounded(capability, name, field.text[item.start : item.end], item) for item in found
        ]
        said = [item for item in found if item.verdict == "supported"]
        own = self._material.evidence((p for item in said for p in item.passages), "artifact")
        other = self._material.evidence((p for item in said for p in item.other), "alternative")
        evidence = tuple(dict.fromkeys((*kept, *own, *other)))
        return field.model_copy(update={"evidence": evidence})

    def _kept(self, evidence: Iterable[Evidence]) -> Iterator[Evidence]:
        """Yield what was cited before, but for passages that have left these documents."""
        for item in evidence:
            if self._material.document(item.document) is None:
                yield item
            elif again := self._material.again(item):
                yield again

    def _judged(self, name: FieldName, text: str, kept: Iterable[Evidence]) -> list[Judged]:
        """Return the verdicts; where what is cited already says a sentence, that counts."""
        others = self._material.others(text) if name == "vs_alternatives" else []
        cited = of_evidence(item for item in kept if item.side == "artifact")
        libraries = Library(cited, self._artifact.name, self._artifact.type), self._material.own
        before, found = (judge_comparison(text, library, others) for library in libraries)
        return [
            old if old.verdict == "supported" else new
            for old, new in zip(before, found, strict=True)
        ]
