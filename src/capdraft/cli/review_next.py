"""`capdraft review next`: the queue, one field a screen, one key a decision."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, count
from capdraft.cli.review_keys import DECIDING
from capdraft.cli.review_page import page
from capdraft.cli.review_shown import Done, Shown
from capdraft.cli.review_text import wrapped
from capdraft.cli.review_work import shown_width
from capdraft.errors import CapdraftError, StoreError

if TYPE_CHECKING:
    from capdraft.records import Decision
    from capdraft.reviewing import QueueIndex, Target, Waiting
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace

_WALKING = {
    "j": "next",
    "k": "previous",
    " ": "skip: it comes again at the end",
    "u": "undo your last decision",
    "?": "this list",
    "q": "quit",
}
_LINE = "a accept · x reject · e edit · c cite · u undo · j/k next, previous · ? help · q quit"


@dataclass
class Desk:
    """The fields that waited when the walk began, and the place that it has reached."""

    frame: Frame
    workspace: Workspace
    settings: Settings
    who: str
    items: list[Waiting]
    index: QueueIndex
    place: int = 0
    told: str = ""
    taken: list[tuple[Waiting, Decision]] = field(default_factory=list)
    """What was decided in this walk, and on which item."""
    put_off: set[str] = field(default_factory=set)
    """Paths of what was put at the end: once is enough."""
    kept: dict[Target, str] = field(default_factory=dict)
    """What was written in this walk and not saved."""
    _forwards: bool = True
    _holder: str | None = None
    """Who else has the item open that is shown."""

    def walk(self) -> None:
        """Show one field after the other until all are seen or the reviewer leaves."""
        with suppress(KeyboardInterrupt, EOFError):  # Ctrl-C and Ctrl-D leave as q does
            while self.place < len(self.items):
                item = self.items[self.place]
                try:
                    if self._visit(item) == "q":
                        return
                finally:
                    self._release(item)

    def _visit(self, item: Waiting) -> str:
        """Show a field, if it is to be, and do what the next key says; return the key."""
        try:
            shown = self._open(item)
        except CapdraftError as error:  # it is gone since the walk began
            self.told = f"{item.path}: {error}"
            self._go(1)
            return ""
        if shown is None:
            return ""
        self._show(item, shown)
        key = click.getchar()
        self.told, self._forwards = "", True
        if key != "q":
            self._press(key, item, shown)
        return key

    def _open(self, item: Waiting) -> Shown | None:
        """Return what is shown of an item; None if the walk passes over it."""
        from capdraft.reviewing import WAITING

        self._holder = self._claim(item)
        if self._holder and self._forwards and item.path not in self.put_off:
            self._tell(f"{self._holder} has {item.path} open: it comes again at the end")
            self._put_off(item)
            return None
        shown = Shown.open(self.workspace, self.settings, self.who, item.target, self.kept)
        mine = any(item == decided for decided, _ in self.taken)
        if self._forwards and not mine and shown.state.status not in WAITING:
            self._tell(f"{item.path} was decided meanwhile: {shown.state.status}")
            self._go(1)
            return None
        return shown

    def _claim(self, item: Waiting) -> str | None:
        """Say that the item is open here; return who else has it open."""
        try:
            return self.index.claim(item.target, self.who)
        except StoreError:
            return None  # a courtesy: two who decide at once are told of it anyway

    def _release(self, item: Waiting) -> None:
        with suppress(StoreError):
            self.index.release(item.target, self.who)

    def _show(self, item: Waiting, shown: Shown) -> None:
        click.clear()
        width = shown_width()
        where = f"{self.place + 1} of {len(self.items)}, {count(len(self.taken), 'decision')}"
        for line in wrapped(f"{item.path}  {where}, as {self.who}", width, "", "  "):
            self.frame.say(click.style(line, bold=True))
        if self._holder:
            self.frame.say(click.style(f"{self._holder} has this open", fg="yellow"))
        self.frame.say(page(shown.review, shown.severities, width))
        self.frame.say()
        for told in self.told.split("\n") if self.told else ():
            for line in wrapped(told, width, "", "  "):
                self.frame.say(click.style(line, fg="yellow"))
        for line in wrapped(_LINE, width, "", ""):
            self.frame.say(line)

    def _press(self, key: str, item: Waiting, shown: Shown) -> None:
        walking: dict[str, Callable[[], None]] = {
            "j": lambda: self._go(1),
            "k": lambda: self._go(-1),
            " ": lambda: self._skip(item),
            "u": self._undo,
            "?": self._help,
        }
        try:
            if key in DECIDING:
                _, decide = DECIDING[key]
                self._done(decide(self.frame, shown), item)
            else:
                walking.get(key, self._unknown)()
        except CapdraftError as error:
            self.told = f"{error}" + (f"\n  next: {error.hint}" if error.hint else "")
        except (click.ClickException, UnicodeDecodeError) as error:
            self.told = f"the editor did not work: {error}"
        except click.Abort:
            self.told = "left as it is"

    def _done(self, done: Done, item: Waiting) -> None:
        self.told = done.told
        if done.decision is not None:
            self.told = f"{done.told} {item.path}\n{done.more}".rstrip()
            self.taken.append((item, done.decision))
            self.kept.pop(item.target, None)
        if not done.stays:
            self._go(1)

    def what_next(self) -> str:
        """Return the command that takes what was accepted on; "" if nothing was."""
        slugs = [item.slug for item, decision in self.taken if decision.verdict != "reject"]
        return f"next: capdraft merge {' '.join(dict.fromkeys(slugs))}" if slugs else ""

    def _tell(self, told: str) -> None:
        self.told = f"{self.told}\n{told}".lstrip("\n")

    def _go(self, steps: int) -> None:
        self.place = max(0, self.place + steps)
        self._forwards = steps > 0

    def _skip(self, item: Waiting) -> None:
        if item.path in self.put_off:
            self._go(1)
        else:
            self._put_off(item)

    def _put_off(self, item: Waiting) -> None:
        self.put_off.add(item.path)
        self.items.append(self.items.pop(self.place))

    def _undo(self) -> None:
        from capdraft.reviewing import undo_bulk

        if not self.taken:
            self.told = "nothing was decided in this walk: `capdraft review undo` goes further back"
            return
        item, decision = self.taken.pop()
        self.place = self.items.index(item)
        undo_bulk(self.workspace, self.who, [(item.slug, decision.id)])
        self.told = f"took your last decision back: {item.path}"

    def _help(self) -> None:
        keys = {key: what for key, (what, _) in DECIDING.items()} | _WALKING
        names = {" ": "space"}
        lines = (
            line
            for key, what in keys.items()
            for line in wrapped(what, shown_width(), f"{names.get(key, key):>5}  ", " " * 7)
        )
        self.told = "\n".join(lines)

    def _unknown(self) -> None:
        self.told = "no such key: ? lists them"
