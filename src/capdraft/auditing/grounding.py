"""Existing texts and documents become a proposal with the same texts, and evidence where found."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from capdraft.auditing.asking import Asking
from capdraft.auditing.base import Base, read_base
from capdraft.auditing.looking import Audit, Grounded, is_cited_by_model
from capdraft.auditing.material import BriefOf, Material, read_material
from capdraft.auditing.writing import differs, make_proposal
from capdraft.checking import (
    check_proposal,
    present_passages,
    read_judgements,
)
from capdraft.records import FieldName, Finding
from capdraft.reviewing import earlier_pages
from capdraft.workspace import StoredProposal, Workspace

if TYPE_CHECKING:
    from capdraft.judging import Judged as Answers
    from capdraft.judging import Statement


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
    answers: Answers | None = None
    """What a judge said, where one was asked."""


def ground(
    workspace: Workspace,
    slug: str,
    sources: Sequence[Path | str],
    severities: Mapping[str, str],
    *,
    by: str | None = None,
    asking: Asking | None = None,
    brief_of: BriefOf | None = None,
) -> GroundReport:
    """Hold the texts of an artifact against documents, and store what was found as a proposal.

    With `asking` a model decides on each sentence; what it leaves open is decided by the words.
    `brief_of` reads the sources in another way than `make_brief`.

    Raises:
        NotFound: the artifact has no texts.
        SourceError: a document can't be read, or a folder or address has none.
        Busy: the artifact is being drafted.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    with workspace.drafting(slug):
        base = read_base(workspace, slug)
        material, notes = _material(workspace, base, sources, brief_of)
        audit = Audit(base, material)
        answers = audit.ask(asking) if asking else None
        capabilities = tuple(map(audit.capability, base.proposal.capabilities))
        proposal = make_proposal(base, material, capabilities, started, by)
        if asking:
            audit.keep(workspace, proposal, asking.judge)
        findings = check_proposal(
            proposal,
            present_passages(workspace, proposal),
            judgements=read_judgements(workspace, slug),
            pages=earlier_pages(workspace, slug) if proposal.run.imported else (),
            severities=severities,
        )
        seconds = round(time.monotonic() - clock, 2)
        run = proposal.run.model_copy(update={"seconds": seconds})
        stored = None
        if base.number is None or differs(base.proposal, proposal):
            told = {"findings": findings, "run": run}
            stored = workspace.add_proposal(proposal.model_copy(update=told))
    sentences, left = tuple(audit.sentences()), tuple(audit.left)
    return GroundReport(base.name, sentences, left, findings, stored, tuple(notes), answers)


def statements_to_judge(
    workspace: Workspace,
    slug: str,
    sources: Sequence[Path | str],
    brief_of: BriefOf | None = None,
) -> tuple[list[Statement], list[str]]:
    """Return what a judge would be asked in an audit, and what the user is told of the documents.

    Raises:
        NotFound, SourceError: as `ground` does.
    """
    base = read_base(workspace, slug)
    material, notes = _material(workspace, base, sources, brief_of)
    return list(Audit(base, material).statements().values()), notes


def _material(
    workspace: Workspace, base: Base, sources: Sequence[Path | str], brief_of: BriefOf | None
) -> tuple[Material, list[str]]:
    """Read the documents; their passages count on from those that stay cited by other numbers."""
    material, notes = read_material(workspace, base.proposal.artifact, sources, brief_of)
    uris, read = base.proposal.uris, {document.uri for document in material.documents}
    fixed = [
        item.passage
        for capability in base.proposal.capabilities
        for _, field in capability.fields()
        for item in field.evidence
        if is_cited_by_model(field) or uris[item.document] not in read
    ]
    if fixed:
        return material.counted_from(1 + max(fixed)), notes
    return material, notes
