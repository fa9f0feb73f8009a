"""Intervals, as SciPy computes them: bootstrap of means over documents, Wilson of shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from capdraft.records.model import Model

LEVEL = 0.95
RESAMPLES = 9_999
SEED = 20_260
FEWEST = 6
"""Documents from which on an interval is given: with fewer, all that differ in one direction are
no surprise (two-sided sign test: 5 of 5 is p = 0.06)."""
BOOTSTRAP = (
    f"bias-corrected and accelerated bootstrap over documents, {RESAMPLES:,} resamples, "
    f"seed {SEED}, {LEVEL:.0%} (scipy.stats.bootstrap)"
)
Word = Literal["better", "worse", "no difference shown", "too few documents"]


class Interval(Model):
    """Where a mean or a share lies, with the confidence of `LEVEL`."""

    low: float
    high: float


def mean_interval(values: Sequence[float]) -> Interval | None:
    """Return the bootstrap interval of the mean of `values`; None of fewer than `FEWEST`.

    Efron 1987. Where it is not defined, because values are equal, their percentiles are taken.
    """
    if len(values) < FEWEST:
        return None
    if len({round(value, 12) for value in values}) == 1:
        return Interval(low=min(values), high=max(values))
    import warnings

    import numpy
    from scipy import stats

    sample = (numpy.sort(numpy.asarray(values, dtype=float)),)
    for method in ("BCa", "percentile"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", stats.DegenerateDataWarning)
            warnings.simplefilter("ignore", RuntimeWarning)
            found = stats.bootstrap(
                sample,
                numpy.mean,
                n_resamples=RESAMPLES,
                confidence_level=LEVEL,
                method=method,
                rng=numpy.random.default_rng(SEED),
            ).confidence_interval
        if not (numpy.isnan(found.low) or numpy.isnan(found.high)):
            break
    return Interval(low=float(found.low), high=float(found.high))


def share_interval(hits: int, of: int) -> Interval | None:
    """Return the Wilson interval (1927) of a share; None of nothing."""
    if not of:
        return None
    from scipy import stats

    found = stats.binomtest(hits, of).proportion_ci(LEVEL, method="wilson")
    return Interval(low=float(found.low), high=float(found.high))
