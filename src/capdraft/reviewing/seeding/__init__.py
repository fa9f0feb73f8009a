"""Planted errors: a reviewer who reads catches them, one who only clicks does not."""

from capdraft.reviewing.seeding.outcomes import answer, answered, outcomes, seed_secret
from capdraft.reviewing.seeding.planter import Planter
from capdraft.reviewing.seeding.planting import Seed, plant

__all__ = ["Planter", "Seed", "answer", "answered", "outcomes", "plant", "seed_secret"]
