"""What a judge adds to the rules: sentences that only it finds, or that only they find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from capdraft.records import Finding
from capdraft.reviewing import Review

_NOT_OF_SUPPORT = {"CD105", "CD106", "CD110", "CD111", "CD301"}
"""Rules that look at something else than whether passages say a claim, and the judge's own."""


@dataclass(slots=True)
class Added:
    """Sentences that were judged, by what judge and rules say of them."""

    sentences: int = 0
    unsupported: int = 0
    contradicted: int = 0
    rules_too: int = 0
    """Of those not supported: how many a rule has a finding on."""
    rules_alone: int = 0
    """Sentences that the judge calls supported and a rule doesn't."""

    @property
    def not_supported(self) -> int:
        """How many the judge does not call supported."""
        return self.unsupported + self.contradicted

    def count(self, review: Review, findings: Iterable[Finding]) -> None:
        """Add the fields of a review that were judged, with the findings that stand."""
        said = [item for item in findings if item.code not in _NOT_OF_SUPPORT]
        for state in review.states:
            judgement = review.judgements.newest(
                state.capability,
                state.name,
                state.text,
                state.field.evidence,
                review.stored.proposal.uris,
            )
            if judgement is None or state.status == "rejected":
                continue
            own = [f for f in said if (f.capability, f.field) == (state.capability.id, state.name)]
            for item in judgement.sentences:
                self._count(item.verdict, any(_is_on(f, item.text, state.text) for f in own))

    def _count(self, verdict: str, by_rules: bool) -> None:
        self.sentences += 1
        self.unsupported += verdict == "unsupported"
        self.contradicted += verdict == "contradicted"
        self.rules_too += by_rules and verdict != "supported"
        self.rules_alone += by_rules and verdict == "supported"


def _is_on(finding: Finding, sentence: str, text: str) -> bool:
    """Tell whether a finding is on a sentence of `text`; one without a place is on all of it."""
    start = text.find(sentence)
    if finding.start is None or finding.end is None or start < 0:
        return True
    return finding.start < start + len(sentence) and start < finding.end
