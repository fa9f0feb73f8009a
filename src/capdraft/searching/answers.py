"""What a search answers: results that explain themselves."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capdraft.records import FieldName
from capdraft.records.model import Model, Slug

Way = Literal["words", "embeddings"]


class MatchedWord(Model):
    """A word of the need, and the word of the record that it matched."""

    word: str = Field(description="As the need has it, without case and accents.")
    matched: str = Field(description="As the record has it.")
    slips: int = Field(default=0, description="Letters that it was misspelt by, as it was read.")


class Passage(Model):
    """The passage of a record's evidence that says most of what was asked for."""

    field: FieldName = Field(description="The field that it supports.")
    quote: str
    uri: str
    start: int
    end: int
    words: tuple[str, ...] = Field(default=(), description="Words of the need that it has.")


class Scores(Model):
    """How a result came to its place."""

    words_rank: int | None = Field(default=None, description="Place by words, from 1.")
    words: float | None = Field(default=None, description="BM25F.")
    embedding_rank: int | None = Field(default=None, description="Place by embeddings, from 1.")
    similarity: float | None = Field(default=None, description="Cosine, -1 to 1.")
    fused: float = Field(description="Reciprocal ranks, added up.")


class Result(Model):
    """A capability that may meet the need."""

    place: int = Field(ge=1)
    artifact: Slug
    artifact_name: str
    type: str
    capability: Slug
    capability_name: str
    description: str
    words: tuple[MatchedWord, ...] = ()
    intent: str | None = Field(default=None, description="The intent that shares most words.")
    passage: Passage | None = None
    scores: Scores


class Answer(Model):
    """The capabilities found for a need, the best first."""

    schema_: Literal["capdraft/search/1"] = Field(default="capdraft/search/1", alias="schema")
    match: str | None = Field(default=None, description="Id that feedback names; None if unkept.")
    need: str
    ways: tuple[Way, ...] = ("words",)
    why_words_alone: str | None = Field(
        default=None, description="Why embeddings had no say, where they had none."
    )
    results: tuple[Result, ...] = ()

    def __repr__(self) -> str:
        return f"<Answer to {self.need!r}, results: {len(self.results)}>"

    __str__ = __repr__
