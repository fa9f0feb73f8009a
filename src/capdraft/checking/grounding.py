"""CD104: whether what was quoted is still a passage of its document."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from capdraft.checking.claims import Claim, Problem, rule, shown
from capdraft.errors import BadSlug, ExtraMissing, FormatUnknown, PluginBroke, SourceError
from capdraft.plugins.running import in_use
from capdraft.records import Document, DocumentRef, Evidence, Proposal
from capdraft.text import normalise, sha256
from capdraft.workspace import Workspace

AROUND = 3
"""Words that are shown beside those in which a passage has changed."""
MOST_CHANGES = 3
"""A passage with more changes than this is shown from its start."""

KEPT = 32
"""Documents that are kept parsed; a long one takes a tenth of a second to read anew."""

LARGEST_ELSEWHERE = 64 * 1024 * 1024
"""Bytes of a file outside of the workspace that is read; special ones may have no end."""

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
    what it said then. Of a file elsewhere whose bytes are not those that were drafted from, it is
    known whether it says a quote, and nothing is shown.
    """
    return {document.uri: _present(workspace, document) for document in proposal.documents}


def _present(workspace: Workspace, ref: DocumentRef) -> Said | None:
    from capdraft.sources import RECORDS_MEDIA_TYPE

    try:
        if ref.media_type == RECORDS_MEDIA_TYPE:
            return _records(workspace, ref)
        return _at_hand(workspace, ref)
    except PluginBroke as error:
        in_use().tell(error)  # nobody else would
        return None
    except (ExtraMissing, FormatUnknown):
        return None  # it may say what it said: this installation can't look
    except (SourceError, BadSlug, OSError, RuntimeError):
        return frozenset()


def _records(workspace: Workspace, ref: DocumentRef) -> Said:
    """Return what the catalog says now of another artifact; nothing, if that was taken out."""
    from capdraft.sources import read_catalog_entry

    found = workspace.read_entry(ref.uri.removeprefix("catalog/").removesuffix(".json"))
    if found.entry is None or found.stored is None or not found.entry.capabilities:
        return frozenset()
    return said_by(read_catalog_entry(found.entry, uri=ref.uri, sha256=found.stored.sha256))


def _at_hand(workspace: Workspace, ref: DocumentRef) -> Said | None:
    """Return what a document says now; its bytes are read each time, and parsed if they are new."""
    from capdraft.sources import file_bytes
    from capdraft.sources.addresses import is_address, kept_file

    if is_address(ref.uri):
        kept = kept_file(workspace.root, ref)
        if kept is None:
            return None
        name, data = kept
        return _parsed(_File(ref.uri, name, ref.media_type, sha256(data), data))
    path = workspace.root / ref.uri
    if not os.path.lexists(path):
        return None
    in_the_open = is_in_the_open(workspace.root, path)
    if not in_the_open and not 0 < path.stat().st_size <= LARGEST_ELSEWHERE:
        return frozenset()
    data = file_bytes(path, uri=ref.uri)
    said = _parsed(_File(ref.uri, path.name, None, sha256(data), data))
    return said if in_the_open or sha256(data) == ref.sha256 else frozenset(said)


def is_in_the_open(root: Path, path: Path) -> bool:
    """Tell whether a file, wherever links lead, is in the workspace, and not hidden in it.

    A proposal may come from anybody and name any file of this machine. What others are shown of
    those elsewhere is what the proposal's author had: a file with the bytes that it names.
    """
    place = path.resolve()
    inside = place.is_relative_to(root)
    return inside and not any(part.startswith(".") for part in place.relative_to(root).parts)


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it was read: bytes with the same hash are the same."""

    uri: str
    name: str
    media_type: str | None
    sha256: str
    data: bytes = field(compare=False, repr=False)


@lru_cache(maxsize=KEPT)
def _parsed(file: _File) -> Said:
    from capdraft.sources import read_bytes

    return said_by(read_bytes(file.data, file.name, uri=file.uri, media_type=file.media_type))


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
