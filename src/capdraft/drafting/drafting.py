"""One artifact: documents → prompts → answers → records with evidence and findings → proposal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from capdraft.checking import Around, check_capabilities, contradicting, said_by
from capdraft.client import Endpoint
from capdraft.drafting.asking import Asker, Cost, Terms
from capdraft.drafting.neighbours import Catalog
from capdraft.drafting.passages import Citations
from capdraft.drafting.past import Past, with_known_ids, without_rejected
from capdraft.drafting.planning import Brief, Work, plan_work
from capdraft.drafting.proposing import (
    RunState,
    join_alternatives,
    make_alternatives,
    make_capabilities,
    make_contradictions,
    make_run,
    references,
)
from capdraft.drafting.revising import (
    carried_alternatives,
    carried_contradictions,
    compare_drafts,
    merge_revision,
)
from capdraft.drafting.surveying import draft_parts
from capdraft.drafting.writing import Prompts, Written
from capdraft.errors import AnswerError
from capdraft.ledger import Ledger
from capdraft.records import (
    Alternative,
    Capability,
    Contradiction,
    Document,
    Proposal,
    Rejected,
)
from capdraft.settings import Settings
from capdraft.text import name_key

NO_PAST, NO_CATALOG = Past(), Catalog()


async def draft_artifact(
    brief: Brief,
    *,
    endpoint: Endpoint,
    ledger: Ledger,
    terms: Terms,
    prompts: Prompts,
    settings: Settings,
    past: Past = NO_PAST,
    catalog: Catalog = NO_CATALOG,
) -> Proposal:
    """Return the proposal for one artifact: the newest one there is, if that still says it all.

    Nothing is written but the ledger.

    Raises:
        AnswerError: no record of the answer can be used.
        EndpointError, CassetteError, PromptError, BudgetReached: it could not be asked.
    """
    started = datetime.now(UTC)
    work = plan_work(brief, terms, prompts, past, catalog, settings.draft.records)
    if past.newest and work.unchanged:
        return past.newest.proposal
    asker = Asker(endpoint, ledger, terms, brief.source)
    written = Written()
    try:
        if work.plan is None or work.plan.asks:
            written = await draft_parts(asker, prompts, work.request, settings.draft.window)
    except AnswerError as error:
        error.where = error.where or brief.source
        raise
    return _Answers(brief, work, past, catalog, written).proposal(
        started, terms, prompts, settings, asker.cost
    )


class _Answers:
    """What was answered about one artifact, on its way to a proposal."""

    def __init__(
        self, brief: Brief, work: Work, past: Past, catalog: Catalog, written: Written
    ) -> None:
        self._brief, self._work, self._past = brief, work, past
        self._catalog, self._written = catalog, written
        everything = (*brief.documents, *work.request.records)
        numbered = [(f"d{place}", document) for place, document in enumerate(everything, 1)]
        self._uris = {ref: document.uri for ref, document in numbered}
        self._said = {ref: (document.uri, said_by(document)) for ref, document in numbered}

    def proposal(
        self, started: datetime, terms: Terms, prompts: Prompts, settings: Settings, cost: Cost
    ) -> Proposal:
        new = make_capabilities(self._written.records)
        new = with_known_ids(new, self._past.known)
        new, not_again = without_rejected(new, self._past.rejections, self._uris)
        capabilities, changes = new, None
        if self._work.plan:
            capabilities, changes = merge_revision(self._work.plan, new)
        elif self._past.newest:
            newest = self._past.newest
            changes = compare_drafts(newest.number, newest.proposal, new)
        alternatives, contradictions = self._alternatives(), self._contradictions()
        artifact, rejected = self._brief.artifact, self._rejected(capabilities)
        state: RunState = "partial" if rejected else "drafted" if capabilities else "empty"
        return Proposal(
            artifact=artifact,
            run=make_run(started, terms, prompts, cost, self._written.windows, state),
            changes=changes,
            documents=references(self._brief.documents, self._work.request.records, self._read()),
            capabilities=tuple(capabilities),
            alternatives=tuple(alternatives),
            contradictions=tuple(contradictions),
            rejected=tuple(rejected),
            not_again=tuple(not_again),
            findings=check_capabilities(
                artifact,
                capabilities,
                around=Around(self._said, tuple(contradictions)),
                severities=settings.rules,
            ),
        )

    def _read(self) -> set[str]:
        """Return the URIs of the catalog entries that were shown, now or before."""
        newest = self._work.plan and self._work.plan.earlier
        before = {ref.uri for ref in newest.documents} if newest else set()
        shown = self._work.request.shown_records
        return before | {
            document.uri
            for document in self._work.request.records
            if any(passage.number in shown for passage in document.passages)
        }

    def _rejected(self, capabilities: Sequence[Capability]) -> list[Rejected]:
        """Return the records that stayed invalid, now or before: what is seen isn't asked again."""
        plan, now = self._work.plan, self._written.rejected
        since = {
            name_key(name) for name in (*(c.name for c in capabilities), *(r.name for r in now))
        }
        before = plan.earlier.rejected if plan else ()
        return [*(item for item in before if name_key(item.name) not in since), *now]

    def _alternatives(self) -> list[Alternative]:
        own = {name_key(self._brief.artifact.name), name_key(self._brief.artifact.slug)}
        slugs = {key: entry.artifact.slug for key, entry in self._catalog.names.items()}
        named = make_alternatives(self._written.alternatives, slugs)
        plan = self._work.plan
        found = join_alternatives([*(carried_alternatives(plan, slugs) if plan else ()), *named])
        return [item for item in found if name_key(item.name) not in own]

    def _contradictions(self) -> list[Contradiction]:
        plan = self._work.plan
        found = list(rule_contradictions(self._brief.documents))
        found += carried_contradictions(plan) if plan else []
        return found + make_contradictions(self._written.contradictions)


def rule_contradictions(documents: tuple[Document, ...]) -> Iterator[Contradiction]:
    """Yield what the documents say differently in numbers alone."""
    citations = Citations(documents)
    for about, one, two in contradicting(documents):
        evidence = (tuple(citations.evidence([number])) for number in (one, two))
        yield Contradiction(
            about=about, found_by="rule", evidence=next(evidence), other=next(evidence)
        )
