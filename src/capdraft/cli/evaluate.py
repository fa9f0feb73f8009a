"""`capdraft evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from capdraft.cli.asking import Asked, asking_options
from capdraft.cli.evaluate_run import (
    AGAINST,
    Wanted,
    draft_and_measure,
    judge_labels,
    need_extra,
    read_cases,
    show,
)
from capdraft.cli.evaluate_since import Since, failed_by, measures_named
from capdraft.cli.frame import Frame, framed, load_settings

against = click.option(
    "--against",
    type=click.Path(path_type=Path),
    default=AGAINST,
    show_default=True,
    metavar="DIR",
    help="Folder of the gold set; GOLD names cases in it.",
)
layout = click.option(
    "--format",
    "layout",
    type=click.Choice(["text", "md", "html"]),
    default="text",
    show_default=True,
    help="text for a terminal, md, or html: one page with plots.",
)
to_file = click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the result here too, as JSON.",
)
fail_on = click.option(
    "--fail-on",
    metavar="MEASURE,…",
    help="Measures whose fall is a failure; else every share.",
)
with_judge = click.option(
    "--judge", is_flag=True, help="Ask a model too whether the passages say each sentence."
)
by_model = click.option(
    "--judge-model", metavar="NAME", help="The model that judges; else the one that drafts."
)


@click.group("evaluate", short_help="Measure drafts and rules against gold.")
def command() -> None:
    """Know whether a prompt, a model or a rule is better.

    \b
    capdraft evaluate run --out before.json
    capdraft evaluate run --prompt short --out after.json
    capdraft evaluate compare before.json after.json
    capdraft evaluate rules
    """


@command.command("run", short_help="Draft the gold cases and measure the drafts.")
@click.argument("gold", nargs=-1, metavar="[GOLD]...")
@against
@click.option("--prompt", metavar="PROMPT", help="Drafting prompt; else that of capdraft.toml.")
@click.option(
    "--since",
    "earlier",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare with this result, and tell which recordings are stale.",
)
@fail_on
@with_judge
@by_model
@to_file
@layout
@asking_options("Documents at once; with cassettes one after the other.", by_case=True)
@framed
def run(
    frame: Frame,
    gold: tuple[str, ...],
    against: Path,
    prompt: str | None,
    judge: bool,
    judge_model: str | None,
    out: Path | None,
    layout: str,
    **options: Any,
) -> int:
    """Draft each GOLD case (all, if none is named) and measure the drafts.

    Nothing is written to the workspace but paid answers, in its ledger. Exit status 1 when a case
    could not be drafted or judged, or with --since when it is worse.

    \b
    capdraft evaluate run --out now.json --format html > now.html
    capdraft evaluate run --since before.json
    capdraft evaluate run --cassettes cassettes/gold --record-mode none
    """
    from capdraft.evaluating.reporting import run_page
    from capdraft.evaluating.results import write_json

    need_extra()
    workspace = frame.workspace()
    settings = load_settings(workspace)
    since = Since.asked(workspace, settings, options.pop("earlier"), options.pop("fail_on"))
    if prompt:
        prompts = settings.prompts.model_copy(update={"draft": prompt})
        settings = settings.model_copy(update={"prompts": prompts})
    cases = read_cases(against, gold)
    if since:
        since.check_gold(cases)
    asked = Asked(**options, command="evaluate run")
    wanted = Wanted(frame, workspace, settings, asked, cases, judge, judge_model, against)
    result, errors = draft_and_measure(wanted, against)
    data = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    if out:
        write_json(out, data)
    page, told, worse = (
        since.told(frame, result, options) if since else (run_page(result), {}, False)
    )
    show(frame, page, layout, data | told)
    return 1 if worse or result.failed or errors else 0


@command.command("rules", short_help="Measure the rules on labelled statements.")
@click.argument("gold", nargs=-1, metavar="[GOLD]...")
@against
@with_judge
@by_model
@click.option(
    "--since",
    "earlier",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Tell what changed since this result.",
)
@to_file
@layout
@asking_options("With --judge: requests at once.", by_case=True)
@framed
def rules(
    frame: Frame,
    gold: tuple[str, ...],
    against: Path,
    judge: bool,
    judge_model: str | None,
    earlier: Path | None,
    out: Path | None,
    layout: str,
    **options: Any,
) -> int:
    """Measure the rules on the labelled statements: what they catch, and whom they blame.

    \b
    capdraft evaluate rules --out before.json
    capdraft evaluate rules --since before.json
    """
    from capdraft.evaluating.measuring_rules import measure_rules, since
    from capdraft.evaluating.results import write_json
    from capdraft.evaluating.rule_reports import rules_page
    from capdraft.evaluating.rule_results import read_rules_measured

    workspace = frame.workspace()
    settings = load_settings(workspace)
    before = read_rules_measured(earlier) if earlier else None
    cases = read_cases(against, gold)
    asked = Asked(**options, command="evaluate rules --judge")
    wanted = Wanted(frame, workspace, settings, asked, cases, judge, judge_model, against)
    judged, model = judge_labels(wanted) if judge else ({}, None)
    found = measure_rules(cases, settings.rules, judged=judged, judge=model)
    changed = since(found, before) if before else None
    data = found.model_dump(mode="json", by_alias=True)
    if out:
        write_json(out, data)
    told = {"since": changed.model_dump(mode="json")} if changed else {}
    show(frame, rules_page(found, changed), layout, data | told)
    return 0


@command.command("compare")
@click.argument("one", metavar="A", type=click.Path(path_type=Path))
@click.argument("two", metavar="B", type=click.Path(path_type=Path))
@fail_on
@layout
@framed
def compare(frame: Frame, one: Path, two: Path, fail_on: str | None, layout: str) -> int:
    """Compare two results of `evaluate run`, paired by document.

    Exit status 1 when B is worse by more than chance explains, or failed where A did not.

    \b
    capdraft evaluate compare before.json after.json --fail-on coverage,supported
    """
    need_extra()
    from capdraft.evaluating import contrast, read_evaluation
    from capdraft.evaluating.contrast_reports import contrast_page

    counted = measures_named(fail_on)
    found = contrast(read_evaluation(one), read_evaluation(two))
    found.check_measures(counted)
    show(frame, contrast_page(found), layout, found.model_dump(mode="json", by_alias=True))
    return 1 if failed_by(frame, found, counted) else 0


@command.command("show")
@click.argument("file", type=click.Path(path_type=Path))
@layout
@framed
def show_(frame: Frame, file: Path, layout: str) -> int:
    """Show the result in FILE again.

    \b
    capdraft evaluate show before.json --format html > before.html
    """
    need_extra()
    from capdraft.evaluating import read_evaluation
    from capdraft.evaluating.reporting import run_page

    result = read_evaluation(file)
    show(frame, run_page(result), layout, result.model_dump(mode="json", by_alias=True))
    return 0
