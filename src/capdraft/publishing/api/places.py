"""The line of a key within a text, so that what is wrong can be pointed at."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

Path = Sequence[int | str]
Locate = Callable[[Path], int | None]
"""Returns the 1-based line of the value at a path, or of what holds it."""
_SPACE = re.compile(r"[ \t\n\r]*")
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-\"]+)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*\"?([\w-]+)\"?\s*(?:\.[\w.\s-]+)?=")
_DECODER = json.JSONDecoder()


def json_places(text: str) -> Locate:
    """Return what finds lines in a JSON text."""

    def line(path: Path) -> int:
        place = _skip(text, 0)
        try:
            for key in path:
                place = _inner(text, place, key)
        except (LookupError, ValueError, RecursionError):
            pass  # it is not there: what holds it is the place
        return text.count("\n", 0, place) + 1

    return line


def _inner(text: str, place: int, key: int | str) -> int:
    """Return where the value of `key` begins, in the object or array that begins at `place`.

    Raises:
        LookupError: there is none.
    """
    is_object = text[place] == "{"
    if not is_object and text[place] != "[":
        raise LookupError(key)
    number, place = 0, _skip(text, place + 1)
    while text[place] not in "}]":
        name: int | str = number
        if is_object:
            name, place = _DECODER.raw_decode(text, place)
            place = _skip(text, _skip(text, place) + 1)
        if name == key:
            return place
        _, place = _DECODER.raw_decode(text, place)
        place = _skip(text, place)
        place = _skip(text, place + 1) if text[place] == "," else place
        number += 1
    raise LookupError(key)


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def toml_places(text: str) -> Locate:
    """Return what finds lines in a TOML text.

    It knows tables as they are commonly written: one header a line, keys at the start of lines.
    """
    lines: dict[tuple[str, ...], int] = {}
    for number, key in _toml_keys(text):
        lines.setdefault(key, number)

    def line(path: Path) -> int | None:
        names = tuple(map(str, path))
        known = (lines[names[:size]] for size in range(len(names), 0, -1) if names[:size] in lines)
        return next(known, None)

    return line


def _toml_keys(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each header and key of a TOML text: its line and its whole path."""
    table: tuple[str, ...] = ()
    times: Counter[tuple[str, ...]] = Counter()
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not inside and (header := _HEADER.fullmatch(line)):
            table = _table(header[2].replace('"', "").split("."), header[1] == "[[", times)
            yield number, table
        elif not inside and (key := _KEY.match(line)):
            yield number, (*table, key[1])
        for quotes in ('"""', "'''"):
            if inside in ("", quotes) and line.count(quotes) % 2:
                inside = "" if inside else quotes


def _table(names: Sequence[str], is_new: bool, times: Counter[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the path of a table; below an array of tables it is the newest one's."""
    path: tuple[str, ...] = ()
    for place, name in enumerate(names, 1):
        path = (*path, name)
        if is_new and place == len(names):
            times[path] += 1
        if path in times:
            path = (*path, str(times[path] - 1))
    return path
