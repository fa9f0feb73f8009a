"""CD112: cited passages that deny, announce or take back what the claim says of the present.

Nothing here knows what words mean. A clause counts against the claim where all that it says stands
in one sentence of the claim, and no other cited clause says it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from capdraft.checking.claims import Claim, Problem, rule, shown
from capdraft.checking.facts import Mention
from capdraft.checking.quantities import mentions
from capdraft.records import Evidence

_DENIED = re.compile(
    r"\b(?:not|never|neither|nor|cannot|out of scope|unsupported|\w+n['’]t)\b"
    r"|\b(?:are|has|have|had|is|was|were) (?:no|none)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:being (?:added|collected|developed|ported|worked on|written)|(?:coming )?soon|hoped for"
    r"|in the works|not yet|on the (?:roadmap|to-do list)|planned|to-do|todo|under way"
    r"|upcoming|will be (?:added|supported))\b|\[ \]|🔜",
    re.IGNORECASE,
)
_LIST_OF_PLANS = re.compile(
    r"\s*(?:\[ \]|(?:being worked on|coming soon|next|planned|roadmap|soon|to[- ]do|upcoming)\s*:)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:before (?:v|version |release )?[0-9]|formerly|no longer|originally|outdated|previously"
    r"|superseded|until|used to|withdrawn)\b|\(was\b",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:as of|currently|is now|now|since then|today)\b", re.IGNORECASE)
# A claim that says no, only, planned or the like may say just what the passage says.
_RESERVED = re.compile(
    r"\b(?:advis\w+|avoid\w*|barely|before|but|cannot|drop\w*|except|exclud\w+|fail(?:s|ed)?|fewer"
    r"|former\w*|free of|future|hardly|ignor\w+|instead|lack\w*|leav\w+ out|left out|less|limit\w*"
    r"|little|must|need\w*|never|no|non|none|nor|not|nothing|neither|only|originally|out"
    r"|outside|plan\w*|previously|prevent\w*|prohibit\w*|rather|reject\w*|remain\w*|roadmap|should"
    r"|skip\w*|soon|still|unable|under way|unlike|until|upcoming|used to|warn\w*|was|weak\w*|were"
    r"|will|without|yet)\b|n['’]t\b",
    re.IGNORECASE,
)
_NONE = frozenset[str]()
_WAS = re.compile(r"\(was\b[^)]*\)", re.IGNORECASE)
_NO = re.compile(r"(?:[❌✘✗✕🔜]|(?:no|none|not (?:yet|supported)|planned|soon)\b)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")
_CLAUSE = re.compile(
    r"[;:!?()|\n—–]|[,.](?![0-9])"
    r"|\b(?:although|because|but|except|however|so|though|unless|whereas|which|while)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[,:;](?![0-9])")
# In a clause that denies or announces, these tell nothing that the claim would have to say.
_GENERAL = """
accept accepted add added allow allowed available collected cover covered currently developed exist
exists handle handled here implemented include included make makes new next now offer offered open
people person planned possible provide provided read ready release run runs scope sent ship shipped
soon support supported supports today use used user users version way work worked works written yet
"""


class _Clause(NamedTuple):
    said: str
    held: bool  # it denies or announces what it says
    words: frozenset[str]


@rule("CD112", "not-as-stated", "warning", "The cited passages deny or only announce it.")
def not_as_stated(claim: Claim) -> Iterator[Problem]:
    """Look for clauses of the cited passages that take back a sentence of the claim."""
    passages = claim.passages()
    rows = [row for item in claim.field.evidence for row in _rows(item)]
    held = any(_DENIED.search(each) or _PLANNED.search(each) for each in passages)
    past = any(map(_PAST.search, passages))
    if not (rows or held or past):
        return
    for start, end in _sentences(claim.field.text):
        sentence = claim.field.text[start:end]
        if _RESERVED.search(sentence) or _PLANNED.search(sentence):
            continue
        found = taken_back(sentence, passages, claim.names) if held else None
        found = found or (outdated(sentence, passages) if past else None)
        if found := found or denied_in_a_row(sentence, rows, claim.names):
            yield Problem(f"a cited passage says: '{shown(found)}'", start, end)


def taken_back(sentence: str, passages: Sequence[str], names: Sequence[str] = ()) -> str | None:
    """Return the clause of `passages` that denies or only announces what `sentence` says.

    `names` say nothing by themselves.
    """
    idle = _idle(tuple(names))
    asked = _words(sentence) - idle
    clauses = [clause for text in passages for clause in _clauses(text)]
    affirmed = frozenset[str]().union(*(each.words for each in clauses if not each.held))
    for clause in clauses:
        told = clause.words - idle
        if clause.held and told and told <= asked and told - affirmed:
            return clause.said
    return None


def outdated(sentence: str, passages: Sequence[str]) -> str | None:
    """Return where `passages` say a number of `sentence` only of what was so once."""
    for mention in mentions(sentence):
        stated = [
            part
            for text in passages
            for part in _SENTENCE.split(text)
            if _values(mention) & _values(*mentions(part))
        ]
        if stated and all(_is_past(part, mention) for part in stated):
            return stated[0]
    return None


def _is_past(text: str, mention: Mention) -> bool:
    """Say whether `text` tells a number as an old one; one that is in brackets alone: (was 200)."""
    if _NOW.search(text) or not _PAST.search(text):
        return False
    outside = mentions(_WAS.sub(" ", text))
    return not _WAS.search(text) or not _values(mention) & _values(*outside)


def _values(*found: Mention) -> set[object]:
    """Return the numbers as they are written: a table has 17.5 where a claim says 17.5 %."""
    return {reading[-1].written or reading[-1].value for m in found for reading in m.readings[:1]}


def denied_in_a_row(
    sentence: str, rows: Sequence[Sequence[tuple[str, str]]], names: Sequence[str] = ()
) -> str | None:
    """Return the cell that says no where `sentence` has the words of its row and its column.

    A row is its cells, each with what heads its column; the first cell says what the row is of.
    """
    asked, idle = (_words(sentence), _idle(tuple(names))) if rows else (_NONE, _NONE)
    for (_, label), *cells in rows:
        if not (_words(label) and _words(label) <= asked):
            continue
        meant = [
            (head, cell)
            for head, cell in cells
            if _words(_bare(head)) and _words(_bare(head)) <= asked | idle
        ]
        if meant and all(_NO.match(cell) for _, cell in meant):
            return f"{label} | {meant[0][0]}: {meant[0][1]}"
    return None


def _rows(item: Evidence) -> Iterator[list[tuple[str, str]]]:
    """Yield a cited row that has a cell saying no; nothing where its columns are not clear."""
    from capdraft.sources import readable

    if not item.header or item.kind != "table-row" or not _NO.search(item.quote):
        return
    heads, cells = (
        [cell.strip() for cell in readable(text, item.kind, item.markup).split(" | ")]
        for text in (item.header, item.quote)
    )
    if len(heads) == len(cells) - 1:  # an empty corner
        heads = ["", *heads]
    if len(heads) == len(cells) > 1 and any(map(_NO.match, cells[1:])):
        yield list(zip(heads, cells, strict=True))


def _bare(head: str) -> str:
    return re.sub(r"\([^)]*\)", " ", head)


@lru_cache(maxsize=512)
def _clauses(text: str) -> tuple[_Clause, ...]:
    """Split a passage into its clauses, once however many claims cite it."""
    return tuple(
        _Clause(part.strip(), held, _words(_PLANNED.sub(" ", _DENIED.sub(" ", part))))
        for sentence in _SENTENCE.split(text)
        for part, held in _parts(sentence)
    )


def _parts(sentence: str) -> Iterator[tuple[str, bool]]:
    from capdraft.checking.quotes.polarity import denials

    if _LIST_OF_PLANS.match(sentence):
        yield from ((part, True) for part in _ITEM.split(sentence))
        return
    for part in _CLAUSE.split(sentence):
        planned = _PLANNED.search(part) is not None
        yield part, planned or (_DENIED.search(part) is not None and denials(part) > 0)


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    from capdraft.checking.statements.words import telling

    return frozenset(telling(text, every=True))


@lru_cache(maxsize=64)
def _idle(names: tuple[str, ...]) -> frozenset[str]:
    from capdraft.checking.statements.words import present

    return present(_GENERAL).union(*map(present, names))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    from capdraft.checking.quotes.words import sentences

    return sentences(text)
