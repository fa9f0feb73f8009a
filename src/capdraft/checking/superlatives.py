"""CD203: superlatives that no cited passage states. The words are a table; add a row to add one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from capdraft.checking.claims import Claim, Problem, evidence_text, rule, shown


@dataclass(frozen=True, slots=True)
class Superlative:
    """Words that say the same; a claim's is stated where a passage has any of them."""

    words: str
    not_before: str = ""  # behind the word, these make it something else: first step
    not_after: tuple[str, ...] = ()  # before the word: at first
    only_after: tuple[str, ...] = ()  # in a claim, the word is a superlative behind these only

    @property
    def pattern(self) -> re.Pattern[str]:
        """The word where it is a superlative, as far as its neighbours tell."""
        after = "".join(rf"(?<!\b{re.escape(word)}[ -])" for word in self.not_after)
        before = rf"(?![ -](?:{self.not_before})\b)" if self.not_before else ""
        return re.compile(rf"(?<![\w-]){after}(?:{self.words})(?!\w){before}", re.IGNORECASE)


_ORDERED = (
    "and|argument|attempt|batch|block|chapter|chunk|class|column|come|dimension|element|epoch|few|"
    "frame|glance|half|hand|hour|image|index|input|item|iteration|layer|letter|line|login|message|"
    "minute|month|name|order|page|paragraph|part|party|pass|person|phase|place|position|principal|"
    "quarter|release|round|row|run|second|section|sentence|speaker|stage|start|step|time|token|"
    r"turn|use|value|version|week|word|year|[0-9]\w*|two|three|four|five|ten|of all"
)
_NOT_A_RANK = "side|edge|path|dimension|axis|common|possible|available|scoring|probability|value"
_OF_A_TEXT = "line|row|word|token|sentence|sequence|substring|prefix|match"

SUPERLATIVES = (
    Superlative("first(?:-ever|-of-its-kind)?(?!,)", _ORDERED, ("at", "not", "from", "in")),
    Superlative(
        "only|sole|no other|none other|nothing else",
        "if|when|where|while|after|before|once|in|on|for|with|a|an|the|needs?|requires?",
        ("not", "if", "read", "can", "is", "are", "was", "will", "supports", "uses", "but"),
        only_after=("the", "and", "its", "one and", ""),
    ),
    Superlative("largest|biggest|hugest", _NOT_A_RANK),
    Superlative("smallest|tiniest", _NOT_A_RANK),
    Superlative("fastest|quickest", _NOT_A_RANK),
    Superlative("highest", _NOT_A_RANK),
    Superlative("lowest", _NOT_A_RANK),
    Superlative("longest", f"{_NOT_A_RANK}|{_OF_A_TEXT}"),
    Superlative("shortest", f"{_NOT_A_RANK}|{_OF_A_TEXT}"),
    Superlative("strongest|most powerful"),
    Superlative("cheapest|least expensive|most affordable"),
    Superlative("greatest"),
    Superlative("newest|most recent"),
    Superlative("lightest|most lightweight"),
    Superlative("simplest|easiest"),
    Superlative("broadest|widest|most comprehensive|most extensive"),
    Superlative("richest|deepest|smartest|finest"),
    Superlative(
        "best(?:[ -]in[ -]class|[ -]performing)?|top-performing|top-ranked",
        r"effort|practices?|suited|before|of|possible|known|viewed|used",
        ("at",),
    ),
    Superlative(
        r"leading",
        r"to|up|zeros?|spaces?|slash|whitespace|characters?|edge|dimensions?|underscores?|digits?",
        (",", "thus", "thereby"),
    ),
    Superlative(r"state[ -]of[ -]the[ -]arts?|sota|record-breaking"),
    Superlative(
        r"unmatched|unrival?led|unparallel?led|unsurpassed|unequal?led|unbeaten|second to none",
        "brackets?|parenthes[ie]s|pairs?|quotes?|rows?|keys?|tokens?|entries",
    ),
    Superlative("unprecedented"),
    Superlative(
        "unique(?:ly)?|one[ -]of[ -]a[ -]kind|unlike any other",
        r"ids?|identif\w+|keys?|values?|users?|tokens?|words?|names?|index(?:es)?|constraints?|"
        r"per|numbers?|strings?|entities|items?|samples?|speakers?|documents?|images?|for each",
        ("each", "every"),
    ),
    Superlative("number one|no\\. 1|#1"),
)
# "most accurate" is a rank, "most tasks" is a number: what tells them apart is the next word.
_MOST = re.compile(
    r"\b(?<!\bat )(?:most|least) (?P<quality>[a-z-]{2,30}(?:ive|ful|able|ible|ous|ant|ent|ate|ed|"
    r"ular|plete|ete|ise|ic|ing|ly|ple|ern|ust|ile))\b",
    re.IGNORECASE,
)
# One look for all of them, and before it one for pieces of them: most claims hold none.
_PIECES = (
    *("est", "first", "only", "sole", "other", "else", "most ", "least", "top-", "leading"),
    *("state", "sota", "record-", "un", "second to", "one", "no. 1", "#1"),
)
_ANY = re.compile(rf"\b(?:{'|'.join(row.words for row in SUPERLATIVES)})", re.IGNORECASE)
_HINT = re.compile(r"\b(?:most|least) ", re.IGNORECASE)


