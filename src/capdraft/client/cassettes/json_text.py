"""JSON read so that it can be written again as it was spelled.

A tree is what json.loads returns, with a `Number` for each number that Python would spell
differently, and `Pairs` for each object that can't be a mapping.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, NoReturn

MAX_DEPTH = 60
SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_INT = 100
_STARTS_JSON = re.compile(r"[ \t\r\n]*[{\[]")
_STRING_OR_SPACE = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\r\n]+', re.DOTALL)


class Number(str):
    """The spelling of a number that int or float would not give back."""


class Pairs(list[tuple[str, Any]]):
    """The members of an object that can't be a mapping."""


class Layout(NamedTuple):
    """What stands between the tokens of a JSON text."""

    comma: str
    colon: str
    indent: int | None = None


COMPACT = Layout(",", ":")
LAYOUTS = {
    "spaced": Layout(", ", ": "),
    "indent-2": Layout(",", ": ", 2),
    "indent-4": Layout(",", ": ", 4),
}
# What servers write as \uXXXX although they need not: Python's json, and Go's for HTML.
ESCAPES = {
    "plain": re.compile("(?!)"),
    "ascii": re.compile(r"[^\x00-\x7e]"),
    "html": re.compile("[<>&\u2028\u2029]"),
}


def read(text: str) -> tuple[Any, str] | None:
    """Return the JSON object or array in `text` and how it escapes, if nothing would be lost."""
    if not _STARTS_JSON.match(text):
        return None
    try:
        node = json.loads(
            text,
            parse_int=_int,
            parse_float=_float,
            parse_constant=_not_json,
            object_pairs_hook=_object,
        )
        compact = write(node, COMPACT)
    except (ValueError, RecursionError):
        return None
    bare = _STRING_OR_SPACE.sub(r"\1", text)
    for name, pattern in ESCAPES.items():
        if escape(compact, pattern) == bare:
            return node, name
    return None


def _int(spelling: str) -> int | Number:
    if len(spelling) > _LONGEST_INT or str(int(spelling)) != spelling:
        return Number(spelling)
    return int(spelling)


def _float(spelling: str) -> float | Number:
    value = float(spelling)
    return value if repr(value) == spelling else Number(spelling)


def _not_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Pairs:
    members = dict(pairs)
    if len(members) < len(pairs) or any(map(SURROGATE.search, members)):
        return Pairs(pairs)
    return members


def write(node: Any, layout: Layout, level: int = 0) -> str:
    """Return `node` as json.dumps would lay it out, with each number as it was spelled."""
    if level > MAX_DEPTH:
        raise ValueError("nested too deeply to be shown as a tree")
    if isinstance(node, Number):
        return str(node)
    if isinstance(node, dict | Pairs):
        pairs = node.items() if isinstance(node, dict) else node
        items = [
            f"{write(str(k), layout)}{layout.colon}{write(v, layout, level + 1)}" for k, v in pairs
        ]
        return _join("{}", items, layout, level)
    if isinstance(node, list):
        return _join("[]", [write(item, layout, level + 1) for item in node], layout, level)
    return escape(json.dumps(node, ensure_ascii=False), SURROGATE)


def _join(brackets: str, items: list[str], layout: Layout, level: int) -> str:
    if layout.indent is None or not items:
        return f"{brackets[0]}{layout.comma.join(items)}{brackets[1]}"
    outer = "\n" + " " * layout.indent * level
    inner = outer + " " * layout.indent
    return f"{brackets[0]}{inner}{(layout.comma + inner).join(items)}{outer}{brackets[1]}"


def escape(text: str, pattern: re.Pattern[str]) -> str:
    """Return JSON `text` with each character that `pattern` finds as \\uXXXX."""
    return pattern.sub(_as_escape, text)


def _as_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
