"""Words as a paraphrase shares them: without case, endings and the British or American spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+|[.,][0-9]+)*")
_DIGIT = re.compile(r"[0-9]")
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"'”’)]))\s+(?=[^\W_a-z]|[\"'“‘(\[])|\n")
_ABBREVIATION = re.compile(r"(?:\b[A-Za-z]|\b(?:e\.g|i\.e|vs|etc|cf|approx|Fig|Dr|No|St))\.\Z")

_FUNCTION_WORDS = """
a about after all also am an and any are as at be because been before being between but by can
could did do does each for from had has have how if in into is it its itself may might more most
must of off on one only or other our out over own same shall should so some such than that the
their them then there these they this those through to too under until up upon us very via was we
were what when where which while who whom whose will with within would you your
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())

# British to American: endings first, then letters inside.
_SPELLINGS = (
    (re.compile(r"is(e[ds]?|ers?|ing|ations?)$"), r"iz\1"),
    (re.compile(r"ys(e[ds]?|ers?|ing)$"), r"yz\1"),
    (re.compile(r"(?<=[a-z]{2})our"), "or"),
    (re.compile(r"(?<=[a-z]{2})tre(s?)$"), r"ter\1"),
    (re.compile(r"ll(ed|ing|er|ers)$"), r"l\1"),
    (re.compile(r"ogue(s?)$"), r"og\1"),
    (re.compile(r"ence(s?)$"), r"ense\1"),
    (re.compile(r"amme(s?)$"), r"am\1"),
    (re.compile(r"grey"), "gray"),
    (re.compile(r"artefact"), "artifact"),
)
_ENDING = re.compile(r"(?:i?zations?|ations?|ments?|ions?|ings?|able|ed|ors?|ers?|es|ly|s|e)$")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
_SHORTEST_STEM = 4


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return what `word` shares with its other forms and spellings; figures stay as they are."""
    plain = unicodedata.normalize("NFKC", word).casefold().replace("’", "'").removesuffix("'s")
    if _DIGIT.search(plain) or len(plain) <= _SHORTEST_STEM or plain in FUNCTION_WORDS:
        return plain if len(plain) < _SHORTEST_STEM else plain.removesuffix("s")
    for pattern, spelling in _SPELLINGS:
        plain = pattern.sub(spelling, plain)
    cut = _ENDING.sub("", plain, count=1)
    cut = cut if len(cut) >= _SHORTEST_STEM else plain.removesuffix("s")
    if cut.endswith("i"):
        return f"{cut[:-1]}y"
    return cut[:-1] if _DOUBLED.search(cut) else cut


FUNCTION_STEMS = frozenset(map(stem, FUNCTION_WORDS))


def stems(text: str) -> list[str]:
    """Return the stems of the words of `text`, in order."""
    return [stem(word) for word in WORD.findall(text)]


def content_words(quote: str) -> int:
    """Return how many words of `quote` say something by themselves."""
    return len(set(stems(quote)) - FUNCTION_STEMS)


_NAME = re.compile(
    r"(?<![^\W_])(?:[^\W_]*[a-z][^\W_]*[A-Z][^\W_]*|[A-Z][A-Z]{3,}[^\W_]*"
    r"|(?<=[\w,;] )(?<![.!?:] )[A-Z][a-z]+)(?![^\W_])"
)


def names(text: str) -> set[str]:
    """Return the stems of words that are names by their capitals, such as iPhone and BERT.

    Up to three capitals, as in RAM, can stand for words.
    """
    return {stem(word) for word in _NAME.findall(text)}


def is_figure(word: str) -> bool:
    """Tell whether there is a digit in `word`."""
    return _DIGIT.search(word) is not None


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of `text` stands."""
    start = 0
    for gap in _SENTENCE_END.finditer(text):
        if text[gap.start()] != "\n" and _ABBREVIATION.search(
            text[max(start, gap.start() - 8) : gap.start()]
        ):
            continue
        if text[start : gap.start()].strip():
            yield start, gap.start()
        start = gap.end()
    if text[start:].strip():
        yield start, len(text)
