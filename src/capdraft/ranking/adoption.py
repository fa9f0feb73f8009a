"""Adoption: how much an artifact is used, against anchors that other artifacts don't move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from capdraft.ranking.formula import ONE, Input, Part, mean_of_shown, shown
from capdraft.records import Signal, SignalName, Signals

YEAR = timedelta(days=365)
OTHER = "other"
# The value at which a signal counts in full: about what the most used of a type have. Fixed, so
# that a rank moves by what is known of its own artifact alone. Forks go with stars: shown only.
ANCHORS: Mapping[str, Mapping[SignalName, int]] = {
    "model": {
        "downloads": 10_000_000,
        "likes": 10_000,
        "stars": 100_000,
        "dependents": 100_000,
    },
    "dataset": {
        "downloads": 1_000_000,
        "likes": 5_000,
        "stars": 10_000,
        "dependents": 10_000,
    },
    OTHER: {
        "downloads": 10_000_000,
        "likes": 5_000,
        "stars": 100_000,
        "dependents": 100_000,
    },
}


def adoption(kind: str, signals: Signals | None, now: datetime) -> Part:
    """Return how much an artifact of the type `kind` is used; unknown without a signal."""
    anchors = ANCHORS.get(kind, ANCHORS[OTHER])
    counted = signals.counted if signals else {}
    inputs = tuple(as_input(signal, now) for signal in counted.values())
    known = [(signal, anchors[name]) for name, signal in counted.items() if name in anchors]
    if not known:
        return Part("adoption", None, "no downloads, likes, stars or dependents known", inputs)
    terms = [
        f"log(1+{signal.value:,})/log(1+{anchor:,}) = {shown(against(signal.value, anchor))}"
        for signal, anchor in known
    ]
    value = mean_of_shown([against(signal.value, anchor) for signal, anchor in known])
    return Part("adoption", value, f"mean of {'; '.join(terms)}", inputs)


def against(value: int, anchor: int) -> Decimal:
    """Return `value` on a logarithmic scale from 0 to `anchor`; more than that is still 1."""
    return min(Decimal(1 + value).ln() / Decimal(1 + anchor).ln(), ONE)


def as_input(signal: Signal, now: datetime) -> Input:
    """Return a signal as it is explained."""
    value = f"{signal.value:,}"
    return Input(
        signal.name, value, signal.source, signal.retrieved, old=is_old(signal.retrieved, now)
    )


def is_old(moment: datetime, now: datetime) -> bool:
    """Tell whether `moment` is more than a year before `now`."""
    return now - moment > YEAR
