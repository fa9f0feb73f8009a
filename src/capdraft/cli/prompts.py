"""`capdraft prompts`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, framed, load_settings

if TYPE_CHECKING:
    from capdraft.prompts import Prompt


@click.group("prompts", short_help="List and show the prompts, and what would be sent.")
def command() -> None:
    """The prompts: Jinja2 templates. One in the workspace's prompts/ hides the packaged one.

    \b
    capdraft prompts list
    capdraft prompts show draft > prompts/short.jinja      to change it; then
                                     [prompts] draft = "short" in capdraft.toml
    capdraft prompts render paligemma.md
    """


@command.command("list")
@framed
def list_(frame: Frame) -> int:
    """List the prompts: where each comes from, and what it is for.

    \b
    capdraft prompts list
    """
    from capdraft.prompts import list_prompts

    root = frame.workspace().root
    prompts = list_prompts(root)
    width = max(len(prompt.name) for prompt in prompts)
    for prompt in prompts:
        purpose = prompt.header.get("purpose", "")
        frame.say(f"{prompt.name:<{width}} {_origin(prompt, root):<24} {purpose}")
    frame.answer({"prompts": [_data(prompt, root) for prompt in prompts]})
    return 0


@command.command("show")
@click.argument("name", metavar="PROMPT")
@framed
def show(frame: Frame, name: str) -> int:
    """Print the template PROMPT.

    \b
    capdraft prompts show draft
    capdraft prompts show draft > prompts/short.jinja
    """
    from capdraft.prompts import load_prompt

    root = frame.workspace().root
    prompt = load_prompt(name, root)
    frame.say(prompt.source.rstrip("\n"))
    frame.answer({**_data(prompt, root), "source": prompt.source})
    return 0


@command.command("render", short_help="Print what would be sent, and its size.")
@click.argument("source")
@framed
def render(frame: Frame, source: str) -> int:
    """Print what would be sent to draft SOURCE, and its size; nothing is asked.

    \b
    capdraft prompts render paligemma.md
    """
    from capdraft.cli.dry_run import dry_run_jobs, make_job
    from capdraft.drafting import Prompts

    workspace = frame.workspace()
    settings = load_settings(workspace)
    prompts = Prompts.load(settings, workspace.root)
    job = make_job(frame, workspace, source, None, None, None)
    return dry_run_jobs(frame, workspace, settings, prompts, [job])


def _origin(prompt: Prompt, root: Path) -> str:
    inside = prompt.path.is_relative_to(root) and prompt.path.parent == root / "prompts"
    return prompt.path.relative_to(root).as_posix() if inside else "packaged"


def _data(prompt: Prompt, root: Path) -> dict[str, object]:
    origin = _origin(prompt, root)
    return {"name": prompt.name, "origin": origin, "sha256": prompt.sha256, **prompt.header}
