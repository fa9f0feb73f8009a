"""Approved fields become catalog records. The catalog is derived: merging twice changes nothing."""

from typing import TYPE_CHECKING

from capdraft.deferring import deferred

if TYPE_CHECKING:
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

if not TYPE_CHECKING:  # else every name would be known to a type checker
    __getattr__ = deferred(
        __name__,
        {
            "deriving": "LeftOut",
            "keeping": "chosen keep",
            "merging": "Kept MergeReport citing merge_artifact undecided",
            "reconciling": "ALL Difference ThreeTexts",
            "withdrawing": "restore withdraw withdrawn_now",
        },
    )
