"""What is sent for each way to ask for a shape, and what is read from any answer."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.client.completions import (
    Usage,
    prompt_size,
    read_completion,
    request_body,
    usage,
)
from capdraft.errors import AnswerCutOff, CapdraftError, NotAnEndpoint
from capdraft.text import estimate_tokens

URL = "http://stub/v1"
MESSAGES = [{"role": "user", "content": "Read the passages."}]
SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def body(way: str, **parameters: Any) -> dict[str, Any]:
    return request_body(
        MESSAGES,
        model="m",
        schema_name="draft",
        schema=SCHEMA,
        structured_output=way,
        parameters=parameters,
    )


def answer(message: dict[str, Any], reason: str = "stop", **more: Any) -> str:
    return json.dumps({"choices": [{"message": message, "finish_reason": reason}], **more})


def called(arguments: object) -> dict[str, Any]:
    function = {"name": "draft", "arguments": arguments}
    return {"content": None, "tool_calls": [{"type": "function", "function": function}]}


def test_each_way_asks_for_the_shape_in_its_own_keys() -> None:
    """The first is how cassettes were recorded: not a byte of it may change."""
    assert json.dumps(body("json_schema", seed=1)) == (
        '{"model": "m", "messages": [{"role": "user", "content": "Read the passages."}], '
        '"response_format": {"type": "json_schema", "json_schema": {"name": "draft", '
        '"strict": true, "schema": {"type": "object", "properties": {}, "required": [], '
        '"additionalProperties": false}}}, "seed": 1}'
    )
    by_tool = body("tool_call", seed=1)
    (tool,) = by_tool["tools"]
    assert (tool["type"], tool["function"]["name"]) == ("function", "draft")
    assert (tool["function"]["strict"], tool["function"]["parameters"]) == (True, SCHEMA)
    assert by_tool["tool_choice"] == {"type": "function", "function": {"name": "draft"}}
    assert (by_tool["seed"], "response_format" in by_tool) == (1, False)
    assert body("json_object")["response_format"] == {"type": "json_object"}
    assert body("none").keys() == {"model", "messages"}


@pytest.mark.parametrize("reason", ["tool_calls", "stop"])
@pytest.mark.parametrize("arguments", ['{"a": 1}', {"a": 1}])
def test_the_arguments_of_a_tool_call_are_the_answer(reason: str, arguments: object) -> None:
    completion = read_completion(answer(called(arguments), reason), URL)
    assert (completion.text, completion.called_tool) == ('{"a": 1}', True)


def test_a_tool_that_was_not_called_leaves_the_message() -> None:
    completion = read_completion(answer({"content": "{}", "tool_calls": []}), URL)
    assert (completion.text, completion.called_tool) == ("{}", False)


def test_a_tool_call_that_was_cut_off_is_no_answer() -> None:
    with pytest.raises(AnswerCutOff):
        read_completion(answer(called('{"a": '), "length"), URL)
    with pytest.raises(NotAnEndpoint):
        read_completion(answer({"content": None, "tool_calls": [{}]}), URL)


def test_tokens_are_counted_as_the_endpoint_tells_them() -> None:
    told = {"prompt_tokens": 9, "completion_tokens": 2}
    cached = {**told, "prompt_tokens_details": {"cached_tokens": 4}}
    wrong = {"prompt_tokens": "9", "completion_tokens": -2, "prompt_tokens_details": None}
    assert usage(answer({}, usage=told)) == Usage(9, 2, 0)
    assert usage(answer({}, usage=cached)) == Usage(9, 2, 4)
    assert usage(answer({}, usage=wrong)) == Usage(None, None, 0)
    assert usage("<html>") == Usage()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "message", "tool_calls", "function", "arguments", "content", "usage"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON, JSON)
def test_no_answer_breaks_the_reader(whole: object, message: object) -> None:
    for data in (whole, {"choices": [{"message": message}]}, {"usage": whole}):
        usage(json.dumps(data))
        with suppress(CapdraftError):
            assert isinstance(read_completion(json.dumps(data), URL).text, str)


@given(st.text(), st.text())
def test_an_estimate_grows_with_the_text(first: str, second: str) -> None:
    both = estimate_tokens(first + second)
    assert max(map(estimate_tokens, (first, second))) <= both
    assert both <= estimate_tokens(first) + estimate_tokens(second)
    assert math.ceil(len(first) / 3.5) <= estimate_tokens(first) <= len(first)


def test_other_scripts_have_fewer_characters_a_token() -> None:
    assert estimate_tokens("a card of 35 characters in English.") == 10
    assert estimate_tokens("Модель") == 3
    assert estimate_tokens("模型卡片") == 4


def test_the_schema_counts_as_prompt_but_not_as_text_that_can_be_cut() -> None:
    sizes = {way: prompt_size(body(way)) for way in ("json_schema", "tool_call", "none")}
    assert sizes["none"][0] < sizes["json_schema"][0]
    assert sizes["none"][0] < sizes["tool_call"][0]
    assert {characters for _, characters in sizes.values()} == {18}
