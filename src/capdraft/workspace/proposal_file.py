"""A proposal as TOML that reads well in a diff, and the way back to its line numbers."""

from __future__ import annotations

import json
import re
import textwrap
import tomllib
from typing import TYPE_CHECKING, Any

from capdraft.records import Proposal

if TYPE_CHECKING:
    from tomlkit.items import AoT, Item, Table

WIDTH = 98
LONGEST = 120
"""A line up to this long is left whole: a quote keeps the lines of its document."""
SHORT = 32
"""Characters of a string that stays on one line, with its line ends as `\\n`."""
_HEADER = re.compile(r"(\[\[?)([a-z_.]+)\]\]?")


def dump_proposal(proposal: Proposal) -> str:
    """Return `proposal` as TOML: long prose wrapped in multi-line strings, keys in model order."""
    import tomlkit

    data = proposal.model_dump(by_alias=True, exclude_none=True, exclude_defaults=False)
    data = {"schema": data.pop("schema"), **_without_empty(data)}
    document = tomlkit.document()
    for key, value in data.items():
        document.append(key, _item(value))
    text = tomlkit.dumps(document)
    if tomllib.loads(text) != _plain(data):
        raise AssertionError("the proposal does not survive TOML")
    return text


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """Drop empty lists and tables, which would read as noise."""
    kept = {}
    for key, value in data.items():
        if isinstance(value, dict):
            value = _without_empty(value)
        elif isinstance(value, (list, tuple)):
            value = [_without_empty(v) if isinstance(v, dict) else v for v in value]
        if value not in ({}, [], ""):
            kept[key] = value
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value


def _item(value: Any) -> Item:
    import tomlkit

    if isinstance(value, dict):
        return _table(value)
    if isinstance(value, (list, tuple)):
        if value and isinstance(value[0], dict):
            return _tables(value)
        array = tomlkit.array()
        array.extend(value)
        array.multiline(len(str(value)) > WIDTH)
        return array
    if isinstance(value, str):
        return _string(value)
    item: Item = tomlkit.item(value)
    return item


def _table(value: dict[str, Any]) -> Table:
    import tomlkit

    table = tomlkit.table()
    # Plain values first: in TOML a key behind a sub-table would belong to that sub-table.
    for key, inner in sorted(value.items(), key=lambda pair: _is_table(pair[1])):
        table.append(key, _item(inner))
    return table


def _tables(values: list[dict[str, Any]] | tuple[dict[str, Any], ...]) -> AoT:
    import tomlkit

    array = tomlkit.aot()
    for value in values:
        array.append(_table(value))
    return array


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, (list, tuple)) and bool(value) and isinstance(value[0], dict)
    )


def _string(value: str) -> Item:
    """Return a string item: multi-line, wrapped with TOML's line-ending backslash, when long."""
    import tomlkit
    from tomlkit.items import String, StringType, Trivia

    lines = [json.dumps(line, ensure_ascii=False)[1:-1] for line in value.split("\n")]
    if len(value) <= SHORT or (len(lines) == 1 and len(lines[0]) < WIDTH - 16):
        return tomlkit.string(value)
    wrapped = ["\\\n".join(_wrap(line)) for line in lines]
    # TOML drops the line end right behind the opening quotes.
    return String(StringType.MLB, value, "\n" + "\n".join(wrapped), Trivia())


def _wrap(line: str) -> list[str]:
    """Cut `line` before words; white space stays at a piece's end, where TOML keeps it."""
    if len(line) <= LONGEST:
        return [line]
    pieces = textwrap.wrap(
        line,
        WIDTH,
        drop_whitespace=False,
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )
    joined: list[str] = []
    for piece in pieces:
        body = piece.lstrip(" ")
        if joined:
            joined[-1] += piece[: len(piece) - len(body)]
            joined.append(body)
        else:
            joined.append(piece)
    return [piece for piece in joined if piece]


class FieldLines:
    """Line numbers of the fields of a proposal file, for findings that name a line."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._starts: dict[tuple[int, str], int] = {}
        self._find_headers()

    def _find_headers(self) -> None:
        capability, inside = -1, False
        for number, line in enumerate(self._lines, 1):
            if not inside and (header := _HEADER.fullmatch(line.strip())):
                if header.group(2) == "capabilities":
                    capability += 1
                    self._starts[capability, ""] = number
                elif header.group(2).count(".") == 1:
                    name = header.group(2).removeprefix("capabilities.")
                    self._starts[capability, name] = number
            if line.count('"""') % 2:
                inside = not inside

    def line_of(self, capability: int, field: str = "", needle: str = "") -> int:
        """Return the 1-based line of `needle` in a field, else of the field, else 1."""
        start = self._starts.get((capability, field)) or self._starts.get((capability, ""), 1)
        if needle:
            for number in range(start, len(self._lines)):
                line = self._lines[number]
                if needle in line:
                    return number + 1
                if line.startswith("["):
                    break
        return start
