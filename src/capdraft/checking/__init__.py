"""Rules that look at a proposal's claims and say what is wrong with them, as a linter does."""

from capdraft.checking.claims import Rule
from capdraft.checking.grounding import check_grounding, still_quoted
from capdraft.checking.proposals import check_proposal, place_findings, present_texts
from capdraft.checking.rules import RULES, check_capabilities, check_text

__all__ = [
    "RULES",
    "Rule",
    "check_capabilities",
    "check_grounding",
    "check_proposal",
    "check_text",
    "place_findings",
    "present_texts",
    "still_quoted",
]
