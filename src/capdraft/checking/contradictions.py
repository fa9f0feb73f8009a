"""CD107, and finding what it looks at: statements of two documents that differ in a number only."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capdraft.checking import identifiers
from capdraft.checking.claims import Claim, Problem, rule, shown
from capdraft.checking.duplicates import content_words
from capdraft.checking.facts import Fact, Mention
from capdraft.checking.quantities import mentions
from capdraft.records import Contradiction, Document, Evidence, Passage
from capdraft.text import normalise

ALIKE = 0.75
"""Share of all their words that two statements have in common if they tell of one fact."""
FEWEST_WORDS = 2
"""Content words that tell which fact a statement gives."""
FEW_WORDS = 3
"""Statements of no more words than this must have all of them in common."""
MOST_NUMBERS = 2
COMMON = 60
"""A word of more statements than this doesn't lead from one to another."""
ROUNDED = Decimal("0.05")
"""Two values that differ by less may be the same one, rounded."""
_AND_MORE = re.compile(r"(?<=\d)\+(?=\s)")  # 4+ trillion
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a row: what it is about, and its numbers."""

    document: int
    passage: Passage
    words: frozenset[str]
    facts: tuple[Fact, ...]
    said: str


def contradicting(documents: Sequence[Document]) -> list[tuple[str, int, int]]:
    """Return what each pair of passages differs about, and their numbers.

    Two statements of different documents that share their words and differ in a number of the
    same kind. Within one document nothing is looked for: it may tell of several versions.
    """
    if len(documents) < 2:
        return []
    statements = [s for place, document in enumerate(documents) for s in _read(place, document)]
    counts = Counter(word for statement in statements for word in statement.words)
    index: dict[str, list[Statement]] = defaultdict(list)
    found: dict[tuple[int, int], str] = {}
    for statement in statements:
        leading = [word for word in statement.words if counts[word] <= COMMON]
        near = {id(other): other for word in leading for other in index[word]}
        for other in near.values():
            if _differ(other, statement):
                pair = (other.passage.number, statement.passage.number)
                found.setdefault(pair, f"{shown(other.said)} / {shown(statement.said)}")
        for word in leading:
            index[word].append(statement)
    return [(about, *pair) for pair, about in found.items()]


def _read(place: int, document: Document) -> Iterator[Statement]:
    for passage in document.passages:
        if passage.boilerplate or passage.kind == "code":
            continue
        label = passage.kind in ("list-item", "table-row")
        shown_text = _AND_MORE.sub("", passage.shown)
        for said in [shown_text] if label else _SENTENCE_END.split(shown_text):
            numbers = [m for m in mentions(said) if m.readings and not _names(m)]
            words = _about(said, numbers, passage.header or "")
            if 0 < len(numbers) <= MOST_NUMBERS and len(words) >= FEWEST_WORDS:
                facts = tuple(mention.readings[0][-1] for mention in numbers)
                yield Statement(place, passage, words, facts, said)


def _names(mention: Mention) -> bool:
    """Tell whether a number is part of a name: Gemma 2, v1.5."""
    return bool(mention.identifier) or (mention.name or "")[:1].isupper()


def _about(said: str, numbers: Iterable[Mention], header: str) -> frozenset[str]:
    blanked = said
    for mention in numbers:
        width = mention.end - mention.start
        blanked = blanked[: mention.start] + " " * width + blanked[mention.end :]
    named = {identifiers.key(m.identifier) for m in mentions(said) if m.identifier}
    return content_words(f"{header} {blanked}") | named


def _differ(one: Statement, two: Statement) -> bool:
    if one.document == two.document or len(one.facts) != len(two.facts):
        return False
    every = one.words | two.words
    if len(one.words & two.words) < (ALIKE if len(every) > FEW_WORDS else 1) * len(every):
        return False
    first = [fact for fact in one.facts if all(_far(fact, other) for other in two.facts)]
    second = [fact for fact in two.facts if all(_far(fact, other) for other in one.facts)]
    dimensions = [sorted(fact.dimension for fact in facts) for facts in (first, second)]
    return bool(first) and dimensions[0] == dimensions[1]


def _far(first: Fact, second: Fact) -> bool:
    if first.key == second.key:
        return False
    if isinstance(first.value, Decimal) and isinstance(second.value, Decimal):
        return abs(first.value - second.value) > ROUNDED * max(abs(first.value), abs(second.value))
    coarse, fine = sorted((str(first.value), str(second.value)), key=len)
    return not fine.startswith(coarse)  # 2024-05 and 2024-05-14 agree


@rule("CD107", "contradicting-sources", "error", "Another document contradicts a cited passage.")
def contradicted(claim: Claim) -> Iterator[Problem]:
    """Look for a contradiction of which the claim cites one side, and says what is in dispute."""
    cited = {_quoted(item) for item in claim.field.evidence}
    for item in claim.contradictions:
        for own, other in ((item.evidence, item.other), (item.other, item.evidence)):
            sides = ({_quoted(e) for e in own}, {_quoted(e) for e in other})
            if sides[0] & cited and not sides[1] & cited and _takes_side(claim, item):
                yield Problem(
                    f"the documents differ: '{shown(own[0].quote)}', "
                    f"but '{shown(other[0].quote)}'{_about_what(item)}",
                    mild=item.found_by == "model",  # it names passages, not what differs in them
                )


def _about_what(item: Contradiction) -> str:
    return f" ({shown(item.about, 160)})" if item.found_by == "model" else ""


def _quoted(item: Evidence) -> tuple[str, str]:
    return item.document, normalise(item.quote)


def _takes_side(claim: Claim, item: Contradiction) -> bool:
    """Tell whether the claim says a number that only one side has; without numbers it may."""
    one, two = (_values(side) for side in (item.evidence, item.other))
    if not one ^ two:
        return True
    return bool(_keys(claim.field.text) & (one ^ two))


def _values(side: Iterable[Evidence]) -> frozenset[tuple[str, object]]:
    return frozenset(key for evidence in side for key in _keys(evidence.quote))


def _keys(text: str) -> frozenset[tuple[str, object]]:
    return frozenset(
        fact.key
        for mention in mentions(text)
        for reading in mention.readings[:1]
        for fact in reading
    )
