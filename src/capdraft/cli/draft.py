"""`capdraft draft`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from capdraft.cli.asking import INTERRUPTED, Asked, asking_options
from capdraft.cli.draft_run import Work, run_work
from capdraft.cli.draft_text import failures, left_over, options_used, outcome_data
from capdraft.cli.dry_run import dry_run_jobs, make_job
from capdraft.cli.frame import Frame, framed, load_settings
from capdraft.errors import UsageProblem

if TYPE_CHECKING:
    from capdraft.drafting import Job


def _checked_type(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch("[a-z][a-z0-9-]*", value):
        raise click.BadParameter(f"{value!r} is not lower-case letters, digits and hyphens: model")
    return value


@click.command("draft", short_help="Draft the capabilities of artifacts from their docs.")
@click.argument("sources", nargs=-1, type=str)
@click.option(
    "--from",
    "listed",
    type=click.File(encoding="utf-8-sig", errors="surrogateescape"),
    metavar="FILE",
    help="Draft the sources that FILE lists, one a line; - is standard input.",
)
@click.option("--artifact", "slug", metavar="SLUG", help="Slug; else from the file's name.")
@click.option(
    "--name", metavar="TEXT", help="Name; else from the front matter or the first heading."
)
@click.option(
    "--type",
    "artifact_type",
    metavar="TYPE",
    callback=_checked_type,
    help="model, dataset, repository, tool, …",
)
@asking_options("Artifacts at once.")
@framed
def command(
    frame: Frame,
    sources: tuple[str, ...],
    listed: IO[str] | None,
    slug: str | None,
    name: str | None,
    artifact_type: str | None,
    dry_run: bool,
    **options: Any,
) -> int:
    """Draft each SOURCE: a file is one artifact, a folder one artifact with many documents.

    \b
    capdraft draft paligemma.md
    capdraft draft docs/gemma-2 --artifact gemma-2 --type model
    """
    from capdraft.drafting import Prompts

    wanted = _of_artifacts(frame, _wanted(sources, listed))
    if len(wanted) > 1 and (slug or name):
        raise UsageProblem("--artifact and --name go with one SOURCE", hint="Draft it by itself.")
    workspace = frame.workspace()
    settings = load_settings(workspace)
    prompts, asked = Prompts.load(settings, workspace.root), Asked(**options)

    def jobs(front: Frame) -> list[Job]:
        return [make_job(front, workspace, source, slug, name, artifact_type) for source in wanted]

    if dry_run:
        return dry_run_jobs(frame, workspace, settings, prompts, jobs(frame), asked)
    given = {"slug": slug, "name": name, "artifact_type": artifact_type}
    work = Work(frame, workspace, settings, prompts, len(wanted), jobs, asked, given)
    outcomes = run_work(work)
    frame.answer({"outcomes": [work.data.get(o.source) or outcome_data(o) for o in outcomes]})
    again = options_used(click.get_current_context())
    if any(outcome.error for outcome in outcomes):
        frame.note(failures(outcomes, again))
    if any(outcome.state == "left" for outcome in outcomes):
        frame.note(left_over(outcomes, again))
        return INTERRUPTED
    return 0 if all(outcome.state in ("drafted", "empty") for outcome in outcomes) else 1


def _wanted(sources: tuple[str, ...], listed: IO[str] | None) -> list[str]:
    """Return the sources of the command line and of the list, each once."""
    lines = (line.strip() for line in listed or ())
    wanted = [*sources, *(line for line in lines if line and not line.startswith("#"))]
    if not wanted:
        raise UsageProblem(
            "no SOURCE is named",
            hint="Name files, folders or addresses, or a list of them with --from FILE.",
        )
    return list(dict.fromkeys(wanted))


def _of_artifacts(frame: Frame, wanted: list[str]) -> list[str]:
    """Return `wanted` without the README of a workspace, which `*.md` names too."""
    from capdraft.sources import is_workspace_readme

    own = [source for source in wanted if is_workspace_readme(Path(source))]
    if len(own) == len(wanted):
        return wanted  # each is refused by itself
    for source in own:
        frame.note(f"{source}: left out, `capdraft init` wrote it of the workspace")
    return [source for source in wanted if source not in own]
