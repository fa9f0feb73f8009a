"""`capdraft review edit`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, framed, severity_mark
from capdraft.cli.review_editor import above_line, edit_page, edited_page
from capdraft.cli.review_options import as_who, by_field, despite_findings, of_number, with_note
from capdraft.cli.review_work import (
    decision_data,
    make_judgement,
    open_path,
    read_text,
    rescue,
    shown_width,
    tell_decisions,
)
from capdraft.errors import ReviewRefused, UsageProblem

if TYPE_CHECKING:
    from capdraft.records import Decision, Evidence, Names
    from capdraft.reviewing import FieldState, Review

LEFT = "nothing saved: the field stays as it is"


@click.command("edit", short_help="Write a field anew in $EDITOR.")
@click.argument("path", metavar="SLUG/CAPABILITY[.FIELD]")
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
    metavar="PASSAGES",
    help="Cite these passages instead: '3 7', or '3 7 / 12' with [12] for the other side.",
)
@click.option("--name", metavar="NAME", help="The capability's new name: with its description.")
@click.option(
    "--intent",
    "intents",
    multiple=True,
    metavar="NEED",
    help="What it is for, instead of what stands there: with its description. Give it once a need.",
)
@click.option("--alternative", metavar="NAME", help="What it is compared with: with a comparison.")
@despite_findings
@with_note
@of_number
@framed
def edit(
    frame: Frame, path: str, field: str | None, source: Any, number: str | None, **said: Any
) -> int:
    """Write a field anew in $EDITOR. Saving a new text accepts it.

    The name and the intents are edited with the description, what it is compared with along with
    the comparison: they stand above the text. Leaving the editor without a change decides nothing.
    With --cite, --name, --intent or --alternative and without --from, the text stays as it is;
    `review passages` tells the numbers for --cite.

    \b
    capdraft review edit paligemma/visual-qa.description
    capdraft review edit paligemma/visual-qa.description --name "Ask of pictures"
    echo TEXT | capdraft review edit paligemma/visual-qa --field unique --from -
    """
    review, severities = open_path(frame, path, field, number)
    if len(review.selected) != 1:
        fields = ", ".join(state.path for state in review.selected)
        raise UsageProblem(
            "one field is edited at a time", hint=f"Add --field; there are: {fields}"
        )
    cite, names = said.pop("cite"), _names(said)
    judgement = make_judgement(review, severities, **said)
    page, is_typed = None, source is None and cite is None and not names
    if source is not None:
        page = read_text(source)
    elif is_typed:
        page = click.edit(edit_page(review, review.selected[0], severities), extension=".txt")
    if is_typed and page is None:
        frame.note(LEFT)
        frame.answer({"edited": None})
        return 1
    try:
        decision = _decide(frame, review, judgement, _Given(page, cite, names, is_typed))
    except ReviewRefused as error:
        if is_typed and page and page.strip():
            kept = rescue(review, review.selected[0], above_line(page))
            error.hint = f"{error.hint}\n  Your text is kept: --from {kept}".strip()
        raise
    tell_decisions(frame, "edited and approved", review.slug, [decision])
    frame.answer({"edited": decision_data(decision)})
    return 0


@dataclass(frozen=True)
class _Given:
    """What a command line gives for an edit, or the page that the editor left."""

    page: str | None
    cite: str | None
    names: Names
    is_typed: bool


def _names(said: dict[str, Any]) -> Names:
    from capdraft.records import Names

    intents = said.pop("intents") or None
    return Names(name=said.pop("name"), intents=intents, alternative=said.pop("alternative"))


def _decide(frame: Frame, review: Review, judgement: Any, given: _Given) -> Decision:
    """Tell what changes and what stands against it, then take the decision."""
    from capdraft.cli.review_page import finding_lines
    from capdraft.reviewing import edit as decide
    from capdraft.reviewing.citing import cited
    from capdraft.reviewing.deciding import new_names

    (state,) = review.selected
    evidence = None if given.cite is None else cited(review, given.cite)
    text, names = state.text, given.names
    if given.page is not None:
        text, above = edited_page(given.page)
        names = names.over(above)
    names = new_names(state, names)
    for line in change_lines(state, text, names):
        frame.say(line)
    findings = review.findings(state, judgement.severities, text, evidence, names)
    for line in (line for item in findings for line in finding_lines(item, shown_width())):
        frame.note(line)
    unsaid = unsaid_lines(review, state, text, evidence, names)
    for line in unsaid:
        frame.note(line)
    asks = given.is_typed and sys.stdin.isatty() and not frame.as_json
    # What will be refused anyway is not asked about.
    asks = asks and bool(unsaid) and not judgement.open_errors(findings)
    if asks and not click.confirm("accept it all the same?", err=True):
        raise ReviewRefused("it was left as it is")
    return decide(review, judgement, text, evidence, names)


def change_lines(state: FieldState, text: str, names: Names) -> Iterator[str]:
    """Yield what an edit changes, word by word."""
    from capdraft.cli.review_text import wrapped
    from capdraft.cli.word_marks import joined, marked
    from capdraft.reviewing.diffing import names_diff
    from capdraft.text import normalise

    width = shown_width()
    for item in names_diff(state.versions[-1].names, names):
        yield from wrapped(joined(item.pieces), width, f"  {item.what}: ", "    ")
    if normalise(text) != normalise(state.text):
        yield from wrapped(marked(state.text, text), width, "  ", "  ")


def unsaid_lines(
    review: Review,
    state: FieldState,
    text: str,
    evidence: tuple[Evidence, ...] | None,
    names: Names,
) -> list[str]:
    """Return the warning that a new text says more than its passages; nothing if it doesn't."""
    from capdraft.cli.review_text import wrapped
    from capdraft.reviewing.unsaid import unsaid_warning, unsaid_words

    warning = unsaid_warning(unsaid_words(review, state, text, evidence, names))
    return wrapped(warning, shown_width(), f"    {severity_mark('warning')}: ", "      ")
