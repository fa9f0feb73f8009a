"""What a reviewer is shown of a field: now and then a planted error instead of the claim."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from capdraft.reviewing import FieldState, Review
from capdraft.reviewing.seeding import Seed, answered, plant, seed_secret
from capdraft.web.house import House


@dataclass(frozen=True, slots=True)
class Planting:
    """What is planted for one reviewer; a share of 0 plants nothing and reads nothing."""

    reviewer: str
    severities: Mapping[str, str]
    share: float
    secret: str = ""
    answered: Container[tuple[str, str]] = ()

    @classmethod
    def of(cls, here: House, reviewer: str) -> Planting:
        """Return what capdraft.toml has planted for `reviewer`."""
        settings = here.settings()
        share, severities = settings.review.seeds, settings.rules
        if not share:
            return cls(reviewer, severities, 0)
        secret, before = seed_secret(here.workspace), answered(here.workspace, reviewer)
        return cls(reviewer, severities, share, secret, before)

    def seed(self, review: Review, state: FieldState) -> Seed | None:
        """Return what is shown instead of `state`, if anything is."""
        if not self.share:
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
