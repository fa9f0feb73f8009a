"""`capdraft review`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import click

from capdraft.cli.frame import Frame, count, error_data, framed, load_settings, one_by_one
from capdraft.cli.review_apply import apply
from capdraft.cli.review_decide import approve, reject, undo
from capdraft.cli.review_edit import edit
from capdraft.cli.review_export import command as export
from capdraft.cli.review_options import as_who, by_field, of_number
from capdraft.cli.review_passages import passages
from capdraft.cli.review_stats import stats
from capdraft.cli.review_work import (
    open_path,
    say_long,
    shown_width,
    state_data,
    tell_read,
    tell_unread,
)

if TYPE_CHECKING:
    from capdraft.records import FieldName

STATUSES = ["pending", "approved", "edited", "rejected", "stale", "conflicting"]


@click.group("review", short_help="List, show and decide what waits.")
def command() -> None:
    """Decide, field by field, what a model drafted.

    \b
    capdraft review next                         walk through what waits for you
    capdraft review list                         what waits
    capdraft review show paligemma               claims above their evidence
    capdraft review approve paligemma/visual-qa  all fields of one capability
    capdraft review reject paligemma/visual-qa.unique --reason unsupported
    capdraft review edit paligemma/visual-qa.description
    capdraft review passages paligemma memory    what --cite can name
    """


@command.command("list", short_help="List fields, and how each stands.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--status", type=click.Choice(STATUSES), help="Only fields that stand like this.")
@framed
def list_(frame: Frame, slugs: tuple[str, ...], status: str | None) -> int:
    """List the fields of each artifact's newest proposal and how they stand.

    \b
    capdraft review list
    capdraft review list paligemma --status pending
    """
    from capdraft.cli.review_text import listing, stands_as
    from capdraft.reviewing import Target, open_review

    workspace = frame.workspace()
    severities = load_settings(workspace).rules
    data = []
    names = slugs or tuple(workspace.artifacts())

    def show_list(slug: str) -> None:
        review = open_review(workspace, Target(slug))
        wanted = [state for state in review.states if stands_as(state, status)]
        if wanted or status is None:
            frame.say(listing(review, severities, wanted))
        data.append(
            {
                "artifact": slug,
                "proposal": review.stored.name,
                "fields": [state_data(review, s, severities) for s in wanted],
            }
        )

    failed = one_by_one(frame, names, show_list)
    if not names:
        frame.note("nothing to review: `capdraft draft FILE` makes a proposal")
    elif status and not any(item["fields"] for item in data):
        frame.note(f"no field is {status}")
    frame.answer({"artifacts": data, "failed": [error_data(error) for error in failed]})
    return 1 if failed else 0


@command.command("show", short_help="Show fields above their evidence and findings.")
@click.argument("path", metavar="SLUG[/CAPABILITY[.FIELD]]")
@by_field
@of_number
@framed
def show(frame: Frame, path: str, field: str | None, number: str | None) -> int:
    """Show each field above its quoted evidence and its findings.

    \b
    capdraft review show paligemma
    capdraft review show paligemma/visual-qa.unique
    """
    from capdraft.cli.review_page import page

    review, severities = open_path(frame, path, field, number)
    say_long(frame, page(review, severities, shown_width()))
    frame.answer(
        {
            "proposal": review.stored.name,
            "fields": [state_data(review, s, severities) for s in review.selected],
        }
    )
    return 0


@command.command("next", short_help="Walk through what waits, one key a decision.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@by_field
@as_who
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

    \b
    capdraft review next
    capdraft review next paligemma --rule CD103
    """
    from capdraft.cli.review_next import Desk
    from capdraft.reviewing import QueueIndex, Wanted, reviewer_slug, waiting
    from capdraft.reviewing.judging import check_codes

    check_codes([rule] if rule else [])
    workspace = frame.workspace()
    settings = load_settings(workspace)
    who = reviewer_slug(who, workspace.root)
    look = Wanted(cast("FieldName | None", field), rule, cast("Any", state), who, search)
    items = waiting(workspace, slugs or workspace.artifacts(), settings.rules, look, tell_read)
    index = QueueIndex(workspace, settings.rules)
    broken = tell_unread(frame, index, "not in the queue", slugs)
    frame.answer({"waiting": [{**asdict(item), "since": item.since.isoformat()} for item in items]})
    if frame.as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        for item in items:
            frame.say(f"{item.path}  {item.status}  {' '.join(item.codes)}".rstrip())
        if not items:
            frame.note("nothing waits for you")
        return 1 if broken else 0
    desk = Desk(frame, workspace, settings, who, items, index)
    desk.walk()
    left = len(items) - desk.place
    told = "nothing waits for you" if not items else f"{count(len(desk.taken), 'decision')} taken"
    frame.note(f"{told}; {left} of {len(items)} left" if left else told)
    if onward := desk.what_next():
        frame.note(onward)
    return 1 if broken else 0


@command.command("explain", short_help="Say what a field still needs to be merged.")
@click.argument("path", metavar="SLUG[/CAPABILITY[.FIELD]]")
@by_field
@of_number
@framed
def explain(frame: Frame, path: str, field: str | None, number: str | None) -> int:
    """Say of each field whether it may be merged, and what it still needs.

    \b
    capdraft review explain paligemma/visual-qa
    """
    from capdraft.reviewing import explanation

    review, severities = open_path(frame, path, field, number)
    found = [explanation(review, state, severities) for state in review.selected]
    for item in found:
        frame.say(f"{click.style(item.field, bold=True)}  {item.verdict}")
        for line in item.lines:
            frame.say(f"  {line}")
    frame.answer({"proposal": review.stored.name, "fields": [asdict(item) for item in found]})
    return 0


for decision in (approve, reject, edit, apply, undo, passages, export, stats):
    command.add_command(decision)
