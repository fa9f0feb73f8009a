"""What a note names is read as it is now: files of the repository, and what was fetched before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from capdraft.client.cassettes import NotedDocument, NotedSource
from capdraft.drafting import Brief, make_brief
from capdraft.errors import SourceError
from capdraft.records import Artifact, Document, DocumentRef
from capdraft.sources import read_bytes
from capdraft.sources.addresses import is_address, kept_file
from capdraft.workspace import Workspace

FETCH = "--fetch reads addresses again, and files outside of the repository."


@dataclass(frozen=True)
class Reading:
    """Reads for cassettes of a workspace; what lies elsewhere only if `fetch` says so."""

    workspace: Workspace
    fetch: bool

    @cached_property
    def _repository(self) -> Path:
        """The folder that git keeps the workspace in, else the workspace's own."""
        root = self.workspace.root
        return next((f for f in (root, *root.parents) if (f / ".git").exists()), root)

    def inside(self, place: str, what: str) -> Path:
        """Return a path of the note. It may come with a clone, and what it names is sent away.

        Raises:
            SourceError: it leads out of the repository.
        """
        path = self.workspace.root / place
        if not path.resolve().is_relative_to(self._repository):
            raise SourceError(
                f"{what} {place!r} lies outside of the repository",
                hint="Put it into the repository, or record the cassette anew from where it is.",
            )
        return path

    def is_away(self, item: NotedSource) -> bool:
        """Tell whether a source lies elsewhere and isn't to be read there."""
        if self.fetch:
            return False
        if is_address(item.source):
            return not (item.documents and all(map(self._kept, item.documents)))
        place = self.workspace.root / item.source
        return not place.resolve().is_relative_to(self._repository)

    def brief(
        self, item: NotedSource, workspace: Workspace, slug: str | None = None
    ) -> tuple[Brief, list[str]]:
        """Return what a source gives in `workspace`, and what the user is told of it.

        Raises:
            SourceError: it can't be read.
        """
        slug = slug or item.slug
        if is_address(item.source) and not self.fetch:
            artifact = Artifact(slug=slug or "fetched", name=item.name or item.source)
            return Brief(artifact, tuple(self._kept_documents(item))), []
        place = item.source if is_address(item.source) else self.workspace.root / item.source
        return make_brief(place, workspace, slug=slug, name=item.name, artifact_type=item.type)

    def _kept(self, item: NotedDocument) -> tuple[str, bytes] | None:
        data = item.model_dump(include={"uri", "sha256", "media_type"})
        ref = DocumentRef(id="d1", retrieved="2000-01-01T00:00:00Z", passages=0, **data)
        return kept_file(self.workspace.root, ref)

    def _kept_documents(self, source: NotedSource) -> Iterator[Document]:
        number = 1
        for item in source.documents:
            name, data = self._kept(item) or ("", b"")
            document = read_bytes(
                data, name, uri=item.uri, media_type=item.media_type, first_number=number
            )
            number += len(document.passages)
            yield document
