"""Front matter: the YAML mapping between two `---` lines at the top of a card."""

from __future__ import annotations

import re

from capdraft.errors import SourceError

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
        # An alias can make a value contain itself, or a few lines grow to gigabytes.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(source, loader)):
            raise yaml.YAMLError("aliases (*name) are not read")
        return yaml.load(source, loader)  # noqa: S506 - BaseLoader makes strings, lists, dicts only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = min(mark.line if mark else 0, source.count("\n")) + 2
        raise SourceError(
            f"the front matter is not YAML: {getattr(error, 'problem', None) or error}",
            where=f"{uri}:{line}",
            hint="Mend the lines between the two --- lines, or remove them.",
        ) from error
