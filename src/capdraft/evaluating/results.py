"""`capdraft/evaluation/1`: what a run measured, with the texts that a comparison shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from capdraft.errors import FileInvalid, StoreError
from capdraft.evaluating.calibrating import Calibration
from capdraft.evaluating.measures import MEASURES, Amounts, Share
from capdraft.records import FieldName, JudgedVerdict
from capdraft.records.formats import wrong_format
from capdraft.records.model import Model, Moment, Slug


class DraftedText(Model):
    """A field of a drafted record, with the codes of what the rules find in it."""

    field: FieldName
    text: str
    alternative: str | None = None
    passages: tuple[int, ...] = ()
    findings: tuple[str, ...] = ()


class DraftedRecord(Model):
    """A drafted capability, and which one of the gold it is."""

    id: Slug
    name: str
    texts: tuple[DraftedText, ...]
    gold: Slug | None = Field(default=None, description="Its id in the gold, if that has it.")
    likeness: float | None = None


class GoldName(Model):
    """A capability of the gold, so that a result can be read without it."""

    id: Slug
    name: str
    needed: bool


class DoubtedSentence(Model):
    """A sentence of a draft that a model as judge does not find supported, and why."""

    record: Slug
    field: FieldName
    text: str
    verdict: JudgedVerdict
    reason: str = ""


class CaseResult(Model):
    """What was measured on one document, or on the documents of one artifact."""

    slug: Slug
    type: str
    gold_sha256: str
    shares: dict[str, Share]
    amounts: Amounts
    gold: tuple[GoldName, ...]
    records: tuple[DraftedRecord, ...]
    wrong_numbers: tuple[str, ...] = Field(
        default=(), description="Told by matched records, and stated by neither gold nor citation."
    )
    doubted: tuple[DoubtedSentence, ...] = Field(
        default=(), description="Sentences that the judge does not find supported."
    )

    def record_of(self, gold: str) -> DraftedRecord | None:
        """Return the record that is the gold's capability `gold`, or None."""
        return next((item for item in self.records if item.gold == gold), None)


class FailedCase(Model):
    """A case without a draft, and why."""

    slug: Slug
    kind: str = Field(description="The error's name.")
    message: str
    hint: str = ""


class Evaluation(Model):
    """A result file."""

    schema_: Literal["capdraft/evaluation/1"] = Field(
        default="capdraft/evaluation/1", alias="schema"
    )
    started: Moment
    tool: str
    model: str
    endpoint: str
    replayed: bool = Field(description="Recorded exchanges answered, not the endpoint.")
    prompt: str
    prompt_sha256: str
    prompts: dict[str, str] = Field(description="Hash of each template by its name.")
    parameters: dict[str, Any] = Field(default_factory=dict)
    judge: str | None = Field(default=None, description="The model that judged sentences.")
    calibration: Calibration
    cases: tuple[CaseResult, ...] = ()
    failed: tuple[FailedCase, ...] = ()

    @property
    def told(self) -> str:
        """What was run, in a few words."""
        return ", ".join(
            filter(None, (f"prompt {self.prompt} ({self.prompt_sha256[:8]})", self.model))
        )

    def values(self, measure: str) -> dict[str, float]:
        """Return a share or an amount of each case that has it, by slug."""
        found = ((case.slug, value_of(case, measure)) for case in self.cases)
        return {slug: value for slug, value in found if value is not None}

    def pooled(self, measure: str) -> Share:
        """Return a share over all cases together."""
        shares = [case.shares[measure] for case in self.cases if measure in case.shares]
        return Share(hits=sum(s.hits for s in shares), of=sum(s.of for s in shares))

    def measured(self) -> Iterator[str]:
        """Yield the names of the shares that a case has, in their fixed order."""
        yield from (name for name in MEASURES if self.values(name))


def value_of(case: CaseResult, measure: str) -> float | None:
    """Return a share or an amount of a case; None where it has none."""
    if measure in MEASURES:
        share = case.shares.get(measure)
        return share.value if share else None
    amount: float | None = getattr(case.amounts, measure)
    return amount


def read_evaluation(path: Path) -> Evaluation:
    """Return the result in the file at `path`.

    Raises:
        FileInvalid: it is none.
    """
    hint = "Result files are written by `capdraft evaluate run --out FILE`."
    try:
        return Evaluation.model_validate_json(path.read_bytes())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FileInvalid(f"can't be read: {reason}", where=str(path), hint=hint) from error
    except ValidationError as error:
        if wrong := wrong_format(error):
            raise FileInvalid(wrong.message, where=str(path), hint=wrong.hint) from error
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise FileInvalid(
            f"is no result of an evaluation: {place + ': ' if place else ''}{first['msg']}",
            where=str(path),
            hint=hint,
        ) from error


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write `data` whole or not at all.

    Raises:
        StoreError: it can't be written.
    """
    from capdraft.workspace.store import write_synced

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_synced(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"can't be written: {reason}", where=str(path)) from error
