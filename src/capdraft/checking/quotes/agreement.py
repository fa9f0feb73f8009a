"""Whether a quote and the text found for it say the same in numbers."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capdraft.checking import identifiers, units
from capdraft.checking.facts import Fact, Mention
from capdraft.checking.numerals import fold
from capdraft.checking.quantities import mentions
from capdraft.checking.quotes.letters import letters
from capdraft.checking.quotes.polarity import same_polarity
from capdraft.checking.quotes.words import FUNCTION_STEMS, stems
from capdraft.checking.support import unsupported

_CLAUSE_END = re.compile(
    r"[;:!?()\[\]|—–]|[,.](?![0-9])"
    r"|\b(?:and|or|but|while|whereas|which|that|although|though|if|when|because|than|however)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[-−+$€£¥<>=±~^.,/]*[0-9][0-9.,/:^]*+(?<![.,/:])[ \u00a0]?%?")
_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_UNIT_WORD = re.compile(r"[^\W\d_]+")
_PERIODS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}
_PERIODS |= {"yearly": "year", "annual": "year", "annually": "year"}
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_DATE_WORDS = {month: str(number) for month, number in units.MONTHS.items()}
_DATE_WORDS |= {day: day for day in _DAYS.split()}
# "one" and "single" are often written without meaning a number, and "both" is.
_ARTICLES = frozenset({"a", "an", "one", "single", "1"})
_IDLE = frozenset({"both", "pair"})


def agrees(quote: str, text: str, header: str = "") -> bool:
    """Tell whether `text` says what `quote` says in numbers, units, dates and negations.

    `header` is the header row above `text`, where a unit may stand.
    """
    if not same_numbers(quote, text, header) or not same_polarity(quote, text):
        return False
    return _same_units(quote, text) and _same_things(quote, text)


def same_numbers(quote: str, text: str, header: str = "") -> bool:
    """Tell whether each number of `quote` stands in `text`, with the unit that it has there."""
    if _FIGURE.findall(quote) == _FIGURE.findall(text) and letters(quote) == letters(text):
        return True
    said, standing = mentions(quote), mentions(text)
    if any(unsupported(quote, [text, header])) or not _spelled_alike(quote, text, said, standing):
        return False
    if _changed_sign(said, standing) or _changed_sign(standing, said):
        return False
    return not _is_changed(quote, text, header, said, standing)


def _changed_sign(said: Sequence[Mention], standing: Sequence[Mention]) -> bool:
    """Tell whether `standing` has a number of `said` without its minus sign only."""
    present = {key for mention in standing for key in _keys(mention)}
    return any(
        isinstance(value, Decimal) and value < 0 and (kind, -value) in present
        for mention in said
        for kind, value in _keys(mention)
        if (kind, value) not in present
    )


def _spelled_alike(
    quote: str, text: str, said: Sequence[Mention], standing: Sequence[Mention]
) -> bool:
    """Compare what `unsupported` passes over: one and zero, double and third."""
    possible = {fact.key for mention in standing for fact in _facts(mention)}
    words = {word.casefold() for word in _UNIT_WORD.findall(text)} | set(_DIGITS.findall(text))
    for mention in said:
        word = quote[mention.start : mention.end].casefold()
        passed_over = mention.spelled or not (mention.readings or mention.identifier)
        if not passed_over or word in _IDLE or word in words:
            continue
        if word in _ARTICLES and words & _ARTICLES:
            continue
        if not any(fact.key in possible for fact in _facts(mention)):
            return False
    return True


def _facts(mention: Mention) -> Iterator[Fact]:
    for reading in mention.readings:
        yield from reading
    yield from mention.parts


def _is_changed(
    quote: str, text: str, header: str, said: Sequence[Mention], standing: Sequence[Mention]
) -> bool:
    """Tell whether a number of `text` lost its unit, or gave way to another, in `quote`."""
    lost = list(unsupported(text, [quote, header]))
    figures = _DIGITS.findall(fold(quote))
    for mention in lost:
        if set(_DIGITS.findall(fold(text[mention.start : mention.end]))) & set(figures):
            return True
    counted = [mention for mention in said if mention.readings or mention.identifier]
    places = [mention for mention in standing if mention.readings or mention.identifier]
    return bool(lost) and len(counted) >= len(places)


def _same_units(quote: str, text: str) -> bool:
    """Compare months and weekdays, and units that stand without a number: per second, daily."""
    said, standing = set(_UNIT_WORD.findall(quote)), set(_UNIT_WORD.findall(text))
    dates = {_DATE_WORDS[word] for word in said & _DATE_WORDS.keys()}
    if not dates <= {_DATE_WORDS[word] for word in standing & _DATE_WORDS.keys()}:
        return "May" in said and dates == {"5"}
    present = _unit_words(standing)
    return all(
        marks <= present[dimension]
        for dimension, marks in _unit_words(said).items()
        if dimension in present
    )


def _unit_words(words: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for word in words:
        unit = units.UNITS.get(_PERIODS.get(word.lower(), word.lower()))
        if unit:
            found.setdefault(unit.dimension, set()).add(unit.mark)
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """A number, and how near the words of its clause stand on either side of it."""

    keys: frozenset[tuple[str, Hashable]]
    before: dict[str, float]
    behind: dict[str, float]

    @property
    def kinds(self) -> set[str]:
        return {dimension for dimension, _ in self.keys}


def _same_things(quote: str, text: str) -> bool:
    """Tell whether the numbers of `quote` count what they count in `text`, each of them once."""
    places = _counted(text)
    if len(places) < 2:
        return True
    wanted = _counted(quote)
    for number in wanted:
        same = [place for place in places if number.keys & place.keys]
        others = [place for place in places if _may_be_swapped(number, place)]
        if same and len(same) < sum(bool(number.keys & other.keys) for other in wanted):
            return False
        best = max((_alike(number, place) for place in same), default=None)
        if best is not None and any(_alike(number, place) > best for place in others):
            return False
    return True


def _may_be_swapped(one: _Counted, other: _Counted) -> bool:
    """Tell whether two numbers are of one kind, and differ."""
    return one.kinds == other.kinds and not one.keys & other.keys


def _counted(text: str) -> list[_Counted]:
    numbers = [mention for mention in mentions(text) if mention.readings or mention.identifier]
    ends = [0, *(gap.end() for gap in _CLAUSE_END.finditer(text)), len(text)]
    counted = []
    for place, mention in enumerate(numbers):
        opens = max(end for end in ends if end <= mention.start)
        closes = min(end for end in ends if end >= mention.end)
        if place:
            opens = max(opens, numbers[place - 1].end)
        if place + 1 < len(numbers):
            closes = min(closes, numbers[place + 1].start)
        before = _nearness(reversed(stems(text[opens : mention.start])))
        behind = _nearness(stems(text[mention.end : closes]))
        counted.append(_Counted(_keys(mention), before, behind))
    return counted


def _keys(mention: Mention) -> frozenset[tuple[str, Hashable]]:
    keys = {fact.key for reading in mention.readings[:1] for fact in reading}
    if mention.identifier:
        keys.add(("name", identifiers.key(mention.identifier)))
    return frozenset(keys)


def _nearness(words: Iterable[str]) -> dict[str, float]:
    """Return a weight for each word, the nearest first; a small word weighs little."""
    near: dict[str, float] = {}
    weight = 1.0
    for word in words:
        near.setdefault(word, weight / 4 if word in FUNCTION_STEMS else weight)
        weight = weight if word in FUNCTION_STEMS else weight / 2
    return near


def _alike(one: _Counted, other: _Counted) -> float:
    """Return how much the words around two numbers have in common, by their side most."""
    return (
        2 * (_shared(one.before, other.before) + _shared(one.behind, other.behind))
        + _shared(one.before, other.behind)
        + _shared(one.behind, other.before)
    )


def _shared(near: dict[str, float], other: dict[str, float]) -> float:
    return sum(near[word] * other[word] for word in near.keys() & other.keys())
