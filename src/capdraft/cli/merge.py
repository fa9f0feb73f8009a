"""`capdraft merge`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, error_data, framed, one_by_one
from capdraft.cli.merge_text import tell_merged, tell_state
from capdraft.cli.review_options import as_who, with_note
from capdraft.errors import UsageProblem

if TYPE_CHECKING:
    from capdraft.merging import MergeReport
    from capdraft.workspace import Workspace


@click.command("merge", short_help="Write what was approved to the catalog.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--check", is_flag=True, help="Write nothing; exit status 1 if that would.")
@click.option(
    "--keep",
    multiple=True,
    metavar="PATH",
    help="Approve what was changed by hand at CAPABILITY.FIELD; all: everywhere.",
)
@click.option(
    "--discard",
    multiple=True,
    metavar="PATH",
    help="Overwrite what was changed by hand at CAPABILITY.FIELD; all: everywhere.",
)
@as_who
@with_note
@click.option("--despite", multiple=True, metavar="CODE", help="Keep despite this finding.")
@framed
def command(
    frame: Frame,
    slugs: tuple[str, ...],
    check: bool,
    keep: tuple[str, ...],
    discard: tuple[str, ...],
    **said: Any,
) -> int:
    """Write the approved records of each artifact (of all) to catalog/SLUG.json.

    What is stale or conflicting stays out and is named; then the exit status is 1. So does what was
    changed in the file by hand: it stays there, no reader sees it, and --keep or --discard decides.

    \b
    capdraft merge paligemma
    capdraft merge paligemma --keep captioning.description --as ana
    capdraft merge --check
    """
    _check_options(slugs, check, keep, discard)
    workspace = frame.workspace()
    failed = _keep(frame, workspace, slugs[0], keep, said) if keep else []
    names = slugs or tuple(workspace.artifacts())
    reports, unmerged = _merge(frame, workspace, names, set(discard), look=check)
    if not names:
        frame.note("nothing to merge: `capdraft draft FILE` makes a proposal")
    orphans = [] if slugs else sorted(set(workspace.catalog()) - set(names))
    for slug in orphans:
        frame.note(f"catalog/{slug}.json has no proposal any more; remove it if that is meant")
    failed += unmerged
    frame.answer(
        {
            "merged": [asdict(report) for report in reports],
            "failed": [error_data(error) for error in failed],
            "orphans": orphans,
        }
    )
    return 1 if failed or orphans or any(_troubled(report, check) for report in reports) else 0


def _check_options(
    slugs: tuple[str, ...], check: bool, keep: tuple[str, ...], discard: tuple[str, ...]
) -> None:
    if (keep or discard) and len(slugs) != 1:
        raise UsageProblem(
            "--keep and --discard decide on one artifact", hint="capdraft merge SLUG --keep PATH"
        )
    if (keep or discard) and check:
        raise UsageProblem("--check writes nothing, so it keeps and discards nothing either")


def _troubled(report: MergeReport, check: bool) -> bool:
    if report.differences or check:
        return bool(report.differences) or report.changed
    return any(item.status in ("stale", "conflicting") for item in report.left_out)


def _merge(
    frame: Frame, workspace: Workspace, names: tuple[str, ...], discard: set[str], *, look: bool
) -> tuple[list[MergeReport], list[Any]]:
    """Merge each artifact; then those that cite what changed, which may stand otherwise now."""
    from capdraft.merging import citing, merge_artifact

    reports: dict[str, MergeReport] = {}

    def merge(slug: str) -> None:
        reports[slug] = merge_artifact(workspace, slug, discard=discard, look=look)
        (tell_state if look else tell_merged)(frame, reports[slug])

    def merge_again(slug: str) -> None:
        report = merge_artifact(workspace, slug)
        if report.changed:
            reports[slug] = report
            tell_merged(frame, report)

    failed = one_by_one(frame, names, merge)
    changed = {slug for slug, report in reports.items() if report.changed}
    again = citing(workspace, changed) if changed and not look else []
    failed += one_by_one(frame, [slug for slug in again if slug in names], merge_again)
    return list(reports.values()), failed


def _keep(
    frame: Frame, workspace: Workspace, slug: str, paths: tuple[str, ...], said: dict[str, Any]
) -> list[Any]:
    """Write down what is kept as decisions; return the errors of what is refused."""
    from capdraft.cli.frame import load_settings
    from capdraft.merging import chosen, keep, undecided
    from capdraft.reviewing import Judgement, reviewer_slug

    reviewer = reviewer_slug(said["who"], workspace.root)
    rules = dict(load_settings(workspace).rules)
    judgement = Judgement(reviewer, rules, said["note"], said["despite"])
    kept = {item.path: item for item in chosen(undecided(workspace, slug), paths)}

    def one(path: str) -> None:
        keep(workspace, slug, kept[path], judgement)
        frame.say(f"kept {path} as {reviewer}")

    return one_by_one(frame, kept, one)
