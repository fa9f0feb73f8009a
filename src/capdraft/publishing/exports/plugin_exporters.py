"""The exporters of plugins: what they yield, checked piece by piece."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator

from capdraft.errors import CapdraftError, PluginBroke, UsageProblem
from capdraft.plugins.calling import FAULTS, calling
from capdraft.plugins.finding import Plugin
from capdraft.plugins.running import in_use
from capdraft.records import CatalogEntry


def exporter(name: str, built_in: Collection[str]) -> Plugin | None:
    """Return the plugin that writes the format `name`; None where that is a built-in one.

    Raises:
        UsageProblem: no format is called so.
    """
    if name in built_in and not in_use().prefers_any("exporters"):
        return None
    found = in_use().every("exporters", built_in)
    usable = {plugin.name: plugin for plugin in found if plugin.state == "loaded"}
    if name in usable or name in built_in:
        return usable.get(name)
    why = next((plugin.why for plugin in found if plugin.name == name), "")
    if why:
        raise UsageProblem(
            f"the plugin {name!r} is not used: {why}", hint="`capdraft plugins` lists them all."
        )
    known = [*built_in, *usable]
    near = difflib.get_close_matches(name, known, n=1)
    raise UsageProblem(
        f"{name!r} is not one of {', '.join(known)}",
        hint=f"Did you mean {near[0]!r}?" if near else "Plugins bring more: docs/extending.md",
    )


def plugin_pieces(plugin: Plugin, entries: Iterable[CatalogEntry]) -> Iterator[bytes]:
    """Yield the file that `plugin` writes.

    Raises:
        PluginBroke: it raised an error, or yields what is neither text nor bytes.
    """
    try:
        pieces = _given(plugin, entries)
        while True:
            with calling:
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece
    except CapdraftError:
        raise
    except FAULTS as error:
        trouble = in_use().noted(plugin, "it wrote the catalog", error)
        raise PluginBroke(trouble.message, hint=trouble.hint) from error


def _given(plugin: Plugin, entries: Iterable[CatalogEntry]) -> Iterator[bytes]:
    """Yield what `plugin` gives as bytes.

    Raises:
        TypeError: it is something else than pieces of text or bytes.
    """
    given = plugin.part.write(entries)
    if isinstance(given, str | bytes):
        raise TypeError("write gave one text: it is to yield the pieces of the file")
    for piece in given:
        if not isinstance(piece, str | bytes):
            raise TypeError(f"write gave {piece!r:.100}, neither text nor bytes")
        yield piece.encode() if isinstance(piece, str) else piece
