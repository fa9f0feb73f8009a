"""The plugins that are installed, as the entry points of their packages name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from capdraft.plugins.shapes import KINDS, Kind

State = Literal["loaded", "off", "broken"]


@dataclass(frozen=True, slots=True)
class Plugin:
    """An entry point, and what became of it."""

    kind: Kind
    name: str
    distribution: str
    """The name of the package that brought it."""
    version: str
    entry_point: EntryPoint
    state: State = "loaded"
    why: str = ""
    part: Any = None
    """The plugin itself, where it is loaded."""
    claims: tuple[str, ...] = ()
    """What it has for itself: the suffixes that it reads, its code, its name."""
    takes_setup: bool = False
    """Whether it is told of its settings."""

    @classmethod
    def of(cls, kind: Kind, entry_point: EntryPoint) -> Plugin:
        """Return the plugin that an entry point names, not loaded yet."""
        package = entry_point.dist
        name, version = (package.name, package.version) if package else ("unknown", "")
        return cls(kind, entry_point.name, name, version, entry_point)

    @property
    def value(self) -> str:
        """Where its code is, as MODULE:OBJECT."""
        return self.entry_point.value

    @property
    def full_name(self) -> str:
        """Its name as settings tell it from others of that name: PACKAGE:NAME."""
        return f"{self.distribution}:{self.name}"

    def __str__(self) -> str:
        """Name it as messages do."""
        package = f"{self.distribution} {self.version}".strip()
        return f"plugin {self.name!r} (capdraft.{self.kind}, {package}, {self.value})"

    def is_named(self, names: Iterable[str]) -> bool:
        """Tell whether `names` has its name, its package's, or PACKAGE:NAME."""
        package = _canonical(self.distribution)
        mine = {self.name, package, f"{package}:{self.name}"}
        return any(name in mine or _written_canonically(name) in mine for name in names)


@cache
def installed() -> Mapping[Kind, tuple[Plugin, ...]]:
    """Return the plugins of each kind, by name and package.

    Looked for once a process, and for all kinds at once: each look reads all that is installed.
    """
    every = entry_points()
    found = {
        kind: [Plugin.of(kind, i) for i in every.select(group=f"capdraft.{kind}")] for kind in KINDS
    }
    return {
        kind: tuple(sorted(plugins, key=lambda plugin: (plugin.name, plugin.distribution)))
        for kind, plugins in found.items()
    }


def _written_canonically(name: str) -> str:
    package, colon, rest = name.partition(":")
    return _canonical(package) + colon + rest


def _canonical(package: str) -> str:
    """Return the name of a package as the packaging specifications normalise it."""
    return re.sub(r"[-_.]+", "-", package).lower()


def absent(plugins: Iterable[Plugin], names: Iterable[str]) -> list[str]:
    """Return those of `names` that name none of `plugins`."""
    here = list(plugins)
    return [name for name in names if not any(plugin.is_named([name]) for plugin in here)]
