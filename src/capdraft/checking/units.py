"""Units, scales, months and number words: the data that `quantities` reads numbers with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Unit:
    """What is measured, and how many of its base unit one of this unit is."""

    dimension: str
    factor: Decimal

    @property
    def mark(self) -> str:
        """The name under which two spellings of one unit are the same."""
        return _mark(self.dimension, self.factor)


@lru_cache(maxsize=512)
def _mark(dimension: str, factor: Decimal) -> str:
    return f"{dimension}:{factor.normalize()}"


def _table(rows: str) -> dict[str, Unit]:
    """Read lines of `dimension factor spelling, spelling, …`."""
    units: dict[str, Unit] = {}
    for row in rows.strip().splitlines():
        dimension, factor, spellings = row.split(maxsplit=2)
        unit = Unit(dimension, Decimal(factor))
        units.update((spelling.strip(), unit) for spelling in spellings.split(","))
    return units


# Compared without case. "in", "us" and "am" are words more often than units, so they are not here.
UNITS = _table("""
bytes     1        byte, bytes
bytes     1e3      kb, kbyte, kbytes, kilobyte, kilobytes
bytes     1e6      mb, mbyte, mbytes, megabyte, megabytes
bytes     1e9      gb, gbyte, gbytes, gigabyte, gigabytes
bytes     1e12     tb, tbyte, tbytes, terabyte, terabytes
bytes     1e15     pb, petabyte, petabytes
bytes     1e18     eb, exabyte, exabytes
bytes     1024     kib, kibibyte, kibibytes
bytes     1048576  mib, mebibyte, mebibytes
bytes     1073741824 gib, gibibyte, gibibytes
bytes     1099511627776 tib, tebibyte, tebibytes
bytes/s   1e3      kb/s
bytes/s   1e6      mb/s
bytes/s   1e9      gb/s
bytes/s   1e12     tb/s
bits      1        bit, bits
bits      1e3      kbit, kbits, kilobit, kilobits
bits      1e6      mbit, mbits, megabit, megabits
bits      1e9      gbit, gbits, gigabit, gigabits
bits      1e12     tbit, tbits, terabit, terabits
bits/s    1        bps, bit/s, bits per second
bits/s    1e3      kbps, kbit/s, kbits/s, kilobits per second
bits/s    1e6      mbps, mbit/s, mbits/s, megabits per second
bits/s    1e9      gbps, gbit/s, gbits/s, gigabits per second
time      1e-9     ns, nanosecond, nanoseconds
time      1e-6     μs, microsecond, microseconds
time      1e-3     ms, msec, millisecond, milliseconds
time      1        sec, secs, second, seconds
time      60       min, mins, minute, minutes
time      3600     hr, hrs, hour, hours
time      86400    day, days
time      604800   week, weeks
calendar  1        month, months
calendar  12       year, years, yr, yrs
frequency 1        hz, hertz
frequency 1e3      khz, kilohertz
frequency 1e6      mhz, megahertz
frequency 1e9      ghz, gigahertz
frames    1        fps, frames per second, frames/s, frame/s
percent   1        %, percent, per cent, pct, percentage point, percentage points
pixels    1        px, pixel, pixels
pixels    1e6      mp, megapixel, megapixels
length    1e-9     nm, nanometer, nanometers, nanometre, nanometres
length    1e-6     μm, micrometer, micrometers, micrometre, micrometres, micron, microns
length    1e-3     mm, millimeter, millimeters, millimetre, millimetres
length    1e-2     cm, centimeter, centimeters, centimetre, centimetres
length    1        meter, meters, metre, metres
length    1e3      km, kilometer, kilometers, kilometre, kilometres
inches    1        inch, inches
inches    12       ft, foot, feet
inches    63360    mile, miles
mass      1e-3     gram, grams
mass      1        kg, kilogram, kilograms
mass      1e3      tonne, tonnes
power     1        watt, watts
power     1e3      kw, kilowatt, kilowatts
power     1e6      megawatt, megawatts
energy    1        wh
energy    1e3      kwh
energy    1e6      mwh
flops     1        flop, flops
flops     1e9      gflop, gflops
flops     1e12     tflop, tflops, teraflop, teraflops
flops     1e15     pflop, pflops, petaflop, petaflops
flops     1e18     eflop, eflops, exaflop, exaflops
sound     1        db, decibel, decibels
density   1        dpi
degrees   1        °, degree, degrees, deg
celsius   1        °c, degrees celsius
dollar    1        $, usd, dollar, dollars
euro      1        €, eur, euro, euros
pound     1        £, gbp
yen       1        ¥, jpy, yen, rmb, cny, yuan
times     1        times, fold
""")

# Single letters mean one thing in one case: 5 s, 300 W.
LETTER_UNITS = _table("""
time      1        s
time      3600     h
length    1        m
bytes     1        B
bits      1        b
power     1        W
volt      1        V
times     1        x
times     1        X
""")

# Of a passage they may mean bytes, for many write them so; a claim that says Gb of GB is wrong.
BITS = {spelling: UNITS[f"{spelling[0].lower()}bit"] for spelling in ("Mb", "Gb", "Tb")}

CURRENCIES = {sign: UNITS[sign] for sign in "$€£¥"}

SCALES = {
    "k": Decimal("1e3"),
    "m": Decimal("1e6"),
    "b": Decimal("1e9"),
    "t": Decimal("1e12"),
    "mn": Decimal("1e6"),
    "mln": Decimal("1e6"),
    "bn": Decimal("1e9"),
    "hundred": Decimal("1e2"),
    "thousand": Decimal("1e3"),
    "million": Decimal("1e6"),
    "billion": Decimal("1e9"),
    "trillion": Decimal("1e12"),
}

# 3B is three billion before it is three bytes; the other meaning counts as well.
SECOND_MEANINGS = {letter: LETTER_UNITS[letter] for letter in "mBb"}

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
TENS = {
    word: 10 * count
    for count, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
NUMBER_WORDS = {word: value for value, word in enumerate(_SMALL.split())} | TENS | {"dozen": 12}

# In a passage these say a number too; in a claim they are not checked. A second is mostly a unit.
OTHER_NUMBER_WORDS = {
    "single": 1,
    "both": 2,
    "pair": 2,
    "dual": 2,
    "double": 2,
    "twice": 2,
    "triple": 3,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "January Jan",
            "February Feb",
            "March Mar",
            "April Apr",
            "May",
            "June Jun",
            "July Jul",
            "August Aug",
            "September Sept Sep",
            "October Oct",
            "November Nov",
            "December Dec",
        ),
        start=1,
    )
    for name in names.split()
}

# Before a hyphen these are words of their own: pre-2020 says 2020, while GPT-4 is a name.
PREFIXES = (
    *("pre", "post", "mid", "early", "late"),
    *("over", "under", "near", "up-to", "sub", "top", "non", "multi"),
)
