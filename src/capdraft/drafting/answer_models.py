"""The records as a model writes them, and the JSON Schema that it is given for them."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from capdraft.text import clean, slugify


def _cleaned(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _text(limit: int) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=limit)


Prose = Annotated[str, _text(3000), BeforeValidator(_cleaned)]
Short = Annotated[str, _text(160), BeforeValidator(_cleaned)]
Number = Annotated[int, Field(ge=1)]


def _has_letters(name: str) -> str:
    slugify(name)  # raises a ValueError: a name of signs alone makes no id
    return name


class _Answered(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DraftedField(_Answered):
    """A text and the passages that it rests on."""

    text: Prose = Field(description="One to three plain sentences.")
    passages: list[Number] = Field(description="Numbers of the passages that state it.")


class DraftedComparison(_Answered):
    """How the capability compares with one named alternative."""

    text: Prose = Field(description="The comparison.")
    alternative: Short = Field(description="Name of what it is compared with.")
    passages: list[Number] = Field(description="Passages that tell of the artifact.")
    alternative_passages: list[Number] = Field(description="Passages that tell of the alternative.")


class DraftedCapability(_Answered):
    """One record."""

    name: Annotated[Short, AfterValidator(_has_letters)] = Field(description="Two to six words.")
    description: DraftedField
    unique: DraftedField | None = Field(description="What sets it apart, or null.")
    vs_alternatives: DraftedComparison | None = Field(description="A comparison, or null.")
    intents: list[Short] = Field(description="Needs that it serves, in a user's words.")


class NamedAlternative(_Answered):
    """Something that the documents name as comparable with the artifact."""

    name: Short = Field(description="Its name as the passages write it.")
    passages: list[Number] = Field(description="Passages that name it.")


class NamedContradiction(_Answered):
    """A fact of which two documents say different things."""

    about: Short = Field(description="The fact, in a few words.")
    passages: list[Number] = Field(description="Passages of the one document.")
    other_passages: list[Number] = Field(description="Passages of the other document.")


class DraftAnswer(_Answered):
    """The answer to the drafting prompt."""

    capabilities: list[DraftedCapability]
    alternatives: list[NamedAlternative] = Field(
        description="Other artifacts that the passages compare this one with, or name beside it."
    )
    contradictions: list[NamedContradiction] = Field(
        description="Facts of which two documents say different things."
    )


class Candidate(_Answered):
    """A capability that a window of a long document tells of."""

    name: Annotated[Short, AfterValidator(_has_letters)] = Field(description="Two to six words.")
    summary: Prose = Field(description="What it is, in a few words.")
    passages: list[Number] = Field(description="The passages that tell of it, the best first.")


class SurveyAnswer(_Answered):
    """The answer to the survey prompt."""

    candidates: list[Candidate]
    alternatives: list[NamedAlternative] = Field(
        description="Other artifacts that the passages compare this one with, or name beside it."
    )


class Group(_Answered):
    """Candidates that are one capability."""

    name: Annotated[Short, AfterValidator(_has_letters)] = Field(description="Two to six words.")
    candidates: list[Number] = Field(description="Numbers of the candidates that are it.")


class ConsolidateAnswer(_Answered):
    """The answer to the consolidation prompt."""

    capabilities: list[Group]
    left_out: list[Number] = Field(description="Candidates that are no capability.")


class Repair(_Answered):
    """One record written again."""

    record: Number = Field(description="The number that the record was given.")
    capability: DraftedCapability


class RepairAnswer(_Answered):
    """The answer to the repair prompt."""

    repairs: list[Repair]


@cache
def answer_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of an answer as strict structured output takes it.

    No references, titles and length limits; every key required; no others allowed.
    """
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})
    plain: dict[str, Any] = _strict(schema, definitions)
    return plain


_UNSUPPORTED = {"title", "default", "minLength", "maxLength", "minimum", "$defs"}


def _strict(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_strict(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = definitions[node["$ref"].rsplit("/", 1)[1]]
        return _strict({**target, **{k: v for k, v in node.items() if k != "$ref"}}, definitions)
    kept: dict[str, Any] = {}
    for key, value in node.items():
        if key == "properties":
            kept[key] = {name: _strict(inner, definitions) for name, inner in value.items()}
        elif key not in _UNSUPPORTED:
            kept[key] = _strict(value, definitions)
    return kept
