"""`capdraft review apply`."""

from __future__ import annotations

from typing import Any

import click

from capdraft.cli.frame import Frame, count, error_data, framed, load_settings
from capdraft.cli.review_options import as_who
from capdraft.cli.review_work import decision_data, read_text, tell_decisions

DID = {"accept": "approved", "edit": "edited and approved", "reject": "rejected"}


@click.command("apply", short_help="Take the decisions in a file.")
@click.argument("file", type=click.File(encoding="utf-8"))
@as_who
@framed
def apply(frame: Frame, file: Any, who: str | None) -> int:
    """Take the decisions in FILE (- for standard input): JSON Lines, one decision a line.

    Each has a target and a verdict (accept, edit, reject), and where they belong to it reason,
    note, text, evidence (numbers of passages), name, intents, alternative, despite, editorial.
    All lines are checked first: if one is wrong, nothing is decided. What the rules refuse then is
    listed with its line, and the others are taken. Exit status 1 in both cases.

    \b
    capdraft review apply decisions.jsonl

    \b
    {"target": "paligemma/visual-qa", "verdict": "accept"}
    {"target": "paligemma/visual-qa.unique", "verdict": "edit", "text": "…"}
    """
    from capdraft.reviewing import reviewer_slug
    from capdraft.reviewing.applying import Application

    workspace = frame.workspace()
    reviewer = reviewer_slug(who, workspace.root)
    application = Application(workspace, reviewer, dict(load_settings(workspace).rules))
    lines, wrong = application.check(read_text(file), file.name)
    applied = [] if wrong else list(application.take(lines))
    for item in applied:
        tell_decisions(frame, DID[item.line.asked.verdict], item.line.target.slug, item.taken)
    refused = [*wrong, *(error for item in applied for error in item.refused)]
    for error in refused:
        frame.failed(error)
    taken = [decision for item in applied for decision in item.taken]
    told = "nothing was decided: mend the file first" if wrong else f"{len(refused)} refused"
    frame.note(f"{count(len(taken), 'decision')} taken, {told}" if not wrong else told)
    frame.answer(
        {
            "taken": [decision_data(decision) for decision in taken],
            "refused": [error_data(error) for error in refused],
        }
    )
    return 1 if refused else 0
