"""`capdraft doctor`."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, count, framed
from capdraft.errors import NoWorkspace

if TYPE_CHECKING:
    from capdraft.diagnosing import Diagnosis, State

MARKS = {
    "well": ("✓", "ok", "green"),
    "note": ("!", "! ", "yellow"),
    "broken": ("✗", "no", "red"),
    "skipped": ("-", "- ", "white"),
}
"""By state: the mark, what stands for it where the terminal lacks it, and its colour."""


@click.command("doctor", short_help="Check that all is there, and say how to mend it.")
@click.option("--ask", is_flag=True, help="Ask the model for one word too, and tell its cost.")
@click.option("--offline", is_flag=True, help="Ask no endpoint anything.")
@click.option("--model", metavar="NAME", help="Model to ask; else OPENAI_MODEL or capdraft.toml.")
@click.option("--base-url", metavar="URL", help="Endpoint; else OPENAI_BASE_URL or capdraft.toml.")
@framed
def command(frame: Frame, ask: bool, offline: bool, model: str | None, base_url: str | None) -> int:
    """Check the key, the endpoint, git, the workspace and the machine; say how to mend each.

    The endpoint is asked which models it serves, which costs nothing. Exit status 1 if something is
    broken; what is only worth a note (!) is none.

    \b
    capdraft doctor
    capdraft doctor --ask
    capdraft doctor --base-url http://127.0.0.1:11434/v1 --model qwen3 --ask
    """
    from capdraft.diagnosing import examine, look_around

    folder = frame.folder or Path()
    if not folder.is_dir():
        raise NoWorkspace(f"there is no folder {folder}")
    scene = look_around(folder.resolve(), os.environ)
    given = dataclasses.replace(scene, ask=ask, offline=offline, model=model, base_url=base_url)
    found = []
    for diagnosis in examine(given):
        found.append(diagnosis)
        _tell(frame, diagnosis)
    states = Counter(diagnosis.state for diagnosis in found)
    frame.say(_summary(states))
    frame.answer(
        {
            "well": not states["broken"],
            "workspace": str(scene.root) if scene.root else None,
            "parts": [dataclasses.asdict(diagnosis) for diagnosis in found],
        }
    )
    return 1 if states["broken"] else 0


def _tell(frame: Frame, diagnosis: Diagnosis) -> None:
    mark, plain, colour = MARKS[diagnosis.state]
    try:
        "✓✗".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        mark = plain
    frame.say(f"{click.style(mark, fg=colour)} {diagnosis.part:<10}  {diagnosis.said}")
    if diagnosis.mend:
        frame.say(f"{'':{len(mark)}} {'':<10}  to mend: {diagnosis.mend}")


def _summary(states: Counter[State]) -> str:
    if states["broken"]:
        notes = f", {count(states['note'], 'note')}" if states["note"] else ""
        return f"{count(states['broken'], 'part')} broken{notes}"
    return f"nothing is broken, {count(states['note'], 'note')}" if states["note"] else "all well"
