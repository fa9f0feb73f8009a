"""`capdraft migrate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, count, framed
from capdraft.errors import UsageProblem

if TYPE_CHECKING:
    from capdraft.migrating import File, Plan


@click.command("migrate", short_help="Convert files that an older capdraft wrote.")
@click.option(
    "--check", is_flag=True, help="Write nothing; exit status 1 if a file is not current."
)
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change.")
@framed
def command(frame: Frame, check: bool, dry_run: bool) -> int:
    """Look at every file's format, and convert what an older capdraft wrote.

    Each file is converted whole or not at all. Decisions keep what they say, who said it, when and
    on what. What a newer capdraft wrote, and what can't be read, is told and left alone: then the
    exit status is 1.

    \b
    capdraft migrate --check
    capdraft migrate --dry-run
    capdraft migrate
    """
    from capdraft.migrating import convert, look

    if check and dry_run:
        raise UsageProblem("--check and --dry-run are two ways to look: give one")
    looks = check or dry_run
    workspace = frame.workspace()
    plan = look(workspace) if looks else convert(workspace)
    for file in plan.files:
        _tell(frame, file, looks=looks, differences=dry_run)
    frame.say(_summary(plan, looks=looks))
    frame.answer(
        {
            "files": [_data(file, differences=dry_run) for file in plan.files],
            "converted": [] if looks else [file.name for file in plan.to_convert],
        }
    )
    return 1 if plan.problems or (check and plan.to_convert) else 0


def _tell(frame: Frame, file: File, *, looks: bool, differences: bool) -> None:
    if file.state != "current":
        said = f"{file.format}, {file.why}" if file.why else file.format
        state = "converted" if file.state == "older" and not looks else file.state
        mark = click.style(f"{state:<10}", fg="yellow" if file.state == "older" else "red")
        frame.say(f"{mark}  {file.name}: {said}")
    for does in file.does:
        frame.say(f"  {'would' if looks else 'did'} {does}")
    for line in file.diff() if differences else ():
        frame.say(f"    {line}")
    if file.hint:
        frame.say(f"  next: {file.hint}")


def _summary(plan: Plan, *, looks: bool) -> str:
    converted = len(plan.to_convert)
    parts = [f"{count(len(plan.files), 'file')} looked at"]
    if converted:
        parts.append(f"{converted} {'to convert' if looks else 'converted'}")
    elif not plan.problems:
        parts.append("all of today's formats")
    if plan.problems:
        parts.append(f"{count(len(plan.problems), 'needs', 'need')} you")
    return ", ".join(parts)


def _data(file: File, *, differences: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "file": file.name,
        "kind": file.kind,
        "format": file.format,
        "state": file.state,
        "steps": list(file.does),
        "why": file.why,
        "hint": file.hint,
    }
    return {**data, "diff": list(file.diff())} if differences else data
