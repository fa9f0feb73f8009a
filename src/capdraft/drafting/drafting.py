"""One artifact: documents → prompt → answer → records with evidence and findings → proposal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from capdraft import __version__
from capdraft.checking import check_capabilities
from capdraft.client import Endpoint
from capdraft.drafting.answers import (
    DraftAnswer,
    DraftedCapability,
    DraftedComparison,
    DraftedField,
    Invalid,
    Read,
    RepairAnswer,
    answer_schema,
    read_draft,
    read_repairs,
)
from capdraft.drafting.asking import Answered, Asker, Cost, Terms
from capdraft.drafting.passages import Citations, lay_out
from capdraft.errors import AnswerError, AnswerWrongShape, RequestRefused
from capdraft.ledger import Ledger
from capdraft.prompts import Prompt, load_prompt, prompts_hash
from capdraft.records import (
    Artifact,
    Capability,
    Document,
    DocumentRef,
    Field,
    Proposal,
    Rejected,
    Run,
)
from capdraft.settings import Settings
from capdraft.text import slugify

REPAIRS = 2
"""How often a record that isn't valid is sent back with its errors."""


@dataclass(frozen=True)
class Brief:
    """What is to be drafted: an artifact and its documents."""

    artifact: Artifact
    documents: tuple[Document, ...]

    @property
    def source(self) -> str:
        """The documents' URIs, for messages."""
        return ", ".join(document.uri for document in self.documents)


@dataclass(frozen=True)
class Prompts:
    """The templates of a run."""

    draft: Prompt
    repair: Prompt

    @classmethod
    def load(cls, settings: Settings, root: Path) -> Prompts:
        """Return the prompts that the settings name, the workspace's own before the packaged."""
        return cls(load_prompt(settings.prompts.draft, root), load_prompt("repair", root))

    @cached_property
    def sha256(self) -> str:
        """Hash of everything fixed that a run sends."""
        schemas = [answer_schema(DraftAnswer), answer_schema(RepairAnswer)]
        return prompts_hash([self.draft, self.repair], schemas)


def draft_messages(brief: Brief, prompts: Prompts) -> list[dict[str, str]]:
    """Return the messages that ask for a draft, as they would be sent."""
    return prompts.draft.render(name=brief.artifact.name, passages=lay_out(brief.documents))


async def draft_artifact(
    brief: Brief,
    *,
    endpoint: Endpoint,
    ledger: Ledger,
    terms: Terms,
    prompts: Prompts,
    settings: Settings,
) -> Proposal:
    """Return the proposal for one artifact. Nothing is written but the ledger.

    Raises:
        AnswerError: no record of the answer can be used.
        EndpointError, CassetteError, PromptError: it could not be asked.
    """
    started = datetime.now(UTC)
    asker = Asker(endpoint, ledger, terms, brief.source)
    try:
        good, bad = await _ask_for_records(asker, draft_messages(brief, prompts), prompts)
    except AnswerError as error:
        error.where = error.where or brief.source
        raise
    capabilities = _capabilities(good, Citations(brief.documents))
    return Proposal(
        artifact=brief.artifact,
        run=_run(started, terms, prompts, asker.cost, partial=bool(bad), empty=not good),
        documents=_references(brief.documents),
        capabilities=capabilities,
        rejected=tuple(bad),
        findings=check_capabilities(brief.artifact, capabilities, severities=settings.rules),
    )


async def _ask_for_records(
    asker: Asker, messages: list[dict[str, str]], prompts: Prompts
) -> tuple[list[DraftedCapability], list[Rejected]]:
    """Ask for the records, then up to twice again for those that aren't valid."""
    first = await asker.ask(messages, "draft", answer_schema(DraftAnswer))
    try:
        records: dict[int, Read] = dict(enumerate(read_draft(first.completion.text), 1))
    except AnswerError as error:
        raise asker.unusable(first.entry, error) from error
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
    answered = await asker.ask(again, "repair", answer_schema(RepairAnswer))
    try:
        return answered, read_repairs(answered.completion.text)
    except AnswerError as error:
        raise asker.unusable(answered.entry, error) from error


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


def _capabilities(
    drafted: Sequence[DraftedCapability], citations: Citations
) -> tuple[Capability, ...]:
    taken: set[str] = set()
    return tuple(
        Capability(
            id=_free_id(record.name, taken),
            name=record.name,
            intents=tuple(dict.fromkeys(record.intents)),
            description=_field(record.description, citations),
            unique=_field(record.unique, citations) if record.unique else None,
            vs_alternatives=_comparison(record.vs_alternatives, citations)
            if record.vs_alternatives
            else None,
        )
        for record in drafted
    )


def _free_id(name: str, taken: set[str]) -> str:
    base = slugify(name)[:70].rstrip("-_")
    candidate, number = base, 2
    while candidate in taken:
        candidate, number = f"{base}-{number}", number + 1
    taken.add(candidate)
    return candidate


def _field(drafted: DraftedField, citations: Citations) -> Field:
    return Field(
        text=drafted.text,
        passages=tuple(dict.fromkeys(drafted.passages)),
        evidence=tuple(citations.evidence(drafted.passages)),
    )


def _comparison(drafted: DraftedComparison, citations: Citations) -> Field:
    own = citations.evidence(drafted.passages)
    other = citations.evidence(drafted.alternative_passages, "alternative")
    return Field(
        text=drafted.text,
        passages=tuple(dict.fromkeys(drafted.passages)),
        alternative=drafted.alternative,
        alternative_passages=tuple(dict.fromkeys(drafted.alternative_passages)),
        evidence=(*own, *other),
    )


def _references(documents: Sequence[Document]) -> tuple[DocumentRef, ...]:
    return tuple(
        DocumentRef(
            id=f"d{number}",
            uri=document.uri,
            sha256=document.sha256,
            retrieved=document.retrieved,
            media_type=document.media_type,
            passages=len(document.passages),
        )
        for number, document in enumerate(documents, 1)
    )


def _run(
    started: datetime, terms: Terms, prompts: Prompts, cost: Cost, *, partial: bool, empty: bool
) -> Run:
    parameters: dict[str, Any] = {
        "structured_output": terms.shape.way,
        **json.loads(json.dumps(dict(terms.parameters))),
    }
    return Run(
        started=started,
        tool=f"capdraft {__version__}",
        state="partial" if partial else "empty" if empty else "drafted",
        model=terms.model,
        answered_by=tuple(cost.answered_by),
        endpoint=terms.endpoint_url,
        prompt=prompts.draft.name,
        prompt_sha256=prompts.sha256,
        parameters=parameters,
        calls=cost.calls,
        from_ledger=cost.from_ledger,
        attempts=cost.attempts,
        prompt_tokens=cost.prompt_tokens,
        completion_tokens=cost.completion_tokens,
        seconds=round(cost.seconds, 2),
    )
