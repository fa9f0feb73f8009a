"""What all programs share: the documents, the prompt and the shape of the answers.

Needs nothing but Python and click, so that it runs in the environment of each peer.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

RULES = """\
You read the documentation of a tool and list what it can do. Each capability has a name of two to
six words, a description of one to three plain sentences, what sets it apart if the text says so,
and the numbers of the passages that state it. Leave out what the text does not say.
"""


def documents() -> list[str]:
    """Return the texts of the files that the command line names."""
    return [Path(name).read_text(encoding="utf-8") for name in sys.argv[3:]]


def url() -> str:
    """Return the base URL of the endpoint."""
    return sys.argv[1]


def at_once() -> int:
    """Return how many requests are in flight together."""
    return int(sys.argv[2])


def prompt(text: str) -> str:
    """Return the passages of a document, numbered."""
    passages = [part.replace("\n", " ") for part in text.split("\n\n") if part.strip()]
    return "\n".join(f"[{number}] {passage}" for number, passage in enumerate(passages, 1))


def messages(text: str) -> list[dict[str, str]]:
    """Return the messages that ask about one document."""
    return [{"role": "system", "content": RULES}, {"role": "user", "content": prompt(text)}]


def run_all(ask: Callable[[str], Awaitable[int]]) -> None:
    """Ask about every document, so many at once; tell how many have records."""

    async def one(places: asyncio.Semaphore, text: str) -> int:
        async with places:
            return await ask(text)

    async def run() -> list[int]:
        places = asyncio.Semaphore(at_once())
        return await asyncio.gather(*(one(places, text) for text in documents()))

    finish(asyncio.run(run()))


def finish(records: list[int]) -> None:
    """Print how many documents have records."""
    print(sum(1 for count in records if count))


def body(text: str) -> dict[str, Any]:
    """Return the body of a request by JSON Schema."""
    schema = {"name": "draft", "strict": True, "schema": SCHEMA}
    shape = {"type": "json_schema", "json_schema": schema}
    return {"model": "stub", "messages": messages(text), "response_format": shape}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_NUMBERS = {"type": "array", "items": {"type": "integer"}}
_FIELD = _object(text={"type": "string"}, passages=_NUMBERS)
SCHEMA = _object(
    capabilities={
        "type": "array",
        "items": _object(
            name={"type": "string"},
            description=_FIELD,
            unique={"anyOf": [_FIELD, {"type": "null"}]},
            intents={"type": "array", "items": {"type": "string"}},
        ),
    }
)
