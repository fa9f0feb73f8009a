"""CD101, CD102, CD103, CD201: what a field cites, and whether that says what the field says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from capdraft.checking import identifiers
from capdraft.checking.claims import Claim, Problem, rule, shown
from capdraft.checking.numerals import fold
from capdraft.checking.support import unsupported

# Words of an alternative's name that no passage needs to say.
_SMALL = """
a an and any as by existing for from generic in like of on or other others previous prior
such than the to traditional typical using versus vs with approach approaches dataset
datasets library libraries method methods model models repository system systems tool
tools
"""
_SMALL_WORDS = frozenset(_SMALL.split())


@rule("CD101", "no-evidence", "error", "A field cites no passage of the artifact's documents.")
def no_evidence(claim: Claim) -> Iterator[Problem]:
    """Look for a passage of the artifact's own."""
    if not any(item.side == "artifact" for item in claim.field.evidence):
        whose = " of the artifact" if claim.is_comparison else ""
        yield Problem(f"no passage{whose} is cited")


@rule("CD102", "unknown-passage", "error", "A field cites a passage that does not exist.")
def unknown_passage(claim: Claim) -> Iterator[Problem]:
    """Look for cited numbers that became no evidence."""
    cited = (("artifact", claim.field.passages), ("alternative", claim.field.alternative_passages))
    for side, numbers in cited:
        known = {item.passage for item in claim.field.evidence if item.side == side}
        for number in dict.fromkeys(numbers):
            if number not in known:
                whose = "" if side == "artifact" else " for the alternative"
                yield Problem(f"passage {number} is cited{whose} and does not exist")


@rule("CD103", "unsupported-number", "error", "A number or unit is in none of the cited passages.")
def unsupported_number(claim: Claim) -> Iterator[Problem]:
    """Compare the numbers of the claim with those of all its passages."""
    if not claim.field.evidence:
        return
    text = claim.field.text
    for mention in unsupported(text, claim.passages(), claim.names):
        said = shown(text[mention.start : mention.end])
        message = f"'{said}' is in none of the cited passages"
        yield Problem(message, mention.start, mention.end, mild=mention.spelled)
    for mention in unsupported(claim.heading, claim.passages(), claim.names):
        if not mention.spelled:
            said = shown(claim.heading[mention.start : mention.end])
            yield Problem(f"'{said}' in the name is in none of the cited passages")


@rule("CD201", "one-sided", "error", "A comparison has no evidence of what it compares with.")
def one_sided(claim: Claim) -> Iterator[Problem]:
    """Look for a passage of the other side that names the alternative."""
    if not claim.is_comparison:
        return
    alternative = claim.field.alternative
    other = claim.passages("alternative")
    if not other:
        named = f"'{shown(alternative)}'" if alternative else "the alternative"
        yield Problem(f"no passage is cited for {named}")
    elif alternative and not _is_named(alternative, other):
        yield Problem(f"no passage cited for the alternative names '{shown(alternative)}'")


def _is_named(alternative: str, passages: list[str]) -> bool:
    """Say whether the passages hold the name, or all of its words."""
    said = [identifiers.names_of(text) for text in passages]
    if _is_said(identifiers.key(alternative), said):
        return True
    words = [word for _, _, word in identifiers.tokens(fold(alternative))]
    telling = [word for word in words if word not in _SMALL_WORDS] or words
    return _is_said("".join(telling), said) or all(_is_word_said(word, said) for word in telling)


def _is_said(name: str, said: Iterable[identifiers.Names]) -> bool:
    return any(name in names for names in said)


def _is_word_said(word: str, said: Iterable[identifiers.Names]) -> bool:
    forms = (word, word + "s", word.removesuffix("s")) if len(word) > 3 else (word,)
    return any(_is_said(form, said) for form in forms)
