"""A comparison of two artifacts in the layout of the known pages.

That layout has no place for evidence, dates and reviewers: the other formats show them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from capdraft.comparing import Claim, Column, Comparison, ShownCapability
from capdraft.errors import UsageProblem
from capdraft.importing.layout import (
    CAPABILITIES,
    DASH,
    MATCH_EVIDENCE,
    SIDE_BY_SIDE,
    UNIQUE,
    VERDICT,
    VERSUS,
    as_line,
    can_head_list,
    escape_cell,
    escape_line,
)
from capdraft.publishing.phrases import left_out, plain
from capdraft.ranking import PARTS, Rank
from capdraft.text import normalise


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an artifact beside its records: `total` of a hundred, parts from 0 to 1."""

    total: Decimal | None = None
    parts: Mapping[str, Decimal | None] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    """What has to stand beside the total: `without match graph`."""
    matched: int | None = None


UNKNOWN = Standing()


def standing(rank: Rank, matched: int | None) -> Standing:
    """Return how an artifact stands, from its rank and in how many searches it was chosen."""
    score = rank.score
    parts = {term.part.name: term.part.value for term in score.terms}
    marks = score.marks if score.total is not None else ()
    return Standing(score.total, parts, marks, matched)


def like_page(
    comparison: Comparison,
    pricing: Sequence[str | None],
    standings: Sequence[Standing] = (UNKNOWN, UNKNOWN),
) -> str:
    """Return the page of two artifacts, ending in a newline.

    Raises:
        UsageProblem: the comparison is not of two; a name reads as another part of such a page,
            or a text shows nothing.
    """
    if len(comparison.artifacts) != 2:
        raise UsageProblem(
            f"the known pages have two artifacts, and this comparison {len(comparison.artifacts)}",
            hint="Leave out --like-page, or name two.",
        )
    page = _Page(comparison, pricing, standings)
    return "\n".join(page.lines()) + "\n"


