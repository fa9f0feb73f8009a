"""A run over several artifacts: side by side, and one failure never stops the others."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from capdraft.client import Endpoint, Notify
from capdraft.drafting.asking import Terms
from capdraft.drafting.drafting import Brief, Prompts, draft_artifact
from capdraft.errors import CapdraftError
from capdraft.ledger import Ledger
from capdraft.records import Proposal
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
    """How one source ended: with a proposal in the workspace, or with an error.

    `unchanged` means that the proposal was there before: the run brought the same. `left` means
    that it was not begun, because the run was stopped.
    """

    source: str
    stored: StoredProposal | None = None
    error: CapdraftError | None = None
    unchanged: bool = False
    left: bool = False

    @property
    def state(self) -> str:
        """Return drafted, empty, partial, failed or left."""
        if self.stored:
            return self.stored.proposal.run.state
        return "left" if self.left else "failed"


@dataclass(frozen=True)
class RunOptions:
    """What all artifacts of a run share."""

    terms: Terms
    settings: Settings
    prompts: Prompts
    at_once: int = 4
    notify: Notify = lambda _: None


async def run_drafts(
    jobs: Sequence[Job],
    workspace: Workspace,
    endpoint: Endpoint,
    options: RunOptions,
    done: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Draft each job and write its proposal; return the outcomes in the jobs' order.

    `done` is called with each outcome as it comes. An interrupt (SIGINT) lets what was begun
    finish and leaves the rest; a second one stops at once.
    """
    places = asyncio.Semaphore(options.at_once)
    stopping = asyncio.Event()

    async def finish(job: Job) -> Outcome:
        async with places:
            if stopping.is_set():
                return Outcome(job.source, left=True)
            outcome = await _one(job, workspace, endpoint, options)
        done(outcome)
        return outcome

    with _interrupts(stopping, options.notify):
        ended = await asyncio.gather(*(finish(job) for job in jobs), return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, BaseException):
            raise outcome  # a bug, told once the others are safe
    return [outcome for outcome in ended if isinstance(outcome, Outcome)]


@contextmanager
def _interrupts(stopping: asyncio.Event, notify: Notify) -> Iterator[None]:
    """Set `stopping` at the first interrupt; the second one is Python's own again."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        stopping.set()
        notify("Stopping: what was asked is waited for and written. Interrupt again to drop it.")

    try:
        loop.add_signal_handler(signal.SIGINT, stop)
    except (NotImplementedError, ValueError, RuntimeError):
        yield  # Windows, or not the main thread: an interrupt stops at once
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


async def _one(job: Job, workspace: Workspace, endpoint: Endpoint, options: RunOptions) -> Outcome:
    if job.brief is None:
        return Outcome(job.source, error=job.error)
    try:
        with workspace.drafting(job.brief.artifact.slug):
            proposal = await draft_artifact(
                job.brief,
                endpoint=endpoint,
                ledger=Ledger(workspace.root),
                terms=options.terms,
                prompts=options.prompts,
                settings=options.settings,
            )
            return await asyncio.to_thread(_store, job.source, workspace, proposal)
    except CapdraftError as error:
        return Outcome(job.source, error=error)


def _store(source: str, workspace: Workspace, proposal: Proposal) -> Outcome:
    """Write a proposal, unless the artifact's newest one says the same."""
    slug = proposal.artifact.slug
    if workspace.proposals(slug):
        newest = workspace.read_proposal(slug)
        if newest.proposal.same_draft(proposal):
            return Outcome(source, stored=newest, unchanged=True)
    return Outcome(source, stored=workspace.add_proposal(proposal))
