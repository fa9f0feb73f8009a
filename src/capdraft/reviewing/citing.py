"""The passages that a reviewer can cite: those of the proposal's documents as they read now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capdraft.checking import document_of
from capdraft.errors import NotFound, UsageProblem
from capdraft.records import Document, DocumentRef, Evidence, Passage, Side
from capdraft.reviewing.review import Review

NUMBERS = re.compile(r"[\d\s,]+(?:/[\d\s,]*)?")
"""How passages are named: 3 7, or 3 7 / 12."""


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document of a proposal, and what it reads now; None where it can't be looked into.

    Its passages are numbered over all documents, as in the prompt if nothing changed since.
    """

    ref: DocumentRef
    document: Document | None

    @property
    def changed(self) -> bool:
        """Whether it has other bytes than when it was drafted from."""
        return self.document is not None and self.document.sha256 != self.ref.sha256

    def evidence(self, passage: Passage, side: Side = "artifact") -> Evidence:
        """Return the evidence that one of its passages is.

        Raises:
            NotFound: it can't be looked into.
        """
        from capdraft.sources import quote

        if self.document is None:
            raise NotFound(f"{self.ref.uri} is not at hand")
        return quote(self.document, passage, document_id=self.ref.id, side=side)


def open_documents(review: Review) -> list[OpenDocument]:
    """Return the documents of a proposal as they read now, in their order."""
    found, first = [], 1
    for ref in review.stored.proposal.documents:
        document = document_of(review.present.get(ref.uri))
        found.append(OpenDocument(ref, _numbered(document, first) if document else None))
        first += len(document.passages) if document else ref.passages
    return found


def evidence_for(
    review: Review, numbers: Sequence[int], other_side: Sequence[int] = ()
) -> tuple[Evidence, ...]:
    """Return the evidence that passages are by their numbers; `other_side` is the alternative's.

    Raises:
        NotFound: no document at hand has a passage of that number.
    """
    documents = open_documents(review)
    return (
        *_evidence(documents, numbers, "artifact"),
        *_evidence(documents, other_side, "alternative"),
    )


def cited(review: Review, said: str) -> tuple[Evidence, ...]:
    """Return the evidence for `3 7`, or `3 7 / 12`: those behind the slash are the other side's.

    Raises:
        UsageProblem: it is neither.
        NotFound: no document at hand has a passage of that number.
    """
    if not NUMBERS.fullmatch(said) or not re.search(r"\d", said):
        raise UsageProblem(
            f"{said!r} names no passages", hint="For example 3 7, or 3 7 / 12 for both sides."
        )
    own, other = ([int(n) for n in re.findall(r"\d+", part)] for part in said.partition("/")[::2])
    return evidence_for(review, own, other)


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that can be cited, and the document that it is of."""

    uri: str
    passage: Passage


def find_passages(review: Review, words: str = "") -> list[FoundPassage]:
    """Return the passages that can be cited and hold all of `words`, in any case; all for none.

    The headings above a passage count as its words.
    """
    wanted = words.casefold().split()
    return [
        FoundPassage(item.ref.uri, passage)
        for item in open_documents(review)
        for passage in (item.document.passages if item.document else ())
        if _holds("\n".join((*passage.heading, passage.shown)), wanted)
    ]


def _holds(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _evidence(
    documents: Sequence[OpenDocument], numbers: Sequence[int], side: Side
) -> Iterator[Evidence]:
    at = {
        passage.number: (item, passage)
        for item in documents
        if item.document is not None
        for passage in item.document.passages
    }
    for number in dict.fromkeys(numbers):
        if number not in at:
            most = max(at, default=0)
            raise NotFound(f"there is no passage [{number}]", hint=f"They count from 1 to {most}.")
        item, passage = at[number]
        yield item.evidence(passage, side)


def _numbered(document: Document, first: int) -> Document:
    """Return `document` with its passages counted from `first`."""
    if first == 1:
        return document
    passages = tuple(
        passage.model_copy(update={"number": number})
        for number, passage in enumerate(document.passages, first)
    )
    return document.model_copy(update={"passages": passages})
