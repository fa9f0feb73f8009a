"""A floor: the openai SDK's own loop, answers read as JSON."""

from __future__ import annotations

import json

import openai
from benchmarks.throughput_peers.shared import body, run_all, url

client = openai.AsyncOpenAI(base_url=url(), api_key="none")


async def _ask(text: str) -> int:
    completion = await client.chat.completions.create(**body(text))
    return len(json.loads(completion.choices[0].message.content)["capabilities"])


if __name__ == "__main__":
    run_all(_ask)
