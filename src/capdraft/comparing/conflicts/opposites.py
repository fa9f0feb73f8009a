"""Two docs that each say that the one artifact is better than the other at the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from capdraft.checking import content_words
from capdraft.checking.quotes.polarity import denials
from capdraft.checking.statements.reserves import holds_back
from capdraft.comparing.conflicts.statements import SUBJECT, Side, Statement

_BEATS = r"(?P<beats>outperforms?|beats?|surpass(?:es)?|exceeds?|outscores?)\s"
_THAN = (
    r"(?P<more>(?:\w+\s){0,5}?(?:\w{2,}er|better|worse|more|less|fewer)\b"
    r"(?:\s[\w-]+){0,3}?)\sthan\s"
)
_RELATION = re.compile(
    rf"{SUBJECT}\s(?:(?:\w+ly|also|is|has|runs|needs|uses|gives|takes|scores|reaches)\s){{0,3}}"
    rf"(?:{_BEATS}|{_THAN})(?P<other>.+?)"
    r"(?:\s(?:on|at|in|for|by)\s(?P<where>[^,;]+?))?(?:\s(?:by|with)\s.*)?[.;,]?\s*\Z",
    re.IGNORECASE,
)
_TURNED = {
    "slower": "faster",
    "smaller": "larger",
    "lower": "higher",
    "worse": "better",
    "less": "more",
    "fewer": "more",
    "weaker": "stronger",
    "shorter": "longer",
    "lighter": "heavier",
    "cheaper": "dearer",
}
LONGEST = 400
"""Characters of a sentence that is read; longer ones say many things."""


@dataclass(frozen=True, slots=True)
class Better:
    """That one artifact is more of something than another, by a statement."""

    winner: int
    loser: int
    how: frozenset[str]
    where: frozenset[frozenset[str]]
    """The words of each thing that it is better at; none where the statement doesn't say."""
    statement: Statement


def opposites(speaker: Side, other: Side) -> Iterator[tuple[Statement, Statement]]:
    """Yield statements of both docs of which each denies the other.

    What is compared must be told in the same words, and where: both nowhere, or of one thing.
    """
    for one, two in product(_told(speaker, other), _told(other, speaker)):
        if (one.winner, one.loser, one.how) == (two.loser, two.winner, two.how) and (
            one.where & two.where or not (one.where or two.where)
        ):
            yield one.statement, two.statement


def _told(speaker: Side, other: Side) -> Iterator[Better]:
    """Yield what a side's docs say of itself and `other`."""
    for statement in (*speaker.passages, *speaker.claims):
        text = statement.text
        if statement.is_row or len(text) > LONGEST or not other.is_named(text):
            continue
        if denials(text) or holds_back(text, ""):
            continue
        itself = speaker.as_itself(statement) or _elided(text)
        for subject, loser, said in (
            (speaker, other, itself),
            (other, speaker, other.as_subject(text)),
        ):
            found = _RELATION.match(said) if said else None
            if found and _is_it(found["other"], loser, speaker):
                yield _better(found, subject, loser, statement)


def _elided(text: str) -> str:
    """Return a sentence that begins with its verb behind `SUBJECT`: Outperforms …"""
    return f"{SUBJECT} {text}" if re.match(_BEATS, text, re.IGNORECASE) else ""


def _is_it(text: str, side: Side, speaker: Side) -> bool:
    """Tell whether `text` is the artifact's name and no more; "it" is the speaker."""
    text = re.sub(r"\Athe\s", "", text.strip(), flags=re.IGNORECASE)
    if side is speaker and text.casefold() == "it":
        return True
    return side.spans(text) == [(0, len(text))]


def _better(found: re.Match[str], subject: Side, other: Side, statement: Statement) -> Better:
    words = [word for word in (found["more"] or "beats").casefold().split() if word.isalpha()]
    turned = sum(word in _TURNED for word in words) % 2
    how = frozenset(_TURNED.get(word, word) for word in words)
    things = re.split(r"\s(?:and|as well as)\s", found["where"] or "", flags=re.IGNORECASE)
    where = frozenset(filter(None, map(content_words, things)))
    places = (other.place, subject.place) if turned else (subject.place, other.place)
    return Better(*places, how, where, statement)
