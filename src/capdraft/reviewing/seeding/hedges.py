"""`overstated`: a word that holds a claim back, replaced by one that does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from capdraft.reviewing.seeding.wording import Place, Spoiled, saying, swapped

_PLURAL = r"(?= (?:of the )?(?:[a-z-]+ )?[a-z-]+(?<![su])s\b)"
_NUMBER = r"(?= [$€£]?[0-9])"
_ROWS = tuple(
    (re.compile(rf"(?<![\w-])(?:{pattern})"), overstated)
    for pattern, overstated in (
        (rf"[Uu]p to{_NUMBER}", "at least"),
        (rf"(?:some|many|several){_PLURAL}", "all"),
        (rf"(?<!the )(?<!at )most{_PLURAL}", "all"),
        (r"(?:may|might)(?= [a-z])(?! (?:not|or|want|need|wish|like|have)\b)", "will always"),
        (r"(?:often|usually|typically|sometimes|generally|occasionally)\b", "always"),
        (r"probably\b", "certainly"),
        (
            rf"(?:[Aa]bout|[Aa]round|[Rr]oughly|[Aa]pproximately|[Nn]early|[Aa]lmost){_NUMBER}",
            "exactly",
        ),
        (r"(?:partly|partially)\b", "fully"),
        (r"limited(?= support\b)", "full"),
        (r"experimental(?= support\b)", "full"),
        (r"[Mm]ore than half\b", "all"),
    )
)


def overstated(text: str, said: Sequence[str]) -> Iterator[Spoiled]:
    """Drop one hedge that a sentence of a passage has too."""
    for pattern, words in _ROWS:
        for found in pattern.finditer(text):
            place = Place(text, *found.span())
            stated = saying(place, said, pattern)
            if stated:
                yield swapped(place, words, stated)
