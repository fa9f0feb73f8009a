"""`capdraft merge`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, count, error_data, framed, one_by_one

if TYPE_CHECKING:
    from capdraft.merging import MergeReport


@click.command("merge", short_help="Write what was approved to the catalog.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@framed
def command(frame: Frame, slugs: tuple[str, ...]) -> int:
    """Write the approved records of each artifact (of all) to catalog/SLUG.json.

    What is stale or conflicting stays out and is named; then the exit status is 1.

    \b
    capdraft merge paligemma
    """
    from capdraft.merging import citing, merge_artifact

    workspace = frame.workspace()
    names = slugs or tuple(workspace.artifacts())
    reports: list[MergeReport] = []

    def merge(slug: str) -> None:
        reports.append(merge_artifact(workspace, slug))
        _say(frame, reports[-1])

    def merge_again(slug: str) -> None:
        report = merge_artifact(workspace, slug)
        if report.changed:
            reports[:] = [*(before for before in reports if before.slug != slug), report]
            _say(frame, report)

    failed = one_by_one(frame, names, merge)
    # A comparison rests on another artifact's records: it is looked at again when they changed.
    changed = {report.slug for report in reports if report.changed}
    again = citing(workspace, changed) if changed else []
    failed += one_by_one(frame, [slug for slug in again if slug in names], merge_again)
    if not names:
        frame.note("nothing to merge: `capdraft draft FILE` makes a proposal")
    orphans = [] if slugs else sorted(set(workspace.catalog()) - set(names))
    for slug in orphans:
        frame.note(f"catalog/{slug}.json has no proposal any more; remove it if that is meant")
    frame.answer(
        {
            "merged": [asdict(report) for report in reports],
            "failed": [error_data(error) for error in failed],
            "orphans": orphans,
        }
    )
    troubled = any(item.status in ("stale", "conflicting") for r in reports for item in r.left_out)
    return 1 if troubled or failed or orphans else 0


def _say(frame: Frame, report: MergeReport) -> None:
    what = "written" if report.changed else "unchanged"
    if not report.records and not report.changed:
        what = "nothing is approved yet"
    records, fields = count(report.records, "record"), count(report.fields, "field")
    frame.say(f"catalog/{report.slug}.json: {records}, {fields}, {what}")
    counts: dict[str, int] = {}
    for item in report.left_out:
        counts[item.status] = counts.get(item.status, 0) + 1
        if item.status in ("stale", "conflicting") or (item.status == "approved" and item.why):
            frame.say(f"  left out: {item.capability}.{item.field} is {item.status}: {item.why}")
    waiting = [f"{counts[s]} {s}" for s in ("pending", "rejected") if counts.get(s)]
    if waiting:
        frame.say(f"  not in it: {', '.join(waiting)}")