class _Page:
    def __init__(
        self,
        comparison: Comparison,
        pricing: Sequence[str | None],
        standings: Sequence[Standing],
    ) -> None:
        columns = comparison.artifacts
        self._columns, self._pricing, self._standings = columns, pricing, standings
        self._names = _names(columns)
        # The other formats name no winner then; one and the same pair has one verdict.
        alike = comparison.verdict.reasons[0].rule != "too-little-in-common"
        self._too_little = None if alike else plain(comparison.verdict.reasons[0].text)
        types = {column.type for column in columns}
        self._typed = "unknown" not in types
        self._rivals = len(types) == 1 or not self._typed
        totals = [item.total for item in standings]
        self._ranked = self._rivals and self._typed and alike and None not in totals

    def lines(self) -> Iterator[str]:
        yield " vs ".join(self._names)
        yield self._headline()
        yield self._row("Feature", self._names)
        yield "|---|---|---|"
        yield from self._table()
        for name, column in zip(self._names, self._columns, strict=True):
            yield name + CAPABILITIES
            for capability in column.capabilities:
                yield from self._record(column, capability)
            if column.more:
                yield left_out(column.more)
        yield VERDICT
        yield self._verdict()

    def _row(self, label: str, cells: Sequence[str]) -> str:
        return f"| {' | '.join([label, *map(escape_cell, cells)])} |"

    def _table(self) -> Iterator[str]:
        types = [_type(column.type) for column in self._columns]
        yield self._row("Type", types)
        yield self._row("Rank", [_rank(item) for item in self._standings])
        for part in PARTS:
            values = [item.parts.get(part) for item in self._standings]
            # The known layout has no row for freshness; without it the parts give no total.
            if part != "freshness" or values != [None, None]:
                cells = [DASH if value is None else str(value) for value in values]
                yield self._row(part.title(), cells)
        yield self._row("Pricing", [plain(item or "") or DASH for item in self._pricing])
        counts = [f"{column.approved} decomposed" for column in self._columns]
        yield self._row("Capabilities", counts)
        matched = (item.matched for item in self._standings)
        yield self._row("Times Matched", [DASH if m is None else str(m) for m in matched])

    def _record(self, column: Column, capability: ShownCapability) -> Iterator[str]:
        where = f"{column.slug}/{capability.id}"
        text = _line(capability.description, f"{where}: its description")
        yield escape_line(text, self._names)
        if capability.unique:
            yield UNIQUE + _line(capability.unique, f"{where}: its unique")
        if capability.vs_alternatives:
            yield VERSUS + _line(capability.vs_alternatives, f"{where}: its comparison")

    def _order(self) -> tuple[int, int]:
        """Return the sides, the higher total first."""
        totals = [item.total or Decimal(0) for item in self._standings]
        return (0, 1) if totals[0] >= totals[1] else (1, 0)

    def _totals(self, verb: str) -> str:
        high, low = self._order()
        totals = [item.total for item in self._standings]
        return (
            f"{self._names[high]} {verb} higher at {totals[high]}/100 vs "
            f"{self._names[low]} at {totals[low]}/100."
        )

    def _headline(self) -> str:
        totals = [item.total for item in self._standings]
        if not self._ranked or totals[0] == totals[1]:
            return SIDE_BY_SIDE
        backed = all(item.matched for item in self._standings)
        evidence = f" {MATCH_EVIDENCE} from real search data" if backed else ""
        return f"{self._totals('ranks')} Capability-level comparison{evidence}."

    def _verdict(self) -> str:
        if not self._rivals:
            said = " and ".join(
                f"{name} ({column.type})"
                for name, column in zip(self._names, self._columns, strict=True)
            )
            return f"Not rivals: {said} differ in type."
        if not self._typed:
            return "No winner: a type is unknown, and with it whether they are rivals."
        if self._too_little:
            return self._too_little
        if not self._ranked:
            unranked = [
                name
                for name, item in zip(self._names, self._standings, strict=True)
                if item.total is None
            ]
            return f"No winner: {' and '.join(unranked)} {_are(unranked)} not ranked."
        if self._standings[0].total == self._standings[1].total:
            return f"No winner: both are at {self._standings[0].total}/100."
        return " ".join(filter(None, (self._totals("scores"), self._leads())))

    def _leads(self) -> str:
        """Return who is better on which of the parts that both have."""
        leads = [[part for part in PARTS if self._gap(part, side, 1 - side)] for side in (0, 1)]
        if not any(leads):
            return ""
        said = [
            f"{self._names[side]} {verb} on {_and(leads[side])}"
            for side, verb in zip(sorted((0, 1), key=lambda s: not leads[s]), _VERBS, strict=True)
            if leads[side]
        ]
        return f"{', while '.join(said)}."

    def _gap(self, part: str, one: int, two: int) -> bool:
        mine, other = (self._standings[side].parts.get(part) for side in (one, two))
        return mine is not None and other is not None and mine > other


_VERBS = ("leads", "is stronger")


def _names(columns: Sequence[Column]) -> list[str]:
    """Return what the page calls the artifacts: two that look alike carry the slug."""
    names = [plain(column.name) or column.slug for column in columns]
    if len(set(names)) < len(names):
        names = [f"{n} ({c.slug})" for n, c in zip(names, columns, strict=True)]
    for name, other in (names, reversed(names)):
        if not can_head_list(name, other):
            raise UsageProblem(
                f"{name!r} can't stand on such a page: it reads as another part of it",
                hint="Compare without --like-page.",
            )
    return names


def _type(kind: str) -> str:
    return DASH if kind == "unknown" else kind.capitalize()


def _rank(item: Standing) -> str:
    marks = f" ({', '.join(item.marks)})" if item.marks else ""
    return DASH if item.total is None else f"{item.total}/100{marks}"


def _line(claim: Claim, what: str) -> str:
    line = as_line(claim.text)
    if not normalise(line):
        raise UsageProblem(
            f"{what} shows nothing, and can't stand on such a page",
            hint="Reject it, or edit it: capdraft review edit",
        )
    return line


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
