"""Approved fields become catalog records. The catalog is derived: merging twice changes nothing."""

from capdraft.merging.merging import LeftOut, MergeReport, citing, merge_artifact

__all__ = ["LeftOut", "MergeReport", "citing", "merge_artifact"]
