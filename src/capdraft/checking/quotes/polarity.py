"""Whether two texts deny the same, and mean the same side of a pair such as least and most."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from capdraft.checking.quotes.words import FUNCTION_WORDS, WORD, stem, stems

_BOUND = re.compile(
    r"\b(?:(?P<least>at least|no (?:less|fewer) than|not (?:less|fewer) than|or more"
    r"|(?:a )?minimum(?: of)?|more than|(?:over|above)(?= [$€£]?[0-9])|exceed(?:s|ing)?)"
    r"|(?P<most>at (?:the )?most|up to|no (?:more|longer|later) than|not (?:more|longer) than"
    r"|(?:a )?maximum(?: of)?|(?:less|fewer) than|(?:under|below|within)(?= [$€£]?[0-9])))(?!\w)"
    r"|(?P<over>[>≥]=?)|(?P<under>[<≤]=?)",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely)\b|\bno(?:t)? matter\b", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|no|never|none|nor|neither|nobody|nothing|nowhere|without|cannot|non|unable"
    r"|lack(?:s|ed|ing)?|hardly|barely|rarely|seldom|fail(?:s|ed)? to"
    r"|instead of|rather than|except)\b|n['’]t\b",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:not|no|never|none|nor|neither|without|cannot|non)|n['’]t)[\s*_~`-]+(?:[\w'’-]+[\s*_~`]+){0,2}\Z",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[;!?()\[\]|\n—–]|[,.](?![0-9])"
    r"|\b(?:and|but|while|whereas|which|that|although|though|however)\b",
    re.IGNORECASE,
)
# "On phones, it does not stream" is one clause.
_FRONTED = re.compile(
    r"((?:\A|[.!?]\s+)(?:at|by|during|for|from|in|of|on|to|under|with|without)\b[^,.;!?]*),",
    re.IGNORECASE,
)
_PREFIXES = ("un", "non", "in", "im", "ir", "dis", "mis")

_PAIRS = """
after before
above below
allow,permit forbid,prohibit,ban
always never
bottom top
bigger,larger,greater smaller
cheaper dearer
decoder encoder
decrease,reduce,lower,shrink increase,raise,grow,higher
deprecated recommended
disabled enabled
download upload
exclude include
faster,quicker slower
false true
fewer,less more
earlier later
first last
frozen trainable
keep,store,retain delete,discard
highest lowest
input output
largest,biggest smallest
left right
maximum minimum
mandatory,required,obligatory optional
offline online
private public
proprietary open
receive send
start end
stronger weaker
best worst
better worse
"""


def _sides(rows: str) -> dict[str, tuple[int, int]]:
    return {
        stem(word): (pair, side)
        for pair, row in enumerate(rows.strip().splitlines())
        for side, words in enumerate(row.split())
        for word in words.split(",")
    }


_SIDES = _sides(_PAIRS)


def same_polarity(quote: str, text: str) -> bool:
    """Tell whether `quote` denies what `text` denies, and no word of it turned to its opposite."""
    if _bounds(quote) - _bounds(text) and _bounds(text):
        return False
    said, standing = _Sides(quote), _Sides(text)
    return (
        said.denials + _undone(said.all, standing.all)
        == standing.denials + _undone(standing.all, said.all)
        and not said.denied & standing.affirmed - standing.denied
        and not said.affirmed & standing.denied - standing.affirmed - said.denied
        and not _turned(set(stems(quote)), set(stems(text)))
    )


def denials(text: str) -> int:
    """Return how often `text` says "not", "no", "without" and the like."""
    return len(_DENIES.findall(_NOT_ONLY.sub(" ", _BOUND.sub(" ", text))))


def is_denied_before(text: str, place: int) -> bool:
    """Tell whether a "not" stands right before `place`: a quote from there on leaves it out."""
    before = text[max(0, place - 60) : place]
    return _DENIED_BEFORE.search(_NOT_ONLY.sub("", before)) is not None


def _bounds(text: str) -> set[str]:
    names = {found.lastgroup for found in _BOUND.finditer(text)}
    return {{"over": "least", "under": "most"}.get(name or "", name or "") for name in names}


class _Sides:
    """The content words of a text, by whether a clause denies them."""

    def __init__(self, text: str) -> None:
        plain = _FRONTED.sub(r"\1", _NOT_ONLY.sub(" ", _BOUND.sub(" ", text)))
        self.denials = 0
        self.denied: set[str] = set()
        self.affirmed: set[str] = set()
        ends = [0, *(gap.start() for gap in _CLAUSE_END.finditer(plain)), len(plain)]
        for start, end in pairwise(ends):
            clause = plain[start:end]
            denials = len(_DENIES.findall(clause))
            self.denials += denials
            (self.denied if denials else self.affirmed).update(_content(clause))

    @property
    def all(self) -> set[str]:
        return self.denied | self.affirmed


def _content(clause: str) -> Iterable[str]:
    words = WORD.findall(_DENIES.sub(" ", clause))
    return (stem(word) for word in words if word.casefold() not in FUNCTION_WORDS)


def _undone(words: set[str], others: set[str]) -> int:
    """Return how many of `words` are one of `others` behind a prefix such as un-."""
    return sum(
        word.startswith(prefix) and word.removeprefix(prefix) in others and word not in others
        for word in words
        for prefix in _PREFIXES
    )


def _turned(said: set[str], standing: set[str]) -> bool:
    present = {_SIDES[word] for word in standing & _SIDES.keys()}
    pairs = {pair for pair, _ in present}
    return any(
        _SIDES[word] not in present and _SIDES[word][0] in pairs for word in said & _SIDES.keys()
    )
