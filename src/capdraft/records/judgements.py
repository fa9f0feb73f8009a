"""What a model that judges said of one field, sentence by sentence. Appended, never changed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capdraft.records.evidence import FieldName
from capdraft.records.model import Model, Moment, Slug

JudgedVerdict = Literal["supported", "unsupported", "contradicted"]
JUDGED_VERDICTS: tuple[JudgedVerdict, ...] = JudgedVerdict.__args__  # type: ignore[attr-defined]


class JudgedPassage(Model):
    """A passage that decided on a sentence."""

    document: str = Field(min_length=1, description="URI of its document.")
    passage: int = Field(ge=1, description="Its number in the proposal.")
    quote: str = Field(min_length=1, description="What it says, without markup, cut where long.")


class JudgedSentence(Model):
    """A sentence of the field, and what the passages say of it."""

    text: str = Field(min_length=1, description="The sentence as it was judged.")
    verdict: JudgedVerdict
    reason: str = Field(min_length=1, description="Why, in the model's words.")
    passages: tuple[JudgedPassage, ...] = Field(
        default=(), description="Those that decided; all of them were read."
    )


class ModelJudgement(Model):
    """One line of `reviews/<artifact>/judgements/<who>.jsonl`."""

    schema_: Literal["capdraft/judgement/1"] = Field(default="capdraft/judgement/1", alias="schema")
    time: Moment
    by: Slug | None = Field(default=None, description="Who ran it, where that is known.")
    capability: Slug
    field: FieldName
    text_sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$", description="Hash of the text, as decisions carry it."
    )
    evidence_sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$", description="Hash of the evidence, as decisions carry it."
    )
    model: str = Field(min_length=1, description="The model that was asked.")
    endpoint: str = Field(description="Base URL, without user, password and query.")
    replayed: Literal[True] | None = Field(
        default=None, description="A recorded exchange answered, not the endpoint."
    )
    prompt_sha256: str = Field(description="Hash of the prompt's template and answer schema.")
    sentences: tuple[JudgedSentence, ...] = Field(min_length=1)

    @property
    def bound_to(self) -> tuple[str, str]:
        """The hashes of the text and of the evidence that it holds for, and for no others."""
        return self.text_sha256, self.evidence_sha256

    def sentence(self, text: str) -> JudgedSentence | None:
        """Return what was said of the sentence `text`, or None if it was not judged."""
        return next((item for item in self.sentences if item.text == text), None)
