"""Whether a passage says the opposite of a sentence, or another number for the same thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal

from capdraft.checking.facts import Fact, Mention
from capdraft.checking.quantities import mentions
from capdraft.checking.quotes.polarity import denials, same_polarity
from capdraft.checking.quotes.words import FUNCTION_STEMS, stems
from capdraft.checking.statements.words import present, telling
from capdraft.checking.support import unsupported

MOST = 0.6
"""Share of a claim's words in the clause that denies it."""
ROUNDED = Decimal("0.05")
"""Two values that differ by less may be the same one, rounded."""
MOST_NUMBERS = 3
BEHIND = 2
"""Words behind a count that tell what is counted."""
_CLAUSE_END = re.compile(
    r"[;:!?()\[\]|\n—–]|[,.](?![0-9])|\b(?:but|while|whereas|although|though|however)\b", re.I
)
_LEAST = re.compile(r"(?:at least|more than|over|minimum of|from|>=?|≥)\s*[$€£]?\Z", re.I)
_MOST = re.compile(
    r"(?:at most|up to|less than|fewer than|under|maximum of|<=?|≤)\s*[$€£]?\Z", re.I
)

_DENIES = re.compile(
    r"\b(?:not|no|never|none|nor|neither|nobody|nothing|without|cannot|non|unable(?: to)?"
    r"|lack(?:s|ed|ing)?|hardly|barely|rarely|seldom|fail(?:s|ed)? to)\b|n['’]t\b",
    re.IGNORECASE,
)


def other_number(claim: str, text: str, header: str) -> tuple[str, str] | None:
    """Return a number of `claim` and the other one that `text` says of the same thing."""
    if sum(map(_plain, mentions(claim))) > MOST_NUMBERS:
        return None  # which of them is which, its words don't tell
    rivals = [m for m in mentions(text) if _plain(m) and not _is_said(m, text, claim)]
    for mention in unsupported(claim, [text, header]):
        if not _plain(mention):
            continue
        for rival in rivals:
            if _rules_out(claim, mention, text, rival):
                return _words(claim, mention), _words(text, rival)
    return None


def repeats(claim: str, text: str) -> bool:
    """Tell whether `claim` says a number again where `text` has another one."""
    said, stands = (
        Counter(_words(each, mention).casefold() for mention in mentions(each))
        for each in (claim, text)
    )
    twice = any(number > 1 and 0 < stands[word] < number for word, number in said.items())
    return twice and bool(stands.keys() - said.keys())


def _plain(mention: Mention) -> bool:
    """Tell whether it is a number of something, not part of a name."""
    return bool(mention.readings) and not mention.identifier and not _is_named(mention)


def _is_named(mention: Mention) -> bool:
    return (mention.name or "")[:1].isupper() and not mention.opening


def _is_said(mention: Mention, text: str, other: str) -> bool:
    said = {(m.start, m.end) for m in unsupported(text, [other])}
    return (mention.start, mention.end) not in said


def _rules_out(claim: str, mention: Mention, text: str, rival: Mention) -> bool:
    one, two = mention.readings[0][-1], rival.readings[0][-1]
    if one.dimension != two.dimension or not _far(one, two):
        return False
    if not one.dimension and not _counts_same(claim[mention.end :], text[rival.end :]):
        return False
    return not _leaves_room(claim[: mention.start], one, text[: rival.start], two)


def _far(one: Fact, two: Fact) -> bool:
    if isinstance(one.value, Decimal) and isinstance(two.value, Decimal):
        return abs(one.value - two.value) > ROUNDED * max(abs(one.value), abs(two.value))
    coarse, fine = sorted((str(one.value), str(two.value)), key=len)
    return not fine.startswith(coarse)  # 2024-05 and 2024-05-14 agree


def _counts_same(behind: str, other: str) -> bool:
    """Tell whether the first word behind one number stands behind the other too."""
    first, second = _next_words(behind), _next_words(other)
    return bool(set(first[:1]) & set(second) or set(second[:1]) & set(first))


def _next_words(text: str) -> list[str]:
    return [word for word in stems(text) if word not in FUNCTION_STEMS][:BEHIND]


def _leaves_room(before: str, one: Fact, other_before: str, two: Fact) -> bool:
    """Tell whether a bound lets both be true: at least 2 GB, and 3 GB."""
    if not (isinstance(one.value, Decimal) and isinstance(two.value, Decimal)):
        return False
    if any(bound.search(before) and bound.search(other_before) for bound in (_LEAST, _MOST)):
        return False
    pairs = ((other_before, one.value, two.value), (before, two.value, one.value))
    return any(
        (_LEAST.search(words) and value > bound) or (_MOST.search(words) and value < bound)
        for words, value, bound in pairs
    )


def _words(text: str, mention: Mention) -> str:
    return text[mention.start : mention.end].strip()


def opposite(claim: str, text: str, asked: Collection[str]) -> bool:
    """Tell whether one of both denies what the other says, or turns a word of it.

    `asked` are the stems of the claim that say something.
    """
    if same_polarity(claim, text):
        return False
    own, said = denials(claim) > 0, present(claim)
    about = list(_about(text, asked))
    denied = [denials(part) > 0 for part in about]
    if about and all(each != own for each in denied):
        return all(_denies(claim, present(part)) or _denies(part, said) for part in about)
    return bool(about) and not own and not denials(text)


def _denies(text: str, said: Collection[str]) -> bool:
    """Tell whether `text` denies one of the words in `said`, which stands right behind a "not"."""
    return any(
        any(word in said for word in list(telling(text[found.end() :], every=True))[:BEHIND])
        or not telling(text[found.end() :], every=True)
        for found in _DENIES.finditer(text)
    )


def _about(text: str, asked: Collection[str]) -> Iterator[str]:
    """Yield the clauses that hold most of what the claim says."""
    for part in _CLAUSE_END.split(text):
        if len(present(part).intersection(asked)) >= MOST * len(asked):
            yield part
