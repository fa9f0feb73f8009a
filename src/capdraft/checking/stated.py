"""What one passage says in numbers, as claims are compared with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache

from capdraft.checking import identifiers, units
from capdraft.checking.counting import listed
from capdraft.checking.facts import ONE, Fact, Mention, measure, scale_mark
from capdraft.checking.numerals import fold, readings
from capdraft.checking.patterns import PLAIN
from capdraft.checking.proportions import proportions
from capdraft.checking.quantities import mentions

# A unit that stands without a number, as in the header "Size (GB)", serves the bare numbers.
_LONE_WORD = re.compile(r"[^\W\d_]{2,20}|[%°$€£¥]")
_LONE_LETTER = re.compile(r"[(\[]([^\W\d_])[)\]]")
_PAIR = re.compile(r"[(\[]([0-9]{1,6}), ?([0-9]{1,6})[)\]]")
_NAMED_VERSION = re.compile(r"([^\W\d_]{2,40})-?([0-9]+(?:\.[0-9]+)*)")
_PRECISION = re.compile(
    r"(?:b?f|fp|b?float|u?int|u|i)(?P<bits>4|8|16|32|64)|(?:i?q|nf)(?P<few>[2-8])", re.IGNORECASE
)
_IN_A_LIST = re.compile(r"\s*(?:,|/|&|-|–|(?:,\s*)?(?:and|or|to)\b)\s*", re.IGNORECASE)


class Stated:
    """What one passage says in numbers."""

    def __init__(self, text: str) -> None:
        self.likely: set[tuple[str, object]] = set()
        self.possible: set[tuple[str, object]] = set()
        self.bare: set[object] = set()
        self.shared: set[tuple[object, frozenset[str]]] = set()
        self.versions: dict[str, set[str]] = {}
        self.before_numbers: set[str] = set()
        self._identifiers = set[str]()
        self._raw = text
        self._text = text = fold(text)
        for sides in _PAIR.findall(text):
            size = tuple(readings(side)[0][0] for side in sides)
            self.possible.add(Fact("size", size).key)
        self._found = mentions(text)
        for mention in self._found:
            self._read_mention(mention, text[mention.start : mention.end])
        self._read_lists(text, self._found)

    @cached_property
    def lone(self) -> set[str]:
        """The units that stand without a number; few claims rest on one."""
        return set(_lone_marks(_without(self._text, self._found)))

    @cached_property
    def plain(self) -> tuple[Fact, ...]:
        """Its numbers of something, as far as they are likely; versions and names are none."""
        return tuple(
            mention.readings[0][-1]
            for mention in self._found
            if mention.readings and not mention.identifier and not _is_named(mention)
        )

    @cached_property
    def shares(self) -> frozenset[Decimal]:
        """What it says in percent, as a decimal below 1 or in words, each as a part of 1."""
        percent = units.UNITS["%"]
        found = {share.value for share in proportions(self._raw)}
        for fact in self.plain:
            number, is_listed = fact.written, percent.mark in self.lone
            if fact.dimension == "percent" or (not fact.marks and is_listed):
                found.add((number or ONE) / 100)
            if not fact.marks and number is not None and 0 < number < 1:
                found.add(number)
        return frozenset(found)

    @cached_property
    def counts(self) -> frozenset[int]:
        """How many things its lists and ranges have."""
        return listed(self._raw)

    def names(self, key: str) -> bool:
        """Say whether it says a name with that key."""
        return key in self._identifiers or key in identifiers.names_of(self._raw)

    def _read_lists(self, text: str, found: Sequence[Mention]) -> None:
        """Give the bare numbers of a list the unit at its end: "224, 448 and 896 px"."""
        carried: frozenset[str] = frozenset()
        following = len(text)
        for mention in reversed(found):
            fact = mention.readings[0][0] if mention.readings else None
            if not _IN_A_LIST.fullmatch(text, mention.end, following):
                carried = frozenset()
            if fact and fact.marks:
                carried = fact.marks
            elif fact and carried:
                self.shared.add((fact.written, carried))
            following = mention.start

    def _read_mention(self, mention: Mention, said: str) -> None:
        for place, reading in enumerate(mention.readings):
            for fact in reading:
                self._add(fact, likely=place == 0)
        for fact in mention.parts:
            self.possible.add(fact.key)
        if mention.name and mention.name[0].isupper():
            self._add_version(mention.name, said)
            if not mention.opening:
                self.before_numbers.add(mention.name.casefold())
        if mention.identifier:
            self._identifiers.add(identifiers.key(mention.identifier))
            self._add_precision(mention.identifier)
        named = _NAMED_VERSION.fullmatch(mention.identifier or "")
        if named:
            self._add_version(named[1], named[2])
            self.before_numbers.add(named[1].casefold())

    def _add_precision(self, identifier: str) -> None:
        """Take int8, fp32, i8 and Q4_K_M for 8, 32, 8 and 4 bits."""
        for piece in re.split("[-/_]", identifier):
            if found := _PRECISION.fullmatch(piece):
                bits = Decimal(found["bits"] or found["few"])
                self.possible.add(measure(bits, ONE, units.UNITS["bit"]).key)

    def _add_version(self, name: str, digits: str) -> None:
        self.versions.setdefault(name.casefold(), set()).add(as_version(digits))

    def _add(self, fact: Fact, *, likely: bool) -> None:
        self.possible.add(fact.key)
        if likely:
            self.likely.add(fact.key)
        if likely and fact.number is not None:
            self.possible.add(("", fact.number))
        if not fact.marks:
            self.bare.add(fact.written)


@lru_cache(maxsize=512)
def stated(text: str) -> Stated:
    """Read a passage once, however many claims cite it."""
    return Stated(text)


def as_version(digits: str) -> str:
    """Return a version as compared: 3.10 is not 3.1, but 4,271 is 4271."""
    return str(readings(digits)[0][0]) if re.fullmatch(PLAIN, digits) else digits


def _is_named(mention: Mention) -> bool:
    return (mention.name or "")[:1].isupper() and not mention.opening


def _without(text: str, found: Sequence[Mention]) -> str:
    """Return `text` with its numbers, and the units beside them, blanked."""
    pieces, behind = [], 0
    for mention in found:
        pieces.append(text[behind : mention.start])
        behind = max(behind, mention.end)
    return " ".join([*pieces, text[behind:]])


def _lone_marks(text: str) -> Iterator[str]:
    for word in _LONE_WORD.findall(text):
        if word.lower() in units.UNITS:
            yield units.UNITS[word.lower()].mark
        if word.lower() in units.SCALES and len(word) > 3:
            yield scale_mark(units.SCALES[word.lower()])
    for letter in _LONE_LETTER.findall(text):
        if letter in units.LETTER_UNITS:
            yield units.LETTER_UNITS[letter].mark
        if letter.lower() in units.SCALES:
            yield scale_mark(units.SCALES[letter.lower()])
