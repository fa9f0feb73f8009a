"""`capdraft review approve`, `reject`, `edit` and `undo`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from capdraft.cli.frame import Frame, framed
from capdraft.cli.review_options import as_who, by_field, of_number, with_note
from capdraft.cli.review_work import (
    decision_data,
    make_judgement,
    open_path,
    read_text,
    rescue,
    tell_decisions,
    tell_read,
    tell_refused,
    tell_unread,
)
from capdraft.errors import NotFound, ReviewRefused, UsageProblem

REASON_CODES = [
    "unsupported",
    "contradicted",
    "source-is-wrong",
    "duplicate",
    "wrong-artifact",
    "not-a-capability",
    "comparison-unproven",
    "outdated",
    "style",
]

Command = Callable[..., Any]


def _despite(function: Command) -> Command:
    for option in (
        click.option(
            "--despite", multiple=True, metavar="CODE", help="Accept despite this finding."
        ),
        click.option("--editorial", is_flag=True, help="Accept without evidence, shown as that."),
    ):
        function = option(function)
    return function


@click.command("approve")
@click.argument("path", metavar="SLUG[/CAPABILITY]")
@by_field
@as_who
@_despite
@with_note
@of_number
@framed
def approve(frame: Frame, path: str, field: str | None, number: str | None, **said: Any) -> int:
    """Accept a field, a capability, or all of an artifact that no error finding stands against.

    The name and the intents of a capability are accepted with its description.
    """
    from capdraft.reviewing import approve as decide
    from capdraft.reviewing import refusal

    review, severities = open_path(frame, path, field, number)
    taken, refused = decide(review, make_judgement(review, severities, **said))
    if len(review.selected) == 1 and refused:
        raise refusal(review.stored, refused[0])
    tell_decisions(frame, "approved", taken)
    for item in refused:
        tell_refused(frame, item)
    if not taken and not refused:
        frame.note("nothing to approve: you approved all of it before")
    frame.answer(
        {
            "approved": [decision_data(decision) for decision in taken],
            "refused": [
                {"field": item.state.path, "codes": item.codes, "why": item.why} for item in refused
            ],
        }
    )
    return 1 if refused else 0


@click.command("reject")
@click.argument("path", metavar="SLUG[/CAPABILITY]")
@by_field
@as_who
@click.option("--reason", type=click.Choice(REASON_CODES), required=True)
@with_note
@of_number
@framed
def reject(
    frame: Frame, path: str, field: str | None, reason: str, number: str | None, **said: Any
) -> int:
    """Reject a field, a capability, or all of an artifact, with a reason."""
    from capdraft.reviewing import reject as decide

    review, severities = open_path(frame, path, field, number)
    taken = decide(review, make_judgement(review, severities, **said), reason)
    tell_decisions(frame, "rejected", taken)
    frame.answer({"rejected": [decision_data(decision) for decision in taken]})
    return 0


@click.command("edit")
@click.argument("path", metavar="SLUG/CAPABILITY")
@by_field
@as_who
@click.option(
    "--from",
    "source",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Take the new text from FILE (- for standard input) instead of $EDITOR.",
)
@click.option(
    "--cite",
    metavar="NUMBERS",
    help="Cite these passages instead: '3 7', or '3 7 / 12' with [12] for the other side.",
)
@_despite
@with_note
@of_number
@framed
def edit(
    frame: Frame,
    path: str,
    field: str | None,
    source: Any,
    cite: str | None,
    number: str | None,
    **said: Any,
) -> int:
    """Write a field anew in $EDITOR. Saving a new text accepts it.

    Leaving the editor without a change decides nothing. With --cite and without --from, the text
    stays as it is; `review next` looks passages up and tells their numbers.
    """
    from capdraft.cli.review_cite import cited
    from capdraft.cli.review_text import edit_page, edited_text
    from capdraft.reviewing import edit as decide

    review, severities = open_path(frame, path, field, number)
    if len(review.selected) != 1:
        fields = ", ".join(state.path for state in review.selected)
        raise UsageProblem(
            "one field is edited at a time", hint=f"Add --field; there are: {fields}"
        )
    judgement = make_judgement(review, severities, **said)
    state = review.selected[0]
    evidence = None if cite is None else cited(review, cite)
    if source is not None:
        text = read_text(source)
    elif cite is not None:
        text = state.text
    else:
        written = click.edit(edit_page(review, state, severities), extension=".txt")
        if written is None:
            frame.note("nothing saved: the field stays as it is")
            frame.answer({"edited": None})
            return 1
        text = edited_text(written)
    try:
        decision = decide(review, judgement, text, evidence)
    except ReviewRefused as error:
        if source is None and cite is None and text.strip():
            error.hint = f"{error.hint} Your text is kept: --from {rescue(review, state, text)}"
        raise
    tell_decisions(frame, "edited and approved", [decision])
    frame.answer({"edited": decision_data(decision)})
    return 0


@click.command("undo")
@click.argument("path", metavar="[SLUG[/CAPABILITY]]", required=False)
@by_field
@as_who
@of_number
@framed
def undo(
    frame: Frame, path: str | None, field: str | None, who: str | None, number: str | None
) -> int:
    """Take back your last decision, or your last one on what you name.

    Without a name, decisions that were taken as one are taken back as one. What is taken back stays
    in the file, and so does this.
    """
    from capdraft.reviewing import QueueIndex, reviewer_slug, undo_bulk
    from capdraft.reviewing import undo as take_back

    if path is None:
        workspace = frame.workspace()
        reviewer = reviewer_slug(who, workspace.root)
        index = QueueIndex(workspace)
        index.refresh(told=tell_read)
        tell_unread(frame, index, "not looked into")
        last = {taken.id: taken.slug for taken in index.last_action(reviewer)}
        undone = undo_bulk(workspace, reviewer, [(slug, id_) for id_, slug in last.items()])
        if not undone:
            raise NotFound(f"{reviewer} has no decision to take back")
        slugs = [last[str(decision.undoes)] for decision in undone]
    else:
        review, _ = open_path(frame, path, field, number)
        undone = [take_back(review, reviewer_slug(who, review.workspace.root))]
        slugs = [review.slug]
    for slug, decision in zip(slugs, undone, strict=True):
        frame.say(f"took back {decision.undoes} on {slug}/{decision.capability}.{decision.field}")
    frame.answer({"undone": [decision_data(decision) for decision in undone]})
    return 0
