"""`capdraft review`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import click

from capdraft.cli.frame import Frame, count, error_data, framed, load_settings, one_by_one
from capdraft.cli.review_export import command as export
from capdraft.cli.review_stats import stats
from capdraft.cli.review_work import (
    decision_data,
    make_judgement,
    open_path,
    read_text,
    rescue,
    shown_width,
    state_data,
    tell_decisions,
    tell_refused,
)
from capdraft.errors import NotFound, ReviewRefused, UsageProblem

if TYPE_CHECKING:
    from capdraft.records import FieldName

FIELD_NAMES = ["description", "unique", "vs_alternatives"]
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


@click.group("review", short_help="List, show and decide what waits.")
def command() -> None:
    """Decide, field by field, what a model drafted.

    \b
    capdraft review next                                    walk through what waits for you
    capdraft review list                                    what waits
    capdraft review show paligemma                          claims above their evidence
    capdraft review approve paligemma/visual-qa             all fields of one capability
    capdraft review reject paligemma/visual-qa --field unique --reason unsupported
    capdraft review edit paligemma/visual-qa --field description
    """


_field = click.option("--field", type=click.Choice(FIELD_NAMES), help="Only this field.")
_as = click.option("--as", "who", metavar="WHO", help="Decide as WHO instead of git's user.")
_note = click.option("--note", metavar="TEXT", help="Why; readers see it beside the record.")
_number = click.option(
    "--proposal", "number", metavar="NUMBER", help="This proposal instead of the newest."
)


def _despite(function: Command) -> Command:
    for option in (
        click.option(
            "--despite", multiple=True, metavar="CODE", help="Accept despite this finding."
        ),
        click.option("--editorial", is_flag=True, help="Accept without evidence, shown as that."),
    ):
        function = option(function)
    return function


@command.command("list")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@framed
def list_(frame: Frame, slugs: tuple[str, ...]) -> int:
    """List the fields of each artifact's newest proposal and how they stand."""
    from capdraft.cli.review_text import listing
    from capdraft.reviewing import Target, open_review

    workspace = frame.workspace()
    severities = load_settings(workspace).rules
    data = []
    names = slugs or tuple(workspace.artifacts())

    def show_list(slug: str) -> None:
        review = open_review(workspace, Target(slug))
        frame.say(listing(review, severities))
        data.append(
            {
                "artifact": slug,
                "proposal": review.stored.name,
                "fields": [state_data(review, s, severities) for s in review.selected],
            }
        )

    failed = one_by_one(frame, names, show_list)
    if not names:
        frame.note("nothing to review: `capdraft draft FILE` makes a proposal")
    frame.answer({"artifacts": data, "failed": [error_data(error) for error in failed]})
    return 1 if failed else 0


@command.command("show")
@click.argument("path", metavar="SLUG[/CAPABILITY]")
@_field
@_number
@framed
def show(frame: Frame, path: str, field: str | None, number: str | None) -> int:
    """Show each field above its quoted evidence and its findings."""
    from capdraft.cli.review_text import page

    review, severities = open_path(frame, path, field, number)
    frame.say(page(review, severities, shown_width()))
    frame.answer(
        {
            "proposal": review.stored.name,
            "fields": [state_data(review, s, severities) for s in review.selected],
        }
    )
    return 0


@command.command("next")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@_field
@_as
@click.option("--rule", metavar="CODE", help="Only fields with this finding.")
@click.option("--state", type=click.Choice(["pending", "stale", "conflicting"]), help="Only these.")
@click.option("--search", metavar="WORDS", help="Only texts that hold these words.")
@framed
def next_(
    frame: Frame,
    slugs: tuple[str, ...],
    field: str | None,
    who: str | None,
    rule: str | None,
    state: str | None,
    search: str | None,
) -> int:
    """Walk through what waits for you, the riskiest first, one key a decision.

    Errors come first, comparisons before other fields, and the oldest before the newest. With
    --json, or where there is no terminal, the queue is listed and nothing is asked.
    """
    from capdraft.cli.review_next import Desk
    from capdraft.reviewing import QueueIndex, Wanted, reviewer_slug, waiting

    workspace = frame.workspace()
    settings = load_settings(workspace)
    who = reviewer_slug(who, workspace.root)
    look = Wanted(cast("FieldName | None", field), rule, cast("Any", state), who, search)
    items = waiting(workspace, slugs or workspace.artifacts(), settings.rules, look)
    broken = [
        artifact
        for artifact in QueueIndex(workspace).artifacts(broken=True)
        if not slugs or artifact.slug in slugs
    ]
    for artifact in broken:
        frame.note(f"not in the queue: {artifact.error}")
    frame.answer({"waiting": [{**asdict(item), "since": item.since.isoformat()} for item in items]})
    if frame.as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        for item in items:
            frame.say(f"{item.path}  {item.status}  {' '.join(item.codes)}".rstrip())
        return 1 if broken else 0
    desk = Desk(frame, workspace, settings, who, items)
    desk.walk()
    left = len(items) - desk.place
    told = "nothing waits for you" if not items else f"{count(len(desk.taken), 'decision')} taken"
    frame.note(f"{told}; {left} of {len(items)} left" if left else told)
    return 1 if broken else 0


@command.command("approve")
@click.argument("path", metavar="SLUG[/CAPABILITY]")
@_field
@_as
@_despite
@_note
@_number
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


@command.command("reject")
@click.argument("path", metavar="SLUG[/CAPABILITY]")
@_field
@_as
@click.option("--reason", type=click.Choice(REASON_CODES), required=True)
@_note
@_number
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


@command.command("edit")
@click.argument("path", metavar="SLUG/CAPABILITY")
@_field
@_as
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
@_note
@_number
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


@command.command("explain")
@click.argument("path", metavar="SLUG[/CAPABILITY]")
@_field
@_number
@framed
def explain(frame: Frame, path: str, field: str | None, number: str | None) -> int:
    """Say of each field whether it may be merged, and what it still needs."""
    from capdraft.reviewing import explanation

    review, severities = open_path(frame, path, field, number)
    found = [explanation(review, state, severities) for state in review.selected]
    for item in found:
        frame.say(f"{click.style(item.field, bold=True)}  {item.verdict}")
        for line in item.lines:
            frame.say(f"  {line}")
    frame.answer({"proposal": review.stored.name, "fields": [asdict(item) for item in found]})
    return 0


@command.command("undo")
@click.argument("path", metavar="[SLUG[/CAPABILITY]]", required=False)
@_field
@_as
@_number
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
        index.refresh()
        last = [(taken.slug, taken.id) for taken in index.last_action(reviewer)]
        undone = undo_bulk(workspace, reviewer, last)
        if not undone:
            raise NotFound(f"{reviewer} has no decision to take back")
    else:
        review, _ = open_path(frame, path, field, number)
        undone = [take_back(review, reviewer_slug(who, review.workspace.root))]
    for decision in undone:
        frame.say(f"took back {decision.undoes} on {decision.capability}.{decision.field}")
    frame.answer({"undone": [decision_data(decision) for decision in undone]})
    return 0


command.add_command(export)
command.add_command(stats)
