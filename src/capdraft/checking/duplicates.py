"""CD301: two records of one artifact that say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from capdraft.checking.claims import Claim, Problem, rule
from capdraft.records import Capability
from capdraft.text import normalise

# Share of the shorter description's words that both have, and of all their words.
SHARED_OF_SHORTER = 0.75
SHARED_OF_ALL = 0.5
FEWEST_WORDS = 4

_STOP = """
a about across all also an and any are as at be been being between both but by can do does
each either for from has have in into is it its may more most not of on one or other over
same so such than that the their them then these they this those through to up use used
user uses using very via was were when where which while who will with within without you
your allow allows capability enable enables let lets model offer offers provide provides
support supports
"""
_STOP_WORDS = frozenset(_STOP.split())
_WORD = re.compile(r"[^\W_]+(?:\.[0-9]+)?")
_DIGIT = re.compile("[0-9]")
_ENDING = re.compile(r"(?:ations?|ions?|ings?|ed|ers?|es|s|e)$")


@rule("CD301", "duplicate-record", "warning", "Two records of the artifact say the same.")
def duplicate_record(claim: Claim) -> Iterator[Problem]:
    """Compare a record with those before it, once: where its description is looked at."""
    if claim.field_name != "description":
        return
    for other in claim.earlier:
        if _name(other) == _name(claim.capability):
            yield Problem(f"'{other.id}' has the same name")
        elif alike(other.description.text, claim.field.text):
            yield Problem(f"says much the same as '{other.id}'")
    for page, other in claim.around.pages:
        # A description that pages share word for word is one record, with one id.
        if other.id == claim.capability.id:
            continue
        if _name(other) == _name(claim.capability) or alike(
            other.description.text, claim.field.text
        ):
            yield Problem(f"'{other.id}' of {page} says much the same in other words")


def _name(capability: Capability) -> str:
    return _words(capability.name)


@lru_cache(maxsize=256)
def _words(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", normalise(name).casefold()))


def alike(first: str, second: str) -> bool:
    """Say whether two descriptions share most content words and name the same numbers."""
    one, two = content_words(first), content_words(second)
    shorter = min(len(one), len(two))
    if shorter < FEWEST_WORDS or _numbers(one) != _numbers(two):
        return False
    shared = len(one & two)
    return shared >= SHARED_OF_SHORTER * shorter and shared >= SHARED_OF_ALL * len(one | two)


@lru_cache(maxsize=256)
def content_words(text: str) -> frozenset[str]:
    """Return the words that say what `text` is about, without their endings."""
    words = _WORD.findall(normalise(text).casefold())
    return frozenset(_stem(word) for word in words if word not in _STOP_WORDS)


def _stem(word: str) -> str:
    return _ENDING.sub("", word) if len(word) > 5 else word.removesuffix("s")


@lru_cache(maxsize=256)
def _numbers(words: frozenset[str]) -> set[str]:
    return {word for word in words if _DIGIT.search(word)}
