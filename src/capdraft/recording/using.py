"""What a cassette is for: the documents and prompts of its note as they are now, and who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from capdraft.client import Endpoint
from capdraft.client.cassettes import Note, NotedDocument, NotedSource
from capdraft.drafting import Brief, Prompts, draft_artifact, make_brief
from capdraft.drafting.asking import Terms
from capdraft.errors import CapdraftError, SourceError
from capdraft.evaluating import GoldCase, read_gold
from capdraft.ledger import Ledger
from capdraft.prompts import Prompt, load_prompt
from capdraft.recording.noting import draft_note, judge_note, noted_documents
from capdraft.records import Artifact, Document, DocumentRef, Proposal
from capdraft.settings import Settings
from capdraft.sources import read_bytes
from capdraft.sources.addresses import is_address, kept_file
from capdraft.workspace import Workspace

Open = Callable[[Path], AbstractAsyncContextManager[tuple[Endpoint, Terms]]]
"""Gives the endpoint that answers for a cassette, and its terms."""
JUDGED = ".judge.yaml"
"""How the cassette of a judge ends; that of the draft is called the same without `.judge`."""


FETCH = "--fetch reads addresses again, and files outside of the repository."


class DraftStaleError(Exception):
    """A judge's cassette can't be asked for anew: the draft that it judged isn't current."""


