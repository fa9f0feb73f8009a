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
from capdraft.text import clean


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


def usage(body: str) -> tuple[int | None, int | None]:
    """Return (prompt tokens, completion tokens) of an answer of any kind, None where not told."""
    try:
        counted = json.loads(body).get("usage") or {}
        return _count(counted, "prompt_tokens"), _count(counted, "completion_tokens")
    except (ValueError, AttributeError, RecursionError):
        return None, None


def _count(counted: Any, key: str) -> int | None:
    value = counted.get(key)
    return value if isinstance(value, int) and value >= 0 else None


def read_completion(body: str, endpoint: str) -> Completion:
    """Return what `body` holds. Why it ended is looked at before its text is.

    Raises:
        NotAnEndpoint: it isn't a chat completion.
        AnswerCutOff, AnswerFiltered, AnswerRefused: it is one without a whole answer.
    """
    try:
        data = json.loads(body)
        choice = data["choices"][0]
        message = choice["message"]
        reason = choice.get("finish_reason")
        text, refusal = message.get("content"), message.get("refusal")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise not_an_endpoint(body, endpoint) from error
    if reason == "length":
        raise AnswerCutOff(
            "the answer was cut off at the token limit (finish_reason: length); "
            "half an answer is not used",
            hint="Raise max_completion_tokens (or max_tokens, num_ctx) under [model.parameters], "
            "or draft from a shorter document.",
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
    if not isinstance(text, str):
        raise not_an_endpoint(body, endpoint)
    prompt_tokens, completion_tokens = usage(body)
    answered_by = data.get("model")
    return Completion(
        text,
        clean(answered_by) if isinstance(answered_by, str) else None,
        prompt_tokens,
        completion_tokens,
    )


def not_an_endpoint(body: str, endpoint: str) -> NotAnEndpoint:
    """Return the error for an answer that no OpenAI-compatible endpoint gives."""
    start = body.lstrip()[:1]
    kind = {"<": "a web page (HTML)", "{": "JSON of another shape", "": "nothing"}.get(
        start, "something else"
    )
    return NotAnEndpoint(
        f"{endpoint} answered with {kind} instead of a chat completion: {_short(body)!r}",
        hint="Check the base URL (--base-url, OPENAI_BASE_URL): it usually ends in /v1.",
    )


def _short(text: str, limit: int = 120) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
