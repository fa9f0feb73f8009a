"""The keys of `capdraft review next` that decide on what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame
from capdraft.cli.review_edit import change_lines
from capdraft.cli.review_rewriting import read_written, save, write_anew
from capdraft.cli.review_shown import Done, Shown

if TYPE_CHECKING:
    from capdraft.records import Finding


LEFT = Done("left as it is", stays=True)


def accept(frame: Frame, shown: Shown) -> Done:  # noqa: ARG001 - every key gets both
    """Accept it as it is."""
    return _approve(shown)


def accept_despite(frame: Frame, shown: Shown) -> Done:
    """Accept it, or the text that was written for it, despite the errors that were found."""
    if shown.written:
        return _accept_written(frame, shown, "why is it right all the same")
    codes = _errors(shown.findings)
    if not codes:
        return Done("the rules found no error here: a accepts it", stays=True)
    return _approve(shown, despite=codes, note=_note("why is it right all the same"))


def accept_editorial(frame: Frame, shown: Shown) -> Done:
    """Accept it, or the text that was written for it, as a statement of the reviewer."""
    if shown.written:
        return _accept_written(frame, shown, "why is it said without a passage", editorial=True)
    return _approve(shown, editorial=True, note=_note("why is it said without a passage"))


def _accept_written(frame: Frame, shown: Shown, question: str, *, editorial: bool = False) -> Done:
    from capdraft.reviewing.judging import WITHOUT_EVIDENCE

    text, names = read_written(shown, shown.written)
    changes = "\n".join(change_lines(shown.state, text, names))
    frame.say(f"your text, which is not saved yet:\n{changes}")
    codes = _errors(shown.review.findings(shown.state, shown.severities, text, None, names))
    if editorial:
        codes = tuple(code for code in codes if code not in WITHOUT_EVIDENCE)
    if not (codes or editorial):
        return save(shown, text, names, changes)
    note = _note(question)
    return save(shown, text, names, changes, despite=codes, editorial=editorial, note=note)


def _errors(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(sorted({finding.code for finding in findings if finding.severity == "error"}))


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


def cite_anew(frame: Frame, shown: Shown) -> Done:
    """Have other passages chosen, and accept the text (that written last) with those."""
    from capdraft.cli.review_cite import choose_passages
    from capdraft.records import NO_NAMES
    from capdraft.reviewing import edit

    text, names = shown.state.text, NO_NAMES
    if shown.written:
        text, names = read_written(shown, shown.written)
    evidence = choose_passages(frame, shown.review, shown.state)
    if evidence is None:
        return LEFT
    judgement = shown.judgement()
    if told := shown.planted("edit", judgement, text=text, evidence=evidence, names=names):
        return Done(told, stays=True)
    decision = edit(shown.review, judgement, text, evidence, names)
    return Done("cited other passages, approved", decision)


DECIDING: dict[str, tuple[str, Callable[[Frame, Shown], Done]]] = {
    "a": ("accept", accept),
    "d": ("accept despite what the rules find, with a note", accept_despite),
    "x": ("reject", turn_down),
    "e": ("edit in $EDITOR", write_anew),
    "c": ("cite other passages", cite_anew),
    "s": ("accept as an editorial statement, with a note", accept_editorial),
}
