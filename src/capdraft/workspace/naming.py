"""What to tell of a name that isn't there: the one that was meant, else the first few there are."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

SHOWN = 8


def meant(name: str, known: Sequence[str]) -> str:
    """Return `Did you mean …?` for the name nearest to `name`, or nothing."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else ""


def first_of(known: Sequence[str], none: str = "none yet") -> str:
    """Return the first few names, and how many more there are."""
    more = f" and {len(known) - SHOWN:,} more" if len(known) > SHOWN else ""
    return (", ".join(known[:SHOWN]) or none) + more
