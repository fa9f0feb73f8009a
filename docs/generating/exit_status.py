"""`exit-status.md`: what a command ends with, and every kind of error."""

from __future__ import annotations

import re
from collections.abc import Iterator

import capdraft.errors
from capdraft.errors import CapdraftError
from generating.laying_out import code, page, table

_INTRO = """\
| status | meaning |
|---|---|
| 0 | done |
| 1 | done, but something failed or was found: a source, an error finding, a difference |
| 2 | the command or the settings are wrong, or an extra is missing; nothing was done |
| 130 | stopped with Ctrl-C; what was answered is kept |

`capdraft check` ends with 1 where there is an error finding, and with 0 where there are only
warnings. A command over many artifacts goes on after one that fails, names each, and ends with
1.

## Errors

An error says what is wrong, where, and what to do next. With `--json` it is the one document on
standard output, with the exit status below:

    {"error": {"kind": "NotFound", "message": "…", "where": "…", "hint": "…"}}

`kind` is stable: programs may go by it. A command that click itself refuses has the kind
`Usage`."""


def exit_status_page() -> str:
    """Return the page of exit statuses and kinds of errors."""
    said = dict(re.findall(r"(\w+) {2,}(\S.*)$", capdraft.errors.__doc__ or "", re.MULTILINE))
    rows = [
        (code(kind.__name__), code(kind.__mro__[1].__name__), str(kind.exit_status), told)
        for kind in _below(CapdraftError)
        for told in [re.sub(r"^exit status \d:? ?", "", said.get(kind.__name__, ""))]
    ]
    return page("Exit status", _INTRO, table(["kind", "is a", "exit status", "meaning"], rows))


def _below(parent: type[CapdraftError]) -> Iterator[type[CapdraftError]]:
    """Yield the kinds of errors below one, each before its own."""
    for kind in parent.__subclasses__():
        if kind.__module__ == capdraft.errors.__name__:
            yield kind
            yield from _below(kind)
