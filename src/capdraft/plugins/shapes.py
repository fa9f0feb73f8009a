"""What a plugin of each kind must have, looked at when it is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from capdraft.plugins.contracts import CONTRACT
from capdraft.records import Severity

Kind = Literal["readers", "rules", "exporters", "signals"]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[A-Z]{2,8}[0-9]{3}")
"""The codes of rules; those that begin with CD are capdraft's own."""
_SUFFIX = re.compile(r"\.[^\s./\\A-Z]+")
_MEDIA_TYPE = re.compile(r"[a-z0-9]+/[a-z0-9][a-z0-9.+-]*")
_LONGEST = 200


def _line(text: str) -> str:
    if not text.strip() or text != text.strip() or "\n" in text or len(text) > _LONGEST:
        raise ValueError(f"it must be one line of at most {_LONGEST} characters")
    return text


def _code(code: str) -> str:
    if not CODE.fullmatch(code):
        raise ValueError(f"{code!r} must be two to eight capitals and three digits: 'EX101'")
    if code.startswith("CD"):
        raise ValueError("codes that begin with CD are capdraft's own")
    return code


def _name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} must be lower-case words and hyphens: 'plain-words'")
    return name


def _media_type(given: str) -> str:
    if not _MEDIA_TYPE.fullmatch(given):
        raise ValueError(f"{given!r} must be lower case with one slash: 'text/csv'")
    return given


def _suffixes(given: object) -> object:
    if not isinstance(given, tuple | list) or not all(isinstance(item, str) for item in given):
        raise ValueError(f"it must be a tuple such as ('.csv', '.tsv'), not {given!r:.60}")
    if not given:
        raise ValueError("it must have at least one suffix")
    for suffix in given:
        if not _SUFFIX.fullmatch(suffix):
            raise ValueError(f"{suffix!r} must be lower case and start with a dot: '.csv'")
    return tuple(given)


Line = Annotated[str, AfterValidator(_line)]


class _Shape(BaseModel):
    # Built when a plugin is there to be looked at.
    model_config = ConfigDict(from_attributes=True, frozen=True, strict=True, defer_build=True)


class _Reader(_Shape):
    suffixes: Annotated[tuple[str, ...], BeforeValidator(_suffixes)]
    media_type: Annotated[str, AfterValidator(_media_type)]
    read: Callable[..., Any]


class _Rule(_Shape):
    code: Annotated[str, AfterValidator(_code)]
    name: Annotated[str, AfterValidator(_name)]
    severity: Severity
    summary: Line
    check: Callable[..., Any]


class _Exporter(_Shape):
    summary: Line
    write: Callable[..., Any]


class _Signals(_Shape):
    summary: Line
    signals: Callable[..., Any]


_SHAPES: dict[Kind, type[_Shape]] = {
    "readers": _Reader,
    "rules": _Rule,
    "exporters": _Exporter,
    "signals": _Signals,
}


class WrongShape(Exception):
    """What is wrong with an object that a package calls a plugin."""


def check_entry_point(name: str, value: str) -> None:
    """Check what can be told of an entry point before its module is imported.

    Raises:
        WrongShape: its name is none for plugins, or it names no object.
    """
    if not NAME.fullmatch(name):
        raise WrongShape(f"the name {name!r} must be lower-case words and hyphens: 'plain-words'")
    if ":" not in value:
        raise WrongShape(f"{value!r} names a module; write MODULE:OBJECT")


def check_shape(kind: Kind, part: object) -> Any:
    """Return what `part` has, which is what the contract of `kind` asks for.

    Raises:
        WrongShape: it isn't, or is written for another version of the contract.
    """
    made_for = getattr(part, "contract", None)
    if made_for != CONTRACT:
        said = "does not say for which" if made_for is None else f"is written for {made_for!r}"
        raise WrongShape(f"this capdraft has contract {CONTRACT}; it {said} (`contract`)")
    try:
        return _SHAPES[kind].model_validate(part)
    except ValidationError as error:
        raise WrongShape(_told(error)) from error


def _told(error: ValidationError) -> str:
    return "; ".join(map(_problem, error.errors(include_url=False)))


def _problem(item: Any) -> str:
    """Return what is wrong with an attribute, in words for who writes plugins."""
    name = item["loc"][0]
    match item["type"]:
        case "missing":
            return f"{name} is missing"
        case "value_error":
            return f"{name}: {item['ctx']['error']}"
        case "callable_type":
            return f"{name} is no method, but {item['input']!r:.60}"
        case "literal_error":
            return f"{name} is {item['ctx']['expected']}, not {item['input']!r:.60}"
        case _:
            return f"{name} is text, not {item['input']!r:.60}"


def claims_of(kind: Kind, name: str, part: Any) -> tuple[str, ...]:
    """Return what only one plugin can have: suffixes and media type, a code, or its name."""
    match kind:
        case "readers":
            return (*part.suffixes, part.media_type)
        case "rules":
            return (part.code,)
        case _:
            return (name,)
