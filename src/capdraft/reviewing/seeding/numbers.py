"""`other-number`: a number swapped for one that the cited passages give for a different thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capdraft.checking import content_words
from capdraft.checking.facts import Fact, Mention
from capdraft.checking.quantities import mentions
from capdraft.records import Evidence, Side
from capdraft.reviewing.seeding.wording import Spoiled, around, told

# Behind it, the next thing is spoken of.
_STOP = re.compile(r"[.;!?](?:\s|\Z)|\n\n|,\s|\b(?:and|or|but|while)\b")
_IN_A_LIST = re.compile(r"\s*(?:,|/|&|-|–|(?:,\s*)?(?:and|or|to)\b)\s*", re.IGNORECASE)
_PREPOSITION = re.compile(r"\s*(?:at|by|for|from|in|of|on|over|per|to|under|with|within)\b")
_BOUND = re.compile(
    r"\b(?:up to|at (?:least|most)|(?:more|less|fewer) than|over|under|about|around|some|nearly"
    r"|almost|roughly|approximately)\s+\Z",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\bfrom\s+(?:\S+(?:\s+\w+)?\s+to\s+)?\Z", re.IGNORECASE)
"""Before the ends of a range, or of a rise or a fall: another number shows at a glance."""
_CELL = re.compile(r"\s*(?<!\\)\|\s*")
_YEARS = range(1900, 2101)
_AT_LEAST = ("at least", "more than", "over")
_AT_MOST = ("at most", "less than", "fewer than", "under")
MOST_TIMES = 10
"""How many times as big as the true number the other may be."""
SCORE = 100
"""A broken number up to this may be a score of at most this: a greater one would show."""
_TAIL = 60
"""Characters on either side of a number in which its thing is looked for."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A plain number with its unit, and the words that tell what it is of."""

    text: str
    start: int
    end: int
    fact: Fact
    after: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    form: str = ""
    """The preposition behind it, if one is."""
    side: Side | None = None

    @property
    def said(self) -> str:
        return self.text[self.start : self.end]

    @property
    def in_a_range(self) -> bool:
        return _RANGE.search(self.text[: self.start]) is not None

    @property
    def bound(self) -> str:
        found = _BOUND.search(self.text[: self.start])
        return found[0].strip().casefold() if found else ""


def other_numbers(text: str, evidence: Sequence[Evidence]) -> Iterator[Spoiled]:
    """Swap one number of a claim for another of its passages, or two of the claim's own."""
    claimed = list(_numbers(text))
    stated = [number for item in evidence for number in _stated(item)]
    for number in claimed:
        if sum(number.fact == other.fact for other in claimed) > 1 or number.in_a_range:
            continue
        right = [other for other in stated if _same(number, other)]
        for wrong in stated:
            if _like(number, wrong) and _of_another(number, right, wrong, stated):
                yield from _spoiled(text, number, right[0], wrong, claimed)


def _numbers(text: str) -> Iterator[_Number]:
    """Yield the plain numbers of a prose text with what stands around them."""
    found = mentions(text)
    tails: dict[int, str] = {}
    following = len(text)
    for mention in reversed(found):
        if not mention.readings:
            continue
        tail = text[mention.end : min(following, mention.end + _TAIL)]
        listed = following < len(text) and _IN_A_LIST.fullmatch(tail)
        tails[mention.start] = tails[following] if listed else _STOP.split(tail)[0]
        following = mention.start
    behind = 0
    for mention in found:
        if _is_plain(mention):
            fact = mention.readings[0][0]
            head = _STOP.split(text[max(behind, mention.start - _TAIL) : mention.start])[-1]
            tail = tails[mention.start]
            form = _PREPOSITION.match(tail)
            yield _Number(
                text,
                mention.start,
                mention.end,
                fact,
                content_words(tail),
                content_words(head),
                form[0].strip() if form else "",
            )
        if mention.readings:
            behind = mention.end


def _is_plain(mention: Mention) -> bool:
    """Leave out dates, sizes, versions, words, and what a name goes before: Python 3."""
    if not mention.readings or mention.identifier or mention.spelled or mention.parts:
        return False
    fact = mention.readings[0][0]
    if len(mention.readings[0]) != 1 or fact.written is None or fact.written in (0, 1):
        return False
    year = not fact.marks and fact.written % 1 == 0 and int(fact.written) in _YEARS
    named = mention.name and mention.name[0].isupper() and not mention.opening
    return not (year or named)


