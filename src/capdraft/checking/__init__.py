"""Rules that look at a proposal's claims and say what is wrong with them, as a linter does."""

from typing import TYPE_CHECKING

from capdraft.deferring import deferred

if TYPE_CHECKING:
    from capdraft.checking.claims import Around, Rule
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
    from capdraft.checking.judgements import Judgements, keep_judgement, read_judgements
    from capdraft.checking.proposals import check_proposal, place_findings
    from capdraft.checking.rules import RULES, check_capabilities, check_text

__all__ = [
    "RULES",
    "Around",
    "Judgements",
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
    "keep_judgement",
    "place_findings",
    "present_passages",
    "read_judgements",
    "said_by",
]

if not TYPE_CHECKING:  # else every name would be known to a type checker
    __getattr__ = deferred(
        __name__,
        {
            "claims": "Around Rule",
            "contradictions": "contradicting",
            "duplicates": "alike content_words",
            "grounding": "Said by_document document_of is_said present_passages said_by",
            "judgements": "Judgements keep_judgement read_judgements",
            "proposals": "check_proposal place_findings",
            "rules": "RULES check_capabilities check_text",
        },
    )
