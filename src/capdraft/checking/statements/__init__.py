"""Whether passages say a sentence: by its words, its numbers and its names.

Nothing here knows what words mean: what a passage says in quite other words is not found.
"""

from capdraft.checking.statements.judging import Judged, Verdict, judge, judge_comparison
from capdraft.checking.statements.library import Library, Shown, of_document, of_evidence

__all__ = [
    "Judged",
    "Library",
    "Shown",
    "Verdict",
    "judge",
    "judge_comparison",
    "of_document",
    "of_evidence",
]
