"""A report, whatever it is shown as: prose, tables and plots in sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capdraft.evaluating.statistics import Interval


@dataclass(frozen=True)
class Table:
    """Rows of texts under column heads; the first column names its row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Mark:
    """A row of an interval plot: a value, its interval, and the values that it comes from."""

    label: str
    told: str
    """The value and its interval in words, for readers and for tables."""
    value: float | None
    low: float | None = None
    high: float | None = None
    points: tuple[float, ...] = ()
    word: str = ""
    """better, worse, or nothing."""


@dataclass(frozen=True)
class Intervals:
    """Values with intervals on one axis; `zero` is where a line is drawn."""

    marks: tuple[Mark, ...]
    low: float
    high: float
    zero: float | None = None
    ticks: tuple[tuple[float, str], ...] = ()
    caption: str = ""


@dataclass(frozen=True)
class Curve:
    """A curve in the unit square, and the point on it that was chosen."""

    points: tuple[tuple[float, float], ...]
    chosen: tuple[float, float]
    x: str
    y: str
    caption: str = ""


@dataclass(frozen=True)
class SideBySide:
    """Two texts of one thing; None where one side has none."""

    title: str
    note: str
    one: str | None
    two: str | None


@dataclass(frozen=True)
class Section:
    """A part of a report under a heading; what it lacks is left out."""

    title: str
    prose: tuple[str, ...] = ()
    intervals: Intervals | None = None
    table: Table | None = None
    curve: Curve | None = None
    sides: tuple[SideBySide, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A report: what was measured, in one sentence, and its sections."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...] = ()
    sides: tuple[str, str] = ("", "")
    """The heads of texts side by side."""


def percent(value: float | None, digits: int = 1) -> str:
    """Return a share as a percentage; a dash for none."""
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def points(value: float) -> str:
    """Return a difference of shares in percentage points, with its sign."""
    return "0.0" if abs(value) < 5e-4 else f"{100 * value:+.1f}".replace("-", "−")


def share_axis() -> tuple[tuple[float, str], ...]:
    """Return the ticks of an axis of shares."""
    return tuple((place / 4, f"{25 * place} %") for place in range(5))


def axis_around_zero(values: Sequence[float]) -> tuple[float, tuple[tuple[float, str], ...]]:
    """Return where an axis of differences ends that holds `values`, and its ticks."""
    farthest = max([abs(value) for value in values], default=0.0)
    end = next((step for step in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if step >= farthest), 1.0)
    return end, tuple((end * at, points(end * at)) for at in (-1, -0.5, 0, 0.5, 1))


def between(interval: Interval | None, *, signed: bool = False) -> str:
    """Return an interval in brackets, or nothing."""
    return f" ({told_range(interval, signed=signed)})" if interval else ""


def told_range(interval: Interval | None, *, signed: bool = False) -> str:
    """Return an interval; `signed` for differences of shares, in percentage points."""
    if interval is None:
        return "–"
    if signed:
        return f"{points(interval.low)} to {points(interval.high)}"
    return f"{100 * interval.low:.1f} to {percent(interval.high)}"


def amount(name: str, value: float, *, signed: bool = False) -> str:
    """Return an amount as its measure is told; `signed` for differences."""
    told = (
        usd(value) if name == "cost_usd" else whole(value) if name == "tokens" else f"{value:,.1f}"
    )
    nothing = not told.strip("-0.,")
    sign = "+" if signed and value > 0 and not nothing else ""
    return sign + (told.lstrip("-") if nothing else told.replace("-", "−"))


def counted(number: int, noun: str) -> str:
    """Return how many there are of what is called `noun`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def usd(value: float | None) -> str:
    """Return US dollars; a dash where they are unknown."""
    return "–" if value is None else f"{value:.4f}"


def whole(value: float | None) -> str:
    """Return a whole number; a dash where it is unknown."""
    return "–" if value is None else f"{value:,.0f}"
