"""How many things a passage lists, which a claim may count: "k1 to k5" are five."""

from __future__ import annotations

import re
from functools import lru_cache

_RANGE = re.compile(
    r"\b(?P<name>[^\W\d_]{1,12}[-_ ]?)(?P<first>[0-9]{1,3})\s?(?:to|through|[-–—])\s?"
    r"(?P=name)(?P<last>[0-9]{1,3})\b"
)
_WORD = r"[^\s,;:.!?()\[\]|]{1,40}"
_ITEM = rf"{_WORD}(?: (?!(?:and|or)\b){_WORD}){{0,3}}"
_LIST = re.compile(rf"(?<![^\s(\[]){_ITEM}(?:, {_ITEM}){{0,30}},? (?:and|or) {_WORD}")
_BETWEEN = re.compile(r",? (?:and|or) |, ")
_KNOWN = re.compile(
    r"\b(?:the|these|those|its|their|all|other|remaining|first|last)\s+\Z", re.IGNORECASE
)
_OF_THEM = re.compile(r"\s+of\b", re.IGNORECASE)


@lru_cache(maxsize=512)
def listed(text: str) -> frozenset[int]:
    """Return the numbers of things that the lists and ranges of `text` have."""
    found = set[int]()
    for match in _RANGE.finditer(text):
        first, last = int(match["first"]), int(match["last"])
        if first < last:
            found |= {last - first + 1, last}
    for match in _LIST.finditer(text):
        items = _BETWEEN.split(match[0])
        words = [items[0].split()[-1], *(item.split()[0] for item in items[1:])]
        named = all(map(_is_name, words))
        if named or (len(items) > 2 and not any(" " in item for item in items[1:])):
            found.add(len(items))
    return frozenset(found)


def _is_name(word: str) -> bool:
    return any(letter.isupper() or letter.isdigit() for letter in word)


def counts_known(claim: str, start: int, end: int) -> bool:
    """Say whether the number that stands there counts things told of: the two, two of them.

    "Two kitchens" may be any two; a pair of names in a passage doesn't state that.
    """
    return bool(_KNOWN.search(claim[max(0, start - 20) : start]) or _OF_THEM.match(claim, end))
