"""The page that $EDITOR shows of a field, and what a reviewer made of it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from capdraft.cli.review_page import field_lines
from capdraft.errors import ReviewRefused

if TYPE_CHECKING:
    from capdraft.records import Names
    from capdraft.reviewing import FieldState, Review

WIDTH = 98
SCISSORS = "# ---- everything below this line is left out ----"
TEXT = "# ---- the text: ----"
"""Stands between the names that are judged with a text, and the text."""
_KEYS = {"name": "name", "for": "intents", "compared with": "alternative"}
_HEAD = re.compile(rf"({'|'.join(_KEYS)})\s*:(.*)")


def edit_page(
    review: Review, state: FieldState, severities: Mapping[str, str], written: str = ""
) -> str:
    """Return what $EDITOR shows: names, the text, and below a line its evidence and findings.

    What was `written` on such a page before, and not saved, stands instead of names and text.
    """
    below = "\n".join(field_lines(review, state, severities, WIDTH))
    commented = "\n".join(f"# {line}".rstrip() for line in click.unstyle(below).split("\n"))
    paragraphs = [
        textwrap.fill(part, WIDTH, break_long_words=False, break_on_hyphens=False)
        for part in state.text.split("\n\n")
    ]
    text = "\n\n".join(paragraphs)
    above = written.strip() or f"{_head(state)}{text}"
    return f"{above}\n\n{SCISSORS}\n{commented}\n"


def _head(state: FieldState) -> str:
    names = state.versions[-1].names
    lines = []
    if names.name is not None:
        needs = [f"for: {intent}" for intent in names.intents or ()]
        hint = "# One need a line, as many as there are."
        lines = [f"name: {names.name}", *needs, hint]
    elif state.name == "vs_alternatives":
        lines = [f"compared with: {names.alternative or ''}"]
    return "\n".join([*lines, TEXT, ""]) if lines else ""


def edited_page(page: str) -> tuple[str, Names]:
    """Return the text of an edited page, its line breaks as spaces, and the names above it.

    A page without the line above the text is all text.

    Raises:
        ReviewRefused: the page was left without that line, or with another line above it.
    """
    from capdraft.records import Names

    kept = above_line(page)
    head, line, text = kept.rpartition(f"{TEXT}\n")
    if not line:
        if _HEAD.match(kept.lstrip()):
            raise ReviewRefused(f"the line {TEXT!r} is gone from the page", hint="Put it back.")
        return _flowing(kept), Names()
    return _flowing(text), _names(head)


def above_line(page: str) -> str:
    """Return what a reviewer wrote of a page."""
    return page.partition(SCISSORS)[0].strip() + "\n"


def _names(head: str) -> Names:
    from capdraft.records import Names

    found: dict[str, list[str]] = {}
    for line in head.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        said = _HEAD.fullmatch(line.strip())
        if said is None:
            keys = ", ".join(f"{key}:" for key in _KEYS)
            raise ReviewRefused(
                f"{line.strip()!r} stands above the text and is no name", hint=f"Begin with {keys}"
            )
        found.setdefault(_KEYS[said[1]], []).append(said[2].strip())
    name, other = (found.get(key, [None])[-1] for key in ("name", "alternative"))
    intents = tuple(found.get("intents", ())) if "name" in found else None
    return Names(name=name, intents=intents, alternative=other or None)


def _flowing(text: str) -> str:
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part)
