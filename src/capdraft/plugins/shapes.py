"""What a plugin of each kind must have, looked at when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from capdraft.plugins.contracts import CONTRACT
from capdraft.records import Severity

Kind = Literal["readers", "rules", "exporters", "signals"]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S[^\n]*$")]
Suffix = Annotated[str, Field(pattern=r"^\.[^\s./\\A-Z]+$")]


def _not_ours(code: str) -> str:
    if code.rstrip("0123456789") == "CD":
        raise ValueError("codes that begin with CD are capdraft's own")
    return code


class _Shape(BaseModel):
    # Built when a plugin is there to be looked at.
    model_config = ConfigDict(from_attributes=True, frozen=True, strict=True, defer_build=True)


class _Reader(_Shape):
    suffixes: tuple[Suffix, ...] = Field(min_length=1)
    media_type: str = Field(pattern=r"^[a-z0-9]+/[a-z0-9][a-z0-9.+-]*$")
    read: Callable[..., Any]


class _Rule(_Shape):
    code: Annotated[str, Field(pattern=r"^[A-Z]{2,8}[0-9]{3}$"), AfterValidator(_not_ours)]
    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
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


def check_shape(kind: Kind, part: object) -> None:
    """Check that `part` is what the contract of `kind` asks for.

    Raises:
        WrongShape: it isn't, or is written for another version of the contract.
    """
    made_for = getattr(part, "contract", None)
    if made_for != CONTRACT:
        said = "does not say for which" if made_for is None else f"is written for {made_for!r}"
        raise WrongShape(f"this capdraft has contract {CONTRACT}; it {said} (`contract`)")
    try:
        _SHAPES[kind].model_validate(part)
    except ValidationError as error:
        raise WrongShape(_told(error)) from error


def _told(error: ValidationError) -> str:
    from capdraft.workspace.parsing import validation_problems

    return validation_problems(error).replace(": Field required", " is missing")


def claims_of(kind: Kind, name: str, part: Any) -> tuple[str, ...]:
    """Return what only one plugin can have: suffixes and media type, a code, or its name."""
    match kind:
        case "readers":
            return (*part.suffixes, part.media_type)
        case "rules":
            return (part.code,)
        case _:
            return (name,)
