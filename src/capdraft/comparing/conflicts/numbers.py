"""A number that one side's docs give of another artifact, and that its own docs give otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from capdraft.checking import contradicting
from capdraft.checking.quotes.polarity import denials
from capdraft.checking.statements.reserves import holds_back
from capdraft.checking.support import unsupported
from capdraft.comparing.conflicts.statements import Side, Statement, said_of
from capdraft.records import Document, Passage

Found = tuple[Statement, Statement]
"""What the speaker says, and what the subject's own docs say."""

_INEXACT = re.compile(
    r"\b(?:up to|at (?:least|most)|(?:more|less|fewer) than|over|under|above|below|between|from"
    r"|nearly|about|approximately|approx|around|roughly|almost|or (?:more|less|fewer))\b|[~≈<>≤≥+]",
    re.IGNORECASE,
)
_NOWHEN = datetime(1970, 1, 1, tzinfo=UTC)


def other_numbers(speaker: Side, subject: Side, sides: Sequence[Side]) -> Iterator[Found]:
    """Yield statements about `subject` that share their words and differ in a number.

    As rule CD107 finds them in the documents of one artifact. The number must stand nowhere in
    what `subject` says, and neither statement may be a bound, a guess or a condition.
    """
    theirs = [(text, s) for text, s in said_of(speaker, subject, sides) if _is_firm(text)]
    theirs = [item for item in theirs if _is_new(item[0], subject)]
    if not theirs:
        return
    own = [
        (text, statement)
        for statement in (*subject.passages, *subject.claims)
        if not statement.is_row and (text := subject.as_itself(statement)) and _is_firm(text)
    ]
    texts = [text for text, _ in (*theirs, *own)]
    documents = (_document(texts, 0, len(theirs)), _document(texts, len(theirs), len(texts)))
    statements = [statement for _, statement in (*theirs, *own)]
    for _, one, two in contradicting(documents):
        yield statements[one - 1], statements[two - 1]


def _is_firm(text: str) -> bool:
    return not (_INEXACT.search(text) or denials(text) or holds_back(text, ""))


def _is_new(text: str, subject: Side) -> bool:
    """Tell whether `text` has a number that stands nowhere in what the subject says."""
    return any(unsupported(text, subject.texts, (subject.entry.artifact.name,)))


def _document(texts: Sequence[str], first: int, last: int) -> Document:
    """Return texts as a document whose passages are numbered from `first` + 1."""
    return Document(
        uri=f"{first}",
        sha256="0" * 64,
        retrieved=_NOWHEN,
        text="",
        passages=tuple(
            Passage(number=place + 1, kind="list-item", start=0, end=0, shown=texts[place])
            for place in range(first, last)
        ),
    )
