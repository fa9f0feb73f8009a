"""What a claim cites, between the form that chooses passages and the evidence of a decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from capdraft.errors import TextChanged
from capdraft.records import Document, Evidence, Passage, Side
from capdraft.reviewing import FieldState, Review
from capdraft.reviewing.citing import OpenDocument, open_documents
from capdraft.text import normalise, sha256

SUGGESTED = 3
"""Passages that are offered for a claim without evidence."""
_CHOICE = re.compile(r"(\d{1,9}):([0-9a-f]{8}):(artifact|alternative)")
_KEPT = re.compile(r"kept:(\d{1,4})")


def choice(document: Document, passage: Passage, side: Side) -> str:
    """Return the value of a form that cites `passage`: it holds only while the passage does."""
    words = document.text[passage.start : passage.end]
    return f"{passage.number}:{sha256(words)[:8]}:{side}"


def chosen(review: Review, state: FieldState, values: Iterable[str]) -> tuple[Evidence, ...]:
    """Return the evidence that a form's `values` stand for: passages, and what is cited already.

    Raises:
        TextChanged: a value names a passage that stands there no more.
    """
    documents = open_documents(review)
    cited = state.field.evidence
    known = {_key(item): item for item in cited}
    found: dict[object, Evidence] = {}
    for value in dict.fromkeys(values):
        item = _kept(cited, value) or _passage(documents, value)
        if item is None:
            raise TextChanged(
                "a passage that you chose is not in its document any more",
                where=review.stored.name,
                hint="Nothing was decided. Choose it again from the document as it is now.",
            )
        found.setdefault(_key(item), known.get(_key(item), item))
    # What is cited already keeps its order: the same choice is the same evidence.
    order = {_key(item): place for place, item in enumerate(cited)}
    return tuple(sorted(found.values(), key=lambda item: order.get(_key(item), len(order))))


def _key(item: Evidence) -> tuple[str, str, str, str]:
    return item.document, item.side, normalise(item.header or ""), normalise(item.quote)


def _kept(cited: Sequence[Evidence], value: str) -> Evidence | None:
    match = _KEPT.fullmatch(value)
    return cited[int(match[1])] if match and int(match[1]) < len(cited) else None


def _passage(documents: Iterable[OpenDocument], value: str) -> Evidence | None:
    match = _CHOICE.fullmatch(value)
    for item in documents if match else ():
        passages = item.document.passages if item.document else ()
        place = int(match[1]) - passages[0].number if match and passages else -1
        if match and item.document and 0 <= place < len(passages):
            side = cast(Side, match[3])
            if choice(item.document, passages[place], side) == value:
                return item.evidence(passages[place], side)
    return None


def standing(documents: Iterable[OpenDocument], evidence: Sequence[Evidence]) -> dict[int, Passage]:
    """Return which passage each of `evidence` is now, by its place there.

    What is not in its document any more has none. Where a passage stands more than once, it is
    the one next to where it was quoted from.
    """
    found = {}
    for item in documents:
        cited = [n for n, quoted in enumerate(evidence) if quoted.document == item.ref.id]
        places = _places(item.document) if item.document and cited else {}
        for number in cited:
            quoted = evidence[number]
            same = places.get((normalise(quoted.quote), normalise(quoted.header or "")), [])
            if same:
                found[number] = min(same, key=lambda p: abs(p.start - quoted.start))
    return found


def _places(document: Document) -> dict[tuple[str, str], list[Passage]]:
    places: dict[tuple[str, str], list[Passage]] = {}
    for passage in document.passages:
        words = document.text[passage.start : passage.end]
        key = normalise(words), normalise(passage.header or "")
        places.setdefault(key, []).append(passage)
    return places


def nearest(documents: Iterable[OpenDocument], item: Evidence) -> Passage | None:
    """Return the passage that reads most like a quote that its document has no more."""
    from capdraft.checking.quotes import nearest as nearest_quote

    opened = next((d for d in documents if d.ref.id == item.document), None)
    if opened is None or opened.document is None:
        return None
    found = nearest_quote(opened.document, item.quote)
    return _by_number(opened.document, found.passages[0]) if found else None


def suggestions(documents: Iterable[OpenDocument], text: str) -> list[int]:
    """Return the numbers of a few passages that read like `text` or a sentence of it."""
    from capdraft.sources import RECORDS_MEDIA_TYPE

    own = [d.document for d in documents if d.document and d.ref.media_type != RECORDS_MEDIA_TYPE]
    return list(dict.fromkeys(_suggested(own, text)))[:SUGGESTED]


def _suggested(documents: Sequence[Document], text: str) -> Iterator[int]:
    from capdraft.checking.quotes import QuoteIndex
    from capdraft.checking.quotes.words import sentences

    parts = [text[start:end] for start, end in sentences(text)]
    indexes = [QuoteIndex(document) for document in documents]
    for part in dict.fromkeys((text, *parts)):
        for index in indexes:
            found = index.find(part)
            if found is not None:
                yield from found.passages


def _by_number(document: Document, number: int) -> Passage | None:
    place = number - document.passages[0].number
    return document.passages[place] if 0 <= place < len(document.passages) else None
