"""The table of steps: from one form of a kind of file to the next.

A form is the number under `schema`, as text. Before the first release forms changed under the
number 1: they have names here, and what a file holds tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from capdraft.migrating import decisions, entries
from capdraft.migrating.files import formats
from capdraft.migrating.parts import Part
from capdraft.migrating.places import KINDS


@dataclass(frozen=True, slots=True)
class Step:
    """How a file of one form becomes one of the next.

    `does` says it in a few words. Without `fits` the form is a number that a record has.
    """

    does: str
    convert: Callable[[Part], str]
    fits: Callable[[Part], bool] | None = None


Steps = Mapping[tuple[str, str], Step]
"""By the kind, and the form that is converted."""

STEPS: Steps = {
    ("decision", "counted ids"): Step(
        "give each decision the id and the hashes of its content",
        decisions.convert,
        decisions.fits,
    ),
    ("catalog", "proposals of records"): Step(
        "name the proposal of each field",
        entries.name_proposals_in_fields,
        entries.names_proposals_in_records,
    ),
    ("catalog", "no seals"): Step(
        "seal each field that is as it was approved", entries.seal, entries.lacks_seals
    ),
}


def next_step(part: Part, steps: Steps) -> tuple[str, Step] | None:
    """Return the step that fits a file as it is, with the form that it converts, or None."""
    numbers = {str(said.number) for said in formats(KINDS[part.kind], part.name, part.text)}
    for (kind, form), step in steps.items():
        if kind == part.kind and (step.fits(part) if step.fits else form in numbers):
            return form, step
    return None
