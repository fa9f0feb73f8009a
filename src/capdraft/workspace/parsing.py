"""Texts of a workspace as the records that they hold, and what is wrong with the others."""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from capdraft.errors import FileInvalid
from capdraft.records import CatalogEntry, Decision, Withdrawal
from capdraft.records.formats import look_hint, read_format, wrong_format
from capdraft.text import toml_error_line

_CONFLICT = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)
M = TypeVar("M", bound=BaseModel)


def toml(text: str, name: str) -> object:
    """Return what the proposal file `name` holds.

    Raises:
        FileInvalid: it isn't TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileInvalid(
            f"isn't TOML: {error}",
            where=f"{name}:{toml_error_line(error, text)}",
            hint=f"A proposal is never edited: bring it back with `git checkout -- {name}`.",
        ) from error


def parse_json(text: str, where: str) -> object:
    """Return what a JSON text holds.

    Raises:
        FileInvalid: it isn't JSON.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise FileInvalid(
            f"isn't JSON: {error}",
            where=where,
            hint="Mend or remove what is not JSON there, or bring it back from version control.",
        ) from error


@lru_cache(maxsize=16)
def catalog_entry(text: str, slug: str) -> CatalogEntry:
    """Return the catalog entry that the file of `slug` holds; the last ones are remembered.

    Raises:
        FileInvalid: it isn't one, or git left both sides of a merge in it.
    """
    name = f"catalog/{slug}.json"
    if mark := _CONFLICT.search(text):
        line = text.count("\n", 0, mark.start()) + 1
        raise FileInvalid(
            "git left both sides of a merge in it",
            where=f"{name}:{line}",
            hint=f"It is derived from reviews/{slug}: take either side with "
            f"`git checkout --ours {name}`, then `capdraft merge {slug}`.",
        )
    entry = validated(CatalogEntry, parse_json(text, name), name)
    if entry.artifact.slug != slug:
        raise FileInvalid(f"is about {entry.artifact.slug!r}, not {slug!r}", where=name)
    return entry


def dump_entry(entry: CatalogEntry) -> str:
    """Return a catalog entry as it stands in its file."""
    data = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def dump_said(said: Decision | Withdrawal) -> str:
    """Return what was said as it stands on its line: what is not set is left out."""
    data = said.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps({"schema": said.schema_, **data}, ensure_ascii=False)


def validated(model: type[M], data: object, where: str) -> M:
    """Return `data` as a record of `model`.

    Raises:
        FileInvalid: it isn't what the schema says.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise invalid(error, where, data) from error


def invalid(error: ValidationError, where: str, data: object = None) -> FileInvalid:
    """Return the error for a file that isn't what its schema says; `data` is what it holds."""
    if wrong := wrong_format(error):
        return FileInvalid(wrong.message, where=where, hint=wrong.hint)
    has_format = isinstance(data, dict) and read_format(data.get("schema"))
    hint = look_hint(error) if has_format else ""
    return FileInvalid(validation_problems(error), where=where, hint=hint)


def validation_problems(error: ValidationError) -> str:
    """Return what pydantic found, one problem after the other, each with its place."""
    problems = []
    for item in error.errors(include_url=False, include_context=False):
        place = ".".join(str(part) for part in item["loc"])
        problems.append(f"{place}: {item['msg']}" if place else item["msg"])
    return "; ".join(problems)
