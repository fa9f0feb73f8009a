"""Drafted capabilities are matched with gold: one to one, the highest likeness in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capdraft.evaluating.gold import Wording
from capdraft.evaluating.likeness import Likeness
from capdraft.evaluating.reading import GoldCase
from capdraft.records import Capability


@dataclass(frozen=True)
class Match:
    """A capability of the gold and the drafted one that says it."""

    gold: int
    drafted: int
    likeness: float


def match(
    case: GoldCase, drafted: Sequence[Capability], likeness: Likeness, least: float
) -> list[Match]:
    """Return which of the `drafted` are which of the gold; likenesses below `least` are none."""
    wanted = [
        (Wording(name=g.name, description=g.description), case.numbers(g))
        for g in case.gold.capabilities
    ]
    found = [(wording(item), own_passages(item)) for item in drafted]
    grid = [[likeness.cited(w, f, first, second) for f, second in found] for w, first in wanted]
    # Equal likenesses must not depend on the order of a draft.
    order = sorted(range(len(found)), key=lambda at: (found[at][0].name, found[at][0].description))
    pairs = assign([[row[at] for at in order] for row in grid], least)
    return [Match(row, order[column], grid[row][order[column]]) for row, column in pairs]


def assign(grid: Sequence[Sequence[float]], least: float) -> list[tuple[int, int]]:
    """Return the rows and columns of the one-to-one matching with the highest sum.

    Cells below `least` are never matched (Jonker and Volgenant's algorithm, as SciPy has it).
    """
    if not grid or not grid[0]:
        return []
    import numpy
    from scipy.optimize import linear_sum_assignment

    cells = numpy.asarray(grid, dtype=float)
    allowed = cells >= least
    rows, columns = linear_sum_assignment(numpy.where(allowed, cells, 0.0), maximize=True)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if allowed[r, c]]


def wording(item: Capability) -> Wording:
    """Return a drafted capability in the words that matching looks at."""
    return Wording(name=item.name, description=item.description.text)


def own_passages(item: Capability) -> tuple[int, ...]:
    """Return the passages that a record cites for what it says of the artifact alone."""
    fields = (field for name, field in item.fields() if name != "vs_alternatives")
    return tuple(dict.fromkeys(e.passage for field in fields for e in field.evidence))
