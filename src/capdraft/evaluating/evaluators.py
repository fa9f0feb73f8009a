"""capdraft's measures as evaluators of pydantic-evals."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext
from pydantic_evals.evaluators.evaluator import EvaluatorOutput

from capdraft.evaluating import measuring, told_numbers
from capdraft.evaluating.edited import unedited
from capdraft.evaluating.measures import Share
from capdraft.evaluating.measuring import Measured
from capdraft.evaluating.reading import GoldCase
from capdraft.evaluating.results import DoubtedSentence
from capdraft.records import Proposal
from capdraft.workspace import Workspace

Shares = Mapping[str, Share | None]
Judge = Callable[[Proposal], Awaitable[tuple[Share, tuple[DoubtedSentence, ...]]]]
"""Counts the sentences of a draft that a model finds supported, and returns the others."""


@dataclass(repr=False)
class Shared(Evaluator[GoldCase, Measured, None]):
    """An evaluator whose scores are shares; each is told with what was counted."""

    @abstractmethod
    async def shares(self, draft: Measured) -> Shares:
        """Return what was counted, by the measure's name."""

    async def evaluate(self, ctx: EvaluatorContext[GoldCase, Measured, None]) -> EvaluatorOutput:
        found = {name: s for name, s in (await self.shares(ctx.output)).items() if s and s.of}
        ctx.output.shares.update(found)
        return {
            name: EvaluationReason(value=share.hits / share.of, reason=share.told)
            for name, share in found.items()
        }


@dataclass(repr=False)
class Capabilities(Shared):
    """Coverage and precision of capabilities."""

    async def shares(self, draft: Measured) -> Shares:
        return {"coverage": measuring.coverage(draft), "precision": measuring.precision(draft)}


@dataclass(repr=False)
class Passages(Shared):
    """Precision and recall of cited passages, over matched capabilities."""

    async def shares(self, draft: Measured) -> Shares:
        precise, recalled = measuring.evidence(draft)
        return {"evidence-precision": precise, "evidence-recall": recalled}


@dataclass(repr=False)
class Rules(Shared):
    """Sentences in which the rules find nothing."""

    async def shares(self, draft: Measured) -> Shares:
        return {"supported": measuring.supported(draft)}


@dataclass(repr=False)
class Numbers(Shared):
    """Numbers of the gold that are told, and told numbers that are right."""

    async def shares(self, draft: Measured) -> Shares:
        told, right = told_numbers.numbers_told(draft), told_numbers.numbers_right(draft)
        return {"numbers-told": told, "numbers-right": right}


@dataclass(repr=False)
class Comparisons(Shared):
    """Comparisons that are found, and those that are proven."""

    async def shares(self, draft: Measured) -> Shares:
        found, proven = measuring.comparisons_found(draft), measuring.comparisons_proven(draft)
        return {"comparisons-found": found, "comparisons-proven": proven}


@dataclass(repr=False)
class Decisions(Shared):
    """What reviewers left as it was drafted, where they decided."""

    workspace: Workspace

    async def shares(self, draft: Measured) -> Shares:
        return {"unedited": unedited(self.workspace, draft.proposal)}


@dataclass(repr=False)
class Judged(Shared):
    """Sentences that a model finds supported."""

    judge: Judge

    async def shares(self, draft: Measured) -> Shares:
        share, draft.doubted = await self.judge(draft.proposal)
        return {"judged-supported": share}


def standard_evaluators(workspace: Workspace, judge: Judge | None = None) -> list[Shared]:
    """Return the evaluators of `capdraft evaluate run`; the judge's last, where there is one."""
    found = [Capabilities(), Passages(), Rules(), Numbers(), Comparisons(), Decisions(workspace)]
    return [*found, Judged(judge)] if judge else found
