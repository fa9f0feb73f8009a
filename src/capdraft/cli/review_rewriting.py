"""The text that a reviewer of `capdraft review next` writes anew, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame
from capdraft.cli.review_edit import LEFT as NOT_SAVED
from capdraft.cli.review_edit import change_lines, unsaid_lines
from capdraft.cli.review_editor import above_line, edit_page, edited_page
from capdraft.cli.review_shown import Done, Shown
from capdraft.cli.review_work import rescue, shown_width
from capdraft.errors import ReviewRefused

if TYPE_CHECKING:
    from capdraft.records import Finding, Names


def write_anew(frame: Frame, shown: Shown) -> Done:
    """Have the text edited, and accept what is saved; what was refused before is opened again."""
    page = edit_page(shown.review, shown.state, shown.severities, shown.written)
    written = click.edit(page, extension=".txt")
    if written is None:
        return Done(NOT_SAVED, stays=True)
    shown.keep(above_line(written))
    try:
        return _take(frame, shown, written)
    except ReviewRefused as error:
        if above_line(written).strip():
            told = "\n".join(filter(None, (f"{error}", error.hint, *_kept(shown))))
            return Done(told, stays=True)
        raise


def _take(frame: Frame, shown: Shown, written: str) -> Done:
    text, names = read_written(shown, written)
    changes = list(change_lines(shown.state, text, names))
    findings = shown.review.findings(shown.state, shown.severities, text, None, names)
    against = [
        *_finding_lines(findings),
        *unsaid_lines(shown.review, shown.state, text, None, names),
    ]
    codes = {finding.code for finding in findings if finding.severity == "error"}
    if codes and changes:
        told = (*changes, *against, *_next_keys(codes), *_kept(shown))
        return Done("\n".join(told), stays=True)
    if against and changes:
        frame.say("\n".join((*changes, *against)))
        if not click.confirm("accept it all the same?", err=True):
            raise ReviewRefused("it was left as it is")
    return save(shown, text, names, more="\n".join(changes))


def read_written(shown: Shown, written: str) -> tuple[str, Names]:
    """Return the text of a page that a reviewer wrote, and the names that it changes.

    Raises:
        ReviewRefused: it can't be read as such a page.
    """
    from capdraft.reviewing.deciding import new_names

    text, names = edited_page(written)
    return text, new_names(shown.state, names)


def save(shown: Shown, text: str, names: Names, more: str, **said: object) -> Done:
    """Accept a text that was written anew.

    Raises:
        ReviewRefused: something stands against it that nothing `said` answers.
    """
    from capdraft.reviewing import edit

    judgement = shown.judgement(**said)
    if told := shown.planted("edit", judgement, text=text, names=names):
        return Done(told, stays=True)
    return Done("edited", edit(shown.review, judgement, text, names=names), more=more)


def _finding_lines(findings: tuple[Finding, ...]) -> Iterator[str]:
    from capdraft.cli.review_page import finding_lines

    for finding in findings:
        yield from finding_lines(finding, shown_width())


def _next_keys(codes: set[str]) -> Iterator[str]:
    """Yield which keys go on from a text that was refused for the errors `codes`."""
    from capdraft.reviewing.judging import UNANSWERABLE, WITHOUT_EVIDENCE

    yield "It is not saved. e opens your text again."
    if codes & UNANSWERABLE:
        yield "c cites what the document says now."
    elif codes & WITHOUT_EVIDENCE:
        yield "s accepts your text as a statement of your own, with a note that readers see."
    else:
        named = ", ".join(sorted(codes))
        yield f"d accepts your text despite {named}, with a note that readers see."


def _kept(shown: Shown) -> Iterator[str]:
    kept = rescue(shown.review, shown.state, shown.written)
    yield f"Your text is kept: {kept}"
