"""A workspace as scripts and notebooks see it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

from capdraft.errors import NoWorkspace
from capdraft.scripting.arguments import at_least, wrong
from capdraft.scripting.asking import Asking
from capdraft.scripting.deciding import reviewer
from capdraft.scripting.drafting import Drafted, Run
from capdraft.scripting.judging import Judged, judge
from capdraft.scripting.reviewing import Review
from capdraft.scripting.telling import scripted
from capdraft.scripting.waiting import imported, off_the_loop, wait_for

if TYPE_CHECKING:
    from capdraft.comparing import Comparison
    from capdraft.merging import MergeReport
    from capdraft.publishing.api import Library
    from capdraft.records import (
        CatalogEntry,
        Document,
        Finding,
        Proposal,
        Withdrawal,
        WithdrawalReason,
    )
    from capdraft.records.alignments import Alignment
    from capdraft.reviewing import Target
    from capdraft.searching import Answer
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace as Files


class Workspace:
    """The workspace that `folder` (else the current one) lies in: where capdraft.toml is.

    Nothing is printed. Settings and the environment count as they do for the command line, read
    anew at each call. Threads may share it; it can be pickled and copied. Of a process, plugins go
    by the settings of the workspace that was opened last.

    >>> workspace = Workspace()
    >>> workspace.artifacts()
    ['receipt-reader', 'ticket-reader']

    Raises:
        NoWorkspace: there is no such folder, or neither it nor one above it holds capdraft.toml.
    """

    @scripted
    def __init__(self, folder: Path | str | None = None) -> None:
        from capdraft.plugins.running import use
        from capdraft.workspace import Workspace as Files

        place = None if folder is None else Path(folder)
        try:
            if place is not None and not place.is_dir():
                raise NoWorkspace(f"there is no folder {place}")
            self._files: Files = Files.find(place)
        except NoWorkspace as error:
            error.hint = "Workspace.make(FOLDER) makes one, and so does `capdraft init FOLDER`."
            raise
        use(self._files.root)

    @classmethod
    @scripted
    def make(cls, folder: Path | str) -> Workspace:
        """Open the workspace in `folder`, which is made one if it is none.

        What is written is an empty capdraft.toml and a .gitignore; `capdraft init` explains more.

        >>> scratch = Workspace.make("scratch")
        >>> scratch.artifacts()
        []

        Raises:
            StoreError: they can't be written.
        """
        from capdraft.scripting.making import make

        make(folder)
        return cls(folder)

    def __repr__(self) -> str:
        return f"Workspace({str(self.root)!r})"

    def __reduce__(self) -> tuple[type[Workspace], tuple[Path]]:
        return type(self), (self.root,)

    def __eq__(self, other: object) -> bool:
        return self.root == other.root if isinstance(other, Workspace) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.root)

    @property
    def root(self) -> Path:
        """The folder that holds capdraft.toml."""
        return self._files.root

    @cached_property
    def _library(self) -> Library:
        from capdraft.publishing.api import Library

        return Library(self._files, base="", environment=os.environ)

    def _settings(self) -> Settings:
        """Return capdraft.toml as it is now."""
        from capdraft.settings import Settings, parse_settings

        stored = self._files.settings_text()
        return parse_settings(stored.text) if stored else Settings()

    async def _run(self, room: str, asking: Asking) -> Run:
        """Return the run that `asking` wants, with what it needs of `room` imported."""
        await imported(room, "capdraft.client.openai_endpoint")
        return Run.of(self._files, self._settings(), asking)

    # Reading

    @scripted
    def artifacts(self) -> list[str]:
        """Return the slugs of the artifacts that have a proposal, sorted."""
        return self._files.artifacts()

    @scripted
    def catalog(self) -> list[str]:
        """Return the slugs of the artifacts that have an entry in the catalog, sorted.

        >>> [len(workspace.entry(slug).capabilities) for slug in workspace.catalog()]
        [1, 1]
        """
        return self._files.catalog()

    @scripted
    def read(self, source: Path | str) -> list[Document]:
        """Return the documents of a file, folder or address, numbered as a model is shown them.

        An address (https://…, hf:org/name, gh:owner/name) is fetched, and what it holds is kept.

        >>> [len(document.passages) for document in workspace.read("ticket-reader.md")]
        [2]

        Raises:
            SourceError: a document can't be read, or there is none.
        """
        from capdraft.drafting import make_brief

        brief, _ = off_the_loop(lambda: make_brief(source, self._files))
        return list(brief.documents)

    @scripted
    def proposal(self, artifact: str, number: str | None = None) -> Proposal:
        """Return a proposal of an artifact, the newest if no number is given.

        >>> workspace.proposal("ticket-reader").capabilities[0].description.text
        'Reads printed tickets with up to 40 fields.'

        Raises:
            NotFound: there is none.
            FileInvalid: its file isn't what its schema says.
        """
        return self._files.read_proposal(artifact, number).proposal

    @scripted
    def entry(self, artifact: str) -> CatalogEntry:
        """Return the approved records of an artifact, with their evidence.

        >>> workspace.entry("ticket-reader").capabilities[0].description.evidence[0].quote
        'Reads printed tickets of up to 40 fields.'

        Raises:
            NotFound: the catalog has none, or it was withdrawn.
            FileInvalid: its file isn't what its schema says, or was changed by hand.
        """
        from capdraft.comparing import read_entries

        return read_entries(self._files, [artifact])[0]

    # Drafting

    @scripted
    async def draft(
        self,
        source: Path | str,
        *,
        artifact: str | None = None,
        name: str | None = None,
        type: str | None = None,  # noqa: A002 - as the option is called
        **asking: Unpack[Asking],
    ) -> Proposal:
        """Draft a file, folder or address as one artifact, and return its proposal.

        `artifact` (its slug), `name` and `type` are for what its documents don't say, and `asking`
        says which model is asked: `model`, `base_url`, `api_key`, `max_cost`, `max_calls`,
        `max_wait`, `at_once`, `fresh`, `cassette`, `record_mode`, `notify`.

        >>> import asyncio
        >>> proposal = asyncio.run(workspace.draft("invoice-reader.md", max_calls=5))
        >>> proposal.run.state, [capability.name for capability in proposal.capabilities]
        ('drafted', ['Read invoices'])

        Raises:
            SourceError: there is nothing to draft from.
            EndpointError, AnswerError: the model gave no usable answer.
            BudgetReached: the next call would pass `max_cost` or `max_calls`; what was paid for is
                kept, and the same call goes on.
        """
        run = await self._run("capdraft.drafting", asking)
        return await run.one(source, slug=artifact, name=name, artifact_type=type)

    @scripted
    def draft_sync(
        self,
        source: Path | str,
        *,
        artifact: str | None = None,
        name: str | None = None,
        type: str | None = None,  # noqa: A002 - as the option is called
        **asking: Unpack[Asking],
    ) -> Proposal:
        """Draft as `draft` does, and wait for it; a loop that runs, as in a notebook, is no matter.

        >>> workspace.draft_sync("invoice-reader.md").artifact.type
        'model'
        """
        return wait_for(
            lambda: self.draft(source, artifact=artifact, name=name, type=type, **asking)
        )

    @scripted
    async def draft_all(
        self,
        sources: Sequence[Path | str],
        *,
        progress: Callable[[Drafted], None] = lambda _: None,
        **asking: Unpack[Asking],
    ) -> list[Drafted]:
        """Draft many sources side by side, each an artifact; return how each ended, in their order.

        One that fails stops no other. `progress` is called with each as it ends, and the limits of
        `asking` are those of the whole run.

        >>> sources = ["invoice-reader.md", "missing.md"]
        >>> ended = asyncio.run(workspace.draft_all(sources, max_calls=20))
        >>> [one.state for one in ended]
        ['drafted', 'failed']
        """
        run = await self._run("capdraft.drafting", asking)
        return await run.every(sources, progress)

    @scripted
    def draft_all_sync(
        self,
        sources: Sequence[Path | str],
        *,
        progress: Callable[[Drafted], None] = lambda _: None,
        **asking: Unpack[Asking],
    ) -> list[Drafted]:
        """Draft as `draft_all` does, and wait for it.

        >>> tell = lambda ended: print(ended.source, ended.state)
        >>> every = workspace.draft_all_sync(["invoice-reader.md"], at_once=16, progress=tell)
        invoice-reader.md drafted
        """
        return wait_for(lambda: self.draft_all(sources, progress=progress, **asking))

    # Checking, deciding, merging

    @scripted
    async def judge(self, *artifacts: str, **asking: Unpack[Asking]) -> list[Judged]:
        """Ask a model whether passages say what newest proposals say (of all, if none is named).

        What it says is kept, and `check` tells of it. A field that reads and cites what it did when
        this model judged it is not asked about again, unless `fresh`. `asking` is that of `draft`.

        >>> for judged in asyncio.run(workspace.judge("ticket-reader", max_calls=5)):
        ...     print(judged.artifact, judged.asked, judged.errors)
        ticket-reader 2 ()

        Raises:
            NotFound: one has no proposal; nothing was asked.
            NoEndpoint: nothing says what to ask, or with which key.
        """
        slugs = artifacts or tuple(self._files.artifacts())
        run = await self._run("capdraft.judging", asking)
        return await judge(run, slugs) if slugs else []

    @scripted
    def judge_sync(self, *artifacts: str, **asking: Unpack[Asking]) -> list[Judged]:
        """Judge as `judge` does, and wait for it.

        >>> [judged.not_judged for judged in workspace.judge_sync("ticket-reader")]
        [()]
        """
        return wait_for(lambda: self.judge(*artifacts, **asking))

    @scripted
    def check(self, artifact: str) -> list[Finding]:
        """Return what the rules still find in the newest proposal, after what was decided on it.

        >>> for found in workspace.check("ticket-reader"):
        ...     print(found.severity, found.code, found.capability, found.field)
        error CD103 read-tickets unique

        Raises:
            NotFound: the artifact has no proposal.
        """
        from capdraft.reviewing import Target, open_review, standing_findings

        review = open_review(self._files, Target(artifact))
        return [found for found, _ in standing_findings(review, self._settings().rules)]

    @scripted
    def review(self, artifact: str, *, by: str | None = None, number: str | None = None) -> Review:
        """Open a proposal (the newest, if no number is given) for `by` (else git's user) to decide.

        >>> review = workspace.review("ticket-reader", by="ana")
        >>> review["read-tickets.description"].text
        'Reads printed tickets with up to 40 fields.'

        Raises:
            NotFound: there is no such proposal.
        """
        from capdraft.reviewing import Target, open_review

        if by is not None:
            reviewer(by, self.root)
        opened = open_review(self._files, Target(artifact), number)
        return Review(opened, self._settings(), by)

    @scripted
    def merge(self, *artifacts: str) -> list[MergeReport]:
        """Write what was approved of artifacts (of all, if none is named) to the catalog.

        Those of them that cite what changed are merged once more. What somebody changed in a file
        by hand stays there, and is among the report's `differences`.

        >>> for report in workspace.merge("ticket-reader"):
        ...     print(report.slug, report.records, report.changed, len(report.left_out))
        ticket-reader 1 False 1

        Raises:
            NotFound: one has no proposal; those before it are merged.
            FileInvalid: one of its files isn't what its schema says.
        """
        from capdraft.merging import citing, merge_artifact

        names = artifacts or tuple(self._files.artifacts())
        reports = {name: merge_artifact(self._files, name) for name in names}
        changed = {name for name, report in reports.items() if report.changed}
        for name in citing(self._files, changed) if changed else ():
            if name in reports and (again := merge_artifact(self._files, name)).changed:
                reports[name] = again
        return list(reports.values())

    # The catalog

    @scripted
    def withdraw(
        self, path: str, reason: WithdrawalReason, *, note: str, by: str | None = None
    ) -> Withdrawal:
        """Take an artifact, or SLUG/CAPABILITY, out of the catalog at the next merge.

        Its approvals stand. Readers are told who withdrew it, when and why (`note`); reasons are
        those of `capdraft withdraw --help`.

        >>> said = workspace.withdraw("ticket-reader", "outdated", note="It was retired.", by="ana")
        >>> workspace.merge("ticket-reader")[0].withdrawn
        ('ticket-reader',)

        Raises:
            NotFound: the catalog doesn't have it.
            ReviewRefused: it is withdrawn already, the note is empty, or `by` is no reviewer of it.
        """
        from capdraft.merging import withdraw

        target, who = self._published(path), reviewer(by, self.root)
        return withdraw(
            self._files, target.slug, target.capability, reviewer=who, reason=reason, note=note
        )

    @scripted
    def restore(self, path: str, *, note: str | None = None, by: str | None = None) -> Withdrawal:
        """Bring back what was withdrawn, at the next merge.

        >>> said = workspace.withdraw("ticket-reader", "outdated", note="Retired.", by="ana")
        >>> workspace.restore("ticket-reader", by="ana").verdict
        'restore'

        Raises:
            NotFound: it isn't withdrawn.
            ReviewRefused: `by` is no reviewer of it.
        """
        from capdraft.merging import restore

        target, who = self._published(path), reviewer(by, self.root)
        return restore(self._files, target.slug, target.capability, reviewer=who, note=note)

    @scripted
    def align(
        self,
        one: str,
        two: str,
        verdict: Literal["same", "differ", "undo"],
        *,
        note: str | None = None,
        by: str | None = None,
    ) -> Alignment:
        """Say of two capabilities (SLUG/CAPABILITY) that they can do the same, or that they differ.

        It counts before the rule when artifacts are compared. `undo` takes back what `by` said.

        >>> pair = "ticket-reader/read-tickets", "receipt-reader/read-receipts"
        >>> workspace.align(*pair, "same", by="ana").verdict
        'same'

        Raises:
            NotFound: the catalog lacks one of them, or there is nothing to take back.
            UsageProblem: both are of one artifact.
            ReviewRefused: `by` is no reviewer of theirs.
        """
        from capdraft.comparing import say, take_back

        for name, path in (("one", one), ("two", two)):
            if not self._published(path).capability:
                raise wrong(name, path, "It is a capability: SLUG/CAPABILITY.")
        who = reviewer(by, self.root)
        if verdict == "undo":
            return take_back(self._files, (one, two), reviewer=who)
        return say(self._files, verdict, (one, two), reviewer=who, note=note)

    @scripted
    def compare(self, *artifacts: str, limit: int | None = 8, least: int = 3) -> Comparison:
        """Set artifacts of the catalog side by side, each with `limit` capabilities (None: all).

        Those with `least` capabilities in common, or all of one that has fewer (2 or more), count
        as rivals.

        >>> comparison = workspace.compare("receipt-reader", "ticket-reader")
        >>> print(comparison.title)
        Receipt reader vs Ticket reader

        Raises:
            NotFound: the catalog lacks one of them, or it was withdrawn.
            UsageProblem: fewer than two are named, or one twice.
        """
        from capdraft.publishing.api import compared

        at_least(1, limit=limit, least=least)
        return compared(self._library, artifacts, limit=limit, least=least)

    @scripted
    async def search(
        self,
        need: str,
        *,
        type: str | None = None,  # noqa: A002 - as the option is called
        limit: int = 10,
        keep: bool = False,
    ) -> Answer:
        """Return the approved capabilities that meet a need put in plain words, the best first.

        With `keep` the search counts in the match graph, and `feedback` can tell what came of it.
        It waits for a model only where capdraft.toml sets embeddings, and never holds up the loop.

        >>> answer = asyncio.run(workspace.search("read receipts"))
        >>> answer.results[0].artifact, answer.results[0].passage.quote
        ('receipt-reader', 'Reads paper receipts with their totals.')

        Raises:
            StoreError: the index can't be written.
        """
        import asyncio

        return await asyncio.to_thread(self._found, need, type, limit, keep=keep)

    @scripted
    def search_sync(
        self,
        need: str,
        *,
        type: str | None = None,  # noqa: A002 - as the option is called
        limit: int = 10,
        keep: bool = False,
    ) -> Answer:
        """Search as `search` does, and wait for it.

        >>> for result in workspace.search_sync("read receipts").results:
        ...     print(result.artifact, result.capability)
        receipt-reader read-receipts
        ticket-reader read-tickets
        """
        return off_the_loop(lambda: self._found(need, type, limit, keep=keep))

    @scripted
    def feedback(
        self,
        match: str | None,
        verdict: Literal["success", "failure"],
        result: int | None = None,
    ) -> None:
        """Tell whether a result of a kept search did what was needed.

        `match` is the answer's; `result` the place of the result.

        >>> answer = workspace.search_sync("read receipts", keep=True)
        >>> workspace.feedback(answer.match, "success", result=1)

        Raises:
            NotFound: there is no such match, or it has no such result.
            UsageProblem: the search was not kept, or no result is named.
        """
        at_least(1, result=result)
        if match is None:
            raise wrong("match", match, "A search with keep=True has one.")
        self._library.matches().feedback(match, verdict, result)

    def _found(self, need: str, type_: str | None, limit: int, *, keep: bool) -> Answer:
        from capdraft.searching import local_client

        at_least(1, limit=limit)
        if not need.strip():
            raise wrong("need", need, "It is what somebody needs, in plain words.")
        answer = self._library.search().find(need, type_=type_, limit=limit)
        return self._library.matches().record(answer, local_client()) if keep else answer

    @staticmethod
    def _published(path: str) -> Target:
        """Return what SLUG or SLUG/CAPABILITY names.

        Raises:
            BadSlug: one of the two isn't a slug.
        """
        from capdraft.reviewing import Target
        from capdraft.text import check_slug

        target = Target.parse(path)
        for slug in filter(None, (target.slug, target.capability)):
            check_slug(slug, given=path)
        return target
