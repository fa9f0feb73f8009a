"""What became of the documents that a proposal was drafted from, and of what it cites in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from capdraft.checking import document_of, is_said
from capdraft.records import DocumentRef, Evidence
from capdraft.reviewing import FieldState, Review, word_diff
from capdraft.reviewing.diffing import Kind
from capdraft.sources import RECORDS_MEDIA_TYPE, readable
from capdraft.sources.addresses import is_address

Now = Literal["unchanged", "changed", "gone", "not at hand"]


@dataclass(frozen=True, slots=True)
class DocumentNow:
    """A document, how it stands now, and how many of the cited passages it still says."""

    ref: DocumentRef
    now: Now
    why: str
    cited: int
    lost: int


@dataclass(frozen=True, slots=True)
class ChangedPassage:
    """A cited passage that its document no longer says, and what reads most like it now."""

    number: int
    uri: str
    quote: str
    now: str | None
    pieces: tuple[tuple[Kind, str], ...] = ()


def documents_now(review: Review) -> list[DocumentNow]:
    """Return the documents of the reviewed proposal as they stand now."""
    cited: dict[str, dict[int, Evidence]] = {}
    for state in review.states:
        for item in state.field.evidence:
            cited.setdefault(item.document, {})[item.passage] = item
    return [
        _now(review, ref, list(cited.get(ref.id, {}).values()))
        for ref in review.stored.proposal.documents
    ]


def _now(review: Review, ref: DocumentRef, cited: list[Evidence]) -> DocumentNow:
    said = review.present.get(ref.uri)
    lost = 0 if said is None else sum(not is_said(item, said) for item in cited)
    now, why = _standing(review, ref)
    return DocumentNow(ref, now, why, len(cited), lost)


def _standing(review: Review, ref: DocumentRef) -> tuple[Now, str]:
    said, from_address = review.present.get(ref.uri), is_address(ref.uri)
    if said is None:
        return _out_of_sight(review, ref, from_address=from_address)
    document = document_of(said)
    if document is None:
        if ref.media_type == RECORDS_MEDIA_TYPE:
            return "gone", "the catalog has no records of it any more"
        return "changed", (
            "it can't be read any more; or it is outside of the workspace, or hidden in it, and "
            "not shown since it changed"
        )
    if document.sha256 != ref.sha256:
        return "changed", ""
    return "unchanged", "as it was fetched; the address was not asked again" * from_address


def _out_of_sight(review: Review, ref: DocumentRef, *, from_address: bool) -> tuple[Now, str]:
    if from_address:
        return "not at hand", "what was fetched is not kept on this machine"
    if os.path.lexists(review.workspace.root / ref.uri):
        return "not at hand", "this installation can't read its format"
    return "gone", "there is no such file any more; what cites it can't be looked into"


def changed_passages(review: Review, state: FieldState) -> list[ChangedPassage]:
    """Return what a field cites that its documents, as far as they are at hand, no longer say."""
    changed = {item.passage: _changed(review, item) for item in _gone(review, state)}
    return list(changed.values())


def _gone(review: Review, state: FieldState) -> Iterator[Evidence]:
    uris = review.stored.proposal.uris
    for item in state.field.evidence:
        said = review.present.get(uris[item.document])
        if said is not None and not is_said(item, said):
            yield item


def _changed(review: Review, item: Evidence) -> ChangedPassage:
    from capdraft.checking.quotes import QuoteIndex

    uri = review.stored.proposal.uris[item.document]
    document = document_of(review.present.get(uri))
    found = QuoteIndex(document).nearest(item.quote) if document else None
    before = readable(item.quote, item.kind, item.markup)
    if found is None:
        return ChangedPassage(item.passage, uri, before, None)
    now = readable(found.text, item.kind, item.markup)
    return ChangedPassage(item.passage, uri, before, now, tuple(word_diff(before, now)))
