"""`capdraft review next`: the queue, one field a screen, one key a decision."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import click

from capdraft.cli.frame import Frame, count
from capdraft.cli.review_text import edit_page, edited_text, page
from capdraft.cli.review_work import make_judgement, rescue, shown_width
from capdraft.errors import CapdraftError, ReviewRefused

if TYPE_CHECKING:
    from capdraft.records import Decision
    from capdraft.reviewing import Judgement, Review, Waiting
    from capdraft.reviewing.seeding import Seed
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace

KEYS = {
    "j": "next",
    "k": "previous",
    " ": "skip: it comes again at the end",
    "a": "accept",
    "d": "accept despite what the rules find, with a note",
    "x": "reject",
    "e": "edit in $EDITOR",
    "c": "cite other passages",
    "s": "accept as an editorial statement, with a note",
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
    place: int = 0
    told: str = ""
    taken: list[tuple[int, Decision]] = field(default_factory=list)
    """What was decided in this walk, each with the place where it was."""
    skipped: set[str] = field(default_factory=set)
    keys: dict[str, Callable[[], None]] = field(default_factory=dict)
    _seed: Seed | None = None

    def __post_init__(self) -> None:
        self.keys = {
            "j": lambda: self._go(1),
            " ": self._skip,
            "k": lambda: self._go(-1),
            "a": self._accept,
            "d": self._despite,
            "x": self._reject,
            "e": self._edit,
            "c": self._cite,
            "s": self._editorial,
            "u": self._undo,
            "?": self._help,
        }

    @property
    def severities(self) -> dict[str, Any]:
        """The rules' severities."""
        return dict(self.settings.rules)

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
        from capdraft.reviewing.sampling import blind
        from capdraft.reviewing.seeding import Planter

        review = open_review(self.workspace, self.items[self.place].target)
        (state,) = review.selected
        self._seed = Planter.of(self.workspace, self.settings, self.who).seed(review, state)
        if self._seed is not None:
            state = self._seed.state
        elif blind(review.slug, state, self.who, self.settings.review.second_opinions):
            state = replace(
                state, status="pending", why="", approvals=(), rejections=(), ignored=()
            )
        return replace(review, selected=(state,))

    def _show(self) -> None:
        item = self.items[self.place]
        self._shown = self._open()
        self._since = time.monotonic()
        click.clear()
        where = f"{self.place + 1} of {len(self.items)}, {count(len(self.taken), 'decision')}"
        self.frame.say(f"{click.style(item.path, bold=True)}  {where}, as {self.who}")
        self.frame.say(page(self._shown, self.severities, shown_width()))
        self.frame.say()
        if self.told:
            self.frame.say(click.style(self.told, fg="yellow"))
        self.frame.say(_LINE)

    def _go(self, steps: int) -> None:
        self.place = max(0, self.place + steps)

    def _skip(self) -> None:
        item = self.items[self.place]
        if item.path in self.skipped:
            self._go(1)
            return
        self.skipped.add(item.path)
        self.items.append(self.items.pop(self.place))

    def _judgement(self, **said: Any) -> Any:
        seconds = round(time.monotonic() - self._since, 1)
        return make_judgement(self._shown, self.severities, self.who, seconds=seconds, **said)

    def _is_seed(
        self, verdict: Literal["accept", "edit", "reject"], judgement: Judgement, **edited: Any
    ) -> bool:
        """Tell of an error that was planted, and caught or not; the claim itself comes next."""
        from capdraft.reviewing.seeding import answer

        if self._seed is None:
            return False
        outcome = answer(self._shown, self._seed, judgement, verdict, **edited)
        caught = "you caught it" if outcome.caught else "it got past you"
        self.told = f"an error was planted here, and {caught}: {self._seed.truth}"
        return True

    def _done(self, what: str, decision: Decision) -> None:
        self.told = f"{what} {self.items[self.place].path}"
        self.taken.append((self.place, decision))
        self._go(1)

    def _accept(self) -> None:
        self._approve()

    def _despite(self) -> None:
        state = self._shown.selected[0]
        found = self._shown.findings(state, self.severities)
        codes = sorted({finding.code for finding in found if finding.severity == "error"})
        self._approve(despite=tuple(codes), note=self._note("why is it right all the same"))

    def _editorial(self) -> None:
        self._approve(editorial=True, note=self._note("why is it said without a passage"))

    def _note(self, question: str) -> str:
        note: str = click.prompt(f"{question} (readers see it)", err=True)
        return note

    def _approve(self, **said: Any) -> None:
        from capdraft.reviewing import approve, refusal

        judgement = self._judgement(**said)
        if self._is_seed("accept", judgement):
            return
        taken, refused = approve(self._shown, judgement)
        if refused:
            raise refusal(self._shown.stored, refused[0])
        if taken:
            self._done("approved", taken[0])
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
            judgement = self._judgement()
            if self._is_seed("reject", judgement):
                return
            (decision,) = reject(self._shown, judgement, reason)
            self._done(f"rejected ({reason})", decision)

    def _edit(self) -> None:
        from capdraft.reviewing import edit

        state = self._shown.selected[0]
        written = click.edit(edit_page(self._shown, state, self.severities), extension=".txt")
        if written is None:
            self.told = "nothing saved: the field stays as it is"
            return
        text, judgement = edited_text(written), self._judgement()
        if self._is_seed("edit", judgement, text=text):
            return
        try:
            decision = edit(self._shown, judgement, text)
        except ReviewRefused as error:
            if text.strip():
                error.hint += f" Your text is kept: {rescue(self._shown, state, text)}"
            raise
        self._done("edited", decision)

    def _cite(self) -> None:
        from capdraft.cli.review_cite import choose_passages
        from capdraft.reviewing import edit

        state = self._shown.selected[0]
        evidence = choose_passages(self.frame, self._shown, state)
        if evidence is None:
            self.told = "left as it is"
            return
        judgement = self._judgement()
        if self._is_seed("edit", judgement, text=state.text, evidence=evidence):
            return
        decision = edit(self._shown, judgement, state.text, evidence)
        self._done("cited other passages, approved", decision)

    def _undo(self) -> None:
        from capdraft.reviewing import undo_bulk

        if not self.taken:
            self.told = "nothing was decided in this walk: `capdraft review undo` goes further back"
            return
        self.place, decision = self.taken.pop()
        item = self.items[self.place]
        undo_bulk(self.workspace, self.who, [(item.slug, decision.id)])
        self.told = f"took your last decision back: {item.path}"

    def _help(self) -> None:
        names = {" ": "space"}
        self.told = "\n".join(f"{names.get(key, key):>5}  {what}" for key, what in KEYS.items())

    def _unknown(self) -> None:
        self.told = "no such key: ? lists them"
