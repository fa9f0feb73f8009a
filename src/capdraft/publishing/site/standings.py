"""The ranks as pages show them: ages counted on a day that comes from the records, not a clock.

It is the first day of the month of the newest approval or document in the catalog. So the same
records give the same pages, and a new record leaves the other pages as they are until a new month.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from capdraft.errors import CapdraftError
from capdraft.publishing.site.keeping import Kept
from capdraft.ranking import VERSION, Names, Rank, Ranking
from capdraft.records import Artifact
from capdraft.searching import Matches
from capdraft.settings import RankSettings
from capdraft.text import sha256
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


def as_of(newest: str) -> datetime:
    """Return the day on which ages are counted: what is newer has the age zero."""
    moment = datetime.fromisoformat(newest) if newest else datetime(1970, 1, 1, tzinfo=UTC)
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


class Standings:
    """The ranks of a workspace's artifacts; what can't be ranked is kept with the failures."""

    def __init__(self, workspace: Workspace, settings: RankSettings, day: datetime) -> None:
        self._workspace, self._settings, self._day = workspace, settings, day
        self._matches = Matches(workspace.root)
        self.failed: list[CapdraftError] = []

    def bring_up_to_date(self, kept: Kept) -> None:
        """Rank what is not kept, or was ranked from something else."""
        named_by = _named_by(self._workspace, kept)
        ranking = Ranking(
            self._workspace, self._settings, self._day, self._matches, named_by=named_by
        )
        stored = self._workspace.settings_text()
        terms = [VERSION, repr(self._settings), str(self._day), stored.sha256 if stored else ""]
        for slug in kept.slugs():
            own, cited = kept.one("select sha256, cited from artifacts where slug = ?", slug)
            try:
                counts = self._matches.counts(slug)
                files = list(self._files(slug, json.loads(cited)))
                key = _digest([*terms, own, files, counts, named_by.get(slug, ())])
                if kept.one("select 1 from ranks where slug = ? and key = ?", slug, key):
                    continue
                standing = _shown(ranking.rank(slug), self._matches.times_matched(slug))
            except CapdraftError as error:
                self.failed.append(error)
                key, standing = "", Standing()
            row = (slug, key, json.dumps(asdict(standing)))
            kept.rows.execute("insert or replace into ranks values (?, ?, ?)", row)

    def _files(self, slug: str, cited: list[str]) -> Iterator[tuple[str, str]]:
        """Yield the files that a rank is computed from beside the entry, each with its hash."""
        there = self._workspace.proposals(slug)
        numbers = sorted({*cited} & {*there} | {*there[-1:]})
        names = [f"reviews/{slug}/{number}.toml" for number in numbers]
        for name in (*names, f"signals/{slug}.json"):
            stored = self._workspace.store.read(name)
            yield name, stored.sha256 if stored else ""


def standing_of(told: str) -> Standing:
    """Return a rank from what is kept of it."""
    data = json.loads(told)
    parts = tuple(ShownPart(**part) for part in data["parts"])
    return Standing(**data | {"parts": parts, "marks": tuple(data["marks"])})


def _named_by(workspace: Workspace, kept: Kept) -> dict[str, list[str]]:
    """Return who names whom, by who is named; what names nobody else than before is not read."""
    names = Names(Artifact.model_construct(slug=card.slug, name=card.name) for card in kept.cards())
    terms = _digest([[card.slug, card.name] for card in kept.cards()])
    found: dict[str, list[str]] = {}
    for slug in names.slugs:
        (own,) = kept.one("select sha256 from artifacts where slug = ?", slug)
        key = f"{own}|{terms}"
        known = kept.one("select named from mentions where slug = ? and key = ?", slug, key)
        if known:
            named = json.loads(known[0])
        else:
            entry = workspace.read_entry(slug).entry
            named = sorted(names.named_in(entry)) if entry else []
            row = (slug, key, json.dumps(named))
            kept.rows.execute("insert or replace into mentions values (?, ?, ?)", row)
        for other in named:
            found.setdefault(other, []).append(slug)
    return found


def _digest(parts: object) -> str:
    return sha256(json.dumps(parts))


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
