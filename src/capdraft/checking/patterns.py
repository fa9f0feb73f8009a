"""The regular expressions that find numbers, dates, sizes and identifiers in a folded text.

Repeats are bounded or possessive: no text makes a scan go over the same digits again and again.
"""

from __future__ import annotations

import re

from capdraft.checking import units
from capdraft.checking.numerals import SUPERSCRIPTS

WORD = r"[^\W_]++(?:(?<=[0-9])\.(?=[0-9])[^\W_]++)*"
_EDGE = r"(?![^\W_])"
_NUMBER = (
    r"(?:[0-9]{1,3}(?:\.[0-9]{3}){1,9},[0-9]++(?![.,]?[0-9])"
    r"|[0-9]{1,3}(?:(?:,[0-9]{3}){1,9}|(?:[ ][0-9]{3}){1,9}|(?:'[0-9]{3}){1,9}"
    r"|(?:_[0-9]{3}){1,9})(?![0-9])(?:\.[0-9]++)?"
    r"|[0-9]++(?:[.,][0-9]++)?|\.[0-9]++)"
)
_PIXELS = r"(?:[ -]?(?:px|pixels?)(?![^\W_]))?"
_SIDE = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,3}}|[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?){_PIXELS}"
_BY = r"(?:[ ]?[xX*][ ]?|[ ]by[ ])"
_MONTH = rf"(?:{'|'.join(sorted(units.MONTHS, key=len, reverse=True))})\b"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
_SMALL = f"(?:{'|'.join(sorted(units.NUMBER_WORDS, key=len, reverse=True))})"
_BIG = "(?:hundred|thousand|million|billion|trillion)"

SCAN = re.compile(
    rf"""
    (?P<url>(?:https?://|www\.)\S++)
    |(?P<day>(?P<y1>[12][0-9]{{3}})[-/.](?P<m1>0?[1-9]|1[0-2])[-/.](?P<d1>{_DAY})
      |(?P<d2>{_DAY})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<m2>{_MONTH})\.?,?[ ](?P<y2>[0-9]{{4}}){_EDGE}
      |(?P<m3>{_MONTH})\.?[ ](?P<d3>{_DAY})(?:st|nd|rd|th)?,?[ ](?P<y3>[0-9]{{4}}){_EDGE})
    |(?P<month>(?P<y4>(?:19|20)[0-9]{{2}})-(?P<m4>0[1-9]|1[0-2])(?![0-9]|-[0-9])
      |(?P<m5>{_MONTH})\.?,?[ ](?P<y5>(?:19|20)[0-9]{{2}}){_EDGE})
    |(?P<figures>(?P<f1>{_DAY})(?P<dot>[./])(?P<f2>{_DAY})(?P=dot)(?P<f3>[12][0-9]{{3}})(?![0-9]))
    |(?P<power>(?:(?P<times>{_NUMBER})[ ]?[x*][ ]?)?10
      (?P<to>\^-?[0-9]{{1,3}}|[{SUPERSCRIPTS}]{{1,4}}){_EDGE})
    |(?P<size>{_SIDE}(?:{_BY}{_SIDE}){{1,3}}(?![^\W_]|\.[0-9]))
    |(?P<version>[0-9]{{1,9}}(?:\.[0-9]{{1,9}}){{2,9}}[^\W_]*+)
    |(?P<number>(?P<sign>(?<![^\s(\[{{=:,;<>~|"'`])-)?
      (?P<currency>[$€£¥][ ]?(?![0-9]{{1,6}}[ ]?[x*]))?
      (?P<digits>{_NUMBER})(?P<e>[eE][+-]?[0-9]{{1,3}}{_EDGE})?)
    |(?P<spelled>(?i:(?P<tens>{"|".join(units.TENS)})[- ](?P<ones>{_SMALL}){_EDGE}
      |(?:(?P<small>{_SMALL})|an?[ ](?={_BIG}\b))(?P<big>(?:[- ]?{_BIG}\b){{0,3}})
       (?:(?=-?fold\b)|{_EDGE})))
    |(?P<other>(?i:{"|".join(units.OTHER_NUMBER_WORDS)}){_EDGE})
    |(?P<prefix>(?i:{"|".join(units.PREFIXES)})-(?=[$€£¥]?[0-9]))
    |(?P<name>{WORD}(?:[-/_]{WORD})*)
    """,
    re.VERBOSE,
)
PLAIN = re.compile(_NUMBER)
_WORD_UNIT = "|".join(re.escape(unit) for unit in sorted(units.UNITS, key=len, reverse=True))
UNIT = re.compile(rf"[\s-]?(?:(?P<word>(?i:{_WORD_UNIT}))|(?P<letter>[shmBbWVxX])){_EDGE}")
SCALE = re.compile(
    rf"(?P<letter>(?i:[kmbt]|mn|mln|bn)){_EDGE}"
    rf"|[ ](?P<apart>[KMBT]|bn|mn|mln){_EDGE}"
    rf"|[\s-]?(?P<word>(?i:{_BIG}))\b"
)
RUN = re.compile(r"[^\W_]*+")
COUNTED = re.compile(rf"{_NUMBER}(?:[ ]?[xX*]|[ ]by\b)")
COUNT = re.compile(r"x(?=[^\W_])")
NAME_BEFORE = re.compile(
    r"(?P<opens>\A|[.!?:;]\s{1,3}|\n\s*)?(?P<name>(?<![^\W_])[^\W\d_]{2,40})[ ]\Z"
)
WORD_AT = re.compile(WORD)
