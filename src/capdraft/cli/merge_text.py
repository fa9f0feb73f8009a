"""What `capdraft merge` says of an artifact."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, count
from capdraft.cli.review_work import shown_width
from capdraft.cli.word_marks import marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capdraft.merging import MergeReport, ThreeTexts

_KINDS = {
    "by-hand": "changed by hand",
    "conflict": "changed by hand, and decided otherwise since",
    "unknown": "no approval on file covers it",
    "kept-along": "not approved any more; it stays with the rest of its record",
}


def tell_merged(frame: Frame, report: MergeReport) -> None:
    """Print what became of an artifact's catalog file."""
    what = "written" if report.changed else "unchanged"
    if not report.records and not report.changed and not report.withdrawn:
        what = "nothing is approved yet"
    _tell(frame, report, what)


def tell_state(frame: Frame, report: MergeReport) -> None:
    """Print what merging would do to an artifact's catalog file."""
    _tell(
        frame, report, "is not what its reviews give" if report.changed else "as its reviews give"
    )
    for mark, paths in (("+", report.added), ("-", report.taken_out)):
        for path in paths if report.changed else ():
            frame.say(f"  {mark} {path}")


def _tell(frame: Frame, report: MergeReport, what: str) -> None:
    if report.differences:
        what = f"changed by hand in {count(len(report.differences), 'place')}"
    records, fields = count(report.records, "record"), count(report.fields, "field")
    frame.say(f"catalog/{report.slug}.json: {records}, {fields}, {what}")
    for path in report.withdrawn:
        frame.say(f"  withdrawn: {path}")
    counts: dict[str, int] = {}
    for item in report.left_out:
        counts[item.status] = counts.get(item.status, 0) + 1
        if item.status in ("stale", "conflicting") or (item.status == "approved" and item.why):
            frame.say(f"  left out: {item.capability}.{item.field} is {item.status}: {item.why}")
    waiting = [f"{counts[s]} {s}" for s in ("pending", "rejected") if counts.get(s)]
    if waiting:
        frame.say(f"  not in it: {', '.join(waiting)}")
    _tell_kept(frame, report)
    _tell_differences(frame, report)


def _tell_kept(frame: Frame, report: MergeReport) -> None:
    """Print what stays from older proposals: drafts in other words may say the same twice."""
    by_proposal: dict[str, list[str]] = {}
    for item in report.kept:
        by_proposal.setdefault(item.proposal, []).append(item.path)
    for number, paths in by_proposal.items():
        frame.say(f"  kept from {number}, not in {report.newest}: {', '.join(paths)}")
    if report.kept:
        path, number = report.kept[0].path, report.kept[0].proposal
        frame.note(
            "  next: it stays approved; to take it out: "
            f"capdraft review reject {report.slug}/{path} --proposal {number} --reason outdated"
        )


def _tell_differences(frame: Frame, report: MergeReport) -> None:
    for item in report.differences:
        frame.say(f"  {click.style(item.path, bold=True)}: {_KINDS[item.kind]}")
        for texts in item.texts:
            for line in _three_texts(texts):
                frame.say(line)
    if report.differences:
        frame.note("  next: it stays in the file, and unread, until you decide:")
        merge = f"    capdraft merge {report.slug}"
        for path in [item.path for item in report.differences if item.can_be_kept][:1]:
            frame.note(f"{merge} --keep {path} --as WHO    approves the catalog's")
        path = report.differences[0].path
        frame.note(f"{merge} --discard {path}    writes what the reviews give")


def _three_texts(texts: ThreeTexts) -> Iterator[str]:
    """Yield the lines of an aspect said three ways: what was approved, and two changes of it."""
    if texts.aspect not in ("text", "value"):
        yield f"    {texts.aspect}"
    if texts.approved is not None:
        yield from _laid_out("approved", texts.approved)
    yield from _laid_out("catalog", _change(texts.approved, texts.catalog))
    if texts.reviews is None:
        yield from _laid_out("reviews", "(nothing)")
    elif texts.reviews != texts.approved:
        yield from _laid_out("reviews", _change(texts.approved, texts.reviews))


def _change(before: str | None, after: str) -> str:
    return marked(before, after) if before is not None else after


def _laid_out(label: str, text: str) -> list[str]:
    lines = textwrap.wrap(text or "(nothing)", shown_width() - 14)
    return [f"    {label if not place else '':<10}{line}" for place, line in enumerate(lines)]
