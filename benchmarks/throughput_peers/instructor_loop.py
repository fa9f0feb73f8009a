"""instructor: a pydantic model by JSON Schema, its default of three tries."""

from __future__ import annotations

import instructor  # type: ignore[import-not-found]
import openai
from benchmarks.throughput_peers.models import Draft
from benchmarks.throughput_peers.shared import messages, run_all, url

client = instructor.from_openai(
    openai.AsyncOpenAI(base_url=url(), api_key="none"), mode=instructor.Mode.JSON_SCHEMA
)


async def _ask(text: str) -> int:
    draft = await client.chat.completions.create(
        model="stub", messages=messages(text), response_model=Draft
    )
    return len(draft.capabilities)


if __name__ == "__main__":
    run_all(_ask)
