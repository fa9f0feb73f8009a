"""The keys of `capdraft review next` that decide on what is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame
from capdraft.cli.review_edit import LEFT as NOT_SAVED
from capdraft.cli.review_edit import change_lines, unsaid_lines
from capdraft.cli.review_editor import above_line, edit_page, edited_page
from capdraft.cli.review_shown import Shown
from capdraft.cli.review_work import rescue
from capdraft.errors import ReviewRefused

if TYPE_CHECKING:
    from capdraft.records import Decision


@dataclass(frozen=True)
class Done:
    """What a key did: what to tell, the decision if one was taken, and whether the field stays."""

    told: str
    decision: Decision | None = None
    stays: bool = False
    more: str = ""
    """Lines that are told below."""


LEFT = Done("left as it is", stays=True)


def accept(frame: Frame, shown: Shown) -> Done:  # noqa: ARG001 - every key gets both
    """Accept it as it is."""
    return _approve(shown)


def accept_despite(frame: Frame, shown: Shown) -> Done:  # noqa: ARG001
    """Accept it despite the errors that were found."""
    codes = sorted({finding.code for finding in shown.findings if finding.severity == "error"})
    if not codes:
        return Done("the rules found no error here: a accepts it", stays=True)
    return _approve(shown, despite=tuple(codes), note=_note("why is it right all the same"))


def accept_editorial(frame: Frame, shown: Shown) -> Done:  # noqa: ARG001
    """Accept it as a statement of the reviewer."""
    return _approve(shown, editorial=True, note=_note("why is it said without a passage"))


def _note(question: str) -> str:
    note: str = click.prompt(f"{question} (readers see it)", err=True)
    return note


def _approve(shown: Shown, **said: Any) -> Done:
    from capdraft.reviewing import approve, refusal

    judgement = shown.judgement(**said)
    if told := shown.planted("accept", judgement):
        return Done(told, stays=True)
    taken, refused = approve(shown.review, judgement)
    if refused:
        raise refusal(shown.review.stored, refused[0])
    return Done("approved", taken[0]) if taken else Done("you approved it before")


def turn_down(frame: Frame, shown: Shown) -> Done:
    """Ask for a reason and reject it."""
    from capdraft.records import REASONS
    from capdraft.reviewing import reject

    for number, reason in enumerate(REASONS, 1):
        frame.say(f"  {number} {reason}")
    frame.say("why? any other key leaves it")
    key = click.getchar()
    if key not in map(str, range(1, len(REASONS) + 1)):
        return LEFT
    reason = REASONS[int(key) - 1]
    judgement = shown.judgement()
    if told := shown.planted("reject", judgement):
        return Done(told, stays=True)
    (decision,) = reject(shown.review, judgement, reason)
    return Done(f"rejected ({reason})", decision)


def write_anew(frame: Frame, shown: Shown) -> Done:
    """Have the text edited, and accept what is saved."""
    from capdraft.reviewing import edit
    from capdraft.reviewing.deciding import new_names

    page = edit_page(shown.review, shown.state, shown.severities)
    written = click.edit(page, extension=".txt")
    if written is None:
        return Done(NOT_SAVED, stays=True)
    judgement = shown.judgement()
    try:
        text, names = edited_page(written)
        names = new_names(shown.state, names)
        more = "\n".join(change_lines(shown.state, text, names))
        unsaid = unsaid_lines(shown.review, shown.state, text, None, names)
        if unsaid:
            frame.say("\n".join((more, *unsaid)))
            if not click.confirm("accept it all the same?", err=True):
                raise ReviewRefused("it was left as it is")
        if told := shown.planted("edit", judgement, text=text, names=names):
            return Done(told, stays=True)
        return Done("edited", edit(shown.review, judgement, text, names=names), more=more)
    except ReviewRefused as error:
        if written.strip():
            kept = rescue(shown.review, shown.state, above_line(written))
            error.hint = f"{error.hint} Your text is kept: {kept}".strip()
        raise


def cite_anew(frame: Frame, shown: Shown) -> Done:
    """Have other passages chosen, and accept the text with those."""
    from capdraft.cli.review_cite import choose_passages
    from capdraft.reviewing import edit

    text = shown.state.text
    evidence = choose_passages(frame, shown.review, shown.state)
    if evidence is None:
        return LEFT
    judgement = shown.judgement()
    if told := shown.planted("edit", judgement, text=text, evidence=evidence):
        return Done(told, stays=True)
    decision = edit(shown.review, judgement, text, evidence)
    return Done("cited other passages, approved", decision)


DECIDING: dict[str, tuple[str, Callable[[Frame, Shown], Done]]] = {
    "a": ("accept", accept),
    "d": ("accept despite what the rules find, with a note", accept_despite),
    "x": ("reject", turn_down),
    "e": ("edit in $EDITOR", write_anew),
    "c": ("cite other passages", cite_anew),
    "s": ("accept as an editorial statement, with a note", accept_editorial),
}
