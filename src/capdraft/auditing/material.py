"""What texts are held against: the documents, and the approved records of alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from capdraft.checking.statements import Library, Shown, of_document
from capdraft.drafting import Brief, Catalog, make_brief
from capdraft.drafting.neighbours import record_documents
from capdraft.records import Artifact, Document, Evidence, Passage, Side
from capdraft.sources import quote
from capdraft.text import normalise
from capdraft.workspace import Workspace

BriefOf = Callable[[Path | str], tuple[Brief, list[str]]]
"""Reads what a source names; returns too what the user is told of it."""


@dataclass(frozen=True)
class Material:
    """Documents whose passages are numbered throughout, and the catalog they are held beside."""

    artifact: Artifact
    documents: tuple[Document, ...]
    catalog: Catalog = field(default_factory=Catalog)

    def counted_from(self, number: int) -> Material:
        """Return the same documents with passages that are numbered from `number` on."""
        return replace(self, documents=tuple(_numbered(self.documents, number)))

    @cached_property
    def own(self) -> Library:
        """The passages of the artifact's documents."""
        passages = [shown for document in self.documents for shown in of_document(document)]
        return Library(passages, self.artifact.name, self.artifact.type)

    @cached_property
    def _records(self) -> dict[str, Document]:
        """The records of all other artifacts as documents, by the artifact's slug."""
        number = 1 + max((p.number for d in self.documents for p in d.passages), default=0)
        found = {}
        for item in self.catalog.listed:
            if item.slug != self.artifact.slug:
                every = frozenset(record.id for record in item.entry.capabilities)
                (document,) = record_documents([(item, every)], number)
                number += len(document.passages)
                found[item.slug] = document
        return found

    def others(self, text: str) -> list[Library]:
        """Return the records of the artifacts that `text` names."""
        return [
            Library(of_document(self._records[item.slug]), item.entry.artifact.name)
            for item in self.catalog.named(self.artifact, [text])
        ]

    @cached_property
    def _quoted(self) -> dict[tuple[str, int], tuple[Document, Passage]]:
        every = (*self.documents, *self._records.values())
        return {(d.uri, p.number): (d, p) for d in every for p in d.passages}

    def evidence(self, passages: Iterable[Shown], side: Side) -> Iterator[Evidence]:
        """Yield the evidence that passages of these are; each names its document by its URI."""
        for shown in passages:
            if found := self._quoted.get((shown.document, shown.number)):
                document, passage = found
                yield quote(document, passage, document_id=document.uri, side=side)

    def again(self, item: Evidence) -> Evidence | None:
        """Return what was quoted from one of these as it stands there now, else None."""
        document = self.document(item.document)
        wanted = normalise(item.quote), normalise(item.header or "")
        if document is None:
            return None
        for passage in document.passages:
            words = document.text[passage.start : passage.end]
            if (normalise(words), normalise(passage.header or "")) == wanted:
                return quote(document, passage, document_id=document.uri, side=item.side)
        return None

    def document(self, uri: str) -> Document | None:
        """Return one of the documents, or the records of another artifact, by its URI."""
        every = (*self.documents, *self._records.values())
        return next((document for document in every if document.uri == uri), None)


def read_material(
    workspace: Workspace,
    artifact: Artifact,
    sources: Sequence[Path | str],
    brief_of: BriefOf | None = None,
) -> tuple[Material, list[str]]:
    """Read files, folders and addresses, and return what the user is told of them.

    A document that is named twice counts once.

    Raises:
        SourceError: a document can't be read, or a folder or address has none.
    """
    documents: dict[str, Document] = {}
    notes: list[str] = []
    for source in sources:
        brief, said = (
            brief_of(source) if brief_of else make_brief(source, workspace, slug=artifact.slug)
        )
        notes += said
        for document in brief.documents:
            documents.setdefault(document.uri, document)
    numbered = tuple(_numbered(documents.values(), 1))
    return Material(artifact, numbered, Catalog.load(workspace)), notes


def _numbered(documents: Iterable[Document], number: int) -> Iterator[Document]:
    for document in documents:
        passages = []
        for passage in document.passages:
            passages.append(passage.model_copy(update={"number": number}))
            number += 1
        yield document.model_copy(update={"passages": tuple(passages)})
