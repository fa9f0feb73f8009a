"""One file as it was looked at: its format, how that stands, and what a conversion makes of it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from capdraft.errors import CapdraftError, FileInvalid
from capdraft.migrating.places import KINDS, Kind
from capdraft.records.formats import Format, read_format
from capdraft.workspace.parsing import parse_json, toml, validated

State = Literal["current", "older", "stuck", "newer", "unreadable"]
"""older: it is converted; stuck: it is older, and somebody has to do something first."""


@dataclass(frozen=True, slots=True)
class File:
    """What was found in one file; `before` and `after` differ where it is converted."""

    name: str
    kind: str
    format: str
    state: State
    does: tuple[str, ...] = ()
    """What the conversion does, step by step."""
    why: str = ""
    hint: str = ""
    before: str = ""
    after: str = ""
    sha256: str = ""

    @property
    def converts(self) -> bool:
        """Whether there is something to write."""
        return bool(self.does)

    def diff(self) -> Iterator[str]:
        """Yield what the conversion changes, as `diff -u` tells it."""
        old, new = self.before.splitlines(), self.after.splitlines()
        if new:
            yield from difflib.unified_diff(old, new, self.name, self.name, n=2, lineterm="")


def records(kind: Kind, name: str, text: str) -> Iterator[tuple[Any, str]]:
    """Yield each record of a file with its place, not validated.

    Raises:
        FileInvalid: it isn't TOML, or isn't JSON.
    """
    if kind.way == "lines":
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield parse_json(line, f"{name}:{number}"), f"{name}:{number}"
    elif kind.way == "json":
        yield parse_json(text, name), name
    else:
        yield toml(text, name), name


def formats(kind: Kind, name: str, text: str) -> list[Format]:
    """Return the formats that a file's records say they have; where one says none, the known.

    Raises:
        FileInvalid: it isn't TOML or JSON, or a record says it is of another kind.
    """
    found = []
    for data, where in records(kind, name, text):
        said = data.get("schema") if isinstance(data, dict) else None
        read = kind.format if said is None else read_format(said)
        if read is None or read.kind != kind.name:
            told = json.dumps(said, ensure_ascii=False)
            raise FileInvalid(f"schema is {told}, not of {kind.name}", where=where)
        found.append(read)
    return found or [kind.format]


def check(kind_name: str, name: str, text: str) -> None:
    """Read a file as every command does.

    Raises:
        CapdraftError: it isn't what its schema says.
    """
    if kind_name == "settings":
        from capdraft.settings import parse_settings

        parse_settings(text, name)
        return
    kind = KINDS[kind_name]
    for data, where in records(kind, name, text):
        validated(kind.type, data, where)


def broken(file: File, error: CapdraftError) -> File:
    """Return the file with what `error` says of it."""
    inside = error.where.startswith(f"{file.name}:")
    place = f"line {error.where.rpartition(':')[2]}" if inside else error.where
    place = "" if place == file.name else place
    # What would say to look here is asked from here.
    hint = "" if "capdraft migrate" in error.hint else error.hint
    return replace(file, why=f"{place}: {error.message}" if place else error.message, hint=hint)
