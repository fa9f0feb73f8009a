"""Front matter: the YAML mapping between two `---` lines at the top of a card."""

from __future__ import annotations

import re
from typing import Any

from capdraft.errors import SourceError

MAX_DEPTH = 50
_BLOCK = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def read_front_matter(text: str, *, uri: str) -> tuple[dict[str, object], int]:
    """Return the front matter of `text` and the offset behind it: `{}` and 0 if there is none.

    Every scalar stays a string, so that `no` and `1.10` survive.

    Raises:
        SourceError: what stands there is not YAML.
    """
    block = _BLOCK.match(text)
    if block is None:
        return {}, 0
    values = _parse(block[1], uri)
    return (values, block.end()) if isinstance(values, dict) else ({}, 0)


def _parse(source: str, uri: str) -> object:
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        _refuse_bombs(source, loader)
        return yaml.load(source, loader)  # noqa: S506 - BaseLoader makes strings, lists, dicts only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        # Behind the last line when something was left open.
        line = min(mark.line if mark else 0, source.count("\n")) + 2
        raise SourceError(
            f"the front matter is not YAML: {getattr(error, 'problem', None) or error}",
            where=f"{uri}:{line}",
            hint="Mend the lines between the two --- lines, or remove them.",
        ) from error


def _refuse_bombs(source: str, loader: Any) -> None:
    """Raise YAMLError before a value can contain itself, fill the memory or exhaust the stack."""
    import yaml

    depth = 0
    for event in yaml.parse(source, loader):
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases are not read", problem_mark=mark)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="nested too deep", problem_mark=mark)
