"""Rules that look at a proposal's claims and say what is wrong with them, as a linter does."""

from capdraft.checking.claims import Rule
from capdraft.checking.contradictions import contradicting
from capdraft.checking.duplicates import alike, content_words
from capdraft.checking.grounding import (
    Said,
    by_document,
    document_of,
    is_said,
    present_passages,
    said_by,
)
from capdraft.checking.proposals import check_proposal, place_findings
from capdraft.checking.rules import RULES, check_capabilities, check_text

__all__ = [
    "RULES",
    "Rule",
    "Said",
    "alike",
    "by_document",
    "check_capabilities",
    "check_proposal",
    "check_text",
    "content_words",
    "contradicting",
    "document_of",
    "is_said",
    "place_findings",
    "present_passages",
    "said_by",
]
