"""How much an artifact is used elsewhere: numbers from its hosts, each with source and date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import Field, model_validator

from capdraft.records.model import Model, Moment, Slug

SignalName = Literal["downloads", "likes", "stars", "dependents", "forks"]
SIGNAL_NAMES: tuple[SignalName, ...] = SignalName.__args__  # type: ignore[attr-defined]
LARGEST = 10**15


class Signal(Model):
    """One number that a host, or a person, gives."""

    name: SignalName = Field(description="downloads: those of the last 30 days.")
    value: int = Field(ge=0, le=LARGEST)
    source: str = Field(
        min_length=1, description="Where it was read: an address, or who set it by hand."
    )
    retrieved: Moment
    by: Slug | None = Field(default=None, description="Who set it by hand.")
    plugin: str | None = Field(
        default=None, description="The plugin that knew it, as PACKAGE:NAME."
    )


class Signals(Model):
    """`signals/<artifact>.json`."""

    schema_: Literal["capdraft/signals/1"] = Field(default="capdraft/signals/1", alias="schema")
    artifact: Slug
    signals: tuple[Signal, ...] = ()

    @model_validator(mode="after")
    def _each_is_told_once(self) -> Self:
        told = [(signal.name, signal.by is not None or signal.source) for signal in self.signals]
        twice = next((key for key in told if told.count(key) > 1), None)
        if twice:
            raise ValueError(f"{twice[0]} is there twice from one source")
        return self

    @property
    def counted(self) -> dict[SignalName, Signal]:
        """The signal that counts, by name: what was set by hand, else the largest."""
        return {
            name: max(found, key=lambda signal: (signal.by is not None, signal.value))
            for name in SIGNAL_NAMES
            if (found := [signal for signal in self.signals if signal.name == name])
        }

    def with_signals(self, fresh: Iterable[Signal]) -> Signals:
        """Return these signals with `fresh` ones in place of those that tell the same."""
        kept = {_key(signal): signal for signal in (*self.signals, *fresh)}
        ordered = sorted(kept.values(), key=_place)
        return self.model_copy(update={"signals": tuple(ordered)})


def _key(signal: Signal) -> tuple[str, str]:
    return signal.name, "" if signal.by else signal.source


def _place(signal: Signal) -> tuple[int, str]:
    return SIGNAL_NAMES.index(signal.name), _key(signal)[1]
