"""A run over several artifacts: side by side, and one failure never stops the others."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Literal

from capdraft.client import Body, Endpoint, Notify, Reply
from capdraft.drafting.asking import Terms
from capdraft.drafting.drafting import draft_artifact
from capdraft.drafting.neighbours import Catalog
from capdraft.drafting.past import Past, look_back
from capdraft.drafting.planning import Brief
from capdraft.drafting.writing import Prompts
from capdraft.errors import CapdraftError, UsageProblem
from capdraft.ledger import Ledger
from capdraft.records import Proposal
from capdraft.settings import Settings
from capdraft.sources import RECORDS_MEDIA_TYPE
from capdraft.workspace import StoredProposal, Workspace

State = Literal["drafted", "empty", "partial", "failed", "left"]


@dataclass(frozen=True)
class Job:
    """A source as it was named, and how it is read. It is read when its turn comes.

    `prepare` raises a CapdraftError if there is nothing to draft from.
    """

    source: str
    prepare: Callable[[], Brief]


@dataclass(frozen=True)
class Outcome:
    """How one source ended: with a proposal in the workspace, or with an error.

    `unchanged` means that the proposal was there before: the run brought the same. `left` as state
    means that it was not done, because the run was stopped; what was paid for is kept. `stored` is
    there while `done` is called; a run of thousands can't keep them all.
    """

    source: str
    state: State
    stored: StoredProposal | None = None
    error: CapdraftError | None = None
    unchanged: bool = False


@dataclass(frozen=True)
class RunOptions:
    """What all artifacts of a run share."""

    terms: Terms
    settings: Settings
    prompts: Prompts
    at_once: int = 4
    alone: bool = False
    """Ask from the documents alone, as a recorded exchange does: nothing of what the workspace has
    goes into a prompt."""
    notify: Notify = lambda _: None
    heeds_interrupts: bool = True
    """Let an interrupt end the run as `run_drafts` says; else it is Python's own."""


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

    Raises:
        FileInvalid: the catalog can't be read.
    """
    catalog = Catalog() if options.alone else await asyncio.to_thread(Catalog.load, workspace)
    places = asyncio.Semaphore(options.at_once)
    stopping = asyncio.Event()
    run = _Run(workspace, AtMost(endpoint, options.at_once, stopping), options, catalog)

    async def finish(job: Job) -> Outcome:
        async with places:
            if stopping.is_set():
                return Outcome(job.source, "left")
            outcome = await run.draft(job)
        if outcome.state != "left":
            done(outcome)
        return replace(outcome, stored=None)

    with interrupts(stopping, options.notify) if options.heeds_interrupts else nullcontext():
        ended = await asyncio.gather(*(finish(job) for job in jobs), return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, BaseException):
            raise outcome  # a bug, told once the others are safe
    return [outcome for outcome in ended if isinstance(outcome, Outcome)]


@contextmanager
def interrupts(stopping: asyncio.Event, notify: Notify) -> Iterator[None]:
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


class StoppedError(Exception):
    """The run was stopped before a request that is still needed."""


class AtMost:
    """An endpoint that is asked so many things at once: windows of one artifact count as well.

    Once `stopping` is set, nothing more is asked.
    """

    def __init__(self, endpoint: Endpoint, at_once: int, stopping: asyncio.Event) -> None:
        self._endpoint, self._places = endpoint, asyncio.Semaphore(at_once)
        self._stopping = stopping

    async def ask(self, body: Body) -> Reply:
        async with self._places:
            if self._stopping.is_set():
                raise StoppedError
            return await self._endpoint.ask(body)


class _Run:
    """What the artifacts of a run share while it goes on."""

    def __init__(
        self, workspace: Workspace, endpoint: Endpoint, options: RunOptions, catalog: Catalog
    ) -> None:
        self._workspace, self._options, self._catalog = workspace, options, catalog
        self._endpoint = endpoint
        self._ledger = Ledger(workspace.root)
        self._sources: dict[str, str] = {}

    async def draft(self, job: Job) -> Outcome:
        """Draft one job, whatever becomes of it."""
        options = self._options
        try:
            with ExitStack() as held:
                # Files are read and locked in one go, away from the loop that waits for answers.
                brief, past = await asyncio.to_thread(self._begin, job, held)
                proposal = await draft_artifact(
                    brief,
                    endpoint=self._endpoint,
                    ledger=self._ledger,
                    terms=options.terms,
                    prompts=options.prompts,
                    settings=options.settings,
                    past=past,
                    catalog=self._catalog,
                )
                return await asyncio.to_thread(_store, job.source, self._workspace, proposal)
        except StoppedError:
            return Outcome(job.source, "left")
        except CapdraftError as error:
            return Outcome(job.source, "failed", error=error)

    def _begin(self, job: Job, held: ExitStack) -> tuple[Brief, Past]:
        """Read a job's documents and what the workspace has of it; hold its artifact."""
        brief = job.prepare()
        slug = brief.artifact.slug
        self._claim(slug, job.source)
        held.enter_context(self._workspace.drafting(slug))
        return brief, Past() if self._options.alone else look_back(self._workspace, slug)

    def _claim(self, slug: str, source: str) -> None:
        """Refuse a second source with the same slug: one would be drafted over the other."""
        first = self._sources.setdefault(slug, source)
        if first != source:
            raise UsageProblem(
                f"{first} and {source} would both be the artifact {slug!r}",
                hint="Draft them one by one with --artifact SLUG, or put them in one folder.",
            )


def _store(source: str, workspace: Workspace, proposal: Proposal) -> Outcome:
    """Write a proposal, unless the artifact's newest one says the same."""
    slug = proposal.artifact.slug
    if workspace.proposals(slug):
        newest = workspace.read_proposal(slug)
        if _says_the_same(newest.proposal, proposal):
            return Outcome(source, newest.proposal.run.state, stored=newest, unchanged=True)
    return Outcome(source, proposal.run.state, stored=workspace.add_proposal(proposal))


def _says_the_same(one: Proposal, two: Proposal) -> bool:
    """Tell whether a reviewer would read the same; what the catalog says is quoted where cited."""
    first, second = map(_without_records, (one, two))
    return (
        first.same_draft(second)
        and set(one.uris.values()) == set(two.uris.values())
        and one.alternatives == two.alternatives
        and one.contradictions == two.contradictions
    )


def _without_records(proposal: Proposal) -> Proposal:
    own = tuple(ref for ref in proposal.documents if ref.media_type != RECORDS_MEDIA_TYPE)
    return proposal.model_copy(update={"documents": own})
