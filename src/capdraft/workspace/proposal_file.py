"""A proposal as TOML that reads well in a diff, and the way back to its line numbers."""

from __future__ import annotations

import json
import re
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any, Self

from capdraft.records import Proposal

WIDTH = 98
LONGEST = 120
"""A line up to this long is left whole: a quote keeps the lines of its document."""
SHORT = 32
"""Characters of a string that stays on one line, with its line ends as `\\n`."""
_HEADER = re.compile(r"(\[\[?)([a-z_.]+)\]\]?")
# As much as fits and ends where a word does, else a whole word or run of spaces.
_PIECE = re.compile(rf".{{1,{WIDTH}}}(?:(?<! )(?= )|(?<= )(?! )|\Z)|[^ ]+| +")
# Other escapes are kept, so that the second half of an escaped backslash is not taken for one.
_LINE_ENDING_BACKSLASH = re.compile(r"(\\[^\n])|\\\n[ \t\n]*")
_NEVER_INLINE = 200
"""tomli_w puts a table on one line if that line fits; one indented so far never does."""


class _Written(int):
    """A value as it stands in the file: tomli_w writes a number as `str` gives it."""

    text: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Return `text` as tomli_w takes it."""
        written = cls()
        written.text = text
        return written

    def __str__(self) -> str:
        return self.text


def dump_proposal(proposal: Proposal) -> str:
    """Return `proposal` as TOML: long prose wrapped in multi-line strings, keys in model order."""
    import tomli_w

    data = proposal.model_dump(by_alias=True, exclude_none=True, exclude_defaults=False)
    data = {"schema": data.pop("schema"), **data}
    return tomli_w.dumps(_table(data), indent=_NEVER_INLINE)


def _table(data: dict[str, Any]) -> dict[str, Any]:
    """Return a table with its values written, without empty ones, which would read as noise."""
    kept = {}
    for key, value in data.items():
        item = _item(value)
        if item not in ({}, [], ""):
            kept[key] = item
    return kept


def _item(value: Any) -> Any:
    """Return a table, a list of tables, or else a written value."""
    if isinstance(value, dict):
        return _table(value)
    if isinstance(value, str):
        return value and _Written.of(_string(value))
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(inner, dict) for inner in value):
            return [_table(inner) for inner in value]
        return _Written.of(_array(list(value))) if value else []
    if isinstance(value, datetime):
        return _Written.of(value.isoformat().replace("+00:00", "Z"))
    return value


def _array(values: list[Any]) -> str:
    """Return an array on one line, or one line for each value."""
    if not all(isinstance(value, (str, int, float)) for value in values):
        import tomli_w

        return tomli_w.dumps({"x": values}).removeprefix("x = ").rstrip("\n")
    items = [_quoted(value) if isinstance(value, str) else str(value).lower() for value in values]
    if len(str(values)) <= WIDTH:
        return f"[{', '.join(items)}]"
    return "\n".join(["[", *(f"    {item}," for item in items), "]"])


def _quoted(value: str) -> str:
    """Return a text as in JSON, which is TOML but for the delete character."""
    return encode_basestring(value).replace("\x7f", "\\u007f")


def _string(value: str) -> str:
    """Return a string: multi-line, wrapped with TOML's line-ending backslash, when long."""
    escaped = _quoted(value)
    if len(value) <= SHORT or ("\n" not in value and len(escaped) - 2 < WIDTH - 16):
        return escaped
    lines = [_quoted(line)[1:-1] for line in value.split("\n")]
    body = "\n".join("\\\n".join(_wrap(line)) for line in lines)
    joined = _LINE_ENDING_BACKSLASH.sub(r"\1", body)
    if json.loads(f'"{joined}"', strict=False) != value:
        raise AssertionError("the proposal does not survive TOML")
    # TOML drops the line end right behind the opening quotes.
    return f'"""\n{body}"""'


def _wrap(line: str) -> list[str]:
    """Cut `line` before words; white space stays at a piece's end, where TOML keeps it."""
    if len(line) <= LONGEST:
        return [line]
    joined: list[str] = []
    for piece in _PIECE.findall(line):
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
