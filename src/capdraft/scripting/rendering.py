"""A comparison as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capdraft.errors import UsageProblem

if TYPE_CHECKING:
    from capdraft.comparing import Comparison
    from capdraft.publishing import PageFormat


def render(
    comparison: Comparison,
    format: PageFormat = "text",  # noqa: A002 - as the option is called
    *,
    width: int = 100,
) -> str:
    """Return the page of a comparison as text, md, html or json; `width` counts columns of text.

    >>> comparison = workspace.compare("receipt-reader", "ticket-reader")
    >>> render(comparison, "md").splitlines()[0]
    '# Receipt reader vs Ticket reader'

    Raises:
        UsageProblem: there is no such format.
    """
    from capdraft.publishing import FORMATS
    from capdraft.publishing import render as rendered

    if format not in FORMATS:
        raise UsageProblem(f"{format!r} is no format", hint=f"Formats: {', '.join(FORMATS)}")
    return rendered(comparison, format, width)
