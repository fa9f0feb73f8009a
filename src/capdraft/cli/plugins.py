"""`capdraft plugins`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, count, framed
from capdraft.errors import NoWorkspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capdraft.plugins.finding import Plugin

_COLOURS = {"loaded": "green", "off": "yellow", "broken": "red"}


@click.command("plugins", short_help="List the plugins that are installed.")
@framed
def command(frame: Frame) -> int:
    """List the readers, rules, exporters and signal sources that installed packages bring.

    Each is loaded, off (by [plugins] in capdraft.toml, or because its name is taken) or broken, and
    then the line says why. Exit status 1 when one is broken.

    \b
    capdraft plugins
    capdraft plugins --json
    """
    from capdraft.plugins.finding import absent
    from capdraft.plugins.log import PLACE
    from capdraft.plugins.running import in_use

    _open_workspace(frame)
    found = _load_all()
    for plugin in found:
        frame.say(_line(plugin))
        if broken_before := _last_broken(plugin):
            frame.say(f"           {broken_before}")
            frame.say(f"           The traceback is in {PLACE}; once it is mended, delete that.")
    if not found:
        frame.note("no plugins are installed")
    settings = in_use().settings
    unknown = absent(found, settings.named)
    for name in unknown:
        frame.note(f"[plugins] names {name!r}, which is not installed here")
    for name in _unread(found):
        frame.note(f"[plugins.{name}]: that plugin takes no settings")
    broken = sum(plugin.state == "broken" for plugin in found)
    frame.note(f"{count(len(found), 'plugin')}, {broken} broken")
    answer = [{**_data(plugin), "last_broken": _last_broken(plugin)} for plugin in found]
    frame.answer({"plugins": answer, "unknown": unknown})
    return 1 if broken else 0


def _open_workspace(frame: Frame) -> None:
    """Use the settings of the workspace around, if there is one."""
    try:
        frame.workspace()
    except NoWorkspace:
        if frame.folder is not None:
            raise


def _load_all() -> list[Plugin]:
    """Load the plugins of each kind, as those who use them do."""
    from capdraft.checking import RULES
    from capdraft.plugins.running import in_use
    from capdraft.plugins.shapes import KINDS
    from capdraft.publishing.exports import FORMATS
    from capdraft.sources.formats import formats

    formats(), len(RULES), in_use().every("exporters", FORMATS)
    return [plugin for kind in KINDS for plugin in in_use().every(kind)]


def _unread(found: Iterable[Plugin]) -> list[str]:
    """Return the names that have settings, and of which no plugin takes any."""
    from capdraft.plugins.running import in_use

    taking = {plugin.name for plugin in found if plugin.takes_setup or plugin.state != "loaded"}
    installed = {plugin.name for plugin in found}
    return [name for name in in_use().settings.tables if name in installed - taking]


def _last_broken(plugin: Plugin) -> str:
    """Return when and how a plugin broke in an earlier run, as the workspace's log has it."""
    from capdraft.plugins.log import last_broken
    from capdraft.plugins.running import in_use

    root = in_use().root
    return last_broken(root, str(plugin)) if root and plugin.state == "loaded" else ""


def _line(plugin: Plugin) -> str:
    state = click.style(plugin.state, fg=_COLOURS[plugin.state]) + " " * (6 - len(plugin.state))
    package = f"{plugin.distribution} {plugin.version}"
    claims = ", ".join(claim for claim in plugin.claims if claim != plugin.name)
    summary = getattr(plugin.part, "summary", "")
    said = [claims, summary if plugin.state == "loaded" else "", plugin.why and f"({plugin.why})"]
    told = "  ".join(part for part in said if part)
    return f"{plugin.kind:<9}  {plugin.name:<18} {package:<24} {state}  {told}"


def _data(plugin: Plugin) -> dict[str, Any]:
    return {
        "kind": plugin.kind,
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "entry_point": plugin.value,
        "state": plugin.state,
        "why": plugin.why,
        "claims": list(plugin.claims),
        "summary": getattr(plugin.part, "summary", ""),
    }
