"""`other-passage`: evidence swapped for that of another capability, which says nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capdraft.checking import content_words
from capdraft.checking.quantities import mentions
from capdraft.records import Capability, Evidence
from capdraft.text import one_line

FEWEST_WORDS = 4
_LONGEST = 80


def other_passages(
    text: str, evidence: Sequence[Evidence], others: Sequence[Capability], artifact: str
) -> Iterator[tuple[tuple[Evidence, ...], str]]:
    """Yield evidence of other capabilities that shares no word with a claim, and the truth.

    The artifact's own name does not count: most passages say it. A claim with a number is left
    alone: the rules would tell that the number is not there.
    """
    about = content_words(text) - content_words(artifact)
    if len(about) < FEWEST_WORDS or mentions(text):
        return
    for other in others:
        for name, field in other.fields():
            cited = field.evidence
            if name == "vs_alternatives" or not cited or {*cited} & {*evidence}:
                continue
            if not any(about & content_words(_shown(item)) for item in cited):
                yield cited, _truth(other.name, evidence[0])


def _shown(item: Evidence) -> str:
    return "\n".join((*item.heading, item.header or "", item.quote))


def _truth(name: str, right: Evidence) -> str:
    quote = one_line(right.quote)
    quote = quote if len(quote) <= _LONGEST else f"{quote[: _LONGEST - 1].rstrip()}…"
    return f"What was cited is evidence for “{name}”; the claim rests on “{quote}”."
