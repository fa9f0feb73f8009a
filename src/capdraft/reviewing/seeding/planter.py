"""What is planted for one reviewer, as the settings of a workspace say."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from capdraft.reviewing.review import Review
from capdraft.reviewing.seeding.outcomes import answered, seed_secret
from capdraft.reviewing.seeding.planting import Drawn, Seed, is_drawn, plant
from capdraft.reviewing.states import FieldState
from capdraft.settings import Settings
from capdraft.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Planter:
    """Plants errors for one reviewer; a share of 0 plants nothing and reads nothing."""

    reviewer: str
    severities: Mapping[str, str]
    share: float
    secret: str = ""
    answered: Container[tuple[str, str]] = ()

    @classmethod
    def of(cls, workspace: Workspace, settings: Settings, reviewer: str) -> Planter:
        """Return what plants for `reviewer` what they have not been shown before.

        Raises:
            FileInvalid: the reviewer's earlier answers can't be read.
        """
        share = settings.review.seeds
        if not share:
            return cls(reviewer, settings.rules, 0)
        before = answered(workspace, reviewer)
        return cls(reviewer, settings.rules, share, seed_secret(workspace), before)

    def may_plant(self, what: Drawn) -> bool:
        """Tell whether `seed` may plant something in that field: cheap, without its review."""
        return bool(self.share) and is_drawn(
            what, self.reviewer, self.share, self.secret, self.answered
        )

    def seed(self, review: Review, state: FieldState) -> Seed | None:
        """Return what is shown instead of `state`, or None: nearly always.

        Who may not approve a field is shown it as it is: their answer would say nothing.
        """
        if not self.share or review.policy.may_approve(self.reviewer, state.authors):
            return None
        return plant(
            review,
            state,
            self.reviewer,
            self.severities,
            share=self.share,
            secret=self.secret,
            answered=self.answered,
        )
