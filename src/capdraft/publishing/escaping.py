"""How templates become pages: whatever is put into one is escaped, and only ever text."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from capdraft.text import clean


def html_environment(package: str) -> Environment:
    """Return an environment for the HTML templates in the folder `templates` of `package`."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _printable(value: object) -> object:
    return clean(value) if type(value) is str else value
