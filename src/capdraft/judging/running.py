"""A judge over the newest proposals of artifacts: what it says is kept beside the decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from capdraft.checking import keep_judgement
from capdraft.client import Endpoint, Notify
from capdraft.drafting.asking import Asker, Cost, Terms
from capdraft.drafting.running import AtMost, interrupts
from capdraft.errors import CapdraftError
from capdraft.judging.claims import Judge, JudgedField, judged_fields
from capdraft.judging.judging import batch_messages, judge_hash, judge_statements
from capdraft.judging.statements import Judged
from capdraft.ledger import Ledger
from capdraft.prompts import Prompt
from capdraft.reviewing import Review, Target, open_review
from capdraft.workspace import Workspace


@dataclass(frozen=True)
class JudgeOptions:
    """How a judge is asked, for all artifacts of a run."""

    terms: Terms
    prompt: Prompt
    at_once: int = 4
    again: bool = False
    """Ask also about what this model was asked before, with this prompt."""
    notify: Notify = lambda _: None
    heeds_interrupts: bool = True
    """Let an interrupt end the run as `judge_artifacts` says; else it is Python's own."""

    @property
    def judge(self) -> Judge:
        """Who judges."""
        return Judge(self.terms, judge_hash(self.prompt))


@dataclass
class JudgedArtifact:
    """How the judge got on with one artifact."""

    slug: str
    asked: list[JudgedField] = field(default_factory=list)
    """The fields that it was asked about now."""
    kept: int = 0
    """Fields that it judged before: neither text nor evidence has changed."""
    not_judged: list[tuple[JudgedField, str]] = field(default_factory=list)
    """Sentences without a usable answer."""
    errors: tuple[CapdraftError, ...] = ()
    stopped: bool = False
    cost: Cost = field(default_factory=Cost)


def open_fields(review: Review, options: JudgeOptions) -> tuple[list[JudgedField], int]:
    """Return the fields of a review to ask about, and how many were judged before."""
    every = judged_fields(review)
    judge = options.judge
    known = review.judgements.by(judge.terms.model, judge.prompt_sha256)
    left = [item for item in every if options.again or item.hashes not in known]
    return left, len(every) - len(left)


def judge_messages(review: Review, options: JudgeOptions) -> list[list[dict[str, str]]]:
    """Return the requests that a review would take.

    Raises:
        PromptError: the prompt can't be rendered.
    """
    fields, _ = open_fields(review, options)
    return batch_messages([item.statement for item in fields], options.prompt)


async def judge_artifacts(
    workspace: Workspace,
    slugs: Sequence[str],
    endpoint: Endpoint,
    options: JudgeOptions,
    done: Callable[[JudgedArtifact], None] = lambda _: None,
) -> list[JudgedArtifact]:
    """Judge the newest proposal of each artifact, and keep what was said; return how each ended.

    An interrupt (SIGINT) lets what was asked finish and asks nothing more.

    Raises:
        PromptError: the prompt can't be rendered.
    """
    places, stopping = asyncio.Semaphore(options.at_once), asyncio.Event()
    shared = AtMost(endpoint, options.at_once, stopping)
    ledger = Ledger(workspace.root)

    async def one(slug: str) -> JudgedArtifact:
        async with places:
            ended = await _judge(workspace, slug, shared, ledger, options)
        done(ended)
        return ended

    with interrupts(stopping, options.notify) if options.heeds_interrupts else nullcontext():
        return list(await asyncio.gather(*map(one, slugs)))


async def _judge(
    workspace: Workspace, slug: str, endpoint: Endpoint, ledger: Ledger, options: JudgeOptions
) -> JudgedArtifact:
    try:
        review = await asyncio.to_thread(open_review, workspace, Target(slug))
    except CapdraftError as error:
        return JudgedArtifact(slug, errors=(error,))
    fields, kept = open_fields(review, options)
    asker = Asker(endpoint, ledger, options.terms, f"{slug}: judged")
    said = await judge_statements([item.statement for item in fields], asker, options.prompt)
    ended = JudgedArtifact(slug, fields, kept, cost=asker.cost)
    ended.errors, ended.stopped = said.errors, said.stopped
    await asyncio.to_thread(_keep, review, options.judge, ended, said)
    return ended


def _keep(review: Review, judge: Judge, ended: JudgedArtifact, said: Judged) -> None:
    """Write down the verdicts on each field that has all of them; note what has none."""
    uris = review.stored.proposal.uris
    for item, verdicts in zip(ended.asked, said.verdicts, strict=True):
        judgement = judge.judgement(item, verdicts, uris)
        if judgement:
            keep_judgement(review.workspace, review.slug, judgement)
        text = item.statement.text
        ended.not_judged += [(item, text[v.start : v.end]) for v in verdicts if v.verdict is None]
