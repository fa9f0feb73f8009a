"""Rooms whose public names are imported when they are first used, so that commands start fast."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def deferred(room: str, names: Mapping[str, str]) -> Callable[[str], object]:
    """Return a room's `__getattr__` (PEP 562): it imports a public name's module on first use.

    `names` gives each module of the room the public names that it holds. What type checkers are
    told stands under `TYPE_CHECKING` in the room; a test keeps both the same.
    """
    places = {name: module for module, held in names.items() for name in held.split()}

    def look_up(name: str) -> object:
        if name not in places:
            raise AttributeError(f"module {room!r} has no attribute {name!r}", name=name)
        value = getattr(import_module(f"{room}.{places[name]}"), name)
        vars(sys.modules[room])[name] = value  # next time it is found without being asked for
        return value

    return look_up
