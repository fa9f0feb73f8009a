"""A run over a gold set: pydantic-evals drafts and measures case by case, into one result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic_evals import Case, Dataset
from pydantic_evals.reporting import EvaluationReport

from capdraft import __version__
from capdraft.client.completions import Usage
from capdraft.client.prices import ModelPrice
from capdraft.drafting import Prompts
from capdraft.errors import CapdraftError
from capdraft.evaluating.evaluators import Shared
from capdraft.evaluating.measures import MEASURES, Amounts
from capdraft.evaluating.measuring import Measured, Scale
from capdraft.evaluating.reading import GoldCase
from capdraft.evaluating.results import (
    CaseResult,
    DraftedRecord,
    DraftedText,
    Evaluation,
    FailedCase,
    GoldName,
)
from capdraft.evaluating.told_numbers import wrong_numbers
from capdraft.records import Capability, Proposal, Run
from capdraft.settings import Prices
from capdraft.text import sha256

DraftCase = Callable[[GoldCase], Awaitable[Proposal]]
Report = EvaluationReport[GoldCase, Measured, None]


@dataclass(frozen=True)
class Plan:
    """What a run goes by, beside the cases."""

    prompts: Prompts
    scale: Scale
    evaluators: Sequence[Shared]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    prices: Prices | None = None
    at_once: int = 4
    judge: str | None = None
    told: Callable[[str, CapdraftError | None], None] = lambda _, __: None
    """Called with each case that ends, and why it failed if it did."""


async def run_evaluation(cases: Sequence[GoldCase], draft: DraftCase, plan: Plan) -> Evaluation:
    """Draft and measure each case; what fails is in the result, and stops no other.

    Raises:
        CapdraftError: every case failed in the same way, which is no matter of drafts.
    """
    failed: dict[str, CapdraftError] = {}

    async def drafted(case: GoldCase) -> Measured:
        try:
            proposal = await draft(case)
        except CapdraftError as error:
            failed[case.gold.slug] = error
            plan.told(case.gold.slug, error)
            raise
        plan.told(case.gold.slug, None)
        return Measured(case, proposal, plan.scale)

    started = datetime.now(UTC)
    dataset = Dataset[GoldCase, Measured, None](
        name="gold",
        cases=[Case(name=case.gold.slug, inputs=case) for case in cases],
        evaluators=list(plan.evaluators),
    )
    report = await dataset.evaluate(drafted, max_concurrency=plan.at_once, progress=False)
    _raise_bugs(report, failed)
    if not report.cases and len({str(error) for error in failed.values()}) == 1:
        raise next(iter(failed.values()))
    return _evaluation(started, report, failed, plan)


def _raise_bugs(report: Report, failed: Mapping[str, CapdraftError]) -> None:
    """Raise what pydantic-evals caught and no user can mend."""
    for failure in report.failures:
        if failure.name not in failed:
            raise RuntimeError(f"{failure.name}: {failure.error_stacktrace}")
    for case in report.cases:
        for broken in case.evaluator_failures:
            raise RuntimeError(f"{case.name}: {broken.error_stacktrace}")


def _evaluation(
    started: datetime, report: Report, failed: Mapping[str, CapdraftError], plan: Plan
) -> Evaluation:
    prompts = plan.prompts
    templates = (prompts.draft, prompts.repair, prompts.survey, prompts.consolidate)
    measured = sorted((case.output for case in report.cases), key=lambda m: m.case.gold.slug)
    runs = [item.proposal.run for item in measured]
    return Evaluation(
        started=started,
        tool=f"capdraft {__version__}",
        model=", ".join(dict.fromkeys(run.model for run in runs)),
        endpoint=", ".join(dict.fromkeys(run.endpoint for run in runs)),
        replayed=bool(runs) and all(run.replayed for run in runs),
        prompt=prompts.draft.name,
        prompt_sha256=prompts.sha256,
        prompts={prompt.name: sha256(prompt.source) for prompt in templates},
        parameters=dict(plan.parameters),
        judge=plan.judge,
        calibration=plan.scale.calibration,
        cases=tuple(case_result(item, plan.prices) for item in measured),
        failed=tuple(
            FailedCase(slug=slug, kind=error.kind, message=str(error), hint=error.hint)
            for slug, error in sorted(failed.items())
        ),
    )


def case_result(draft: Measured, prices: Prices | None = None) -> CaseResult:
    """Return what a result file says of one measured draft."""
    gold = draft.case.gold
    found = {item.drafted: item for item in draft.matches}
    return CaseResult(
        slug=gold.slug,
        type=gold.type,
        gold_sha256=draft.case.sha256,
        shares={name: draft.shares[name] for name in MEASURES if name in draft.shares},
        amounts=_amounts(draft.proposal.run, prices),
        gold=tuple(
            GoldName(id=item.id, name=item.name, needed=item.needed) for item in gold.capabilities
        ),
        records=tuple(
            _record(
                draft.proposal,
                record,
                gold.capabilities[found[place].gold].id if place in found else None,
                found[place].likeness if place in found else None,
            )
            for place, record in enumerate(draft.proposal.capabilities)
        ),
        wrong_numbers=tuple(wrong_numbers(draft)),
        doubted=draft.doubted,
    )


def _record(
    proposal: Proposal, record: Capability, gold: str | None, likeness: float | None
) -> DraftedRecord:
    codes: dict[str, list[str]] = {}
    for item in proposal.findings:
        if item.capability == record.id:
            codes.setdefault(item.field, []).append(item.code)
    texts = tuple(
        DraftedText(
            field=name,
            text=written.text,
            alternative=written.alternative,
            passages=tuple(dict.fromkeys((*written.passages, *written.alternative_passages))),
            findings=tuple(dict.fromkeys(codes.get(name, ()))),
        )
        for name, written in record.fields()
    )
    rounded = None if likeness is None else round(likeness, 4)
    return DraftedRecord(id=record.id, name=record.name, texts=texts, gold=gold, likeness=rounded)


def _amounts(run: Run, prices: Prices | None) -> Amounts:
    """Return what a draft took; that of a recording is what its tokens cost where they were new."""
    cost = run.cost_usd
    if run.replayed or run.from_ledger:
        used = Usage(run.prompt_tokens, run.completion_tokens)
        priced = ModelPrice(run.model, run.endpoint, prices).cost(used)
        cost = None if priced is None else round(float(priced), 6)
    return Amounts(
        cost_usd=cost,
        prompt_tokens=run.prompt_tokens,
        completion_tokens=run.completion_tokens,
        calls=run.calls + run.from_ledger,
        seconds=None if run.replayed or run.from_ledger else run.seconds,
    )
