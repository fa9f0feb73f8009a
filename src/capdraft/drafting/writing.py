"""Asking for records: one prompt, then the records of its answer that aren't valid once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from capdraft.drafting.answer_models import (
    ConsolidateAnswer,
    DraftAnswer,
    DraftedCapability,
    NamedAlternative,
    NamedContradiction,
    RepairAnswer,
    SurveyAnswer,
    answer_schema,
)
from capdraft.drafting.answers import Draft, Invalid, Read, read_draft, read_repairs
from capdraft.drafting.asking import Answered, Asker
from capdraft.drafting.passages import Citations, Part, lay_out
from capdraft.drafting.past import Rejection
from capdraft.errors import AnswerError, AnswerWrongShape, PromptError, RequestRefused
from capdraft.prompts import Prompt, load_prompt, packaged_folder, prompts_hash
from capdraft.records import Document, Rejected
from capdraft.settings import Settings
from capdraft.text import normalise

REPAIRS = 2
"""How often a record that isn't valid is sent back with its errors."""


@dataclass(frozen=True)
class Prompts:
    """The templates of a run."""

    draft: Prompt
    repair: Prompt
    survey: Prompt
    consolidate: Prompt

    @classmethod
    def load(cls, settings: Settings, root: Path) -> Prompts:
        """Return the prompts that the settings name, the workspace's own before the packaged."""
        others = (load_prompt(name, root) for name in ("repair", "survey", "consolidate"))
        return cls(load_prompt(settings.prompts.draft, root), *others)

    @cached_property
    def sha256(self) -> str:
        """Hash of everything fixed that a run sends."""
        models = (DraftAnswer, RepairAnswer, SurveyAnswer, ConsolidateAnswer)
        prompts = [self.draft, self.repair, self.survey, self.consolidate]
        return prompts_hash(prompts, [answer_schema(model) for model in models])

    def require(self, *variables: str) -> None:
        """Check that the drafting prompt uses `variables`.

        Raises:
            PromptError: it doesn't, so what they say would never be asked.
        """
        missing = [name for name in variables if name not in self.draft.uses]
        if missing:
            raise PromptError(
                f"the prompt {self.draft.name!r} doesn't use {', '.join(missing)}, "
                "which documents of this length need",
                where=str(self.draft.path),
                hint="Take these parts over from the packaged prompt; "
                f"it is in {packaged_folder()}.",
            )


@dataclass(frozen=True)
class Revise:
    """A record to write again, and why."""

    name: str
    why: str
    passages: tuple[int, ...] = ()


@dataclass(frozen=True)
class Request:
    """What one artifact is asked about: which parts of its documents, and what is known of it.

    `records` are the catalog records of other artifacts that are numbered on from the documents,
    `shown_records` the numbers of their passages that a prompt shows.
    """

    name: str
    documents: tuple[Document, ...]
    parts: tuple[Part, ...]
    records: tuple[Document, ...] = ()
    shown_records: frozenset[int] = frozenset()
    rejected: tuple[Rejection, ...] = ()
    known: tuple[str, ...] = ()
    revise: tuple[Revise, ...] = ()
    changed: bool = False

    def messages(
        self, prompts: Prompts, parts: Sequence[Part], candidates: Sequence[object] = ()
    ) -> list[dict[str, str]]:
        """Return the messages that ask for records from `parts`."""
        return prompts.draft.render(
            name=self.name,
            rejected=self.rejected_lines(parts),
            known=self.known,
            revise=() if candidates else self.revise,
            changed=self.changed and not candidates,
            candidates=candidates,
            passages=lay_out(self.documents, parts, self._shown()),
        )

    def rejected_lines(self, parts: Sequence[Part]) -> list[str]:
        """Return what was rejected of what `parts` say, as a prompt tells it."""
        said = {
            normalise(self.documents[part.document - 1].text[part.passage.start : part.passage.end])
            for part in parts
        }
        lines = (item.line for item in self.rejected if not item.quotes or item.quotes & said)
        return list(dict.fromkeys(lines))

    def _shown(self) -> list[Document]:
        found = []
        for record in self.records:
            shown = tuple(p for p in record.passages if p.number in self.shown_records)
            if shown:
                found.append(record.model_copy(update={"passages": shown}))
        return found

    def citations(self, parts: Sequence[Part]) -> Citations:
        """Return what an answer about `parts` may cite."""
        shown = self.shown_records | {part.passage.number for part in parts}
        return Citations((*self.documents, *self.records), shown)


