"""The records as a model writes them: their schema, and one answer read into good and bad ones."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from capdraft.errors import AnswerNotJson, AnswerWrongShape
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


class DraftAnswer(_Answered):
    """The answer to the drafting prompt."""

    capabilities: list[DraftedCapability]


class Repair(_Answered):
    """One record written again."""

    record: Number = Field(description="The number that the record was given.")
    capability: DraftedCapability


class RepairAnswer(_Answered):
    """The answer to the repair prompt."""

    repairs: list[Repair]


@dataclass(frozen=True, slots=True)
class Invalid:
    """A record that isn't valid: what it calls itself, its JSON, and what is wrong with it."""

    name: str
    raw: str
    problems: tuple[str, ...]


Read = DraftedCapability | Invalid


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


def read_draft(text: str) -> list[Read]:
    """Return the records of an answer to the drafting prompt, valid and invalid ones in order.

    Raises:
        AnswerNotJson: the text isn't JSON.
        AnswerWrongShape: it isn't an object with a list of capabilities.
    """
    return [_read_record(item) for item in _listed(text, "capabilities")]


def read_repairs(text: str) -> dict[int, Read]:
    """Return the records of an answer to the repair prompt by their number.

    Raises:
        AnswerNotJson, AnswerWrongShape: as `read_draft`.
    """
    repaired: dict[int, Read] = {}
    for item in _listed(text, "repairs"):
        if isinstance(item, dict) and isinstance(item.get("record"), int):
            repaired.setdefault(item["record"], _read_record(item.get("capability")))
    return repaired


def _listed(text: str, key: str) -> list[Any]:
    data = _parse(text)
    if isinstance(data, dict) and isinstance(data.get(key), list):
        return list(data[key])
    found = (
        f"an object with {', '.join(map(repr, data)) or 'no keys'}"
        if isinstance(data, dict)
        else {list: "a list", str: "a text", type(None): "null"}.get(type(data), "a number")
    )
    raise AnswerWrongShape(
        f"the answer is {found}, not an object with a list of {key!r}",
        hint="Try [model] structured_output = 'json_schema', or a model that keeps to a schema.",
    )


_FENCED = re.compile(r"\s*```[a-z]*\n(.*?)\n?```\s*", re.DOTALL)


def _parse(text: str) -> Any:
    """Parse an answer; a model without structured output often puts a code fence around it."""
    fenced = _FENCED.fullmatch(text)
    try:
        return json.loads(fenced.group(1) if fenced else text)
    except (ValueError, RecursionError) as error:
        start = " ".join(text.split())[:60]
        raise AnswerNotJson(
            f"the answer isn't JSON ({error}); it starts {start!r}",
            hint="Try [model] structured_output = 'json_schema' or 'json_object', "
            "or a model that can answer in JSON.",
        ) from error


def _read_record(item: Any) -> Read:
    try:
        return DraftedCapability.model_validate(item)
    except ValidationError as error:
        problems = tuple(
            f"{'.'.join(str(part) for part in problem['loc']) or 'record'}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_context=False)
        )
    name = item.get("name") if isinstance(item, dict) else None
    shown = clean(name).strip()[:80] if isinstance(name, str) else ""
    raw = json.dumps(item, ensure_ascii=False)
    return Invalid(shown or "(no name)", clean(raw), problems)
