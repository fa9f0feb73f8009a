"""Embeddings: asked of an endpoint's `/embeddings`, paced and retried as drafts are."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from capdraft.client import Body, Endpoint
from capdraft.client.openai_endpoint import OpenAIEndpoint
from capdraft.errors import AnswerWrongShape

Vector = list[float]


class EmbeddingEndpoint(OpenAIEndpoint):
    """An endpoint whose `ask` posts a request for embeddings."""

    path = "/embeddings"


async def embed(endpoint: Endpoint, model: str, texts: Sequence[str]) -> list[Vector]:
    """Return the embedding of each text, in their order.

    Raises:
        EndpointError: no usable HTTP answer came.
        AnswerWrongShape: it holds no vector of finite numbers for each text, all of one length.
    """
    body: Body = {"model": model, "input": list(texts), "encoding_format": "float"}
    reply = await endpoint.ask(body)
    return read_embeddings(reply.body, len(texts))


def read_embeddings(body: str, expected: int) -> list[Vector]:
    """Return the `expected` vectors that an answer holds, in the order of its indexes.

    Raises:
        AnswerWrongShape: it doesn't hold them.
    """
    try:
        data: list[dict[str, Any]] = json.loads(body)["data"]
        by_index = {int(item["index"]): [float(x) for x in item["embedding"]] for item in data}
        vectors = [by_index[index] for index in range(expected)]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise _wrong(f"it holds no embedding for each of {expected} texts") from error
    if len({len(vector) for vector in vectors}) > 1 or not all(map(_is_vector, vectors)):
        raise _wrong("its embeddings aren't vectors of one length")
    return vectors


def _is_vector(vector: Vector) -> bool:
    return bool(vector) and all(map(math.isfinite, vector)) and any(vector)


def _wrong(message: str) -> AnswerWrongShape:
    return AnswerWrongShape(
        f"the answer to a request for embeddings can't be used: {message}",
        hint="Check [search] embeddings in capdraft.toml: is it a model for embeddings?",
    )
