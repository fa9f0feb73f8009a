"""Where a text comes from, as pages credit it."""

from __future__ import annotations

IMPORTED_PAGE = "imported page"
"""Stands where a proposal or a record names its model: no model wrote the text."""


def credit_of(drafted_by: str) -> str:
    """Return who drafted a record; `drafted_by` is what its proposal's run calls the model."""
    if drafted_by == IMPORTED_PAGE:
        return "taken from an imported page"
    return f"drafted by {drafted_by}"