def _stated(item: Evidence) -> Iterator[_Number]:
    from capdraft.sources import readable

    quote = readable(item.quote, item.kind, item.markup)
    if item.kind != "table-row" or not item.header:
        for number in _numbers(quote):
            yield _sided(number, item.side)
        return
    cells, heads = (_cells(row) for row in (quote, item.header))
    if len(cells) == len(heads):
        for cell, head in zip(cells[1:], heads[1:], strict=True):
            yield from _in_cell(cell, head, cells[0], item.side)


def _in_cell(cell: str, head: str, row: str, side: Side) -> Iterator[_Number]:
    """Yield the number of a cell; what it is of stands above it and at the left."""
    numbers = list(_numbers(cell))
    if len(numbers) == 1:
        text = f"{row}, {head} = {cell}"
        start = len(text) - len(cell) + numbers[0].start
        about = content_words(head) | content_words(row)
        end = start + len(numbers[0].said)
        yield _Number(text, start, end, numbers[0].fact, about, about, "|", side)


def _sided(number: _Number, side: Side) -> _Number:
    return _Number(
        number.text,
        number.start,
        number.end,
        number.fact,
        number.after,
        number.before,
        number.form,
        side,
    )


def _cells(row: str) -> list[str]:
    return _CELL.split(row.strip().strip("|").strip())


def _same(claimed: _Number, stated: _Number) -> bool:
    """Tell whether a passage says the number of the same thing, and bounds it alike."""
    about = claimed.after | claimed.before if stated.form == "|" else claimed.after
    bound = stated.form == "|" or claimed.bound == stated.bound
    return claimed.fact == stated.fact and bound and bool(about & stated.after)


def _like(number: _Number, other: _Number) -> bool:
    """Tell whether `other` could stand where `number` does: as exact, about as big, same unit."""
    one, two = number.fact, other.fact
    if not one.written or not two.written or one.value == two.value:
        return False
    return (
        (one.dimension, one.marks) == (two.dimension, two.marks)
        and ("." in number.said) == ("." in other.said)
        and ("%" in number.said) == ("%" in other.said)
        and (one.written > SCORE or two.written <= SCORE or "." not in number.said)
        and one.written / MOST_TIMES <= two.written <= one.written * MOST_TIMES
        and _is_false(number, other)
        and not _rounds(number.said, other.said)
    )


def _rounds(one: str, two: str) -> bool:
    """Tell whether one of two broken numbers is the other one rounded: 57.4 % is 57.412 %."""
    digits = [re.sub(r"[^\d.]", "", said) for said in (one, two)]
    places = min(len(said.partition(".")[2]) for said in digits)
    first, second = (round(float(said), places) for said in digits)
    return first == second


def _is_false(number: _Number, instead: _Number) -> bool:
    """Tell whether the bound before `number` makes another one false: "over 12" holds for 40."""
    now, then = number.fact.written or 0, instead.fact.written or 0
    if number.bound in _AT_LEAST:
        return then > now
    return number.bound not in _AT_MOST or then < now


def _of_another(
    number: _Number, right: Sequence[_Number], wrong: _Number, stated: Sequence[_Number]
) -> bool:
    """Tell whether something that the claim says of `number` is nowhere said of `wrong`."""
    others = [other for other in stated if other.fact == wrong.fact]
    if not right or not all(other.after for other in others):
        return False
    if {n.side for n in right} == {"artifact"} and {n.side for n in others} == {"alternative"}:
        return True
    about = number.after | number.before if right[0].form == "|" else number.after
    telling = about & right[0].after
    same_form = all(other.form in (right[0].form, "|") for other in others)
    return same_form and any(all(word not in other.after for other in others) for word in telling)


def _spoiled(
    text: str, number: _Number, right: _Number, wrong: _Number, claimed: Sequence[_Number]
) -> Iterator[Spoiled]:
    """Put `wrong` in the number's place, and the number in its place if the claim says both."""
    there = [other for other in claimed if other.fact == wrong.fact]
    if len(there) > 1 or not all(_is_false(other, number) for other in there):
        return
    swaps = [(number, there[0].said if there else wrong.said)]
    if there:
        swaps.append((there[0], number.said))
    elif {wrong.side, right.side} == {"artifact", "alternative"}:
        return  # the claim may leave out which side it speaks of
    spoiled = text
    for place, said in sorted(swaps, key=lambda swap: -swap[0].start):
        spoiled = spoiled[: place.start] + said + spoiled[place.end :]
    shift = sum(len(said) - len(place.said) for place, said in swaps if place.start < number.start)
    start = number.start + shift
    whole = right.form == "|"
    yield Spoiled(
        spoiled,
        told(
            right.text if whole else around(right.text, right.start, right.end),
            around(spoiled, start, start + len(swaps[0][1])),
        ),
    )
