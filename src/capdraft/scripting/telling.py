"""How functions for scripts tell that something is wrong: in terms of their arguments.

The rooms below word their errors for the command line too. Here `--note TEXT` becomes `note=…`, and
what to do next stands in the traceback.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar, cast

from capdraft.errors import CapdraftError
from capdraft.scripting.arguments import checker

P = ParamSpec("P")
R = TypeVar("R")
_CALLED = {"as": "by"}
"""Arguments that are called otherwise than their option."""
_OPTION = re.compile(
    r"""(`[^`]*`|(?<!\w)'[^']*'|"[^"]*")|(?<![\w-])--([a-z][a-z-]*)(?: ([A-Z][A-Z0-9]*)\b)?"""
)
"""An option, and what stands for its value. A command in backticks is for a terminal, and what is
quoted is a document's or a reviewer's."""


def scripted(function: Callable[P, R]) -> Callable[P, R]:
    """Have a function check what it is given, and its errors tell what to do next."""
    check = checker(function)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def waited(*arguments: P.args, **options: P.kwargs) -> object:
            try:
                check(arguments, options)
                return await cast("Awaitable[object]", function(*arguments, **options))
            except CapdraftError as error:
                in_a_script(error)
                raise

        return cast("Callable[P, R]", waited)

    @functools.wraps(function)
    def called(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            check(arguments, options)
            return function(*arguments, **options)
        except CapdraftError as error:
            in_a_script(error)
            raise

    return called


def in_a_script(error: CapdraftError) -> CapdraftError:
    """Word an error for a script, and note what to do next for its traceback; return it."""
    error.message, error.hint = by_arguments(error.message), by_arguments(error.hint)
    note = f"next: {error.hint}"
    if error.hint and note not in getattr(error, "__notes__", ()):
        error.add_note(note)
    return error


def by_arguments(said: str) -> str:
    """Return a text that names options with the arguments that they are in a script."""
    return _OPTION.sub(_argument, said)


def _argument(found: re.Match[str]) -> str:
    quoted, option, value = found.groups()
    if quoted:
        return str(quoted)
    name = _CALLED.get(option, option.replace("-", "_"))
    if not value:
        return name
    return f"{name}={value!r}" if value[-1].isdecimal() else f"{name}=…"
