"""What a file says under `schema`, `capdraft/KIND/NUMBER`, and what another number means."""

from __future__ import annotations

import re
from typing import NamedTuple

from pydantic import ValidationError

_FORMAT = re.compile(r"capdraft/([a-z][a-z-]*)/(\d{1,9})")
CONVERT = "`capdraft migrate` converts what an older capdraft wrote."
UPGRADE = "A newer capdraft wrote it: pip install --upgrade capdraft"
LOOK = "`capdraft migrate --check` tells whether an older capdraft wrote it."


class Format(NamedTuple):
    """A kind of file, and the number of its form."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"capdraft/{self.kind}/{self.number}"


class WrongFormat(NamedTuple):
    """What is wrong with a file's format, and what to do."""

    message: str
    hint: str


def read_format(said: object) -> Format | None:
    """Return the format that stands under `schema`, or None if it is none."""
    found = _FORMAT.fullmatch(said) if isinstance(said, str) else None
    return Format(found[1], int(found[2])) if found else None


def wrong_format(error: ValidationError) -> WrongFormat | None:
    """Return what is wrong where a file is of the right kind and of another number, or None."""
    for item in error.errors(include_url=False):
        if item["loc"] == ("schema",) and item["type"] == "literal_error":
            known = read_format(str(item["ctx"]["expected"]).strip("'"))
            found = read_format(item["input"])
            if found and known and found.kind == known.kind:
                told = f"is of format {found}, this capdraft reads {known}"
                return WrongFormat(told, UPGRADE if found.number > known.number else CONVERT)
    return None


def look_hint(error: ValidationError) -> str:
    """Return what to do with a file of the right number that can't be read all the same.

    Keys are added under a number: one that isn't known may be a newer version's.
    """
    unknown = any(item["type"] == "extra_forbidden" for item in error.errors(include_url=False))
    return f"{LOOK} A newer one may have keys that this one doesn't know." if unknown else LOOK
