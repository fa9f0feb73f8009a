"""What a cassette is for: the documents and prompts of its note as they are now, and who asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from capdraft.client import Endpoint
from capdraft.client.cassettes import Note, NotedSource
from capdraft.drafting import Brief, Prompts, draft_artifact
from capdraft.drafting.asking import Terms
from capdraft.errors import CapdraftError, SourceError
from capdraft.evaluating import GoldCase, read_gold
from capdraft.ledger import Ledger
from capdraft.prompts import Prompt, load_prompt
from capdraft.recording.judged_texts import Texts, ask_about, texts_checked, texts_grounded
from capdraft.recording.noting import draft_note, judge_note, noted_documents
from capdraft.recording.placing import home_of, moved
from capdraft.recording.reading import FETCH, Reading
from capdraft.records import Proposal
from capdraft.settings import Settings
from capdraft.workspace import Workspace

Open = Callable[[Path], AbstractAsyncContextManager[tuple[Endpoint, Terms]]]
"""Gives the endpoint that answers for a cassette, and its terms."""
JUDGED = ".judge.yaml"
"""How the cassette of a judge ends; that of the draft is called the same without `.judge`."""


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

    @classmethod
    def of(
        cls, path: Path, workspace: Workspace, settings: Settings, note: Note, *, fetch: bool
    ) -> Use:
        """Return the use of the cassette at `path`, whose paths count from its own workspace."""
        return cls(home_of(path, workspace), settings, note, fetch)

    @property
    def judges(self) -> bool:
        """Whether it holds judgements, not drafts."""
        return self.note.by.endswith("--judge")

    @property
    def _judges_texts(self) -> bool:
        """Whether what it judges stands in a workspace, and not in a draft or gold set."""
        return self.note.by in ("check --judge", "ground --judge")

    @cached_property
    def _reading(self) -> Reading:
        return Reading(self.workspace, self.fetch)

    @cached_property
    def _prompt_root(self) -> Path:
        return self._reading.inside(self.note.prompts or "", "prompts")

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
        return [item.source for item in self.note.sources if self._reading.is_away(item)]

    @cached_property
    def briefs(self) -> list[Brief]:
        """What is drafted from the sources as they are now."""
        if self.note.by != "draft":
            return [Brief(self._case.artifact, self._case.documents)]
        return [self._reading.brief(item, self.workspace)[0] for item in self.note.sources]

    @cached_property
    def _texts(self) -> list[tuple[Workspace, Texts]]:
        """The texts to judge as they are now, each with the workspace that it stands in."""
        against = [item for item in self.note.sources if not item.texts]
        return [self._judged_texts(item, against) for item in self.note.sources if item.texts]

    def _judged_texts(
        self, item: NotedSource, against: Sequence[NotedSource]
    ) -> tuple[Workspace, Texts]:
        home = Workspace.find(self._reading.inside(item.source, "texts").parent)
        slug = item.slug or ""
        if self.note.by == "check --judge":
            return home, texts_checked(home, slug)
        named = {moved(each, self.note, self.workspace, home).source: each for each in against}

        def brief_of(source: Path | str) -> tuple[Brief, list[str]]:
            return self._reading.brief(named[str(source)], home, slug)

        return home, texts_grounded(home, slug, list(named), brief_of)

    @cached_property
    def _case(self) -> GoldCase:
        return read_gold(self._reading.inside(self.note.sources[0].source, "gold"))

    def now(self) -> Note:
        """Return the note that a recording made now would have.

        Raises:
            CapdraftError: a document or prompt can't be read, or may not be.
        """
        away = self.away()
        if away:
            raise SourceError(f"its documents are not here: {', '.join(away)}", hint=FETCH)
        by, folder = self.note.by, self.note.prompts
        if self.judges:
            return judge_note(by, self._sources(), self.judge_prompt, folder=folder)
        window = self.settings.draft.window
        return draft_note(by, self._sources(), self.prompts, window, folder=folder)

    def _sources(self) -> list[NotedSource]:
        if self._judges_texts:
            return [
                moved(item, self.note, home, self.workspace)
                for home, texts in self._texts
                for item in texts.sources()
            ]
        return [
            item.model_copy(update={"documents": noted_documents(brief.documents)})
            for item, brief in zip(self.note.sources, self.briefs, strict=True)
        ]

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
        if self._judges_texts:
            async with answers(path) as (endpoint, terms):
                for _, texts in self._texts:
                    await ask_about(texts, self.judge_prompt, (endpoint, terms, Ledger(ledger)))
            return
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
