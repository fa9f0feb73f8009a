"""A field as `capdraft review next` shows it: with a planted error now and then, or alone."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from capdraft.cli.review_work import make_judgement

if TYPE_CHECKING:
    from capdraft.records import Decision, Finding
    from capdraft.reviewing import FieldState, Judgement, Review, Target
    from capdraft.reviewing.screens import Screen
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace


@dataclass(frozen=True)
class Done:
    """What a key did: what to tell, the decision if one was taken, and whether the field stays."""

    told: str
    decision: Decision | None = None
    stays: bool = False
    more: str = ""
    """Lines that are told below."""


@dataclass(frozen=True)
class Shown:
    """What one reviewer is shown of one field, and since when."""

    screen: Screen
    kept: dict[Target, str] = field(default_factory=dict)
    """What was written in this walk and not saved, by field."""
    since: float = field(default_factory=time.monotonic)

    @classmethod
    def open(
        cls,
        workspace: Workspace,
        settings: Settings,
        who: str,
        target: Target,
        kept: dict[Target, str],
    ) -> Shown:
        """Return the field as it is now: somebody else may have decided meanwhile.

        Raises:
            NotFound: it is gone.
        """
        from capdraft.reviewing.screens import open_screen

        return cls(open_screen(workspace, settings, target, who), kept)

    @property
    def written(self) -> str:
        """What the reviewer wrote of it and has not saved; "" if nothing."""
        return self.kept.get(self.screen.target, "")

    def keep(self, written: str) -> None:
        """Keep what was written until it is saved."""
        self.kept[self.screen.target] = written

    @cached_property
    def review(self) -> Review:
        """The review as it is shown: what is selected is what stands on the screen."""
        return replace(self.screen.review, selected=(self.screen.state,))

    @property
    def state(self) -> FieldState:
        """The field as it is shown."""
        return self.screen.state

    @property
    def severities(self) -> dict[str, Any]:
        """The severities of the rules."""
        return dict(self.screen.severities)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules say of it."""
        return self.screen.findings

    def judgement(self, **said: Any) -> Judgement:
        """Return how a decision is meant that is taken now."""
        seconds = round(time.monotonic() - self.since, 1)
        return make_judgement(
            self.review, self.severities, self.screen.who, seconds=seconds, **said
        )

    def planted(
        self, verdict: Literal["accept", "edit", "reject"], judgement: Judgement, **edited: Any
    ) -> str:
        """Write down the answer to a planted error and return what to tell; "" if there is none.

        Raises:
            ReviewRefused: the same decision on a true claim would be refused.
        """
        from capdraft.reviewing.seeding import answer

        if (seed := self.screen.seed) is None:
            return ""
        outcome = answer(self.review, seed, judgement, verdict, **edited)
        caught = "you caught it" if outcome.caught else "it got past you"
        return f"an error was planted here, and {caught}: {seed.truth}"