@dataclass(frozen=True)
class Use:
    """One cassette's note, held against the workspace as it is."""

    workspace: Workspace
    settings: Settings
    note: Note
    fetch: bool = False
    """Read what lies elsewhere too: addresses, and files outside of the repository."""

    @property
    def judges(self) -> bool:
        """Whether it holds judgements, not drafts."""
        return self.note.by.endswith("--judge")

    @cached_property
    def _prompt_root(self) -> Path:
        return self._inside(self.note.prompts or "", "prompts")

    @cached_property
    def _repository(self) -> Path:
        """The folder that git keeps the workspace in, else the workspace's own."""
        root = self.workspace.root
        return next((f for f in (root, *root.parents) if (f / ".git").exists()), root)

    def _inside(self, place: str, what: str) -> Path:
        """Return a path of the note. It may come with a clone, and what it names is sent away.

        Raises:
            SourceError: it leads out of the repository.
        """
        path = self.workspace.root / place
        if not path.resolve().is_relative_to(self._repository):
            raise SourceError(
                f"{what} {place!r} lies outside of the repository",
                hint="Put it into the repository, or record the cassette anew from where it is.",
            )
        return path

    @cached_property
    def prompts(self) -> Prompts:
        """The drafting prompts: the name is the settings', where the note's was only theirs."""
        settings = self.settings
        if self.note.by != "draft" or self.note.prompts:
            name = "draft" if self.judges else self.note.prompt
            chosen = settings.prompts.model_copy(update={"draft": name})
            settings = settings.model_copy(update={"prompts": chosen})
        return Prompts.load(settings, self._prompt_root)

    @cached_property
    def judge_prompt(self) -> Prompt:
        """The prompt of the judge."""
        return load_prompt(self.note.prompt, self._prompt_root)

    @cached_property
    def templates(self) -> dict[str, Prompt]:
        """The prompts that it uses, by name."""
        drafting = self.prompts
        drafts = (drafting.draft, drafting.repair, drafting.survey, drafting.consolidate)
        used = (self.judge_prompt,) if self.judges else drafts
        return {prompt.name: prompt for prompt in used}

    def away(self) -> list[str]:
        """Return the sources that aren't read unless `fetch` says so."""
        return [] if self.fetch else [i.source for i in self.note.sources if self._is_away(i)]

    def _is_away(self, item: NotedSource) -> bool:
        if is_address(item.source):
            return not (item.documents and all(map(self._kept, item.documents)))
        place = self.workspace.root / item.source
        return not place.resolve().is_relative_to(self._repository)

    @cached_property
    def briefs(self) -> list[Brief]:
        """What is drafted from the sources as they are now."""
        return [self._brief(item) for item in self.note.sources]

    @cached_property
    def _case(self) -> GoldCase:
        return read_gold(self._inside(self.note.sources[0].source, "gold"))

    def _brief(self, item: NotedSource) -> Brief:
        if self.note.by != "draft":
            return Brief(self._case.artifact, self._case.documents)
        if is_address(item.source) and not self.fetch:
            artifact = Artifact(slug=item.slug or "fetched", name=item.name or item.source)
            return Brief(artifact, tuple(self._kept_documents(item)))
        place = item.source if is_address(item.source) else self.workspace.root / item.source
        brief, _ = make_brief(
            place, self.workspace, slug=item.slug, name=item.name, artifact_type=item.type
        )
        return brief

    def _kept(self, item: NotedDocument) -> tuple[str, bytes] | None:
        data = item.model_dump(include={"uri", "sha256", "media_type"})
        ref = DocumentRef(id="d1", retrieved="2000-01-01T00:00:00Z", passages=0, **data)
        return kept_file(self.workspace.root, ref)

    def _kept_documents(self, source: NotedSource) -> Iterator[Document]:
        number = 1
        for item in source.documents:
            name, data = self._kept(item) or ("", b"")
            document = read_bytes(
                data, name, uri=item.uri, media_type=item.media_type, first_number=number
            )
            number += len(document.passages)
            yield document

    def now(self) -> Note:
        """Return the note that a recording made now would have.

        Raises:
            CapdraftError: a document or prompt can't be read, or may not be.
        """
        away = self.away()
        if away:
            raise SourceError(f"its documents are not here: {', '.join(away)}", hint=FETCH)
        sources = tuple(
            item.model_copy(update={"documents": noted_documents(brief.documents)})
            for item, brief in zip(self.note.sources, self.briefs, strict=True)
        )
        by, folder = self.note.by, self.note.prompts
        if self.judges:
            return judge_note(by, sources[0], self.judge_prompt, folder=folder)
        return draft_note(by, sources, self.prompts, self.settings.draft.window, folder=folder)

    async def ask(self, path: Path, answers: Open, ledger: Path, *, replay: Open) -> None:
        """Ask for all that the cassette at `path` is to hold; `ledger` is a folder for answers.

        `replay` opens the cassette of the draft where judgements are asked for.

        Raises:
            CapdraftError: it could not be asked, or the answer can't be used.
            DraftStaleError: the draft to judge isn't current.
        """
        if self.judges:
            await self._judge(path, answers, ledger, replay)
            return
        async with answers(path) as (endpoint, terms):
            for brief in self.briefs:
                await self._draft(brief, endpoint, terms, ledger)

    async def _draft(
        self, brief: Brief, endpoint: Endpoint, terms: Terms, ledger: Path
    ) -> Proposal:
        return await draft_artifact(
            brief,
            endpoint=endpoint,
            ledger=Ledger(ledger),
            terms=terms,
            prompts=self.prompts,
            settings=self.settings,
        )

    async def _judge(self, path: Path, answers: Open, ledger: Path, replay: Open) -> None:
        from capdraft.evaluating.asking import Asking
        from capdraft.evaluating.judged import DraftJudge, judge_labelled

        asking = Asking(ledger, self.settings, lambda _: answers(path))
        if self.note.by == "evaluate rules --judge":
            await judge_labelled(asking, self.judge_prompt, [self._case])
            return
        judge = DraftJudge(asking, self.judge_prompt)
        await judge(await self._judged_draft(path, ledger, replay))
        for error in judge.errors.values():
            raise error

    async def _judged_draft(self, path: Path, ledger: Path, replay: Open) -> Proposal:
        from capdraft.client.cassettes.file import note_of

        drafted = path.with_name(path.name.removesuffix(JUDGED) + ".yaml")
        try:
            note = note_of(drafted)
            if note is None:
                raise DraftStaleError(f"{drafted.name} has no note")
            use = replace(self, note=note)
            async with replay(drafted) as (endpoint, terms):
                return await use._draft(use.briefs[0], endpoint, terms, ledger)
        except CapdraftError as error:
            raise DraftStaleError(
                f"it judges the draft in {drafted.name}, which isn't current"
            ) from error
