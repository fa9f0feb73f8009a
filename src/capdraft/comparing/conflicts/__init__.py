"""Conflicts between what the docs of compared artifacts say.

Each rule rather misses one than finds a false one: a statement counts only where its subject is
one of the artifacts, and where both sides tell of the same thing in the same words. Only what
approved records cite is looked at.
"""

from capdraft.comparing.conflicts.finding import CONFLICT_RULES, conflicts

__all__ = ["CONFLICT_RULES", "conflicts"]
