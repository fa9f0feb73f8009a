"""What there is to ask about one artifact: all of it, or what changed since its last proposal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from capdraft.comparing import provable
from capdraft.drafting.asking import Terms
from capdraft.drafting.neighbours import Catalog, Listed, count_words, prose_of, record_documents
from capdraft.drafting.passages import parts_of
from capdraft.drafting.past import Past
from capdraft.drafting.redrafting import Plan, plan_revision
from capdraft.drafting.windows import total_size
from capdraft.drafting.writing import Prompts, Request
from capdraft.records import Artifact, CatalogEntry, Document, Field, Proposal
from capdraft.text import name_key
from capdraft.workspace import StoredProposal

MOSTLY_NEW = 0.6
"""Share of the documents from which on they are drafted anew instead of revised."""
REVISION_USES = frozenset({"changed", "known", "revise"})
"""Variables that the drafting prompt must use to ask about what changed only."""


@dataclass(frozen=True)
class Brief:
    """What is to be drafted: an artifact and its documents."""

    artifact: Artifact
    documents: tuple[Document, ...]

    @property
    def source(self) -> str:
        """The documents' URIs, for messages."""
        return ", ".join(document.uri for document in self.documents)

    @property
    def first_free(self) -> int:
        """The number behind the last passage."""
        return 1 + sum(len(document.passages) for document in self.documents)


@dataclass(frozen=True)
class Work:
    """What is asked, and the plan by which an earlier proposal goes on."""

    request: Request
    plan: Plan | None = None
    unchanged: bool = False
    """Whether the newest proposal still says it all."""


def plan_work(
    brief: Brief, terms: Terms, prompts: Prompts, past: Past, catalog: Catalog, tokens: int
) -> Work:
    """Return what there is to ask; other artifacts' records take at most `tokens` of a prompt."""
    if past.newest and terms.reuse and _goes_on(past.newest.proposal, terms, prompts):
        work = _revision(brief, past.newest, past, catalog, tokens)
        if work and (prompts.draft.uses >= REVISION_USES or not (work.plan and work.plan.asks)):
            return work
    near = catalog.near(brief.artifact, brief.documents, tokens)
    records = record_documents(near, brief.first_free)
    request = Request(
        name=brief.artifact.name,
        documents=brief.documents,
        parts=tuple(parts_of(brief.documents)),
        records=records,
        shown_records=frozenset(p.number for document in records for p in document.passages),
        rejected=past.still_rejected(brief.documents),
        known=past.known_names,
    )
    return Work(request)


def _goes_on(earlier: Proposal, terms: Terms, prompts: Prompts) -> bool:
    """Tell whether the same would be asked in the same way: else all of it is asked anew."""
    run = earlier.run
    before = {key: value for key, value in run.parameters.items() if key != "structured_output"}
    return (
        not run.replayed
        and terms.model in ("", run.model)
        and run.prompt_sha256 == prompts.sha256
        and before == dict(terms.parameters)
    )


def _revision(
    brief: Brief, newest: StoredProposal, past: Past, catalog: Catalog, tokens: int
) -> Work | None:
    earlier, documents = newest.proposal, brief.documents
    prose = list(prose_of(documents))
    said = count_words(prose) if catalog.listed else {}
    struck = past.struck(earlier)
    proves = {
        capability: found
        for capability, found in provable(earlier, catalog.names).items()
        if (capability, "description") not in struck
    }
    wanted = _listed(catalog, (entry for _, entry in proves.values()))
    fitting = {item.slug for item, _ in catalog.nearest(wanted, said, tokens)}
    at_hand = _at_hand(earlier, catalog, [*wanted, *catalog.named(brief.artifact, prose)])
    records = record_documents(map(_whole, at_hand), brief.first_free)
    now = {c: name for c, (name, entry) in proves.items() if entry.artifact.slug in fitting}
    plan = plan_revision(newest.number, earlier, documents, records, now, struck)
    if plan is None:
        return None
    if not plan.keeps and total_size(plan.parts) > MOSTLY_NEW * total_size(parts_of(documents)):
        return None
    lost = _listed(catalog, _sides(catalog, plan.lost.values()))
    named = catalog.named(brief.artifact, [part.shown for part in plan.parts])
    rivals = {item.uri: item for item in (*wanted, *lost, *named) if item in at_hand}
    near = catalog.nearest(rivals.values(), said, tokens)
    request = Request(
        name=brief.artifact.name,
        documents=documents,
        parts=tuple(plan.parts),
        records=records,
        shown_records=frozenset(_numbers(near, records)),
        rejected=past.still_rejected(brief.documents),
        known=past.known_names,
        revise=tuple(plan.revise),
        changed=True,
    )
    return Work(request, plan, plan.same and earlier.artifact == brief.artifact)


def _listed(catalog: Catalog, entries: Iterable[CatalogEntry]) -> list[Listed]:
    slugs = {entry.artifact.slug for entry in entries}
    return [item for item in catalog.listed if item.slug in slugs]


def _at_hand(earlier: Proposal, catalog: Catalog, more: Iterable[Listed]) -> list[Listed]:
    """Return the entries that may be cited: read before, compared with before, and `more`."""
    uris = {ref.uri for ref in earlier.documents if ref.seen is None}
    fields = (field for item in earlier.capabilities for _, field in item.fields())
    compared = _listed(catalog, _sides(catalog, fields))
    uris |= {item.uri for item in (*compared, *more) if item.slug != earlier.artifact.slug}
    return [item for item in catalog.listed if item.uri in uris]


def _whole(item: Listed) -> tuple[Listed, frozenset[str]]:
    return item, frozenset(record.id for record in item.entry.capabilities)


def _sides(catalog: Catalog, fields: Iterable[Field]) -> Iterator[CatalogEntry]:
    """Yield the entries of the alternatives that comparisons among `fields` are with."""
    for field in fields:
        entry = catalog.names.get(name_key(field.alternative or ""))
        if entry:
            yield entry


def _numbers(
    near: Iterable[tuple[Listed, frozenset[str]]], records: Iterable[Document]
) -> Iterator[int]:
    """Yield the numbers that the passages of the records `near` have among `records`."""
    by_uri = {document.uri: document for document in records}
    for item, ids in near:
        names = {record.name for record in item.entry.capabilities if record.id in ids}
        for passage in by_uri[item.uri].passages:
            if passage.heading[-1] in names:
                yield passage.number
