"""A field as `capdraft review next` shows it: with a planted error now and then, or alone."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from capdraft.cli.review_work import make_judgement

if TYPE_CHECKING:
    from capdraft.records import Finding
    from capdraft.reviewing import FieldState, Judgement, Review, Target
    from capdraft.reviewing.seeding import Seed
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace


@dataclass(frozen=True)
class Shown:
    """What one reviewer is shown of one field, and since when."""

    review: Review
    state: FieldState
    who: str
    severities: dict[str, Any]
    seed: Seed | None = None
    since: float = field(default_factory=time.monotonic)

    @classmethod
    def open(cls, workspace: Workspace, settings: Settings, who: str, target: Target) -> Shown:
        """Return the field as it is now: somebody else may have decided meanwhile.

        Raises:
            NotFound: it is gone.
        """
        from capdraft.reviewing import open_review
        from capdraft.reviewing.sampling import alone, blind
        from capdraft.reviewing.seeding import Planter

        review = open_review(workspace, target)
        (state,) = review.selected
        seed = Planter.of(workspace, settings, who).seed(review, state)
        if seed is not None:
            state = seed.state
        elif blind(review.slug, state, who, settings.review.second_opinions):
            state = alone(state)
        return cls(replace(review, selected=(state,)), state, who, dict(settings.rules), seed)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules say of it."""
        return self.review.findings(self.state, self.severities)

    def judgement(self, **said: Any) -> Judgement:
        """Return how a decision is meant that is taken now."""
        seconds = round(time.monotonic() - self.since, 1)
        return make_judgement(self.review, self.severities, self.who, seconds=seconds, **said)

    def planted(
        self, verdict: Literal["accept", "edit", "reject"], judgement: Judgement, **edited: Any
    ) -> str:
        """Write down the answer to a planted error and return what to tell; "" if there is none.

        Raises:
            ReviewRefused: the same decision on a true claim would be refused.
        """
        from capdraft.reviewing.seeding import answer

        if self.seed is None:
            return ""
        outcome = answer(self.review, self.seed, judgement, verdict, **edited)
        caught = "you caught it" if outcome.caught else "it got past you"
        return f"an error was planted here, and {caught}: {self.seed.truth}"
