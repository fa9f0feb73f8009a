"""Quotes as reviewers read them: as the document writes them, and which words a claim shares."""

from __future__ import annotations

import re

from capdraft.records import Evidence
from capdraft.text import one_line

LONGEST = 4_000
"""Characters from which on a quote is shown without what is data in it."""
_CODE_SPAN = re.compile(r"`+[^`]*`+")
_TAG = re.compile(r"<[A-Za-z/!?]")


def as_written(item: Evidence) -> str:
    """Return a quote with the marks that its document has, so that `detect cat` stays a literal.

    What is written in HTML is shown without tags, a table row as its cells between ` | `.
    """
    from capdraft.sources import readable

    raw = item.quote
    if item.kind in ("table-row", "code") or len(raw) > LONGEST:
        return readable(raw, item.kind, item.markup)
    if _TAG.search(_CODE_SPAN.sub("", raw)):
        return readable(raw, item.kind, item.markup)
    return "\n\n".join(one_line(part) for part in raw.split("\n\n") if part.strip())


def shared_words(quote: str, claim: str) -> list[tuple[int, int]]:
    """Return where `quote` has words and numbers of `claim`, compared by their stems."""
    from capdraft.checking.quotes.words import FUNCTION_STEMS, WORD
    from capdraft.checking.statements.words import present

    said = present(claim) - FUNCTION_STEMS
    return [found.span() for found in WORD.finditer(quote) if present(found[0]) & said]
