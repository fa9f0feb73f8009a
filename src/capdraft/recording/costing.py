"""What recording again takes, told from what the recorded answers took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from capdraft.client.cassettes.file import read_text
from capdraft.client.cassettes.format import NotACassette, deserialize
from capdraft.client.completions import Usage, usage
from capdraft.client.prices import ModelPrice
from capdraft.errors import CassetteInvalid


@dataclass(frozen=True)
class Estimate:
    """Calls and tokens of recorded answers, and what these cost; None where it is unknown."""

    cassettes: int
    calls: int
    prompt_tokens: int | None
    completion_tokens: int | None
    cost_usd: float | None
    model: str | None
    """Whose prices the cost is at."""


def estimate(paths: Iterable[Path], price: ModelPrice | None) -> Estimate:
    """Return what the answers in cassettes took, as `price` has it; unreadable ones say nothing."""
    every = [used for path in paths if (used := _recorded(path)) is not None]
    calls = [used for cassette in every for used in cassette]
    costs = [price.cost(used) if price else None for used in calls]
    known = [cost for cost in costs if cost is not None]
    cost = float(sum(known, Decimal(0))) if known and len(known) == len(calls) else None
    return Estimate(
        cassettes=len(every),
        calls=len(calls),
        prompt_tokens=_sum([used.prompt_tokens for used in calls]),
        completion_tokens=_sum([used.completion_tokens for used in calls]),
        cost_usd=cost,
        model=price.model or None if price and cost is not None else None,
    )


def _recorded(path: Path) -> list[Usage] | None:
    """Return the tokens of each answer. What an endpoint had in its cache is paid for anew."""
    try:
        interactions = deserialize(read_text(path))["interactions"]
    except (CassetteInvalid, NotACassette):
        return None
    # The list of models, where none was named, is asked for too and costs nothing.
    asked = (item for item in interactions if item["request"]["method"] == "POST")
    bodies = (item["response"]["body"]["string"] for item in asked)
    found = (usage(body.decode("utf-8", "replace")) for body in bodies)
    return [Usage(item.prompt_tokens, item.completion_tokens) for item in found]


def _sum(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
