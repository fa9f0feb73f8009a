"""How much each part counts for artifacts of a type: published, and set in capdraft.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from capdraft.ranking.formula import CENT, PARTS
from capdraft.settings import RankSettings, RankWeights

OTHER = "other"
"""Stands for every type that has no weights of its own."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a type by part, and where they were set."""

    by_part: Mapping[str, Decimal]
    source: str


def _of(*hundredths: int) -> dict[str, Decimal]:
    return {
        part: Decimal(number).scaleb(-2) for part, number in zip(PARTS, hundredths, strict=True)
    }


# Of models and datasets use says more; of a repository or a tool what works with it does.
DEFAULTS: Mapping[str, Mapping[str, Decimal]] = {
    "model": _of(25, 30, 15, 15, 15),
    "dataset": _of(25, 30, 15, 15, 15),
    "repository": _of(20, 30, 20, 15, 15),
    "tool": _of(20, 25, 20, 20, 15),
    OTHER: _of(20, 35, 15, 15, 15),
}


def weights_for(settings: RankSettings, kind: str) -> Weights:
    """Return the weights of artifacts of the type `kind`."""
    for name in (kind, OTHER):
        if name in settings.weights:
            return Weights(_by_part(settings.weights[name]), f"[rank.weights.{name}]")
        if name in DEFAULTS:
            return Weights(DEFAULTS[name], f"default of {name}")
    raise AssertionError("there are defaults for other types")


def all_weights(settings: RankSettings) -> dict[str, Weights]:
    """Return the weights of each type that has its own, then those of all others."""
    kinds = [*dict.fromkeys([*DEFAULTS, *settings.weights])]
    kinds.sort(key=lambda kind: kind == OTHER)
    return {kind: weights_for(settings, kind) for kind in kinds}


def _by_part(table: RankWeights) -> dict[str, Decimal]:
    return {part: getattr(table, part.replace(" ", "_")).quantize(CENT) for part in PARTS}
