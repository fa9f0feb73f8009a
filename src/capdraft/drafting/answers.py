"""What a model answered, read into good and bad records."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from capdraft.drafting.answer_models import (
    Candidate,
    DraftedCapability,
    Group,
    NamedAlternative,
    NamedContradiction,
)
from capdraft.errors import AnswerNotJson, AnswerWrongShape
from capdraft.text import clean

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafting answer as read: its records in order, and what else it names."""

    records: list[DraftedCapability | Invalid]
    alternatives: list[NamedAlternative]
    contradictions: list[NamedContradiction]


@dataclass(frozen=True, slots=True)
class Invalid:
    """A record that isn't valid: what it calls itself, its JSON, and what is wrong with it."""

    name: str
    raw: str
    problems: tuple[str, ...]


Read = DraftedCapability | Invalid


def read_draft(text: str) -> Draft:
    """Return the records of an answer to the drafting prompt, valid and invalid ones in order.

    What else it names is kept where it is valid; a model that names nothing else is no worse.

    Raises:
        AnswerNotJson: the text isn't JSON.
        AnswerWrongShape: it isn't an object with a list of capabilities.
    """
    data = read_object(text, "capabilities")
    return Draft(
        [_read_record(item) for item in data["capabilities"]],
        _valid(NamedAlternative, data.get("alternatives")),
        _valid(NamedContradiction, data.get("contradictions")),
    )


def read_survey(text: str) -> tuple[list[Candidate], list[NamedAlternative]]:
    """Return the candidates of an answer to the survey prompt, and the alternatives it names.

    Raises:
        AnswerNotJson, AnswerWrongShape: as `read_draft`; also if no candidate of some is valid.
    """
    data = read_object(text, "candidates")
    candidates = _valid(Candidate, data["candidates"])
    if data["candidates"] and not candidates:
        raise AnswerWrongShape("no candidate of the answer is valid", hint=_KEEP_TO_SCHEMA)
    return candidates, _valid(NamedAlternative, data.get("alternatives"))


def read_groups(text: str) -> tuple[list[Group], set[int]]:
    """Return the groups of an answer to the consolidation prompt, and what it leaves out.

    Raises:
        AnswerNotJson, AnswerWrongShape: as `read_draft`.
    """
    data = read_object(text, "capabilities")
    left_out = data.get("left_out")
    numbers = left_out if isinstance(left_out, list) else []
    return _valid(Group, data["capabilities"]), {n for n in numbers if isinstance(n, int)}


def _valid(model: type[M], items: object) -> list[M]:
    """Return those of `items` that are valid."""
    kept = []
    for item in items if isinstance(items, list) else []:
        try:
            kept.append(model.model_validate(item))
        except ValidationError:
            continue
    return kept


def read_repairs(text: str) -> dict[int, Read]:
    """Return the records of an answer to the repair prompt by their number.

    Raises:
        AnswerNotJson, AnswerWrongShape: as `read_draft`.
    """
    repaired: dict[int, Read] = {}
    for item in read_object(text, "repairs")["repairs"]:
        if isinstance(item, dict) and isinstance(item.get("record"), int):
            repaired.setdefault(item["record"], _read_record(item.get("capability")))
    return repaired


_KEEP_TO_SCHEMA = (
    "Try [model] structured_output = 'json_schema', or a model that keeps to a schema."
)


def read_object(text: str, key: str) -> dict[str, Any]:
    """Return the object that the answer `text` is, which has a list under `key`.

    Raises:
        AnswerNotJson, AnswerWrongShape: as `read_draft`.
    """
    data = _parse(text)
    if isinstance(data, dict) and isinstance(data.get(key), list):
        return data
    found = (
        f"an object with {', '.join(map(repr, data)) or 'no keys'}"
        if isinstance(data, dict)
        else {list: "a list", str: "a text", type(None): "null"}.get(type(data), "a number")
    )
    raise AnswerWrongShape(
        f"the answer is {found}, not an object with a list of {key!r}",
        hint=_KEEP_TO_SCHEMA,
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
