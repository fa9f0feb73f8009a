"""The body of a chat completion: how it is asked for, and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capdraft.client import Body
from capdraft.errors import (
    AnswerCutOff,
    AnswerFiltered,
    AnswerRefused,
    NotAnEndpoint,
)
from capdraft.text import clean, estimate_tokens

TOOL_DESCRIPTION = "Hand in the answer."


def request_body(
    messages: list[dict[str, str]],
    *,
    model: str,
    schema_name: str,
    schema: Mapping[str, Any],
    structured_output: str,
    parameters: Mapping[str, Any],
) -> Body:
    """Return the JSON body of a chat completion that must answer in `schema`."""
    body: Body = {"model": model, "messages": messages}
    if structured_output == "json_schema":
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": schema_name, "strict": True, "schema": dict(schema)},
        }
    elif structured_output == "tool_call":
        function = {
            "name": schema_name,
            "description": TOOL_DESCRIPTION,
            "strict": True,
            "parameters": dict(schema),
        }
        body["tools"] = [{"type": "function", "function": function}]
        body["tool_choice"] = {"type": "function", "function": {"name": schema_name}}
    elif structured_output == "json_object":
        body["response_format"] = {"type": "json_object"}
    return {**body, **parameters}


@dataclass(frozen=True, slots=True)
class Completion:
    """The text of an answer, who gave it, and its tokens where the endpoint counted them."""

    text: str
    model: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    called_tool: bool = False
    """The text is the arguments of a tool call, not the message itself."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of an answer, None where the endpoint doesn't tell.

    `cached_tokens` are those of the prompt that the endpoint had in its cache.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int = 0


def usage(body: str) -> Usage:
    """Return what an answer of any kind says that it used."""
    try:
        counted = json.loads(body).get("usage") or {}
        details = counted.get("prompt_tokens_details") or {}
        prompt = _count(counted, "prompt_tokens")
        cached = _count(details, "cached_tokens") or 0
        return Usage(prompt, _count(counted, "completion_tokens"), min(cached, prompt or 0))
    except (ValueError, AttributeError, RecursionError):
        return Usage()


def _count(counted: Any, key: str) -> int | None:
    value = counted.get(key)
    return value if type(value) is int and value >= 0 else None


def prompt_size(body: Body) -> tuple[int, int]:
    """Return the prompt of a request as (estimated tokens, characters of its messages).

    The schema counts as tokens too: endpoints put it into the prompt.
    """
    texts = [str(message.get("content") or "") for message in body["messages"]]
    told = {key: body[key] for key in ("response_format", "tools") if key in body}
    tokens = sum(map(estimate_tokens, [*texts, json.dumps(told)]))
    return tokens, sum(map(len, texts))


def read_completion(body: str, endpoint: str) -> Completion:
    """Return what `body` holds. Why it ended is looked at before its text is.

    The arguments of a tool call are its text.

    Raises:
        NotAnEndpoint: it isn't a chat completion.
        AnswerCutOff, AnswerFiltered, AnswerRefused: it is one without a whole answer.
    """
    try:
        data = json.loads(body)
        choice = data["choices"][0]
        message = choice["message"]
        reason = choice.get("finish_reason")
        content, refusal = message.get("content"), message.get("refusal")
        arguments = _arguments(message.get("tool_calls"))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise not_an_endpoint(body, endpoint) from error
    if reason == "length":
        raise AnswerCutOff(
            "the answer was cut off at the token limit (finish_reason: length); "
            "half an answer is not used",
            hint="Raise max_completion_tokens (or max_tokens) under [model.parameters] or the "
            "context length of the server (num_ctx for Ollama), or draft from a shorter document.",
        )
    if reason == "content_filter":
        raise AnswerFiltered(
            "the endpoint's content filter stopped the answer (finish_reason: content_filter)",
            hint="Asking the same again would end the same. Try another model or endpoint.",
        )
    if refusal:
        raise AnswerRefused(
            f"the model refused: {_short(str(refusal))}",
            hint="Asking the same again would end the same. Try another model, or look at what "
            "the document asks for.",
        )
    text = content if arguments is None else arguments
    if not isinstance(text, str):
        raise not_an_endpoint(body, endpoint)
    used, answered_by = usage(body), data.get("model")
    return Completion(
        text,
        clean(answered_by) if isinstance(answered_by, str) else None,
        used.prompt_tokens,
        used.completion_tokens,
        called_tool=arguments is not None,
    )


def _arguments(calls: Any) -> str | None:
    """Return the arguments of the first tool call as JSON, or None where no tool was called."""
    if not calls:
        return None
    given = calls[0]["function"]["arguments"]
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)


def not_an_endpoint(body: str, endpoint: str) -> NotAnEndpoint:
    """Return the error for an answer that no OpenAI-compatible endpoint gives."""
    start = body.lstrip()[:1]
    kind = {"<": "a web page (HTML)", "{": "JSON of another shape", "": "nothing"}.get(
        start, "something else"
    )
    return NotAnEndpoint(
        f"{endpoint} answered with {kind} instead of an answer in JSON: {_short(body)!r}",
        hint="Check the base URL (--base-url, OPENAI_BASE_URL): it usually ends in /v1.",
    )


def _short(text: str, limit: int = 120) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
