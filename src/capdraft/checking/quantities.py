"""Find the quantities and identifiers in a text, with every meaning that each can have.

`support` compares what a claim says with what its passages say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache

from capdraft.checking import units
from capdraft.checking.facts import ONE, Fact, Mention, Reading, measure
from capdraft.checking.numerals import LONGEST_NUMBER, fold, multiply, power, readings
from capdraft.checking.patterns import (
    COUNT,
    COUNTED,
    NAME_BEFORE,
    PLAIN,
    RUN,
    SCALE,
    SCAN,
    UNIT,
    WORD_AT,
)

_DIGIT = re.compile("[0-9]")
_ORDINALS = {"st", "nd", "rd", "th"}
_ENDS = {"", ".", ",", ";", ":", ")", "]"}
_Option = tuple[Decimal, units.Unit | None]
_BARE: _Option = (ONE, None)


@lru_cache(maxsize=1024)
def mentions(text: str) -> tuple[Mention, ...]:
    """Return what `text` says in numbers, in order; offsets are those of `text`."""
    return tuple(_scan(fold(text)))


def _scan(text: str) -> Iterator[Mention]:
    position = 0
    while match := SCAN.search(text, position):
        read = _READERS.get(match.lastgroup or "")
        mention = read(text, match) if read else None
        position = mention.end if mention else match.end()
        if mention:
            yield mention


def _number(text: str, match: re.Match[str]) -> Mention:
    """Read a number with its sign, currency, scale and unit: -3, $1.5M, 67 TB."""
    digits = match["digits"]
    if len(digits) > LONGEST_NUMBER:
        return Mention(*match.span(), identifier=digits)
    before = text[match.start("digits") - 1 : match.start("digits")]
    after = text[match.end() : match.end() + 1]
    values = readings(digits, listed=before in {"(", "[", "{"} and after in {")", "]", "}"})
    if after == "x" and COUNT.match(text, match.end()):
        return _count(match.start("digits"), match.end("digits"), values[0])
    run = RUN.match(text, match.end()) if after.isalnum() else None
    options, end = _suffix(text, match.end())
    if run and run.end() > end:
        if run[0].lower() not in _ORDINALS:
            return _number_first(text, match.start("digits"))
        end = run.end()
    if match["currency"]:
        currency = units.CURRENCIES[match["currency"].strip()]
        options = [(scale, unit or currency) for scale, unit in options]
    if match["sign"] or match["e"]:
        factor = Decimal(f"{match['sign'] or ''}1{match['e'] or ''}")
        values = [(multiply(first, factor), *others) for first, *others in values]
    found = tuple(_measured(value, option) for value in values for option in options)
    if text[end - 2 : end] in units.BITS:
        return Mention(match.start(), end, found[::2], tuple(each[-1] for each in found[1::2]))
    name, opening = _name_before(text, match.start()) if options == [_BARE] else (None, False)
    return Mention(match.start(), end, found, name=name, opening=opening)


def _measured(values: tuple[Decimal, ...], option: _Option) -> Reading:
    """Return one reading; of several numbers, the last has the scale and the unit."""
    *bare, last = values
    return (*map(measure, bare), measure(last, *option))


def _suffix(text: str, position: int) -> tuple[list[_Option], int]:
    """Return the scales and units that can be meant behind a number, and where they end."""
    if text[position : position + 1] in _ENDS:
        return [_BARE], position
    scale = SCALE.match(text, position)
    if scale is None:
        return _unit(text, position)
    spelling = scale["letter"] or scale["apart"] or scale["word"]
    factor = units.SCALES[spelling.lower()]
    options, end = _unit(text, scale.end())
    if end > scale.end():
        return [(factor, unit) for _, unit in options if unit], end
    options = [(factor, None)]
    if scale["letter"] and spelling in units.SECOND_MEANINGS:
        options.append((ONE, units.SECOND_MEANINGS[spelling]))
    if scale["apart"]:
        options.append(_BARE)
    return options, end


def _unit(text: str, position: int) -> tuple[list[_Option], int]:
    match = UNIT.match(text, position)
    if match is None:
        return [_BARE], position
    if word := match["word"]:
        spelled = [units.BITS[word]] if word in units.BITS else []
        return [(ONE, unit) for unit in (*spelled, units.UNITS[word.lower()])], match.end()
    letter = match["letter"]
    options: list[_Option] = [(ONE, units.LETTER_UNITS[letter])]
    if letter in units.SECOND_MEANINGS:
        options.append((units.SCALES[letter.lower()], None))
    return options, match.end()


def _name_before(text: str, position: int) -> tuple[str | None, bool]:
    """Return the word before `position`, and whether it opens a sentence."""
    before = text[max(0, position - 50) : position]
    match = NAME_BEFORE.match(before[::-1])
    if match is None:
        return None, False
    opens = match["opens"] is not None and (match["opens"] != "" or len(before) == position)
    return match["name"][::-1], opens


def _count(start: int, end: int, values: tuple[Decimal, ...]) -> Mention:
    """Read the 8 of 8xH100 and of 8x7B, which is 8 times as well."""
    times = measure(values[-1], ONE, units.UNITS["times"])
    return Mention(start, end + 1, (tuple(map(measure, values)),), (times,))


def _number_first(text: str, start: int) -> Mention:
    """Read an identifier that starts with digits: 3D, 4bit."""
    token = WORD_AT.match(text, start)
    end = token.end() if token else start + 1
    return Mention(start, end, identifier=text[start:end])


def _name(_text: str, match: re.Match[str]) -> Mention | None:
    if not _DIGIT.search(match[0]):
        return None
    return Mention(*match.span(), parts=tuple(_pieces(match[0])), identifier=match[0])


def _pieces(identifier: str) -> Iterator[Fact]:
    """Yield what pieces such as the 7B of Llama-2-7B and the 2 of v2 say."""
    for piece in re.split("[-/_]", identifier):
        version = re.fullmatch(r"[vV]([0-9]{1,9}(?:\.[0-9]{1,9})?)", piece)
        if version:
            yield measure(Decimal(version[1]))
        if piece[0].isdigit() and not piece[-1].isdigit():
            for mention in mentions(piece):
                yield from (fact for reading in mention.readings[:1] for fact in reading)
                yield from mention.parts


def _size(text: str, match: re.Match[str]) -> Mention:
    """Read 224×224; but 2 × 80 GB is 2, and then 80 GB."""
    options, end = _unit(text, match.end())
    unit = options[0][1]
    sides = tuple(readings(side)[0][0] for side in PLAIN.findall(match[0]))
    if unit and unit.dimension != "pixels" and text[end - 1] not in units.CURRENCIES:
        first = COUNTED.match(text, match.start())
        return Mention(match.start(), first.end() if first else end, ((measure(sides[0]),),))
    pixels = units.UNITS["px"]
    parts = tuple(fact for side in sides for fact in (measure(side), measure(side, ONE, pixels)))
    return Mention(match.start(), end, ((Fact("size", sides),),), parts)


def _date(year: str, month: str, day: str | None = None) -> tuple[Reading, Reading]:
    """Return the reading of a date, and what it says besides."""
    number = units.MONTHS.get(month) or int(month)
    of_month = Fact("date", f"{year}-{number:02}")
    numbers = (measure(Decimal(year)), measure(Decimal(number)))
    if day is None:
        return (of_month,), numbers
    whole = Fact("date", f"{year}-{number:02}-{int(day):02}")
    return (whole,), (of_month, *numbers, measure(Decimal(day)))


def _calendar(_text: str, match: re.Match[str]) -> Mention:
    """Read a day or a month, in whichever of its five ways it is written."""
    way = next(way for way in "12345" if match[f"y{way}"])
    day = match[f"d{way}"] if way in "123" else None
    reading, parts = _date(match[f"y{way}"], match[f"m{way}"], day)
    return Mention(*match.span(), (reading,), parts)


def _figures(_text: str, match: re.Match[str]) -> Mention:
    """Read 14.05.2024, and 5/4/2024 both ways."""
    first, second, year = match["f1"], match["f2"], match["f3"]
    ways = [(second, first), (first, second)]
    found = [_date(year, month, day) for month, day in ways if int(month) <= 12]
    parts = tuple(fact for _, part in found for fact in part)
    return Mention(
        *match.span(), tuple(reading for reading, _ in found), parts, identifier=match[0]
    )


def _power(text: str, match: re.Match[str]) -> Mention:
    """Read 10², 10^6 and 1.5 × 10⁻³."""
    value = power(Decimal(10), match["to"])
    if match["times"]:
        value = multiply(readings(match["times"][:LONGEST_NUMBER])[0][0], value)
    options, end = _suffix(text, match.end())
    found = tuple((measure(value, *option),) for option in options)
    return Mention(match.start(), end, found)


def _version(_text: str, match: re.Match[str]) -> Mention:
    """Read 2.1.0; 1.234.567 can be a number as well."""
    mention = Mention(*match.span(), identifier=match[0])
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+", match[0]):
        return mention._replace(readings=((measure(Decimal(match[0].replace(".", ""))),),))
    return mention


def _spelled(text: str, match: re.Match[str]) -> Mention:
    """Read three, twenty-five, ten million, tenfold."""
    if match["ones"]:
        value = units.TENS[match["tens"].lower()] + units.NUMBER_WORDS[match["ones"].lower()]
    else:
        value = units.NUMBER_WORDS[match["small"].lower()] if match["small"] else 1
    scale = ONE
    for word in re.findall("[a-z]+", (match["big"] or "").lower()):
        scale = multiply(scale, units.SCALES[word])
    options, end = _unit(text, match.end())
    found = tuple((measure(Decimal(value), scale, unit),) for _, unit in options)
    return Mention(match.start(), end, found, spelled=True)


def _other(_text: str, match: re.Match[str]) -> Mention:
    value = Decimal(units.OTHER_NUMBER_WORDS[match[0].lower()])
    return Mention(*match.span(), parts=(measure(value),))


_READERS: dict[str, Callable[[str, re.Match[str]], Mention | None]] = {
    "day": _calendar,
    "month": _calendar,
    "figures": _figures,
    "power": _power,
    "size": _size,
    "version": _version,
    "number": _number,
    "spelled": _spelled,
    "other": _other,
    "name": _name,
}
