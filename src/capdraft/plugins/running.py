"""The plugins of this process: loaded when their kind is first needed, and told of when they break.

Packages are installed for a process, so there is one set of plugins in it; `use` says which
workspace's settings and log go with it.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from capdraft.errors import PluginBroke
from capdraft.plugins.calling import FAULTS, calling, made, takes_setup
from capdraft.plugins.contracts import Setup
from capdraft.plugins.finding import Plugin, installed
from capdraft.plugins.log import LOADING, PLACE, innermost, write_traceback
from capdraft.plugins.shapes import (
    KINDS,
    Kind,
    WrongShape,
    check_entry_point,
    check_shape,
    claims_of,
)
from capdraft.text import one_line

if TYPE_CHECKING:
    from capdraft.settings import PluginSettings


@dataclass(slots=True)
class Trouble:
    """How a plugin broke or that it is missed, and how often that was so in this run."""

    message: str
    hint: str
    times: int = 1


class Plugins:
    """What is installed, under the settings of a workspace."""

    def __init__(self, root: Path | None = None, tell: Callable[[str], None] | None = None) -> None:
        self._root = root
        self._tell = tell or (lambda text: warnings.warn(text, RuntimeWarning, stacklevel=4))
        self._loaded: dict[Kind, tuple[Plugin, ...]] = {}
        self._troubles: dict[tuple[str, str], Trouble] = {}
        self._told: set[str] = set()
        self._lock = threading.RLock()

    @property
    def root(self) -> Path | None:
        """The workspace's folder; None outside of one."""
        return self._root

    @property
    def troubles(self) -> list[Trouble]:
        """What broke so far, each once."""
        return list(self._troubles.values())

    @cached_property
    def settings(self) -> PluginSettings:
        """The workspace's `[plugins]`.

        Raises:
            SettingsError: capdraft.toml can't be read.
        """
        from capdraft.settings import PluginSettings, parse_settings
        from capdraft.workspace import SETTINGS_FILE, FileStore

        stored = FileStore(self._root).read(SETTINGS_FILE) if self._root else None
        return parse_settings(stored.text).plugins if stored else PluginSettings()

    def of(self, kind: Kind, built_in: Collection[str] = ()) -> tuple[Plugin, ...]:
        """Return the plugins of a kind that can be used, for what is not `built_in` already."""
        return tuple(item for item in self.every(kind, built_in) if item.state == "loaded")

    def every(self, kind: Kind, built_in: Collection[str] = ()) -> tuple[Plugin, ...]:
        """Return all plugins of a kind, also those that are off or broken."""
        with self._lock:
            if kind not in self._loaded:
                found = [self._load(item) for item in installed()[kind]]
                found = [self._without_built_in(item, built_in) for item in found]
                self._loaded[kind] = tuple(self._without_clash(item, found) for item in found)
            return self._loaded[kind]

    def prefers_any(self, kind: Kind) -> bool:
        """Tell whether a plugin of this kind comes before what is built in."""
        return any(plugin.is_named(self.settings.prefer) for plugin in installed()[kind])

    def broke(self, plugin: Plugin, doing: str, error: BaseException) -> None:
        """Log and tell that `plugin` raised `error`; at the same place again, only count it."""
        trouble = self.noted(plugin, doing, error)
        if trouble.times == 1:
            self.tell(trouble)

    def noted(self, plugin: Plugin, doing: str, error: BaseException) -> Trouble:
        """Log that `plugin` raised `error`, and leave it to who catches PluginBroke to tell."""
        said = _said(error, plugin)
        key = (str(plugin), f"{type(error).__name__} {innermost(error, plugin.entry_point.module)}")
        message = f"{plugin} broke while {doing}: {said}"
        with self._lock:
            if key in self._troubles:
                first = self._troubles[key]
                first.times += 1
                return replace(first, message=message)
            logged = self._root and write_traceback(self._root, message, error)
            log = f"The traceback is in {PLACE}. " if logged else ""
            hint = f'{log}To go without it: off = ["{_name(plugin)}"] under [plugins].'
            self._troubles[key] = Trouble(message, hint)
            return self._troubles[key]

    def misses(self, code: str, near: str | None = None) -> None:
        """Tell that no plugin has the rule `code`, which the settings name; `near` is like it."""
        message = f"{code} under [rules] is not checked: no plugin that is installed here has it"
        meant = f"Did you mean {near}? Else install" if near else "Install"
        hint = f'{meant} the package that brings it, or do without it: {code} = "off".'
        with self._lock:
            trouble = self._troubles.setdefault((code, "missing"), Trouble(message, hint))
        self.tell(trouble)

    def tell(self, what: Trouble | PluginBroke) -> None:
        """Tell who runs this process of what broke; the same is told once."""
        if what.message in self._told:
            return
        self._told.add(what.message)
        self._tell(f"warning: {what.message}\n  next: {what.hint}")

    def _load(self, plugin: Plugin) -> Plugin:
        if plugin.is_named(self.settings.off):
            return replace(plugin, state="off", why="off under [plugins]")
        setup = Setup(self.settings.tables.get(plugin.name, {}), self._root)
        try:
            check_entry_point(plugin.name, plugin.value)
            with calling:
                found = plugin.entry_point.load()
                part = check_shape(plugin.kind, made(found, setup))
        except FAULTS as error:
            self.broke(plugin, LOADING, error)
            return replace(plugin, state="broken", why=_said(error, plugin))
        claims = claims_of(plugin.kind, plugin.name, part)
        return replace(plugin, part=part, claims=claims, takes_setup=takes_setup(found))

    def _without_built_in(self, plugin: Plugin, built_in: Collection[str]) -> Plugin:
        taken = [claim for claim in plugin.claims if claim in built_in]
        if not taken or plugin.is_named(self.settings.prefer):
            return plugin
        left = tuple(claim for claim in plugin.claims if claim not in built_in)
        why = f"{', '.join(taken)}: built in, unless [plugins] prefer names the plugin"
        return replace(plugin, claims=left, why=why, state="loaded" if left else "off")

    def _without_clash(self, plugin: Plugin, every: list[Plugin]) -> Plugin:
        """Return `plugin` as broken where another one wants the same, and neither is preferred."""
        rivals = [item for item in every if set(item.claims) & set(plugin.claims)]
        first = [item for item in rivals if item.is_named(self.settings.prefer)]
        if len(rivals) < 2 or first == [plugin]:
            return plugin
        other = next(item for item in (first or rivals) if item is not plugin)
        both = ", ".join(sorted(set(plugin.claims) & set(other.claims)))
        if len(first) == 1:
            return replace(plugin, state="off", claims=(), why=f"{both}: {other} is preferred")
        why = f"{both}: {other} has it too"
        names = " or ".join(f'prefer = ["{item.full_name}"]' for item in rivals)
        hint = f"Choose one under [plugins]: {names}."
        key = (" ".join(sorted(map(str, rivals))), "clash")
        # Told once: the second message would say the same the other way round.
        if key not in self._troubles:
            self._troubles[key] = Trouble(
                f"{plugin} is not used: {why}, and is not used either", hint
            )
            self.tell(self._troubles[key])
        return replace(plugin, state="broken", claims=(), why=why)


