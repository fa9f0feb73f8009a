"""A run over several artifacts: side by side, and one failure never stops the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from capdraft.client import Endpoint
from capdraft.drafting.asking import Terms
from capdraft.drafting.drafting import Brief, Prompts, draft_artifact
from capdraft.errors import CapdraftError
from capdraft.ledger import Ledger
from capdraft.settings import Settings
from capdraft.workspace import StoredProposal, Workspace


@dataclass(frozen=True)
class Job:
    """A source as it was named, and its brief or why there is none."""

    source: str
    brief: Brief | None = None
    error: CapdraftError | None = None


@dataclass(frozen=True)
class Outcome:
    """How one source ended: with a proposal in the workspace, or with an error."""

    source: str
    stored: StoredProposal | None = None
    error: CapdraftError | None = None

    @property
    def state(self) -> str:
        """Return drafted, empty, partial or failed."""
        return self.stored.proposal.run.state if self.stored else "failed"


@dataclass(frozen=True)
class RunOptions:
    """What all artifacts of a run share."""

    terms: Terms
    settings: Settings
    prompts: Prompts
    at_once: int = 4


async def run_drafts(
    jobs: Sequence[Job],
    workspace: Workspace,
    endpoint: Endpoint,
    options: RunOptions,
    done: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Draft each job and write its proposal; return the outcomes in the jobs' order.

    `done` is called with each outcome as it comes.
    """
    places = asyncio.Semaphore(options.at_once)

    async def finish(job: Job) -> Outcome:
        async with places:
            outcome = await _one(job, workspace, endpoint, options)
        done(outcome)
        return outcome

    return list(await asyncio.gather(*(finish(job) for job in jobs)))


async def _one(job: Job, workspace: Workspace, endpoint: Endpoint, options: RunOptions) -> Outcome:
    if job.brief is None:
        return Outcome(job.source, error=job.error)
    try:
        proposal = await draft_artifact(
            job.brief,
            endpoint=endpoint,
            ledger=Ledger(workspace.root),
            terms=options.terms,
            prompts=options.prompts,
            settings=options.settings,
        )
        stored = await asyncio.to_thread(workspace.add_proposal, proposal)
    except CapdraftError as error:
        return Outcome(job.source, error=error)
    return Outcome(job.source, stored=stored)
