"""A comparison as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capdraft.scripting.arguments import at_least
from capdraft.scripting.telling import scripted

if TYPE_CHECKING:
    from capdraft.comparing import Comparison
    from capdraft.publishing import PageFormat

NARROWEST = 40
"""Columns of a text, below which its table can't be read."""


@scripted
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
        UsageProblem: there is no such format, or the width is too small.
    """
    from capdraft.publishing import render as rendered

    at_least(NARROWEST, width=width)
    return rendered(comparison, format, width)
