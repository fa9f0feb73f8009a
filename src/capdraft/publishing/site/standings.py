"""The ranks as pages show them: ages counted on a day that comes from the records, not a clock.

It is the first day of the month of the newest approval or document in the catalog. So the same
records give the same pages, and a new record leaves the other pages as they are until a new month.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from capdraft.errors import CapdraftError
from capdraft.ranking import Rank, Ranking
from capdraft.searching import Matches
from capdraft.settings import RankSettings
from capdraft.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of a rank in decimals as they are shown; `value` is "" where it is unknown."""

    name: str
    value: str
    weight: str
    points: str
    formula: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An artifact's rank; `total` is "" where it has none."""

    version: str = ""
    total: str = ""
    marks: tuple[str, ...] = ()
    parts: tuple[ShownPart, ...] = ()
    matched: int | None = None

    @property
    def known(self) -> tuple[ShownPart, ...]:
        """The parts that count."""
        return tuple(part for part in self.parts if part.value)

    def part(self, name: str) -> str:
        """Return the value of a part."""
        return next((part.value for part in self.parts if part.name == name), "")


def as_of(moments: Iterable[datetime]) -> datetime:
    """Return the day on which ages are counted: what is newer has the age zero."""
    newest = max(moments, default=datetime(1970, 1, 1, tzinfo=UTC)).astimezone(UTC)
    return newest.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


class Standings:
    """The ranks of a workspace's artifacts; what can't be ranked is kept with the failures."""

    def __init__(self, workspace: Workspace, settings: RankSettings, day: datetime) -> None:
        self._matches = Matches(workspace.root)
        self._ranking = Ranking(workspace, settings, day, self._matches)
        self.failed: list[CapdraftError] = []

    def of(self, slug: str) -> Standing:
        """Return the rank of an artifact."""
        try:
            rank = self._ranking.rank(slug)
            matched = self._matches.times_matched(slug)
        except CapdraftError as error:
            self.failed.append(error)
            return Standing()
        return _shown(rank, matched)


def _shown(rank: Rank, matched: int) -> Standing:
    score = rank.score
    parts = (
        ShownPart(
            name=term.part.name,
            value="" if term.part.value is None else str(term.part.value),
            weight=str(term.weight),
            points=str(term.points),
            formula=term.part.formula,
        )
        for term in score.terms
    )
    total = "" if score.total is None else str(score.total)
    return Standing(score.version, total, score.marks, tuple(parts), matched)
