"""`capdraft review next`: the queue, one field a screen, one key a decision."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, count
from capdraft.cli.review_text import edit_page, edited_text, page
from capdraft.cli.review_work import make_judgement, rescue, shown_width
from capdraft.errors import CapdraftError, ReviewRefused

if TYPE_CHECKING:
    from capdraft.reviewing import Review, Waiting
    from capdraft.workspace import Workspace

KEYS = {
    "j": "next",
    "k": "previous",
    " ": "skip",
    "a": "accept",
    "d": "accept despite what the rules find, with a note",
    "x": "reject",
    "e": "edit in $EDITOR",
    "u": "undo your last decision here",
    "?": "this list",
    "q": "quit",
}
_LINE = "a accept · x reject · e edit · d despite · u undo · j/k next, previous · ? help · q quit"


@dataclass
class Desk:
    """The fields that waited when the walk began, and the place that it has reached."""

    frame: Frame
    workspace: Workspace
    severities: dict[str, Any]
    who: str
    items: list[Waiting]
    place: int = 0
    decided: int = 0
    told: str = ""
    keys: dict[str, Callable[[], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = {
            "j": lambda: self._go(1),
            " ": lambda: self._go(1),
            "k": lambda: self._go(-1),
            "a": self._accept,
            "d": self._despite,
            "x": self._reject,
            "e": self._edit,
            "u": self._undo,
            "?": self._help,
        }

    def walk(self) -> None:
        """Show one field after the other until all are seen or the reviewer leaves."""
        with suppress(KeyboardInterrupt, EOFError):  # Ctrl-C and Ctrl-D leave as q does
            while self.place < len(self.items):
                try:
                    self._show()
                except CapdraftError as error:  # it is gone since the walk began
                    self.told = f"{self.items[self.place].path}: {error}"
                    self._go(1)
                    continue
                key = click.getchar()
                if key == "q":
                    return
                self.told = ""
                self._press(key)

    def _press(self, key: str) -> None:
        try:
            self.keys.get(key, self._unknown)()
        except CapdraftError as error:
            self.told = f"{error}" + (f"\n  next: {error.hint}" if error.hint else "")
        except (click.ClickException, UnicodeDecodeError) as error:
            self.told = f"the editor did not work: {error}"
        except click.Abort:
            self.told = "left as it is"

    def _open(self) -> Review:
        """Return the field as it is now: somebody else may have decided meanwhile."""
        from capdraft.reviewing import open_review

        return open_review(self.workspace, self.items[self.place].target)

    def _show(self) -> None:
        item = self.items[self.place]
        self._shown = self._open()
        click.clear()
        where = f"{self.place + 1} of {len(self.items)}, {count(self.decided, 'decision')}"
        self.frame.say(f"{click.style(item.path, bold=True)}  {where}, as {self.who}")
        self.frame.say(page(self._shown, self.severities, shown_width()))
        self.frame.say()
        if self.told:
            self.frame.say(click.style(self.told, fg="yellow"))
        self.frame.say(_LINE)

    def _go(self, steps: int) -> None:
        self.place = max(0, self.place + steps)

    def _judgement(self, *despite: str, note: str | None = None) -> Any:
        return make_judgement(self._shown, self.severities, self.who, note, despite)

    def _done(self, what: str) -> None:
        self.told = f"{what} {self.items[self.place].path}"
        self.decided += 1
        self._go(1)

    def _accept(self) -> None:
        self._approve()

    def _despite(self) -> None:
        state = self._shown.selected[0]
        found = self._shown.findings(state, self.severities)
        codes = sorted({finding.code for finding in found if finding.severity == "error"})
        note = click.prompt("why is it right all the same (readers see it)", err=True)
        self._approve(*codes, note=note)

    def _approve(self, *despite: str, note: str | None = None) -> None:
        from capdraft.reviewing import approve, refusal

        taken, refused = approve(self._shown, self._judgement(*despite, note=note))
        if refused:
            raise refusal(self._shown.stored, refused[0])
        if taken:
            self._done("approved")
        else:
            self.told = "you approved it before"
            self._go(1)

    def _reject(self) -> None:
        from capdraft.records import REASONS
        from capdraft.reviewing import reject

        for number, reason in enumerate(REASONS, 1):
            self.frame.say(f"  {number} {reason}")
        self.frame.say("why? any other key leaves it")
        key = click.getchar()
        if key.isdigit() and 1 <= int(key) <= len(REASONS):
            reason = REASONS[int(key) - 1]
            reject(self._shown, self._judgement(), reason)
            self._done(f"rejected ({reason})")

    def _edit(self) -> None:
        from capdraft.reviewing import edit

        state = self._shown.selected[0]
        written = click.edit(edit_page(self._shown, state, self.severities), extension=".txt")
        if written is None:
            self.told = "nothing saved: the field stays as it is"
            return
        text = edited_text(written)
        try:
            edit(self._shown, self._judgement(), text)
        except ReviewRefused as error:
            if text.strip():
                error.hint += f" Your text is kept: {rescue(self._shown, state, text)}"
            raise
        self._done("edited")

    def _undo(self) -> None:
        from capdraft.reviewing import undo

        undo(self._shown, self.who)
        self.decided = max(0, self.decided - 1)
        self.told = "took your last decision on it back"

    def _help(self) -> None:
        names = {" ": "space"}
        self.told = "\n".join(f"{names.get(key, key):>5}  {what}" for key, what in KEYS.items())

    def _unknown(self) -> None:
        self.told = "no such key: ? lists them"
