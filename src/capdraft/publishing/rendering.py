"""Render a comparison in the format that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, assert_never

if TYPE_CHECKING:
    from capdraft.comparing import Comparison

PageFormat = Literal["text", "md", "html", "json"]
FORMATS: tuple[PageFormat, ...] = PageFormat.__args__  # type: ignore[attr-defined]


def render(
    comparison: Comparison,
    format: PageFormat,  # noqa: A002
    width: int = 100,
    *,
    rules: bool = False,
) -> str:
    """Return the page of `comparison`, ending in a newline.

    `width` counts terminal columns; `rules` are told at the end of a text, and always elsewhere.
    """
    match format:
        case "text":
            from capdraft.publishing.as_text import text_page

            return text_page(comparison, width, rules=rules)
        case "md":
            from capdraft.publishing.as_markdown import markdown_page

            return markdown_page(comparison)
        case "html":
            from capdraft.publishing.as_html import html_page

            return html_page(comparison)
        case "json":
            from capdraft.publishing.as_json import json_page

            return json_page(comparison)
    assert_never(format)
