"""Plots as shapes with places: a template draws them as SVG, in the page's own colours."""

from __future__ import annotations

from dataclasses import dataclass

from capdraft.evaluating.pages import Curve, Intervals, Mark

WIDTH, LEFT, RIGHT = 760, 240, 46
ROW, TOP, BOTTOM = 34, 8, 26
SQUARE, EDGE, MARGIN = 320, 44, 16


@dataclass(frozen=True)
class Row:
    """One row of an interval plot, in the plot's own units."""

    mark: Mark
    y: float
    at: float | None
    low: float | None
    high: float | None
    points: tuple[float, ...]


@dataclass(frozen=True)
class IntervalPlot:
    """Rows over an axis."""

    width: int
    height: int
    left: int
    bottom: float
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    zero: float | None


@dataclass(frozen=True)
class CurvePlot:
    """A curve in a square."""

    size: int
    near: int
    far: int
    path: str
    chosen: tuple[float, float]
    ticks: tuple[tuple[float, float, str], ...]
    """Places along x, along y, and what stands there."""


def interval_plot(plot: Intervals) -> IntervalPlot:
    """Return where everything of a plot stands."""
    room = WIDTH - LEFT - RIGHT

    def place(value: float) -> float:
        share = (value - plot.low) / (plot.high - plot.low)
        return round(LEFT + room * min(max(share, 0), 1), 1)

    rows = tuple(
        Row(
            mark,
            TOP + ROW * (number + 0.5),
            None if mark.value is None else place(mark.value),
            None if mark.low is None else place(mark.low),
            None if mark.high is None else place(mark.high),
            tuple(map(place, mark.points)),
        )
        for number, mark in enumerate(plot.marks)
    )
    bottom = TOP + ROW * len(rows)
    return IntervalPlot(
        width=WIDTH,
        height=bottom + BOTTOM,
        left=LEFT,
        bottom=bottom,
        rows=rows,
        ticks=tuple((place(value), label) for value, label in plot.ticks),
        zero=None if plot.zero is None else place(plot.zero),
    )


def curve_plot(curve: Curve) -> CurvePlot:
    """Return where everything of a curve stands."""
    room = SQUARE - EDGE - MARGIN

    def place(x: float, y: float) -> tuple[float, float]:
        return round(EDGE + room * x, 1), round(MARGIN + room * (1 - y), 1)

    steps = " L".join(f"{x},{y}" for x, y in (place(*point) for point in curve.points))
    ticks = tuple((*place(at, at), f"{100 * at:.0f} %") for at in (0, 0.5, 1))
    return CurvePlot(SQUARE, EDGE, SQUARE - MARGIN, f"M{steps}", place(*curve.chosen), ticks)
