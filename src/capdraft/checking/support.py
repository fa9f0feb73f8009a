"""CD103: numbers, units and identifiers of a claim that none of its passages contain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache

from capdraft.checking import identifiers, units
from capdraft.checking.counting import counts_known
from capdraft.checking.facts import ONE, Fact, Mention
from capdraft.checking.numerals import fold, readings
from capdraft.checking.proportions import is_stated, proportions
from capdraft.checking.quantities import mentions
from capdraft.checking.rounding import is_rounded, leans
from capdraft.checking.stated import as_version, stated

LARGE = 100
"""A whole number from here on is seldom a version: in "and Wren 410" it counts something."""
_LETTER = re.compile(r"[^\W\d_]")
_WORD_AND_NUMBER = re.compile(r"([a-z]+)-([0-9]+(?:\.[0-9]+)?)")


class Passages:
    """What the passages of one field say in numbers; `names` may be said without a passage."""

    def __init__(self, texts: Sequence[str], names: Sequence[str] = ()) -> None:
        self._said = said = [stated(text) for text in texts]
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

    @cached_property
    def _plain(self) -> frozenset[Fact]:
        return frozenset(fact for each in self._said for fact in each.plain)

    @cached_property
    def _shares(self) -> frozenset[Decimal]:
        return frozenset(share for each in self._said for share in each.shares)

    @cached_property
    def _listed(self) -> frozenset[int]:
        return frozenset(count for each in self._said for count in each.counts)

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
                return as_version(said) in versions or self._counts(mention)
        return self._contain_reading(mention) or self._contain_words("", said)

    def _counts(self, mention: Mention) -> bool:
        """Say whether it is a figure too large for a version that a passage has of something."""
        fact = mention.readings[0][0] if mention.readings else None
        return fact is not None and _is_large(fact) and fact in self._plain

    def tell_otherwise(self, mention: Mention, claim: str) -> bool:
        """Say whether `claim` rounds there what a passage states, counts it or tells its share."""
        if any(
            share.start <= mention.start
            and mention.end <= share.end
            and is_stated(share, claim, self._shares)
            for share in proportions(claim)
        ):
            return True
        if not mention.readings or mention.identifier or len(mention.readings[0]) != 1:
            return False
        fact = mention.readings[0][0]
        if fact.dimension == "percent" and (fact.written or ONE) / 100 in self._shares:
            return True
        if mention.spelled and not fact.marks and fact.written in self._listed:
            return fact.written != 2 or counts_known(claim, mention.start, mention.end)
        sides = leans(claim[: mention.start])
        return sides is not None and is_rounded(fact, sides, self._alike(fact))

    def _alike(self, fact: Fact) -> Iterator[Decimal]:
        """Yield what the passages state in the unit of `fact`, beside the number or in a header."""
        for each in self._plain:
            if isinstance(each.value, Decimal) and each.dimension == fact.dimension:
                yield each.value
            elif not each.marks and fact.marks and fact.marks <= self._lone:
                number, base = each.written or ONE, fact.written or ONE
                if isinstance(fact.value, Decimal):
                    yield number * fact.value / base

    def _contain_words(self, name: str, said: str) -> bool:
        """Say whether `said` is a name, or a part of one that starts with `name`."""
        if said[-2:] in units.BITS:
            return False  # names are compared without case, in which 8 Gb is 8 GB
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
        if not supported[asked] and not known.tell_otherwise(mention, claim):
            yield mention


def _is_large(fact: Fact) -> bool:
    return not fact.marks and fact.number is not None and fact.number >= LARGE


def _small_word(mention: Mention) -> bool:
    """Say whether it is "zero" or "one", which are seldom meant as numbers."""
    first: Fact = mention.readings[0][0] if mention.readings else Fact("", 0)
    return mention.spelled and first.written in (0, ONE) and not first.marks
