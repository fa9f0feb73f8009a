"""CD103: numbers, units and identifiers of a claim that none of its passages contain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from capdraft.checking import identifiers, units
from capdraft.checking.facts import ONE, Fact, Mention, scale_mark
from capdraft.checking.numerals import fold, readings
from capdraft.checking.patterns import PLAIN
from capdraft.checking.quantities import mentions

# A unit that stands without a number, as in the header "Size (GB)", serves the bare numbers.
_LETTER = re.compile(r"[^\W\d_]")
_LONE_WORD = re.compile(r"[^\W\d_]{2,20}|[%°$€£¥]")
_LONE_LETTER = re.compile(r"[(\[]([^\W\d_])[)\]]")
_PAIR = re.compile(r"[(\[]([0-9]{1,6}), ?([0-9]{1,6})[)\]]")
_NAMED_VERSION = re.compile(r"([^\W\d_]{2,40})-?([0-9]+(?:\.[0-9]+)*)")
_IN_A_LIST = re.compile(r"\s*(?:,|/|&|-|–|(?:,\s*)?(?:and|or|to)\b)\s*", re.IGNORECASE)
_WORD_AND_NUMBER = re.compile(r"([a-z]+)-([0-9]+(?:\.[0-9]+)?)")


class _Said:
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
        named = _NAMED_VERSION.fullmatch(mention.identifier or "")
        if named:
            self._add_version(named[1], named[2])
            self.before_numbers.add(named[1].casefold())

    def _add_version(self, name: str, digits: str) -> None:
        self.versions.setdefault(name.casefold(), set()).add(_version(digits))

    def _add(self, fact: Fact, *, likely: bool) -> None:
        self.possible.add(fact.key)
        if likely:
            self.likely.add(fact.key)
        if likely and fact.number is not None:
            self.possible.add(("", fact.number))
        if not fact.marks:
            self.bare.add(fact.written)


@lru_cache(maxsize=512)
def _said(text: str) -> _Said:
    """Read a passage once, however many claims cite it."""
    return _Said(text)


class Passages:
    """What the passages of one field say in numbers; `names` may be said without a passage."""

    def __init__(self, texts: Sequence[str], names: Sequence[str] = ()) -> None:
        self._said = said = [_said(text) for text in texts]
        self._named = [identifiers.names_of(name) for name in names]
        self._likely = set[tuple[str, object]]().union(*[each.likely for each in said])
        self._possible = set[tuple[str, object]]().union(*[each.possible for each in said])
        self._bare = set[object]().union(*[each.bare for each in said])
        self._shared = set[tuple[object, frozenset[str]]]().union(*[each.shared for each in said])
        self._versions: dict[str, set[str]] = {}
        for each in said:
            for name, versions in each.versions.items():
                self._versions.setdefault(name, set()).update(versions)
        self._before_numbers = set[str]().union(*[each.before_numbers for each in said])
        for name in names:
            self._before_numbers.update(word for _, _, word in identifiers.tokens(fold(name)))

    @cached_property
    def _lone(self) -> set[str]:
        return set[str]().union(*[each.lone for each in self._said])

    def _names(self, key: str) -> bool:
        return any(said.names(key) for said in self._said) or any(
            key in names for names in self._named
        )

    def support(self, mention: Mention, said: str) -> bool:
        """Say whether a passage contains `mention`, which stands in a claim as `said`."""
        said = fold(said)
        if mention.identifier and self._contain_identifier(mention.identifier):
            return True
        name = mention.name or ""
        if not name[:1].isupper():
            return self._contain_reading(mention) or self._contain_words(name, said)
        if self._names(identifiers.key(f"{name} {said}")):
            return True
        if not mention.opening or name.casefold() in self._before_numbers:
            versions = self._versions.get(name.casefold())
            if versions:
                return _version(said) in versions
        return self._contain_reading(mention) or self._contain_words("", said)

    def _contain_words(self, name: str, said: str) -> bool:
        """Say whether `said` is a name, or a part of one that starts with `name`."""
        if _LETTER.search(said) and self._names(identifiers.key(said)):
            return True
        return bool(name) and self._names(identifiers.key(f"{name} {said}"))

    def _contain_reading(self, mention: Mention) -> bool:
        first, *others = mention.readings or [()]
        if first and all(fact.key in self._possible or self._elliptic(fact) for fact in first):
            return True
        return any(all(fact.key in self._likely for fact in reading) for reading in others)

    def _elliptic(self, fact: Fact) -> bool:
        """Say whether it stands bare, with its unit at a list's end or alone, as in a header."""
        if (fact.written, fact.marks) in self._shared:
            return True
        return bool(fact.marks) and fact.written in self._bare and fact.marks <= self._lone

    def _contain_identifier(self, identifier: str) -> bool:
        key = identifiers.key(identifier)
        version = re.fullmatch(r"v([0-9][0-9.]*)", key)
        spelled = (version[1], f"version{version[1]}") if version else ()
        if self._names(key) or any(map(self._names, spelled[1:])):
            return True
        if version and "." in version[1] and self._names(version[1]):
            return True
        plain = _WORD_AND_NUMBER.fullmatch(fold(identifier))
        if plain and self._names(plain[1]):
            return any(number in self._bare for (number,) in readings(plain[2])[:1])
        parts = identifiers.groups(fold(identifier))
        return parts != [identifier] and all(self._contain_part(part) for part in parts)

    def _contain_part(self, part: str) -> bool:
        if self._names(identifiers.key(part)):
            return True
        return part[0].isdigit() and all(map(self._contain_exactly, mentions(part)))

    def _contain_exactly(self, mention: Mention) -> bool:
        if mention.identifier:
            return self._names(identifiers.key(mention.identifier))
        return all(fact.key in self._possible for fact in mention.readings[0])


def _version(digits: str) -> str:
    """Return a version as compared: 3.10 is not 3.1, but 4,271 is 4271."""
    return str(readings(digits)[0][0]) if re.fullmatch(PLAIN, digits) else digits


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


@lru_cache(maxsize=64)
def _known(passages: tuple[str, ...], names: tuple[str, ...]) -> Passages:
    """Put passages together once: a capability's fields often cite the same."""
    return Passages(passages, names)


def unsupported(
    claim: str, passages: Sequence[str], names: Sequence[str] = ()
) -> Iterator[Mention]:
    """Yield the mentions in `claim` that no passage contains and no name in `names` explains."""
    known = _known(tuple(passages), tuple(names))
    supported: dict[tuple[str, str | None, bool], bool] = {}
    explained = identifiers.spans_of(tuple(names), claim)
    for mention in mentions(claim):
        if not (mention.identifier or mention.readings) or _small_word(mention):
            continue
        if any(start <= mention.start and mention.end <= end for start, end in explained):
            continue
        said = claim[mention.start : mention.end]
        asked = said, mention.name, mention.opening
        if asked not in supported:
            supported[asked] = known.support(mention, said)
        if not supported[asked]:
            yield mention


def _small_word(mention: Mention) -> bool:
    """Say whether it is "zero" or "one", which are seldom meant as numbers."""
    first: Fact = mention.readings[0][0] if mention.readings else Fact("", 0)
    return mention.spelled and first.written in (0, ONE) and not first.marks
