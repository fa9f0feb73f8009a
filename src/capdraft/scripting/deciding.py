"""What a script says of a field, as the rooms below take it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from capdraft.errors import UsageProblem

if TYPE_CHECKING:
    from capdraft.records import Evidence, Names
    from capdraft.reviewing import Review


def reviewer(by: str | None, folder: Path) -> str:
    """Return who decides: `by`, else git's user for `folder`.

    Raises:
        UsageProblem: nobody is named, and git knows no user.
    """
    from capdraft.reviewing import reviewer_slug

    if by is not None and not any(map(str.isalnum, by)):
        raise UsageProblem(f"by can't be {by!r}", hint="It is the reviewer's name.")
    try:
        return reviewer_slug(by, folder)
    except UsageProblem as error:
        if by is None:
            error.hint = "Give by='NAME', or tell git: git config user.name 'Your Name'"
        raise


def several(given: Sequence[str] | None) -> tuple[str, ...]:
    """Return texts that were given, or the one that was."""
    return (given,) if isinstance(given, str) else tuple(given or ())


def evidence(
    review: Review, cite: Sequence[int] | None, other_side: Sequence[int]
) -> tuple[Evidence, ...] | None:
    """Return the evidence that the passages named are; None where none is named.

    Raises:
        NotFound: no document at hand has a passage of that number.
        UsageProblem: only the other side of a comparison is named.
    """
    from capdraft.reviewing import evidence_for

    if cite is None and other_side:
        raise UsageProblem(
            "other_side alone proves no comparison",
            hint="Name the artifact's own passages too: cite=[3], other_side=[12].",
        )
    return None if cite is None else evidence_for(review, tuple(cite), tuple(other_side))


def names(name: str | None, intents: Sequence[str] | None, alternative: str | None) -> Names:
    """Return the names that are judged with a field."""
    from capdraft.records import Names

    needs = None if intents is None else several(intents)
    return Names(name=name, intents=needs, alternative=alternative)
