"""One answer of a model: valid records are kept, the others are told apart with their errors."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.drafting.answer_models import (
    ConsolidateAnswer,
    DraftAnswer,
    DraftedCapability,
    RepairAnswer,
    SurveyAnswer,
    answer_schema,
)
from capdraft.drafting.answers import Invalid, read_draft, read_groups, read_repairs, read_survey
from capdraft.errors import AnswerError, AnswerNotJson, AnswerWrongShape


def record(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Read tickets",
        "description": {"text": "Reads printed tickets.", "passages": [1]},
        "unique": None,
        "vs_alternatives": None,
        "intents": ["read a ticket"],
        **changed,
    }


def test_valid_and_invalid_records_are_told_apart() -> None:
    broken = record(name="Sort tickets", description={"text": "", "passages": ["two"]}, extra=1)
    good, bad = read_draft(json.dumps({"capabilities": [record(), broken]})).records
    assert isinstance(good, DraftedCapability)
    assert isinstance(bad, Invalid)
    assert bad.name == "Sort tickets"
    assert json.loads(bad.raw) == broken
    assert [problem.split(":")[0] for problem in bad.problems] == [
        "description.text",
        "description.passages.0",
        "extra",
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "!!!"},
        {"name": "x" * 161},
        {"description": "Reads."},
        {"description": None},
        {"description": {"text": "Reads.", "passages": [0]}},
        {"unique": {"text": "Only here."}},
        {"vs_alternatives": {"text": "Better.", "passages": [], "alternative_passages": []}},
        {"intents": [""]},
    ],
)
def test_a_record_is_invalid_with(changed: dict[str, Any]) -> None:
    (read,) = read_draft(json.dumps({"capabilities": [record(**changed)]})).records
    assert isinstance(read, Invalid)


def test_a_code_fence_around_the_answer_is_no_obstacle() -> None:
    fenced = "```json\n" + json.dumps({"capabilities": [record()]}) + "\n```\n"
    assert len(read_draft(fenced).records) == 1


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("Sure! Here are the records.", AnswerNotJson, "it starts 'Sure! Here are the records.'"),
        ('{"capabilities": [', AnswerNotJson, "isn't JSON"),
        ("", AnswerNotJson, "isn't JSON"),
        ("[" * 100_000, AnswerNotJson, "isn't JSON"),
        ("[]", AnswerWrongShape, "is a list"),
        ('{"records": []}', AnswerWrongShape, "'records'"),
        ('{"capabilities": {}}', AnswerWrongShape, "'capabilities'"),
        ("3", AnswerWrongShape, "is a number"),
    ],
)
def test_what_is_no_answer_is_told(text: str, kind: type[AnswerError], told: str) -> None:
    with pytest.raises(kind) as caught:
        read_draft(text)
    assert told in caught.value.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_nothing_else_in_an_answer_raises(first: Any, second: Any) -> None:
    """What is named beside the records is kept where it is valid."""
    read = read_draft(
        json.dumps({"capabilities": [], "alternatives": first, "contradictions": [second]})
    )
    assert not read.records
    with suppress(AnswerWrongShape):
        read_survey(json.dumps({"candidates": [first, second], "alternatives": second}))
    groups, left_out = read_groups(json.dumps({"capabilities": [first], "left_out": second}))
    assert not groups
    assert all(isinstance(number, int) for number in left_out)


@given(JSON, JSON)
def test_no_record_raises_and_each_comes_back(first: Any, second: Any) -> None:
    read = read_draft(json.dumps({"capabilities": [first, second]})).records
    assert all(isinstance(item, Invalid) and item.problems for item in read)
    assert len(read) == 2


def test_repairs_come_back_by_number() -> None:
    answer = {"repairs": [{"record": 4, "capability": record()}, {"record": 2, "capability": 1}, 7]}
    repaired = read_repairs(json.dumps(answer))
    assert {number: type(item) for number, item in repaired.items()} == {
        4: DraftedCapability,
        2: Invalid,
    }


@pytest.mark.parametrize("model", [ConsolidateAnswer, DraftAnswer, RepairAnswer, SurveyAnswer])
def test_the_schema_is_what_strict_structured_output_takes(model: Any) -> None:
    """Every key required, no others allowed, no references, no length limits (OpenAI's rules)."""
    schema = answer_schema(model)
    assert "$ref" not in json.dumps(schema)
    assert "maxLength" not in json.dumps(schema)

    def objects(node: Any) -> list[dict[str, Any]]:
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        own = [node] if isinstance(node, dict) and node.get("type") == "object" else []
        return own + [found for value in inner for found in objects(value)]

    found = objects(schema)
    assert found
    for item in found:
        assert item["additionalProperties"] is False
        assert item["required"] == list(item["properties"])
