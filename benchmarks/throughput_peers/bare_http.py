"""A floor: requests by httpx2 alone, answers read as JSON."""

from __future__ import annotations

import asyncio
import json

import httpx2
from benchmarks.throughput_peers.shared import at_once, body, documents, finish, url


async def _run() -> list[int]:
    places = asyncio.Semaphore(at_once())
    limits = httpx2.Limits(max_connections=at_once(), max_keepalive_connections=at_once())
    async with httpx2.AsyncClient(timeout=600, limits=limits) as client:

        async def ask(text: str) -> int:
            async with places:
                response = await client.post(f"{url()}/chat/completions", json=body(text))
            answer = response.json()["choices"][0]["message"]["content"]
            return len(json.loads(answer)["capabilities"])

        return await asyncio.gather(*map(ask, documents()))


if __name__ == "__main__":
    finish(asyncio.run(_run()))
