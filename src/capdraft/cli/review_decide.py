"""`capdraft review approve`, `reject` and `undo`."""

from __future__ import annotations

from typing import Any

import click

from capdraft.cli.frame import Frame, framed
from capdraft.cli.review_options import as_who, by_field, despite_findings, of_number, with_note
from capdraft.cli.review_work import (
    decision_data,
    make_judgement,
    open_path,
    open_paths,
    tell_decisions,
    tell_read,
    tell_refused,
    tell_unread,
)
from capdraft.errors import NotFound

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
PATHS = "SLUG[/CAPABILITY[.FIELD]]..."


@click.command("approve", short_help="Accept fields, capabilities or artifacts.")
@click.argument("path", nargs=-1, required=True, metavar=PATHS)
@by_field
@as_who
@despite_findings
@with_note
@of_number
@framed
def approve(
    frame: Frame, path: tuple[str, ...], field: str | None, number: str | None, **said: Any
) -> int:
    """Accept fields, capabilities, or all of an artifact that no error finding stands against.

    The name and the intents of a capability are accepted with its description. What you rejected
    stays rejected, unless you name the capability or the field.

    \b
    capdraft review approve paligemma
    capdraft review approve paligemma/visual-qa.description paligemma/captions
    capdraft review approve paligemma/video --despite CD103 --note "See table."
    """
    from capdraft.reviewing import approve as decide
    from capdraft.reviewing import refusal
    from capdraft.reviewing.deciding import is_left_rejected

    reviews, severities = open_paths(frame, path, field, number)
    judgement = make_judgement(reviews[0], severities, **said)
    every: list[Any] = []
    against: list[dict[str, Any]] = []
    for review in reviews:
        taken, refused = decide(review, judgement)
        if len(reviews) == len(review.selected) == 1 and refused:
            raise refusal(review.stored, refused[0])
        tell_decisions(frame, "approved", review.slug, taken)
        every += taken
        for item in refused:
            tell_refused(frame, review.slug, item)
            told = {"field": item.state.path, "codes": item.codes, "why": item.why}
            against.append({"artifact": review.slug, **told})
        for state in review.selected:
            if is_left_rejected(review, state, judgement.reviewer):
                frame.note(f"{review.slug}/{state.path} stays rejected; to accept it, name it")
    if not every and not against:
        frame.note("nothing to approve: you decided on all of it before")
    approved = [decision_data(decision) for decision in every]
    frame.answer({"approved": approved, "refused": against})
    return 1 if against else 0


@click.command("reject", short_help="Reject fields, capabilities or artifacts.")
@click.argument("path", nargs=-1, required=True, metavar=PATHS)
@by_field
@as_who
@click.option(
    "--reason",
    type=click.Choice(REASON_CODES),
    required=True,
    metavar="REASON",
    help=f"One of {', '.join(REASON_CODES)}.",
)
@with_note
@of_number
@framed
def reject(
    frame: Frame,
    path: tuple[str, ...],
    field: str | None,
    reason: str,
    number: str | None,
    **said: Any,
) -> int:
    """Reject fields, capabilities, or all of an artifact, with a reason.

    \b
    capdraft review reject paligemma/visual-qa.unique --reason unsupported
    """
    from capdraft.reviewing import reject as decide

    reviews, severities = open_paths(frame, path, field, number)
    judgement = make_judgement(reviews[0], severities, **said)
    every = []
    for review in reviews:
        taken = decide(review, judgement, reason)
        tell_decisions(frame, "rejected", review.slug, taken)
        every += taken
    frame.answer({"rejected": [decision_data(decision) for decision in every]})
    return 0


@click.command("undo", short_help="Take back your last decision.")
@click.argument("path", metavar="[SLUG[/CAPABILITY[.FIELD]]]", required=False)
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

    \b
    capdraft review undo
    capdraft review undo paligemma/visual-qa.unique
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
