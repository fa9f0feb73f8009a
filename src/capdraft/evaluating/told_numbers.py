"""The numbers that a draft tells: those of the gold that are missing, and those nobody states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capdraft.checking.claims import evidence_text
from capdraft.checking.quantities import mentions
from capdraft.checking.support import unsupported
from capdraft.evaluating.measures import Share
from capdraft.evaluating.measuring import Measured, texts_of
from capdraft.text import normalise


def numbers_told(draft: Measured) -> Share:
    """Count the gold's numbers that the matched records tell."""
    told = of = 0
    for gold, record in draft.pairs:
        said = list(texts_of(record))
        of += len(gold.numbers)
        told += sum(_is_told(number, said) for number in gold.numbers)
    return Share(hits=told, of=of)


def numbers_right(draft: Measured) -> Share:
    """Count the numbers in matched records that the gold, its passages or the cited ones state."""
    of = wrong = 0
    for text, stated in _texts_beside_sources(draft):
        of += len(_unstated(text, [], draft))  # without sources, that is every number
        wrong += len(_unstated(text, stated, draft))
    return Share(hits=of - wrong, of=of)


def wrong_numbers(draft: Measured) -> list[str]:
    """Return the numbers in matched records that nothing states: invented, misread or computed."""
    return [
        number
        for text, stated in _texts_beside_sources(draft)
        for number in _unstated(text, stated, draft)
    ]


def _texts_beside_sources(draft: Measured) -> Iterator[tuple[str, list[str]]]:
    """Yield what matched records say of the artifact alone, and what may state its numbers.

    A number of another version or row is right here if the field cites the passage that has it:
    the same words may tell it as what it is ("the earlier figure was 81.2"), so labels can't say.
    """
    for gold, record in draft.pairs:
        said = draft.gold_texts(gold)
        for name, field in record.fields():
            if name != "vs_alternatives":
                yield field.text, [*said, *map(evidence_text, field.evidence)]


def _is_told(number: str, said: Sequence[str]) -> bool:
    if mentions(number):
        return not any(unsupported(number, said))
    return any(normalise(number).casefold() in normalise(text).casefold() for text in said)


def _unstated(text: str, stated: Sequence[str], draft: Measured) -> list[str]:
    found = unsupported(text, stated, (draft.case.gold.name,))
    return [text[item.start : item.end] for item in found]
