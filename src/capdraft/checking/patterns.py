"""The regular expressions that find numbers, dates, sizes and identifiers in a folded text.

Repeats are bounded or possessive: no text makes a scan go over the same digits again and again.
Groups are atomic instead: Python before 3.11.5 matches a possessive group wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from capdraft.checking import units
from capdraft.checking.numerals import SUPERSCRIPTS


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for `words` in any case, the longest first.

    Those with one first letter stand together: `re` looks at the others no further than that.
    """
    longest = sorted(words, key=len, reverse=True)
    rests: dict[str, list[str]] = {}
    for word in longest:
        rests.setdefault(word[0].lower(), []).append(re.escape(word[1:]))
    return "|".join(
        f"[{re.escape(first)}{re.escape(first.upper())}](?i:{'|'.join(rest)})"
        for first, rest in rests.items()
    )


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
_TENS = f"(?:{_any_of(units.TENS)})"
_SMALL = f"(?:{_any_of(units.NUMBER_WORDS)})"
_BIG = f"(?:{_any_of(['hundred', 'thousand', 'million', 'billion', 'trillion'])})"
_OTHER = f"(?:{_any_of(units.OTHER_NUMBER_WORDS)})"
_PREFIX = f"(?:{_any_of(units.PREFIXES)})-"
# Words that something but a name may start with. It may take in more than that: these are looked
# at one by one, and all others are passed over at once.
_TELLING = (
    rf"(?:https?:|www\.|{_MONTH}|{_SMALL}(?:{_EDGE}|(?i:fold)|{_BIG})|{_OTHER}{_EDGE}"
    rf"|[aA][nN]?[ ]{_BIG})"
)
_PLAIN_NAME = (
    rf"(?!{_TELLING})[^\W\d_]++(?>(?:[-/_][^\W\d_]++)*)(?![0-9]|[-/_][^\W_])"
    r"(?>(?:[^\w.$€£¥-]|_|[.-](?![0-9.$€£¥]))*)"
)

SCAN = re.compile(
    rf"""
    (?P<plain>(?>(?:{_PLAIN_NAME})+))
    |(?P<url>(?:https?://|www\.)\S++)
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
    |(?P<spelled>(?P<tens>{_TENS})[- ](?P<ones>{_SMALL}){_EDGE}
      |(?:(?P<small>{_SMALL})|[aA][nN]?[ ](?={_BIG}\b))(?P<big>(?:[- ]?{_BIG}\b){{0,3}})
       (?:(?=-?(?i:fold)\b)|{_EDGE}))
    |(?P<other>{_OTHER}{_EDGE})
    |(?P<prefix>{_PREFIX}(?=[$€£¥]?[0-9]))
    |(?P<name>{WORD}(?:[-/_]{WORD})*)
    """,
    re.VERBOSE,
)
PLAIN = re.compile(_NUMBER)
UNIT = re.compile(rf"[\s-]?(?:(?P<word>{_any_of(units.UNITS)})|(?P<letter>[shmBbWVxX])){_EDGE}")
SCALE = re.compile(
    rf"(?P<letter>(?i:[kmbt]|mn|mln|bn)){_EDGE}"
    rf"|[ ](?P<apart>[KMBT]|bn|mn|mln){_EDGE}"
    rf"|[\s-]?(?P<word>{_BIG})\b"
)
RUN = re.compile(r"[^\W_]*+")
COUNTED = re.compile(rf"{_NUMBER}(?:[ ]?[xX*]|[ ]by\b)")
COUNT = re.compile(r"x(?=[^\W_])")
# Held against what stands before a number, read backwards.
NAME_BEFORE = re.compile(
    r"[ ](?P<name>[^\W\d_]{2,40})(?![^\W_])(?P<opens>\Z|\s{1,3}[.!?:;]|\s*\n)?"
)
WORD_AT = re.compile(WORD)
