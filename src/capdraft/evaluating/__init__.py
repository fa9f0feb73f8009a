"""Drafts and rules are measured against gold, and two measurements compared."""

from capdraft.evaluating.contrasting import Contrast, contrast
from capdraft.evaluating.gold import Gold, Pairs
from capdraft.evaluating.reading import GoldCase, find_gold, read_all, read_gold, read_pairs
from capdraft.evaluating.results import Evaluation, read_evaluation
from capdraft.evaluating.rule_results import RulesMeasured

__all__ = [
    "Contrast",
    "Evaluation",
    "Gold",
    "GoldCase",
    "Pairs",
    "RulesMeasured",
    "contrast",
    "find_gold",
    "read_all",
    "read_evaluation",
    "read_gold",
    "read_pairs",
]
