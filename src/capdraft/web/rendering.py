"""Pages from templates: whatever is put into one is escaped, and only ever text."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from capdraft.publishing.escaping import html_environment
from capdraft.text import sha256
from capdraft.web.keys import DESK, EVERYWHERE, QUEUE
from capdraft.web.links import artifact_url, desk_url, path_of

LABELS = {"description": "Description", "unique": "Unique", "vs_alternatives": "Comparison"}
"""What the pages call each field."""
SIDES = {"artifact": "for the artifact", "alternative": "for the alternative"}
STATIC = Path(__file__).parent / "static"


def render(template: str, **context: Any) -> str:
    """Return what `template` makes of `context`."""
    return _environment().get_template(template).render(context)


def static(name: str) -> str:
    """Return the address of a file in `static`; it changes when the file does."""
    return f"/static/{name}?v={_version(name)}"


def count(number: int, one: str, many: str = "") -> str:
    """Return `number`, its thousands apart, with its noun in the right form."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def age(since: datetime, now: datetime | None = None) -> str:
    """Return how long ago `since` is, in the largest unit that it fills."""
    seconds = int(((now or datetime.now(UTC)) - since).total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return count(seconds // size, unit)
    return "just now"


@cache
def _version(name: str) -> str:
    return sha256((STATIC / name).read_bytes())[:12]


@cache
def _assets(ending: str) -> tuple[str, ...]:
    """Return the style sheets or scripts of all pages: a page swapped in may need any of them."""
    first = f"capdraft{ending}"
    names = sorted(path.name for path in STATIC.glob(f"*{ending}"))
    return tuple(sorted(names, key=lambda name: name != first))


@cache
def _environment() -> Environment:
    environment = html_environment("capdraft.web")
    environment.globals.update(
        static=static,
        styles=lambda: _assets(".css"),
        scripts=lambda: _assets(".js"),
        count=count,
        age=age,
        desk_url=desk_url,
        artifact_url=artifact_url,
        path_of=path_of,
        labels=LABELS,
        desk_keys=(*DESK, *EVERYWHERE),
        queue_keys=(*QUEUE, *EVERYWHERE),
        sides=SIDES,
    )
    return environment
