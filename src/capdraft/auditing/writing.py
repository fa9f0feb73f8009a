"""The proposal that an audit writes: the same texts, other evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from capdraft import __version__
from capdraft.auditing.base import PARAMETER, Base
from capdraft.auditing.material import Material
from capdraft.drafting.drafting import rule_contradictions
from capdraft.records import (
    Alternative,
    Capability,
    Changes,
    Contradiction,
    Document,
    DocumentRef,
    Evidence,
    Field,
    Proposal,
    Run,
)
from capdraft.sources import RECORDS_MEDIA_TYPE


def make_proposal(
    base: Base,
    material: Material,
    capabilities: Sequence[Capability],
    started: datetime,
    by: str | None,
) -> Proposal:
    """Return the proposal of `capabilities`, whose evidence names documents by their URIs."""
    documents = _references(base, material, _cited(capabilities))
    ids = {ref.uri: ref.id for ref in documents}
    moved = tuple(_moved_capability(item, ids) for item in capabilities)
    return Proposal(
        artifact=base.proposal.artifact,
        run=_run(base, started, by),
        changes=_changes(base, moved, ids),
        documents=documents,
        capabilities=moved,
        alternatives=tuple(_alternatives(base, ids)),
        contradictions=tuple(_contradictions(base, material, ids)),
    )


def differs(one: Proposal, other: Proposal) -> bool:
    """Tell whether two proposals cite differently, or have read other documents."""
    return _said(one) != _said(other)


def _said(proposal: Proposal) -> tuple[object, ...]:
    read = {(ref.uri, ref.sha256) for ref in proposal.documents}
    cited = [
        (item.id, name, field.text, _quoted(field.evidence, proposal.uris))
        for item in proposal.capabilities
        for name, field in item.fields()
    ]
    return read, cited


def _quoted(evidence: Iterable[Evidence], uris: Mapping[str, str]) -> list[tuple[str, ...]]:
    return [(uris[item.document], item.side, item.header or "", item.quote) for item in evidence]


def _cited(capabilities: Iterable[Capability]) -> set[str]:
    return {
        item.document
        for capability in capabilities
        for _, field in capability.fields()
        for item in field.evidence
    }


def _references(base: Base, material: Material, cited: set[str]) -> tuple[DocumentRef, ...]:
    """Return the documents: those of the audit, those that texts rested on, cited records."""
    before = {ref.uri: ref for ref in base.kept}
    own = [document.uri for document in material.documents]
    others = [uri for uri in (*before, *sorted(cited)) if uri not in own]
    found: list[DocumentRef] = []
    for uri in dict.fromkeys((*own, *others)):
        document, ref = material.document(uri), before.get(uri)
        made = _reference(document, ref) if document else ref
        if made:
            found.append(made.model_copy(update={"id": f"d{len(found) + 1}"}))
    return tuple(found)


def _reference(document: Document, before: DocumentRef | None) -> DocumentRef:
    """Return a document as read now; `seen` tells what a model was shown of it before."""
    return DocumentRef.of(
        document,
        "d1",
        seen=before.seen if before and document.media_type != RECORDS_MEDIA_TYPE else None,
    )


def _moved(evidence: Iterable[Evidence], ids: Mapping[str, str]) -> tuple[Evidence, ...]:
    """Return what cites one of the documents, by their ids instead of their URIs."""
    return tuple(
        item.model_copy(update={"document": ids[item.document]})
        for item in evidence
        if item.document in ids
    )


def _moved_capability(capability: Capability, ids: Mapping[str, str]) -> Capability:
    fields: dict[str, Field] = {
        name: field.model_copy(update={"evidence": _moved(field.evidence, ids)})
        for name, field in capability.fields()
    }
    return capability.model_copy(update=fields)


def _by_uri(evidence: Iterable[Evidence], base: Base) -> Iterator[Evidence]:
    for item in evidence:
        yield item.model_copy(update={"document": base.proposal.uris[item.document]})


def _alternatives(base: Base, ids: Mapping[str, str]) -> Iterator[Alternative]:
    for item in base.proposal.alternatives:
        evidence = _moved(_by_uri(item.evidence, base), ids)
        if evidence:
            yield item.model_copy(update={"evidence": evidence})


def _contradictions(
    base: Base, material: Material, ids: Mapping[str, str]
) -> Iterator[Contradiction]:
    """Yield what the documents of the audit say differently, and what was found of others."""
    yield from rule_contradictions(material.documents)
    read = {document.uri for document in material.documents}
    for item in base.proposal.contradictions:
        uris = {base.proposal.uris[e.document] for e in (*item.evidence, *item.other)}
        if item.found_by == "rule" and uris <= read:
            continue
        one, two = (_moved(_by_uri(side, base), ids) for side in (item.evidence, item.other))
        if one and two:
            yield item.model_copy(update={"evidence": one, "other": two})


def _changes(
    base: Base, capabilities: Sequence[Capability], ids: Mapping[str, str]
) -> Changes | None:
    if base.number is None:
        return None
    before = {item.id: item for item in base.proposal.capabilities}
    uris = {ref: uri for uri, ref in ids.items()}
    same = [
        item.id
        for item in capabilities
        if _evidence(item, uris) == _evidence(before[item.id], base.proposal.uris)
    ]
    return Changes(
        since=base.number,
        changed=tuple(item.id for item in capabilities if item.id not in same),
        carried_over=tuple(same),
    )


def _evidence(capability: Capability, uris: Mapping[str, str]) -> list[list[tuple[str, ...]]]:
    return [_quoted(field.evidence, uris) for _, field in capability.fields()]


def _run(base: Base, started: datetime, by: str | None) -> Run:
    """Return how it came about: the words are the base's, only the evidence is new."""
    before = base.proposal.run
    return Run(
        started=started,
        by=by,
        tool=f"capdraft {__version__}",
        state="drafted",
        model=before.model,
        endpoint=before.endpoint,
        imported=before.imported,
        prompt=before.prompt,
        prompt_sha256=before.prompt_sha256,
        parameters={**before.parameters, PARAMETER: {"since": base.name}},
        calls=0,
        attempts=0,
        seconds=0,
    )
