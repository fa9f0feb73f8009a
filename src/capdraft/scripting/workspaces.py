"""A workspace as scripts and notebooks see it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

from capdraft.errors import NoWorkspace, UsageProblem
from capdraft.scripting.asking import Asking
from capdraft.scripting.drafting import Drafted, Run
from capdraft.scripting.reviewing import Review
from capdraft.scripting.waiting import wait_for

if TYPE_CHECKING:
    from capdraft.comparing import Comparison
    from capdraft.merging import MergeReport
    from capdraft.publishing.api import Library
    from capdraft.records import CatalogEntry, Document, Finding, Proposal
    from capdraft.searching import Answer
    from capdraft.workspace import Workspace as Files


class Workspace:
    """The workspace that `folder` (else the current one) lies in: where capdraft.toml is.

    Nothing is printed. Settings and the environment count as they do for the command line, read
    anew at each call. Threads may share it; it can be pickled and copied.

    >>> workspace = Workspace()
    >>> workspace.artifacts()
    ['receipt-reader', 'ticket-reader']

    Raises:
        NoWorkspace: there is no such folder, or neither it nor one above it holds capdraft.toml.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        from capdraft.plugins.running import use
        from capdraft.workspace import Workspace as Files

        place = None if folder is None else Path(folder)
        if place is not None and not place.is_dir():
            raise NoWorkspace(f"there is no folder {place}", hint="`capdraft init` makes one.")
        self._files: Files = Files.find(place)
        use(self._files.root)

    def __repr__(self) -> str:
        return f"Workspace({str(self.root)!r})"

    def __reduce__(self) -> tuple[type[Workspace], tuple[Path]]:
        return type(self), (self.root,)

    @property
    def root(self) -> Path:
        """The folder that holds capdraft.toml."""
        return self._files.root

    @cached_property
    def _library(self) -> Library:
        from capdraft.publishing.api import Library

        return Library(self._files, base="", environment=os.environ)

    # Reading

    def artifacts(self) -> list[str]:
        """Return the slugs of the artifacts that have a proposal, sorted."""
        return self._files.artifacts()

    def catalog(self) -> list[str]:
        """Return the slugs of the artifacts that have an entry in the catalog, sorted.

        >>> [len(workspace.entry(slug).capabilities) for slug in workspace.catalog()]
        [1, 1]
        """
        return self._files.catalog()

    def read(self, source: Path | str) -> list[Document]:
        """Return the documents of a file, folder or address, numbered as a model is shown them.

        An address (https://…, hf:org/name, gh:owner/name) is fetched, and what it holds is kept.

        >>> [len(document.passages) for document in workspace.read("ticket-reader.md")]
        [2]

        Raises:
            SourceError: a document can't be read, or there is none.
        """
        from capdraft.drafting import make_brief

        brief, _ = make_brief(source, self._files)
        return list(brief.documents)

    def proposal(self, artifact: str, number: str | None = None) -> Proposal:
        """Return a proposal of an artifact, the newest if no number is given.

        >>> workspace.proposal("ticket-reader").capabilities[0].description.text
        'Reads printed tickets with up to 40 fields.'

        Raises:
            NotFound: there is none.
            FileInvalid: its file isn't what its schema says.
        """
        return self._files.read_proposal(artifact, number).proposal

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
        run = Run.of(self._files, self._library.settings(), asking)
        return await run.one(source, slug=artifact, name=name, artifact_type=type)

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
        return await Run.of(self._files, self._library.settings(), asking).every(sources, progress)

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
        return [found for found, _ in standing_findings(review, self._library.settings().rules)]

    def review(self, artifact: str, *, by: str | None = None, number: str | None = None) -> Review:
        """Open a proposal (the newest, if no number is given) for `by` (else git's user) to decide.

        >>> review = workspace.review("ticket-reader", by="ana")
        >>> review["read-tickets.description"].text
        'Reads printed tickets with up to 40 fields.'

        Raises:
            NotFound: there is no such proposal.
        """
        from capdraft.reviewing import Target, open_review

        opened = open_review(self._files, Target(artifact), number)
        return Review(opened, self._library.settings(), by)

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

    def compare(self, *artifacts: str, limit: int | None = 8, least: int = 3) -> Comparison:
        """Set artifacts of the catalog side by side, each with `limit` capabilities (None: all).

        Those that have `least` capabilities in common count as rivals.

        >>> comparison = workspace.compare("receipt-reader", "ticket-reader")
        >>> print(comparison.title)
        Receipt reader vs Ticket reader

        Raises:
            NotFound: the catalog lacks one of them, or it was withdrawn.
            UsageProblem: fewer than two are named, or one twice.
        """
        from capdraft.publishing.api import compared

        return compared(self._library, artifacts, limit=limit, least=least)

    def search(
        self,
        need: str,
        *,
        type: str | None = None,  # noqa: A002 - as the option is called
        limit: int = 10,
        keep: bool = False,
    ) -> Answer:
        """Return the approved capabilities that meet a need put in plain words, the best first.

        With `keep` the search counts in the match graph, and `feedback` can tell what came of it.

        >>> for result in workspace.search("read receipts").results:
        ...     print(result.artifact, result.capability)
        receipt-reader read-receipts
        ticket-reader read-tickets

        Raises:
            StoreError: the index can't be written.
        """
        from capdraft.searching import local_client

        answer = self._library.search().find(need, type_=type, limit=limit)
        return self._library.matches().record(answer, local_client()) if keep else answer

    def feedback(
        self,
        match: str | None,
        verdict: Literal["success", "failure"],
        result: int | None = None,
    ) -> None:
        """Tell whether a result of a kept search did what was needed.

        `match` is the answer's; `result` the place of the result.

        >>> answer = workspace.search("read receipts", keep=True)
        >>> workspace.feedback(answer.match, "success", result=1)

        Raises:
            NotFound: there is no such match, or it has no such result.
            UsageProblem: there is no such verdict, or no result is named.
        """
        if verdict not in ("success", "failure"):
            raise UsageProblem(f"{verdict!r} is no verdict", hint="Give success or failure.")
        self._library.matches().feedback(str(match), verdict, result)
