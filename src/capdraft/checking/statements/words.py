"""The words of a sentence that a passage has to say, and whether one of its own says the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rapidfuzz import fuzz

from capdraft.checking.quantities import mentions
from capdraft.checking.quotes.words import FUNCTION_STEMS, WORD, is_figure, stem

ALIKE = 88
"""How alike two words are, of 100, that count as one: tokeniser and tokenizers."""
_SAME_START, _SHORT = 4, 3

_ROWS = """
image picture photo photograph
use employ utilise
create generate produce
dataset corpus
answer reply
question query
buy purchase
fast quick rapid
big large
small little
need require
show display
permit allow
start begin
run execute
memory ram
modify change alter
remove delete
choose select pick
mistake error
licence license
find locate found
build built
write written wrote
keep kept
hold held
choose chosen
hide hidden
send sent
"""


def _root(word: str) -> str:
    """Return the stem of `word`; that of a short verb too: added is add."""
    root = stem(word)
    for ending in ("ed", "ing"):
        short = root.removesuffix(ending)
        if short != root and _SHORT <= len(short) <= _SAME_START:
            return short
    return root


_ALIASES = {
    _root(word): _root(row.split()[0]) for row in _ROWS.strip().splitlines() for word in row.split()
}
# They say that something can be done, not what.
_IDLE_WORDS = """
able allow capability capable enable feature function functionality give happen happens let make
offer perform permit provide support supports take taken took use used uses using utilise need
needs require requires
"""
_DENYING = ("no", "not", "never", "none", "cannot", "lack", "lacks", "without", "unable")
_IDLE = frozenset(map(_root, _IDLE_WORDS.split()))
_SMALL = FUNCTION_STEMS | frozenset(map(_root, _DENYING))


def telling(text: str, idle: Collection[str] = (), *, every: bool = False) -> dict[str, str]:
    """Return the words of `text` that say something, by their stems; numbers are left out.

    `idle` are stems that say nothing here, such as those of the artifact's name. With `every`,
    words such as supports and needs count too.
    """
    found: dict[str, str] = {}
    for word in WORD.findall(without_numbers(text)):
        root = _root(word)
        passed_over = root in _SMALL or stem(word) in idle or is_figure(root)
        if not passed_over and (every or root not in _IDLE):
            found.setdefault(_ALIASES.get(root, root), word)
    return found


def without_numbers(text: str) -> str:
    """Return `text` with each number, and the unit beside it, as spaces."""
    for mention in mentions(text):
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


def present(text: str) -> frozenset[str]:
    """Return the stems that `text` says, in the same form as `telling` gives them."""
    roots = (_root(word) for word in WORD.findall(text))
    return frozenset(_ALIASES.get(root, root) for root in roots)


def lacking(asked: dict[str, str], said: Collection[str]) -> tuple[str, ...]:
    """Return the words of `asked` for which nothing in `said` stands, as they are written."""
    return tuple(
        word for root, word in asked.items() if root not in said and not _has_alike(root, said)
    )


def _has_alike(root: str, said: Iterable[str]) -> bool:
    if len(root) <= _SAME_START:
        return False
    return any(
        other[:_SAME_START] == root[:_SAME_START]
        and other not in FUNCTION_STEMS
        and fuzz.ratio(root, other) >= ALIKE
        for other in said
    )
