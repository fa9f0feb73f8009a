"""pydantic-ai: one agent, a pydantic model by native JSON Schema."""

from __future__ import annotations

from benchmarks.throughput_peers.models import Draft
from benchmarks.throughput_peers.shared import RULES, prompt, run_all, url
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

model = OpenAIChatModel("stub", provider=OpenAIProvider(base_url=url(), api_key="none"))
agent = Agent(model, output_type=NativeOutput(Draft), system_prompt=RULES)


async def _ask(text: str) -> int:
    done = await agent.run(prompt(text))
    return len(done.output.capabilities)


if __name__ == "__main__":
    run_all(_ask)