FEWEST_ROWS = 3
"""Cited rows of one table that show which of them is the first."""


@rule("CD203", "unstated-superlative", "warning", "A superlative that no cited passage states.")
def unstated_superlative(claim: Claim) -> Iterator[Problem]:
    """Compare the superlatives of the claim with the words of its passages."""
    if not (_may_rank(claim.field.text) or _may_rank(claim.heading)):
        return
    passages = "\n\n".join(claim.passages())
    if _is_read_off(claim):
        return
    for start, end in superlatives(claim.field.text, passages):
        said = shown(claim.field.text[start:end])
        yield Problem(f"no cited passage says '{said}'", start, end)
    for start, end in superlatives(claim.heading, passages):
        said = shown(claim.heading[start:end])
        yield Problem(f"no cited passage says '{said}', as the name does")


def _is_read_off(claim: Claim) -> bool:
    """Say whether rows of one table are cited, and the text says which of them it ranks."""
    tables: dict[tuple[str, tuple[str, ...], str], set[str]] = {}
    for item in claim.field.evidence:
        if item.kind == "table-row" and item.header:
            label = evidence_text(item).rsplit("\n\n", 1)[-1].split(" | ")[0]
            tables.setdefault((item.document, item.heading, item.header), set()).add(label)
    said = claim.field.text.casefold()
    return any(
        len(labels) >= FEWEST_ROWS and any(label.casefold() in said for label in labels)
        for labels in tables.values()
    )


def _may_rank(text: str) -> bool:
    small = text.lower()
    if text.isascii() and not any(map(small.__contains__, _PIECES)):
        return False
    return bool(_ANY.search(text) or _HINT.search(text))


def superlatives(claim: str, passages: str = "") -> list[tuple[int, int]]:
    """Return where `claim` has superlatives that `passages` do not state."""
    found = [
        match.span()
        for row, pattern in (_patterns() if _ANY.search(claim) else ())
        for match in pattern.finditer(claim)
        if _ranks(row, claim, match.start()) and not pattern.search(passages)
    ]
    stated = passages.casefold()
    taken = {place for start, end in found for place in range(start, end)}
    found += [
        match.span()
        for match in _MOST.finditer(claim)
        if match.start() not in taken and match[0].casefold() not in stated
    ]
    return sorted(found)


@cache
def _patterns() -> tuple[tuple[Superlative, re.Pattern[str]], ...]:
    return tuple((row, row.pattern) for row in SUPERLATIVES)


def _ranks(row: Superlative, claim: str, start: int) -> bool:
    """Say whether the words before the superlative allow it to be one."""
    if not row.only_after or claim[start : start + 4].lower() != "only":
        return True
    before = claim[max(0, start - 20) : start].rstrip()
    if not before or before[-1] in ".!?:;":
        return True
    return before.split()[-1].casefold() in row.only_after
