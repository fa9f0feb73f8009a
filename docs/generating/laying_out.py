"""Markdown: tables, and text that may hold what Markdown would read as markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

NOTE = (
    "*This page is made from the code by `make reference`, and the tests hold it against the code.*"
)


def page(title: str, *parts: str) -> str:
    """Return a page: its title, the note that it is made, and its parts."""
    return "\n\n".join([f"# {title}", NOTE, *(part for part in parts if part)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; nothing where there are no rows."""
    body = ["| " + " | ".join(cell(text) for text in row) + " |" for row in rows]
    if not body:
        return ""
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *body])


def cell(text: str) -> str:
    """Return a text as it can stand in a cell."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Return a text between backticks; nothing stays nothing."""
    return f"`{text}`" if text else ""


def indented(text: str) -> str:
    """Return lines as a block of code."""
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())


def pretty(data: Any) -> str:
    """Return data as the JSON of a file."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
