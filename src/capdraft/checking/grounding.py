"""CD104: whether what was quoted is still a passage of its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

from capdraft.checking.claims import Claim, Problem, rule, shown
from capdraft.errors import ExtraMissing, SourceError
from capdraft.records import Document, DocumentRef, Evidence, Proposal
from capdraft.text import normalise
from capdraft.workspace import Workspace

AROUND = 3
"""Words that are shown beside those in which a passage has changed."""
MOST_CHANGES = 3
"""A passage with more changes than this is shown from its start."""

if TYPE_CHECKING:
    from capdraft.checking.quotes import QuoteIndex

Said = frozenset[tuple[str, str]]
"""The passages of a document as compared: each quote with its table's header row."""


class _SaidBy(frozenset[tuple[str, str]]):
    """What a document says, and the document: to find what took the place of a quote."""

    document: Document

    @cached_property
    def index(self) -> QuoteIndex:
        from capdraft.checking.quotes import QuoteIndex

        return QuoteIndex(self.document)


def said_by(document: Document) -> Said:
    """Return what `document` says, passage by passage."""
    said = _SaidBy(
        (normalise(document.text[passage.start : passage.end]), normalise(passage.header or ""))
        for passage in document.passages
    )
    said.document = document
    return said


def document_of(said: Said | None) -> Document | None:
    """Return the document that was read for `said`; None where none could be."""
    return said.document if isinstance(said, _SaidBy) else None


def is_said(item: Evidence, said: Said) -> bool:
    """Tell whether `item` is a whole passage of a document, however its white space is laid out.

    A part of a passage is not enough: what stands around it may say the opposite.
    """
    return (normalise(item.quote), normalise(item.header or "")) in said


def present_passages(workspace: Workspace, proposal: Proposal) -> dict[str, Said | None]:
    """Return what each document says now, by its URI; None where it isn't at hand.

    A document that is there and can't be read says nothing. What was fetched from an address says
    what it said then.
    """
    return {document.uri: _present(workspace, document) for document in proposal.documents}


def _present(workspace: Workspace, ref: DocumentRef) -> Said | None:
    from capdraft.sources import RECORDS_MEDIA_TYPE

    try:
        if ref.media_type == RECORDS_MEDIA_TYPE:
            return _records(workspace, ref)
        document = _at_hand(workspace, ref)
        return None if document is None else said_by(document)
    except ExtraMissing:
        return None  # it may say what it said: this installation can't look
    except (SourceError, RuntimeError):
        return frozenset()


def _records(workspace: Workspace, ref: DocumentRef) -> Said:
    """Return what the catalog says now of another artifact; nothing, if that was taken out."""
    from capdraft.sources import read_catalog_entry

    found = workspace.read_entry(ref.uri.removeprefix("catalog/").removesuffix(".json"))
    if found.entry is None or found.stored is None or not found.entry.capabilities:
        return frozenset()
    return said_by(read_catalog_entry(found.entry, uri=ref.uri, sha256=found.stored.sha256))


def _at_hand(workspace: Workspace, ref: DocumentRef) -> Document | None:
    from capdraft.sources import read_document
    from capdraft.sources.addresses import is_address, read_kept

    if is_address(ref.uri):
        return read_kept(workspace.root, ref)
    path = workspace.root / ref.uri
    if not (path.exists() or path.is_symlink()):
        return None
    return read_document(path, uri=ref.uri)


@rule("CD104", "quote-gone", "error", "A quote is not in its document any more.")
def quote_gone(claim: Claim) -> Iterator[Problem]:
    """Look each quote up in what its document says now, where that is at hand."""
    for item in claim.field.evidence:
        uri, said = claim.present.get(item.document, ("", None))
        if said is not None and not is_said(item, said):
            before, now = _difference(item, said)
            instead = f"; it says '{shown(now)}' now" if now else ""
            yield Problem(f"{uri} does not say '{shown(before)}' any more{instead}")


def _difference(item: Evidence, said: Said) -> tuple[str, str]:
    """Return what a quote says and what stands there instead, as far as that can be told.

    Of two long texts, the words in which they differ, with those beside them.
    """
    found = said.index.nearest(item.quote) if isinstance(said, _SaidBy) else None
    before, now = item.quote.split(), found.text.split() if found else []
    if found is None or before == now:
        return item.quote, ""
    changes = [
        change
        for change in SequenceMatcher(None, before, now, False).get_opcodes()
        if change[0] != "equal"
    ]
    _, first, last, from_, to = changes[0]
    if len(changes) > MOST_CHANGES:
        return item.quote, found.text
    return (
        " ".join(before[max(0, first - AROUND) : last + AROUND]),
        " ".join(now[max(0, from_ - AROUND) : to + AROUND]),
    )


def by_document(
    proposal: Proposal, present: Mapping[str, Said | None]
) -> dict[str, tuple[str, Said | None]]:
    """Return the URI of each document and what it says now, by the id that evidence names."""
    return {item: (uri, present.get(uri)) for item, uri in proposal.uris.items()}
