"""One run of `capdraft draft`: which endpoint is asked, on what terms, and what is shown."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from capdraft.cli.asking import Asked, announcement, choosing, opened
from capdraft.cli.draft_text import outcome_data, tell
from capdraft.cli.frame import Frame, count
from capdraft.cli.progress import Counted, Progress, is_live
from capdraft.errors import CassetteError, EndpointError

if TYPE_CHECKING:
    from capdraft.client.cassettes import Note, NotedSource
    from capdraft.drafting import Job, Outcome, Prompts
    from capdraft.settings import EndpointSettings, Settings
    from capdraft.workspace import Workspace


@dataclass(frozen=True)
class Work:
    """A run: where, with what, and the jobs, which print on the frame that they are given."""

    frame: Frame
    workspace: Workspace
    settings: Settings
    prompts: Prompts
    sources: int
    jobs: Callable[[Frame], list[Job]]
    asked: Asked
    given: dict[str, str | None] = field(default_factory=dict)
    """What the command line says of the artifact: slug, name, artifact_type."""
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What `--json` says of each source that ended: the outcomes don't keep their proposals."""
    noted: list[NotedSource] = field(default_factory=list)
    """What a cassette was recorded from, in the order of ending."""

    def ended(self, front: Frame, outcome: Outcome) -> None:
        """Tell how one source ended."""
        tell(front, outcome)
        if self.frame.as_json:
            self.data[outcome.source] = outcome_data(outcome)
        if self.asked.cassette and outcome.stored:
            from capdraft.recording.noting import drafted_source

            proposal = outcome.stored.proposal
            self.noted.append(
                drafted_source(self.workspace, outcome.source, proposal, **self.given)
            )

    def note(self) -> Note | None:
        """Return what the cassette is to say of itself; None where nothing was drafted."""
        from capdraft.recording.noting import draft_note
        from capdraft.recording.placing import placed

        noted, cassette = sorted(self.noted, key=lambda item: item.source), self.asked.cassette
        if not noted or not cassette:
            return None
        note = draft_note("draft", noted, self.prompts, self.settings.draft.window)
        return placed(note, self.workspace, cassette)


def run_work(work: Work) -> list[Outcome]:
    """Draft what `work` names and return how each source ended."""
    import asyncio

    with choosing(work.frame, work.settings, work.asked) as (chosen, session):
        _collect_less()
        outcomes = asyncio.run(_ask(work, chosen))
        if session:
            session.note = work.note()
        if session and any(isinstance(o.error, EndpointError | CassetteError) for o in outcomes):
            session.discard()
    return outcomes


def _collect_less() -> None:
    """Look for cycles less often: a run makes many objects, hardly any in cycles.

    It saved 8 of 35 ms a document.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def _ask(work: Work, chosen: EndpointSettings) -> list[Outcome]:
    from capdraft.client.prices import Meter
    from capdraft.drafting import RunOptions, run_drafts

    asked, settings = work.asked, work.settings
    counted = Counted(work.sources, Meter())
    progress = Progress(work.frame, counted, live=is_live(work.frame))
    note = progress.frame.note
    endpoint_of = opened(work.workspace, settings, asked, chosen, counted.meter, note)
    async with endpoint_of as (endpoint, terms):
        alone = asked.cassette is not None
        options = RunOptions(terms, settings, work.prompts, asked.at_once, alone, note)
        told = announcement(asked, terms, count(work.sources, "source"))
        counted.meter.began = lambda: note(told)
        async with progress:
            outcomes = await run_drafts(
                work.jobs(progress.frame),
                work.workspace,
                endpoint,
                options,
                done=lambda outcome: progress.finished(lambda front: work.ended(front, outcome)),
            )
    if work.sources > 1:
        work.frame.note(counted.ended())
    return outcomes
