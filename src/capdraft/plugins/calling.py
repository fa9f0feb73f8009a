"""Running the code of plugins: what it may raise, and where goes what it prints."""

from __future__ import annotations

import inspect
import sys
import threading
from types import TracebackType
from typing import Any, Final, TextIO, cast

from capdraft.plugins.contracts import Setup

FAULTS: Final = (Exception, SystemExit)
"""What breaks a plugin: also that it ends the process. Ctrl-C is not its doing."""


class _Output:
    """Standard output, but for the threads that run a plugin: theirs goes to standard error."""

    def __init__(self, output: TextIO, turns: threading.local) -> None:
        self._output = output
        self._turns = turns

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stderr if getattr(self._turns, "depth", 0) else self._output, name)


class Calling:
    """Send what is printed in here to standard error: standard output is for the answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns = threading.local()
        self._inside = 0
        self._output: TextIO = sys.stdout

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._output = sys.stdout
                sys.stdout = cast("TextIO", _Output(self._output, self._turns))
            self._inside += 1
        self._turns.depth = getattr(self._turns, "depth", 0) + 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._turns.depth -= 1
        with self._lock:
            self._inside -= 1
            if not self._inside:
                sys.stdout = self._output


calling = Calling()


def takes_setup(found: object) -> bool:
    """Tell whether `found` is a class that wants to know its settings."""
    try:
        return isinstance(found, type) and "setup" in inspect.signature(found).parameters
    except ValueError:  # some classes that are written in C tell nothing
        return False


def made(found: Any, setup: Setup) -> Any:
    """Return the plugin that an entry point names: of a class, an object."""
    if not isinstance(found, type):
        return found
    return found(setup=setup) if takes_setup(found) else found()