@dataclass
class Written:
    """What was answered: records and other things named, each with what it may cite."""

    records: list[tuple[DraftedCapability, Citations]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    alternatives: list[tuple[NamedAlternative, Citations]] = field(default_factory=list)
    contradictions: list[tuple[NamedContradiction, Citations]] = field(default_factory=list)
    windows: int = 1

    def add(self, other: Written) -> None:
        """Take in what another prompt brought."""
        self.records += other.records
        self.rejected += other.rejected
        self.alternatives += other.alternatives
        self.contradictions += other.contradictions


async def write_records(
    asker: Asker,
    prompts: Prompts,
    request: Request,
    parts: Sequence[Part],
    candidates: Sequence[object] = (),
) -> Written:
    """Ask for records from `parts`, then up to twice again for those that aren't valid.

    Raises:
        AnswerError: no record of the answer can be used.
        EndpointError, CassetteError, PromptError: it could not be asked.
    """
    messages = request.messages(prompts, parts, candidates)
    first, draft = await asker.ask_and_read(
        messages, "draft", answer_schema(DraftAnswer), read_draft
    )
    good, bad = await _with_repairs(asker, prompts, messages, first, draft)
    citations = request.citations(parts)
    return Written(
        [(record, citations) for record in good],
        bad,
        [(item, citations) for item in draft.alternatives],
        [(item, citations) for item in draft.contradictions],
    )


async def _with_repairs(
    asker: Asker, prompts: Prompts, messages: list[dict[str, str]], first: Answered, draft: Draft
) -> tuple[list[DraftedCapability], list[Rejected]]:
    records: dict[int, Read] = dict(enumerate(draft.records, 1))
    answers = dict.fromkeys(records, first)
    for _ in range(REPAIRS):
        invalid = {number: r for number, r in records.items() if isinstance(r, Invalid)}
        if not invalid:
            break
        try:
            answered, repaired = await _ask_again(asker, messages, prompts, invalid)
        except (AnswerError, RequestRefused):
            break  # what is valid is kept; the answer stays in the ledger
        changed = {n: r for n, r in repaired.items() if n in invalid and r != invalid[n]}
        if not changed:
            break  # asking the same again would end the same
        for number, record in changed.items():
            records[number], answers[number] = record, answered
    good, bad = _sort_out(records, answers)
    if bad and not good:
        listed = "; ".join(f"{record.name}: {record.reason}" for record in bad[:5])
        none = AnswerWrongShape(f"no record of the answer is valid: {listed}")
        for entry in sorted({first.entry, *(int(record.answer) for record in bad)}):
            asker.unusable(entry, none)
        raise none
    return good, bad


async def _ask_again(
    asker: Asker, messages: list[dict[str, str]], prompts: Prompts, bad: dict[int, Invalid]
) -> tuple[Answered, dict[int, Read]]:
    """Send invalid records back, each with its own errors, and nothing of the valid ones."""
    wrote = '{"capabilities": [' + ", ".join(record.raw for record in bad.values()) + "]}"
    records = [
        {"number": number, "raw": record.raw, "problems": list(record.problems)}
        for number, record in bad.items()
    ]
    again = [
        *messages,
        {"role": "assistant", "content": wrote},
        *prompts.repair.render(records=records),
    ]
    return await asker.ask_and_read(again, "repair", answer_schema(RepairAnswer), read_repairs)


def _sort_out(
    records: dict[int, Read], answers: dict[int, Answered]
) -> tuple[list[DraftedCapability], list[Rejected]]:
    good = [record for record in records.values() if not isinstance(record, Invalid)]
    bad = [
        Rejected(
            name=record.name,
            reason="; ".join(record.problems),
            answer=str(answers[number].entry),
            raw=record.raw,
        )
        for number, record in records.items()
        if isinstance(record, Invalid)
    ]
    return good, bad
