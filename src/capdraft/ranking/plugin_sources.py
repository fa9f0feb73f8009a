"""The signal sources of plugins: asked one by one; one that breaks stops no other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from capdraft.errors import PluginBroke, SourceError
from capdraft.plugins.finding import Plugin
from capdraft.plugins.running import in_use
from capdraft.records import Artifact, Signal

AHEAD = timedelta(days=1)
"""How far a date may lie ahead: clocks differ, and so do time zones."""


@dataclass(frozen=True, slots=True)
class Told:
    """What plugins know of one artifact; `asked` are their names, as signals carry them."""

    signals: tuple[Signal, ...]
    asked: tuple[str, ...]
    failures: tuple[SourceError, ...]


def ask_plugins(artifact: Artifact, documents: Sequence[str], before: Iterable[Signal]) -> Told:
    """Return what the plugins in use know of `artifact`.

    What one said `before` stays where it fails now or isn't installed here, and goes where it says
    nothing any more or is off.
    """
    kept = {plugin: _of(before, plugin) for plugin in _names(before) - set(_off())}
    asked, failures = [], []
    for plugin in in_use().of("signals"):
        asked.append(name := _name(plugin))
        try:
            kept[name] = _asked(plugin, artifact, documents)
        except SourceError as error:
            error.where = error.where or f"{artifact.slug}, {name}"
            failures.append(error)
    found = tuple(signal for signals in kept.values() for signal in signals)
    return Told(found, tuple(asked), tuple(failures))


def _asked(plugin: Plugin, artifact: Artifact, documents: Sequence[str]) -> list[Signal]:
    try:
        given = list(plugin.part.signals(artifact, tuple(documents)))
        return [_checked(item, _name(plugin)) for item in given]
    except SourceError:
        raise
    except Exception as error:
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


def _name(plugin: Plugin) -> str:
    return f"{plugin.distribution}:{plugin.name}"


def _off() -> list[str]:
    return [_name(plugin) for plugin in in_use().every("signals") if plugin.state == "off"]


def _names(signals: Iterable[Signal]) -> set[str]:
    return {signal.plugin for signal in signals if signal.plugin}


def _of(signals: Iterable[Signal], name: str) -> list[Signal]:
    return [signal for signal in signals if signal.plugin == name]
