"""What the functions for scripts are given, held against their annotations.

A wrong value is told by the name of its argument, before anything is read or asked. Annotations are
looked at as they are written, so that nothing has to be imported for them.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import os
import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module

from capdraft.errors import UsageProblem
from capdraft.scripting.asking import Asking

Check = Callable[[tuple[object, ...], dict[str, object]], None]
Kind = Callable[[str, object], None]
"""Raises UsageProblem where an argument, by its name, can't have a value."""
_OR_NONE = " | None"


def wrong(name: str, value: object, allowed: str) -> UsageProblem:
    """Return the error for an argument that can't be what it is."""
    return UsageProblem(f"{name} can't be {reprlib.repr(value)}", hint=allowed)


def at_least(least: int, /, **given: int | None) -> None:
    """Check that whole numbers, where they are given, are no less than `least`.

    Raises:
        UsageProblem: one is less.
    """
    for name, value in given.items():
        if value is not None and value < least:
            raise wrong(name, value, f"It is {least} or more.")


def checker(function: Callable[..., object]) -> Check:
    """Return what checks the arguments of a call of `function`.

    It raises UsageProblem where one can't be what it is, and TypeError where there is no such way
    to ask a model, as Python does where there is no such argument.
    """
    signature = inspect.signature(function)
    kinds = {
        name: _kind(parameter.annotation)
        for name, parameter in signature.parameters.items()
        if name not in ("self", "cls") and parameter.kind is not parameter.VAR_KEYWORD
    }

    def check(arguments: tuple[object, ...], options: dict[str, object]) -> None:
        try:
            given = signature.bind(*arguments, **options).arguments
        except TypeError:
            return  # the call itself tells, in Python's words
        for name, value in given.items():
            match signature.parameters[name].kind:
                case inspect.Parameter.VAR_KEYWORD:
                    _check_asking(function.__qualname__, value)
                case inspect.Parameter.VAR_POSITIONAL:
                    _check_each(name, value, kinds[name])
                case _ if name in kinds:
                    kinds[name](name, value)

    return check


def _check_each(name: str, values: Iterable[object], kind: Kind) -> None:
    for value in values:
        if isinstance(value, list | tuple | set):
            raise wrong(name, value, f"Give them one by one: of a list, *{name}.")
        kind(name, value)


def _check_asking(called: str, given: Mapping[str, object]) -> None:
    for name, value in given.items():
        if name not in _ASKING:
            near = difflib.get_close_matches(name, _ASKING, n=1)
            said = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(_ASKING)}."
            raise TypeError(f"{called}() got an unexpected keyword argument {name!r}. {said}")
        _ASKING[name](name, value)


def _kind(annotation: str) -> Kind:
    """Return what checks that a value is what an annotation says."""
    if annotation.endswith(_OR_NONE):
        kind = _kind(annotation.removesuffix(_OR_NONE))
        return lambda name, value: None if value is None else kind(name, value)
    if annotation.startswith("Literal["):
        return _words(ast.literal_eval(f"({annotation[8:-1]},)"))
    return _KINDS["Callable" if annotation.startswith("Callable[") else annotation]


def _is(fits: Callable[[object], bool], allowed: str) -> Kind:
    def check(name: str, value: object) -> None:
        if not fits(value):
            raise wrong(name, value, allowed)

    return check


def _words(words: Sequence[str]) -> Kind:
    return _is(lambda value: value in words, f"It is {', '.join(words[:-1])} or {words[-1]}.")


def _words_of(room: str, name: str) -> Kind:
    """Return what checks for the words that a room lists; it is imported for the first check."""
    return lambda given, value: _words(getattr(import_module(room), name))(given, value)


def _text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise wrong(name, value, "It is text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise wrong(name, value, "It holds half of a character (a lone surrogate).") from None


def _is_place(value: object) -> bool:
    return bool(value) and isinstance(value, str | os.PathLike)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return _is_whole(value) or isinstance(value, float)


def _is_made_by(room: str, name: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, getattr(import_module(room), name))


def _is_some(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    """Return whether a value is several that fit; a text or a path would be taken apart."""
    return lambda value: (
        isinstance(value, Iterable) and not isinstance(value, str) and all(map(fits, value))
    )


def _field(name: str, value: object) -> None:
    if not isinstance(value, str) and not _is_made_by("capdraft.reviewing", "FieldState")(value):
        raise wrong(name, value, "It is a field of the review, or its name: CAPABILITY.FIELD.")


_KINDS: dict[str, Kind] = {
    "str": _text,
    "bool": _is(lambda value: isinstance(value, bool), "It is True or False."),
    "int": _is(_is_whole, "It is a whole number."),
    "float": _is(_is_number, "It is a number."),
    "Path | str": _is(_is_place, "It is a path or an address."),
    "Sequence[Path | str]": _is(_is_some(_is_place), "It is a list of paths or addresses."),
    "Sequence[int]": _is(_is_some(_is_whole), "It is a list of passages' numbers."),
    "Sequence[str]": _is(
        lambda value: isinstance(value, str) or _is_some(lambda one: isinstance(one, str))(value),
        "It is a list of texts.",
    ),
    "FieldState | str": _field,
    "Comparison": _is(
        _is_made_by("capdraft.comparing", "Comparison"), "It is what Workspace.compare returns."
    ),
    "Callable": _is(callable, "It is a function."),
    "Notify": _is(callable, "It is a function."),
    "PageFormat": _words_of("capdraft.publishing", "FORMATS"),
    "Reason": _words_of("capdraft.records", "REASONS"),
    "WithdrawalReason": _words_of("capdraft.records", "WITHDRAWAL_REASONS"),
    "RecordMode": _words_of("capdraft.scripting.asking", "RECORD_MODES"),
}
_ASKING = {name: _kind(written.__forward_arg__) for name, written in Asking.__annotations__.items()}
