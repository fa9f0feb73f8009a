"""A rule: words that praise and say nothing."""

import re
from collections.abc import Iterator

from capdraft.plugins import CONTRACT, Claim, Problem
from capdraft.records import Severity

PRAISE = re.compile(r"\b(?:cutting-edge|game-changing|revolutionary|seamless(?:ly)?)\b", re.I)


class PromotionalWord:
    contract = CONTRACT
    code = "EX101"
    name = "promotional-word"
    severity: Severity = "warning"
    summary = "A word that praises, and that no cited passage has."

    def check(self, claim: Claim) -> Iterator[Problem]:
        """Yield each such word with its span in the text."""
        passages = " ".join(claim.passages()).casefold()
        for found in PRAISE.finditer(claim.field.text):
            if found[0].casefold() not in passages:
                yield Problem(f"{found[0]!r} praises and says nothing", *found.span())
