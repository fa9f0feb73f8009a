"""The signal sources of plugins: asked one by one; one that breaks stops no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from capdraft.errors import PluginBroke, SourceError
from capdraft.plugins.calling import FAULTS, calling
from capdraft.plugins.finding import Plugin
from capdraft.plugins.running import in_use
from capdraft.records import Artifact, Signal

AHEAD = timedelta(days=1)
"""How far a date may lie ahead: clocks differ, and so do time zones."""


@dataclass(frozen=True, slots=True)
class Told:
    """What plugins know of one artifact; they are called as signals name them: PACKAGE:NAME."""

    signals: tuple[Signal, ...]
    given: Mapping[str, int]
    """How many signals each plugin gave that was asked; one that failed gave none."""
    gone: tuple[Signal, ...]
    """What a plugin said before and says nothing of any more."""
    failures: tuple[SourceError, ...]


def ask_plugins(artifact: Artifact, documents: Sequence[str], before: Iterable[Signal]) -> Told:
    """Return what the plugins in use know of `artifact`.

    What one said `before` stays where it fails now or isn't installed here, and goes where it says
    nothing any more or is off.
    """
    before = [signal for signal in before if signal.plugin]
    kept = {name: _of(before, name) for name in dict.fromkeys(_names(before)) if name not in _off()}
    given, failures = {}, []
    for plugin in in_use().of("signals"):
        given[plugin.full_name] = 0
        try:
            kept[plugin.full_name] = fresh = _asked(plugin, artifact, documents)
            given[plugin.full_name] = len(fresh)
        except SourceError as error:
            failures.append(error)
    found = tuple(signal for signals in kept.values() for signal in signals)
    said = {(signal.plugin, signal.name) for signal in found}
    gone = tuple(signal for signal in before if (signal.plugin, signal.name) not in said)
    return Told(found, given, gone, tuple(failures))


def _asked(plugin: Plugin, artifact: Artifact, documents: Sequence[str]) -> list[Signal]:
    try:
        with calling:
            given = list(plugin.part.signals(artifact, tuple(documents)))
        return [_checked(item, plugin.full_name) for item in given]
    except SourceError as error:
        raise SourceError(str(error), where=plugin.full_name, hint=error.hint) from error
    except FAULTS as error:
        trouble = in_use().noted(plugin, f"it was asked about {artifact.slug}", error)
        raise PluginBroke(trouble.message, where=artifact.slug, hint=trouble.hint) from error


def _checked(item: object, name: str) -> Signal:
    if not isinstance(item, Signal):
        raise TypeError(f"signals gave {item!r:.100}, not a capdraft.records.Signal")
    if item.by is not None:
        raise ValueError("a signal with `by` is one that a person set")
    if item.retrieved > datetime.now(UTC) + AHEAD:
        raise ValueError(f"a signal was read on {item.retrieved:%Y-%m-%d}, which is yet to come")
    return item.model_copy(update={"plugin": name})


def _off() -> list[str]:
    return [plugin.full_name for plugin in in_use().every("signals") if plugin.state == "off"]


def _names(signals: Iterable[Signal]) -> list[str]:
    return [signal.plugin for signal in signals if signal.plugin]


def _of(signals: Iterable[Signal], name: str) -> list[Signal]:
    return [signal for signal in signals if signal.plugin == name]
