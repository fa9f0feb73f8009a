"""What there is to ask about one artifact: all of it, or what changed since its last proposal."""

from __future__ import annotations

from dataclasses import dataclass

from capdraft.comparing import provable
from capdraft.drafting.asking import Terms
from capdraft.drafting.neighbours import Catalog, Listed, record_documents
from capdraft.drafting.passages import parts_of
from capdraft.drafting.past import Past
from capdraft.drafting.redrafting import Plan, plan_revision
from capdraft.drafting.windows import total_size
from capdraft.drafting.writing import Prompts, Request
from capdraft.records import Artifact, Document, Proposal
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


def plan_work(
    brief: Brief, terms: Terms, prompts: Prompts, past: Past, catalog: Catalog, tokens: int
) -> Work:
    """Return what there is to ask; other artifacts' records take at most `tokens` of a prompt."""
    if past.newest and terms.reuse and _goes_on(past.newest.proposal, terms, prompts):
        work = _revision(brief, past.newest, past, catalog)
        if work is not None:
            return work
    near = catalog.near(brief.artifact, brief.documents, tokens)
    records = record_documents(near, brief.first_free)
    request = Request(
        name=brief.artifact.name,
        documents=brief.documents,
        parts=tuple(parts_of(brief.documents)),
        records=records,
        shown_records=frozenset(document.uri for document in records),
        rejected=past.rejected_lines,
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
        and prompts.draft.uses >= REVISION_USES
    )


def _revision(brief: Brief, newest: StoredProposal, past: Past, catalog: Catalog) -> Work | None:
    earlier = newest.proposal
    now = provable(earlier, catalog.names)
    wanted = {entry.artifact.slug for _, entry in now.values()}
    shown = [item for item in catalog.listed if item.slug in wanted]
    records = record_documents(_whole(_cited(earlier, catalog), shown), brief.first_free)
    alternatives = {capability: name for capability, (name, _) in now.items()}
    plan = plan_revision(newest.number, earlier, brief.documents, records, alternatives)
    parts = parts_of(brief.documents)
    if plan is None or total_size(plan.parts) > MOSTLY_NEW * total_size(parts):
        return None
    request = Request(
        name=brief.artifact.name,
        documents=brief.documents,
        parts=tuple(plan.parts),
        records=records,
        shown_records=frozenset(item.uri for item in shown),
        rejected=past.rejected_lines,
        known=past.known_names,
        revise=tuple(plan.revise),
        changed=True,
    )
    return Work(request, plan)


def _cited(earlier: Proposal, catalog: Catalog) -> list[Listed]:
    uris = {ref.uri for ref in earlier.documents if ref.seen is None}
    return [item for item in catalog.listed if item.uri in uris]


def _whole(*lists: list[Listed]) -> list[tuple[Listed, frozenset[str]]]:
    """Return each entry once, with all of its records."""
    each = {item.uri: item for listed in lists for item in listed}
    return [(item, frozenset(r.id for r in item.entry.capabilities)) for item in each.values()]
