"""Approved fields become catalog records. The catalog is derived: merging twice changes nothing."""

from capdraft.merging.deriving import LeftOut
from capdraft.merging.keeping import chosen, keep
from capdraft.merging.merging import Kept, MergeReport, citing, merge_artifact, undecided
from capdraft.merging.reconciling import ALL, Difference, ThreeTexts
from capdraft.merging.withdrawing import restore, withdraw, withdrawn_now

__all__ = [
    "ALL",
    "Difference",
    "Kept",
    "LeftOut",
    "MergeReport",
    "ThreeTexts",
    "chosen",
    "citing",
    "keep",
    "merge_artifact",
    "restore",
    "undecided",
    "withdraw",
    "withdrawn_now",
]
