"""A model as judge: whether the passages that a statement rests on say each of its sentences."""

from capdraft.judging.adding import Added
from capdraft.judging.claims import Judge, JudgedField, judged_fields
from capdraft.judging.judging import batch_messages, judge_hash, judge_statements
from capdraft.judging.running import (
    JudgedArtifact,
    JudgeOptions,
    judge_artifacts,
    judge_messages,
    open_fields,
)
from capdraft.judging.statements import Judged, SentenceVerdict, Statement

__all__ = [
    "Added",
    "Judge",
    "JudgeOptions",
    "Judged",
    "JudgedArtifact",
    "JudgedField",
    "SentenceVerdict",
    "Statement",
    "batch_messages",
    "judge_artifacts",
    "judge_hash",
    "judge_messages",
    "judge_statements",
    "judged_fields",
    "open_fields",
]
