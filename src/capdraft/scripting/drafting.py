"""Drafting from a script: sources are asked for on the terms of a command, and nothing prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from capdraft.errors import BadSlug, CapdraftError, UsageProblem
from capdraft.scripting.asking import Asked, Asking, Notify, choosing, opened
from capdraft.scripting.telling import by_arguments, in_a_script

if TYPE_CHECKING:
    from capdraft.client.cassettes import Note, NotedSource
    from capdraft.drafting import Brief, Job, Outcome, Prompts
    from capdraft.records import Proposal
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace

_TYPE = re.compile("[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Drafted:
    """How one source of a run ended: with proposal `number` of `artifact`, or with `error`.

    >>> for ended in workspace.draft_all_sync(["invoice-reader.md", "missing.md"]):
    ...     print(ended.source, ended.state, ended.error or ended.proposal)
    invoice-reader.md drafted <Proposal of invoice-reader, drafted, capabilities: 1>
    missing.md failed missing.md: there is no such file
    """

    source: str
    state: Literal["drafted", "empty", "partial", "failed", "left"]
    artifact: str | None = None
    number: str | None = None
    unchanged: bool = False
    """The proposal was there before, and says the same."""
    error: CapdraftError | None = None
    proposal: Proposal | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Run:
    """Where a run drafts, and how it asks."""

    workspace: Workspace
    settings: Settings
    asked: Asked
    notify: Notify

    @classmethod
    def of(cls, workspace: Workspace, settings: Settings, asking: Asking) -> Run:
        """Return the run that `asking` wants.

        Raises:
            UsageProblem: a limit is out of its range.
        """
        given: dict[str, Any] = dict(asking)
        notify = _in_arguments(given.pop("notify", _say_nothing))
        if given.get("cassette") is not None:
            given["cassette"] = Path(given["cassette"])
        return cls(workspace, settings, Asked(**given, command=""), notify)

    async def one(self, source: Path | str, **described: str | None) -> Proposal:
        """Draft one source, `described` as `make_job` takes it, and return its proposal.

        Raises:
            CapdraftError: it could not be drafted.
        """
        kept: list[Proposal] = []

        def done(outcome: Outcome) -> None:
            if outcome.stored:
                kept.append(outcome.stored.proposal)

        job = make_job(self.workspace, source, self.notify, **described)
        (outcome,) = await self._draft([job], done, **described)
        if outcome.error:
            raise outcome.error
        return kept[0]

    async def every(
        self, sources: Sequence[Path | str], progress: Callable[[Drafted], None]
    ) -> list[Drafted]:
        """Draft each source; `progress` is called with each as it ends."""
        ended: dict[str, Drafted] = {}

        def done(outcome: Outcome) -> None:
            ended[outcome.source] = drafted = _drafted(outcome)
            progress(drafted)

        wanted = dict.fromkeys(map(str, sources))
        jobs = [make_job(self.workspace, source, self.notify) for source in wanted]
        outcomes = await self._draft(jobs, done) if jobs else []
        return [ended.get(outcome.source) or _drafted(outcome) for outcome in outcomes]

    async def _draft(
        self, jobs: list[Job], done: Callable[[Outcome], None], **given: str | None
    ) -> list[Outcome]:
        from capdraft.client.prices import Meter
        from capdraft.drafting import Prompts, RunOptions, run_drafts
        from capdraft.errors import CassetteError, EndpointError

        asked, settings, note = self.asked, self.settings, self.notify
        prompts = Prompts.load(settings, self.workspace.root)
        recorded = Recorded(self.workspace, given)
        with choosing(settings, asked, note) as (chosen, session):
            asking = opened(self.workspace, settings, asked, chosen, Meter(), note)
            async with asking as (endpoint, terms):
                alone = session is not None
                options = RunOptions(terms, settings, prompts, asked.at_once, alone, note, False)
                told = recorded.watching(done) if session else done
                outcomes = await run_drafts(jobs, self.workspace, endpoint, options, told)
            if session:
                session.note = recorded.note(prompts, settings, asked.cassette or Path())
                if any(isinstance(o.error, EndpointError | CassetteError) for o in outcomes):
                    session.discard()
        return outcomes


@dataclass(frozen=True)
class Recorded:
    """What a cassette was recorded from, for its note; `given` is what was said of the artifact."""

    workspace: Workspace
    given: dict[str, str | None]
    sources: list[NotedSource] = field(default_factory=list)

    def watching(self, done: Callable[[Outcome], None]) -> Callable[[Outcome], None]:
        """Return what notes the source of an outcome, and then calls `done`."""

        def told(outcome: Outcome) -> None:
            from capdraft.recording.noting import drafted_source

            if outcome.stored:
                proposal = outcome.stored.proposal
                self.sources.append(
                    drafted_source(self.workspace, outcome.source, proposal, **self.given)
                )
            done(outcome)

        return told

    def note(self, prompts: Prompts, settings: Settings, cassette: Path) -> Note | None:
        """Return what the cassette is to say of itself; None where nothing was drafted."""
        from capdraft.recording.noting import draft_note
        from capdraft.recording.placing import placed

        if not self.sources:
            return None
        sources = sorted(self.sources, key=lambda item: item.source)
        note = draft_note("draft", sources, prompts, settings.draft.window)
        return placed(note, self.workspace, cassette)


def make_job(
    workspace: Workspace,
    source: Path | str,
    note: Notify,
    *,
    slug: str | None = None,
    name: str | None = None,
    artifact_type: str | None = None,
) -> Job:
    """Return the job for a source, which is read, and an address fetched, when its turn comes.

    Raises:
        BadSlug: the slug given isn't one.
        UsageProblem: nor is the type.
    """
    from capdraft.drafting import Job, make_brief
    from capdraft.sources.addresses import without_password
    from capdraft.text import check_slug

    if slug is not None:
        check_slug(slug)
    if artifact_type is not None and not _TYPE.fullmatch(artifact_type):
        raise UsageProblem(
            f"{artifact_type!r} is no type",
            hint="A type is lower-case letters, digits and hyphens: model, dataset, …",
        )
    shown = without_password(str(source))

    def prepare() -> Brief:
        try:
            brief, notes = make_brief(
                source, workspace, slug=slug, name=name, artifact_type=artifact_type
            )
        except BadSlug as error:
            error.hint = "Name it with --artifact SLUG."
            raise
        for said in notes:
            note(said)
        if brief.artifact.type == "unknown":
            note(f"{shown}: type unknown, its docs don't tell; add --type model, dataset, …")
        return brief

    return Job(shown, prepare)


def _drafted(outcome: Outcome) -> Drafted:
    stored = outcome.stored
    return Drafted(
        source=outcome.source,
        state=outcome.state,
        artifact=stored.proposal.artifact.slug if stored else None,
        number=stored.number if stored else None,
        unchanged=outcome.unchanged,
        error=in_a_script(outcome.error) if outcome.error else None,
        proposal=stored.proposal if stored else None,
    )


def _in_arguments(notify: Notify) -> Notify:
    """Return what passes notes on in a script's terms."""
    return lambda text: notify(by_arguments(text))


def _say_nothing(_: str) -> None:
    """Take a note, and tell nobody."""
