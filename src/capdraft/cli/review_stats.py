"""`capdraft review stats`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, error_data, framed

if TYPE_CHECKING:
    from capdraft.reviewing.stats import Agreement, ReviewerStats, Stats

LONGEST_NAME = 16
LONG = 600
"""Seconds from which on a time is told in minutes."""
_DECISIONS = ("reviewer", "accept", "edit", "reject", "undone", "bulk", "seconds", "under 3 s")
_SEEDS = ("reviewer", "shown", "caught", "share", "95 % interval")
_AGREEMENT = ("reviewers", "texts", "alpha", "which is")


@click.command("stats", short_help="Tell how reviewers review and agree.")
@click.option(
    "--since",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="DATE",
    help="Only what was decided since that day (2026-01-31), in UTC.",
)
@click.option("--reviewer", "who", metavar="WHO", help="Only this reviewer.")
@framed
def stats(frame: Frame, since: datetime | None, who: str | None) -> int:
    """Tell how reviewers review: what they decide, how fast, what they miss, how they agree.

    \b
    seconds    the median time for one field, and where the middle half lies;
               long ones are in minutes: 12m
    under 3 s  the share of approvals that took less: hardly time to read
    caught     planted errors ([review] seeds) that did not pass, and where the
               true share lies with 95 % confidence
    alpha      Krippendorff's: 1 is full agreement, 0 is what chance would give

    \b
    capdraft review stats --since 2026-10-01
    """
    from capdraft.reviewing.stats import stats as compute
    from capdraft.text import slugify

    start = since.replace(tzinfo=UTC) if since else None
    reviewer = slugify(who) if who else None
    found = compute(frame.workspace(), since=start, reviewer=reviewer)
    if found.reviewers:
        frame.say("\n".join(_page(found)))
    elif not found.failed:
        frame.note("nobody has decided anything here yet")
    for error in found.failed:
        frame.failed(error)
    frame.answer(_data(found))
    return 1 if found.failed else 0


def _page(found: Stats) -> list[str]:
    lines = _table(_DECISIONS, [_decided(row) for row in found.reviewers])
    seeded = [_seeded(row) for row in found.reviewers if row.seeds]
    if seeded:
        lines += ["", "Planted errors", *_table(_SEEDS, seeded)]
    agreed = [_agreed(item) for item in (*found.pairs, found.overall)]
    lines += ["", "Agreement", *_table(_AGREEMENT, agreed)]
    return lines


def _decided(row: ReviewerStats) -> tuple[str, ...]:
    low, median, high = map(_seconds, row.seconds or (0, 0, 0))
    return (
        _name(row.reviewer),
        *map(str, (row.accepted, row.edited, row.rejected, row.undone)),
        _share(row.bulk, row.taken),
        f"{median} ({low}–{high})" if row.seconds else "–",
        _share(row.quick, row.timed),
    )


def _seeded(row: ReviewerStats) -> tuple[str, ...]:
    low, high = row.catch_interval or (0.0, 1.0)
    share = _share(row.caught, row.seeds)
    between = f"{100 * low:.0f}–{100 * high:.0f} %"
    return _name(row.reviewer), str(row.seeds), str(row.caught), share, between


def _agreed(item: Agreement) -> tuple[str, ...]:
    who = " and ".join(_name(name) for name in item.reviewers) or "all"
    alpha = "–" if item.alpha is None else f"{item.alpha:.2f}"
    return who, str(item.units), alpha, item.meaning


def _name(reviewer: str) -> str:
    from capdraft.publishing.columns import columns

    shown = reviewer
    while columns(shown) > LONGEST_NAME:
        shown = f"{shown.removesuffix('…')[:-1]}…"
    return shown


def _seconds(value: float) -> str:
    if value >= LONG:
        return f"{value / 60:.0f}m"
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines in columns: names and words at the left of theirs, figures at the right."""
    from capdraft.publishing.columns import columns, pad

    widths = [max(map(columns, column)) for column in zip(head, *rows, strict=True)]
    words = [head[0], _AGREEMENT[-1]]

    def line(cells: Sequence[str]) -> str:
        placed = zip(cells, head, widths, strict=True)
        parts = (pad(c, w) if title in words else f"{c:>{w}}" for c, title, w in placed)
        return "  ".join(parts).rstrip()

    return [click.style(line(head), dim=True), *(line(row) for row in rows)]


def _data(found: Stats) -> dict[str, Any]:
    return {
        "reviewers": [_row_data(row) for row in found.reviewers],
        "agreement": {
            "overall": _agreement_data(found.overall),
            "pairs": [_agreement_data(item) for item in found.pairs],
        },
        "failed": [error_data(error) for error in found.failed],
    }


def _row_data(row: ReviewerStats) -> dict[str, Any]:
    low, median, high = row.seconds or (None, None, None)
    return {
        "reviewer": row.reviewer,
        "accepted": row.accepted,
        "edited": row.edited,
        "rejected": row.rejected,
        "undone": row.undone,
        "in_bulk": row.bulk,
        "seconds": {"quartile_1": low, "median": median, "quartile_3": high},
        "timed_approvals": row.timed,
        "approvals_under_3_s": row.quick,
        "seeds": {
            "shown": row.seeds,
            "caught": row.caught,
            "interval_95": row.catch_interval,
        },
    }


def _agreement_data(item: Agreement) -> dict[str, Any]:
    return {
        "reviewers": item.reviewers,
        "texts": item.units,
        "alpha": item.alpha,
        "meaning": item.meaning,
    }