def _name(plugin: Plugin) -> str:
    """Return what names this plugin and no other in `off` and `prefer`."""
    same = [item for kind in KINDS for item in installed()[kind] if item.is_named([plugin.name])]
    return plugin.name if len(same) < 2 else plugin.full_name


def _said(error: BaseException, plugin: Plugin) -> str:
    """Return what an error says on one line, with the plugin's line that raised it."""
    place = innermost(error, plugin.entry_point.module)
    words = one_line(_words(error))[:300]
    return f"{words} [{place}]" if place else words


def _words(error: BaseException) -> str:
    if isinstance(error, WrongShape):
        return str(error)
    if isinstance(error, ValidationError):
        from capdraft.workspace.parsing import validation_problems

        return f"no {error.title} can be made: {validation_problems(error)}"
    return f"{type(error).__name__}: {error}"


_in_use = Plugins()


def use(root: Path, tell: Callable[[str], None] | None = None) -> None:
    """Use the plugins under the settings of the workspace at `root`; `tell` gets what breaks."""
    global _in_use
    _in_use = Plugins(root, tell)


def in_use() -> Plugins:
    """Return the plugins of this process."""
    return _in_use


def identities() -> list[str]:
    """Return what tells apart two sets of plugins that may find or read something else."""
    every = [str(plugin) for plugins in installed().values() for plugin in plugins]
    return [*every, in_use().settings.model_dump_json()] if every else []
