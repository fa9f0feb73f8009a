"""What keeps a passage from saying a sentence although it has its words: another subject, an if."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from capdraft.checking.identifiers import key, names_of
from capdraft.checking.quantities import mentions
from capdraft.checking.quotes.words import FUNCTION_WORDS, WORD, names, stem
from capdraft.checking.statements.words import without_numbers

SUBJECT_WORDS = 4
"""Words at the start of a sentence in which its subject is looked for."""

_HELD_BACK = re.compile(
    r"\b(may|might|could|should|would|will (?:be|soon)|going to|plan(?:s|ned)?|expect(?:s|ed)?"
    r"|intend(?:s|ed)?|hope[sd]?|future|upcoming|eventually|experimental(?:ly)?|prototype"
    r"|partial(?:ly)?|partly|sometimes|occasionally|rarely|mostly|often|usually|some|most|few"
    r"|limited|only|unless|except|if|when|provided|proposed?|claims?|claimed|reported(?:ly)?"
    r"|removed?|dropped|deprecated|disabled|discontinued|excluded?|rejected|missing|broken"
    r"|forbidden|prohibited|abandoned|fail(?:s|ed)?|not yet|barely|hardly"
    r"|tried|try|trying|attempt(?:s|ed)?)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?P<all>all|every|each|any)\b"
    r"|\b(?P<whole>whole|entire(?:ly)?|full|fully|complete(?:ly)?)\b"
    r"|\b(?P<only>only|sole(?:ly)?|exclusive(?:ly)?|uniquely|unlike)\b"
    r"|\b(?P<always>always|guarantee[sd]?|ensures?)\b"
    r"|\b(?P<exact>exact(?:ly)?|precise(?:ly)?)\b"
    r"|\b(?P<more>more than|over(?= [$€£]?[0-9])|exceed(?:s|ing)?)"
    r"|\b(?P<less>(?:less|fewer) than|under(?= [$€£]?[0-9])|below(?= [$€£]?[0-9]))"
    r"|\b(?P<best>best|first|largest|biggest|smallest|fastest|leading|state[- ]of[- ]the[- ]art)\b"
    r"|\b(?P<compared>\w{2,}er than|more \w+|less \w+|better|worse|superior|outperforms?)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(older|earlier|previous(?:ly)?|former(?:ly)?|predecessors?|legacy|competing|competitors?"
    r"|other|others|another|baselines?|alternatives?|original|unlike|compared|versus"
    r"|(?:first|second|third)(?= (?:model|version|release|generation)))\b",
    re.IGNORECASE,
)
_OTHER_HEADING = re.compile(
    r"\b(older|earlier|previous|legacy|predecessors?|alternatives?|related|comparisons?|roadmap"
    r"|planned|future|upcoming|to-?do|ideas|limitations?|not supported|unsupported|out of scope"
    r"|known issues|acknowledge?ments?)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\b(?:versions?|releases?|v)[ .]?([0-9][0-9.]*)", re.IGNORECASE)
_PRONOUN = re.compile(r"\s*(?:it|its|they|their|this|these|that|those)\b", re.IGNORECASE)
_PIVOTS = re.compile(r"\b(?:than|from|to|into|before|after|instead of|rather than)\b", re.I)

_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|can|does|do|did|cannot)\b")
_THAN = re.compile(r"\bthan\b", re.IGNORECASE)


def holds_back(text: str, claim: str) -> tuple[str, ...]:
    """Return the words by which `text` says less than `claim`: may, only, if, planned, …"""
    own = _words(_HELD_BACK, claim)
    return tuple(sorted(_words(_HELD_BACK, text) - own))


def goes_beyond(claim: str, text: str) -> tuple[str, ...]:
    """Return the words by which `claim` says more than `text`: all, only, always, more than, …"""
    stated = {found.lastgroup for found in _STRONG.finditer(text)}
    return tuple(
        found[0].casefold()
        for found in _STRONG.finditer(claim)
        if found.lastgroup not in stated and found[0].casefold() not in text.casefold()
    )


def _words(pattern: re.Pattern[str], text: str) -> set[str]:
    return {found.casefold() for found in pattern.findall(text)}


def other_subject(
    text: str, before: str, above: Sequence[str], claim: str, own: Sequence[str]
) -> str:
    """Return what `text` speaks of where that is not what `claim` speaks of, else nothing.

    `before` stands in front of it, `above` are its headings; `own` are the artifact's names.
    """
    for heading in above:
        found = _OTHER_HEADING.search(heading)
        if found and found[0].casefold() not in claim.casefold():
            return found[0]
        if other := _other_version(heading, claim, own) or _other_number(heading, claim, own):
            return other
    meant = _other_name(before, claim, own) if before and _PRONOUN.match(text) else ""
    return _other_name(text, claim, own) or meant


def _other_name(text: str, claim: str, own: Sequence[str]) -> str:
    opening = _opening(text)
    found = _OTHERS.search(opening)
    if found and found[0].casefold() not in claim.casefold():
        return found[0]
    if version := _other_version(text, claim, own):
        return version
    known, named_here = _known(claim, own), names(opening)
    words: list[str] = WORD.findall(opening)
    for word in words:
        if stem(word) in named_here and stem(word) not in known:
            return word
    return _other_number(opening, claim, own) or _actor(opening, known)


def _other_number(opening: str, claim: str, own: Sequence[str]) -> str:
    """Return a name with a number that is neither the artifact's nor the claim's: Murmur 1."""
    known, base = _known(claim, ()), _known("", own)
    for mention in mentions(opening):
        said = opening[mention.start : mention.end]
        name = mention.name or ""
        if mention.identifier:
            full = said
        elif name[:1].isupper() and (stem(name) in base or stem(name) not in known):
            full = f"{name} {said}"
        else:
            continue
        if not _is_named(full, claim, own):
            return full
    return ""


def _actor(opening: str, known: Collection[str]) -> str:
    """Return the first word where it is somebody else who does what the claim says."""
    words = WORD.findall(without_numbers(opening))[:2]
    if len(words) < 2 or not words[0][0].isupper() or words[0].casefold() in FUNCTION_WORDS:
        return ""
    does = words[1].islower() and words[1].endswith("s") and stem(words[1]) in known
    return words[0] if does and stem(words[0]) not in known else ""


def _other_version(text: str, claim: str, own: Sequence[str]) -> str:
    for found in _VERSION.finditer(text):
        number = found[1].rstrip(".")
        if not re.search(rf"(?<![\d.]){re.escape(number)}(?![\d])", " ".join([claim, *own])):
            return found[0].rstrip(".")
    return ""


def _opening(text: str) -> str:
    verb = _VERB.search(text)
    words = list(WORD.finditer(text, 0, verb.start() if verb else len(text)))[:SUBJECT_WORDS]
    return text[: words[-1].end()] if words else ""


def _known(claim: str, own: Sequence[str]) -> set[str]:
    return {stem(word) for text in (claim, *own) for word in WORD.findall(text)}


def _is_named(name: str, claim: str, own: Sequence[str]) -> bool:
    return any(key(name) in names_of(text) for text in (claim, *own))


def is_swapped(claim: str, text: str) -> bool:
    """Tell whether what stands on both sides of a "than" or "to" changed its place."""
    return any(_is_swapped(found, claim, text) for found in _PIVOTS.finditer(claim))


def _is_swapped(pivot: re.Match[str], claim: str, text: str) -> bool:
    before, behind = _content(claim[: pivot.start()]), _content(claim[pivot.end() :])
    if pivot[0].casefold() == "than" and (than := _THAN.search(text)):
        first, second = _content(text[: than.start()]), _content(text[than.end() :])
        return _moved(before, first, second) or _moved(behind, second, first)
    reached = {
        found[0].casefold(): _content(text[found.end() :])[:1] for found in _PIVOTS.finditer(text)
    }
    if pivot[0].casefold() not in reached or not behind:
        return False
    if any(behind[:1] == word for name, word in reached.items() if name != pivot[0].casefold()):
        return reached[pivot[0].casefold()] != behind[:1]
    said, pair = _content(text), [*before[-1:], *behind[:1]]
    if len(set(pair)) < 2 or not set(pair) <= set(said):
        return False
    return said.index(pair[0]) > said.index(pair[1])


def _moved(words: Sequence[str], here: Sequence[str], there: Sequence[str]) -> bool:
    return any(word in there and word not in here for word in words)


def _content(text: str) -> list[str]:
    """Return the stems of what says something, and of "it", which the artifact is called."""
    return [
        stem(word)
        for word in WORD.findall(text)
        if word.casefold() == "it" or word.casefold() not in FUNCTION_WORDS
    ]
