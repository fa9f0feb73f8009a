"""`turned`: a word of direction turned into its opposite, where a passage says that very word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from capdraft.checking.quotes.polarity import denials
from capdraft.reviewing.seeding.wording import Place, Spoiled, saying, swapped

# Each way round, unless the row has ">".
_PAIRS = """
faster / slower
quicker > slower
larger / smaller
bigger > smaller
higher / lower
longer / shorter
better / worse
stronger / weaker
earlier / later
largest / smallest
highest / lowest
longest / shortest
fastest / slowest
strongest / weakest
best > worst
most > few
fewest > most
increases / reduces
improves > worsens
rises / falls
rise / fall
drops > rises
grows / shrinks
gains > loses
outperforms > trails
beats > trails
exceeds > falls short of
public / private
offline / online
optional > required
required > optional
before / after
fewer / more
less > more
cheaper > more expensive
maximum / minimum
encoder / decoder
monolingual / multilingual
"""
# What stands for only some of the meanings of a word: a pattern, what it becomes, and which words
# of a passage say the same.
_SURE = (
    (r"(?<!\bor )(?<!\band )more(?= [a-z-]+(?<!s|u)s\b)", "fewer"),
    (
        r"(?<!\bor )(?<!\band )more(?= (?:than|memory|time|data|detail|accurate|efficient)\b)",
        "less",
    ),
    (r"above(?= (?:[0-9]|the average|average|the baseline|human))", "below"),
    (r"below(?= (?:[0-9]|the average|average|the baseline|human))", "above"),
    (r"(?<!even )(?<!or )without(?= an? )", "only with"),
    # A capability that begins with what is lacking would give itself away.
    (r"(?<=[\w,)] )supports(?= [a-z0-9])", "lacks support for"),
)
_WITH_OBJECT = r"(?= (?!as\b|by\b|from\b|in\b|of\b|to\b|with\b)[a-z])"
_NOT_ALONE = {
    "increases": f"increases{_WITH_OBJECT}",
    "reduces": f"reduces{_WITH_OBJECT}",
    "improves": f"improves{_WITH_OBJECT}",
    "before": r"(?<!the day )(?<!\bas )before(?! long\b)",
    "after": r"(?<!named )(?<!look )(?<!looks )(?<!sought )(?<!soon )(?<!even )after(?! all\b)",
    "most": r"(?<!at )(?<!the )(?<!for )most(?= [a-z-]+(?<!s)s\b)",
    "less": r"(?<!or )less(?! or\b)",
    "more": r"(?!x)x",  # see above: fewer or less
    "public": r"public(?= [a-z])",
    "drops": r"drops(?= (?:from|to|by|in)\b)",
    "falls": r"falls(?= (?:from|to|by|in|below)\b)",
    "rises": r"rises(?= (?:from|to|by|in|with|above)\b)",
}


def _rows() -> Iterator[tuple[re.Pattern[str], str]]:
    for row in _PAIRS.strip().splitlines():
        one, way, other = re.split(r" ([/>]) ", row)
        for word, opposite in ((one, other), (other, one))[: 1 if way == ">" else 2]:
            yield re.compile(rf"(?<![\w-]){_NOT_ALONE.get(word, word)}(?![\w-])", re.I), opposite
    for pattern, opposite in _SURE:
        yield re.compile(rf"(?<![\w-]){pattern}(?![\w-])", re.IGNORECASE), opposite


_ROWS = tuple(_rows())


def turned(text: str, said: Sequence[str]) -> Iterator[Spoiled]:
    """Turn one word of direction, where a sentence of a passage says it of the same."""
    for pattern, opposite in _ROWS:
        for found in pattern.finditer(text):
            place = Place(text, *found.span())
            word = re.compile(rf"(?<![\w-]){re.escape(place.words)}(?![\w-])", re.IGNORECASE)
            both = re.compile(rf"\b{opposite.split()[0]}\b", re.IGNORECASE)
            if both.search(place.sentence) or denials(place.sentence) > denials(place.words):
                continue
            stated = saying(place, said, word)
            if stated and not both.search(stated.string):
                yield swapped(place, opposite, stated)
