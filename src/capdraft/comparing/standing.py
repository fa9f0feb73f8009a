"""How an artifact ranks, as a comparison needs it: handed in as data, in decimals as shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from capdraft.records.model import Model

if TYPE_CHECKING:
    from capdraft.ranking import Rank


class StandingPart(Model):
    """A part of a rank; `value` is "" where it is unknown."""

    name: str
    value: str = ""
    weight: str = ""
    points: str = Field(default="", description="100 × weight × value.")


class Standing(Model):
    """An artifact's rank; `total` is "" where it has none."""

    version: str = Field(default="", description="Of the formula.")
    total: str = Field(default="", description="Sum of the points, of 100.")
    marks: tuple[str, ...] = Field(default=(), description="What is left out of the total.")
    parts: tuple[StandingPart, ...] = ()
    matched: int | None = Field(
        default=None, ge=0, description="Searches in which it was chosen; None where not known."
    )

    @property
    def known(self) -> tuple[StandingPart, ...]:
        """The parts that count."""
        return tuple(part for part in self.parts if part.value)

    def part(self, name: str) -> StandingPart:
        """Return a part; one that the rank doesn't have is unknown."""
        return next((part for part in self.parts if part.name == name), StandingPart(name=name))


UNKNOWN_STANDING = Standing()


def standing_of(rank: Rank, matched: int | None) -> Standing:
    """Return a rank as a comparison shows it; `matched` counts searches that chose the artifact."""
    score = rank.score
    parts = (
        StandingPart(
            name=term.part.name,
            value="" if term.part.value is None else str(term.part.value),
            weight=str(term.weight),
            points=str(term.points),
        )
        for term in score.terms
    )
    return Standing(
        version=score.version,
        total="" if score.total is None else str(score.total),
        marks=score.marks,
        parts=tuple(parts),
        matched=matched,
    )
