"""One run of an export: what is read, what could not be, and the text piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from capdraft.comparing import read_entries
from capdraft.errors import CapdraftError, StoreError, UsageProblem
from capdraft.publishing.exports.plugin_exporters import exporter, plugin_pieces
from capdraft.records import CatalogEntry
from capdraft.workspace import Workspace

Format = Literal["json", "jsonl", "csv", "json-ld", "training", "croissant", "unfragile"]
FORMATS: tuple[Format, ...] = Format.__args__  # type: ignore[attr-defined]
PER_ARTIFACT: dict[str, str] = {
    "croissant": "SLUG.json",
    "unfragile": "SLUG/unfragile.yml",
}
"""Formats of one document an artifact, and what its file is called in a folder."""


@dataclass(frozen=True, slots=True)
class Document:
    """One artifact's document, and what the format asks for that the catalog doesn't know."""

    slug: str
    text: str
    lacks: tuple[str, ...]


@dataclass
class Export:
    """Reads the artifacts of `slugs` (of all) one after the other, and counts them."""

    workspace: Workspace
    format: str
    """One of `FORMATS`, or the name of a plugin's."""
    slugs: tuple[str, ...] = ()
    with_names: bool = False
    failed: list[CapdraftError] = field(default_factory=list)
    artifacts: int = 0
    items: int = 0
    """Records; of the corrections for training, examples."""

    def check(self) -> None:
        """Check that what was named is there, and fits the format.

        Raises:
            BadSlug: a name isn't a slug.
            NotFound: there is no such artifact.
            UsageProblem: there is no such format, or Croissant was asked for something else than
                a dataset.
        """
        exporter(self.format, FORMATS)
        for slug in self.slugs:
            try:
                self._check(slug)
            except StoreError:
                continue  # told when it is exported: the others go on

    def pieces(self) -> Iterator[str]:
        """Yield the one document of a format; together they are its text."""
        if self.format == "training":
            yield from self._training_lines()
        else:
            yield from _writer(self.format)(self._entries())

    def encoded(self) -> Iterator[bytes]:
        """Yield the one document of a format, or what a plugin writes, as bytes.

        Raises:
            PluginBroke: the plugin raised an error, or yields what is neither text nor bytes.
        """
        plugin = exporter(self.format, FORMATS)
        if plugin is not None:
            yield from plugin_pieces(plugin, self._entries())
        else:
            yield from (piece.encode() for piece in self.pieces())

    @property
    def is_of_plugin(self) -> bool:
        """Whether a plugin writes the format."""
        return exporter(self.format, FORMATS) is not None

    @property
    def is_per_artifact(self) -> bool:
        """Whether the format is one document an artifact."""
        return self.format in PER_ARTIFACT and not self.is_of_plugin

    def documents(self) -> Iterator[Document]:
        """Yield the document of each artifact; in Croissant, of each dataset."""
        for entry in self._entries():
            slug = entry.artifact.slug
            if self.format == "croissant":
                from capdraft.publishing.exports.as_croissant import croissant, croissant_lacks

                yield Document(slug, croissant(entry), croissant_lacks(entry))
            else:
                from capdraft.publishing.exports.as_unfragile import unfragile, unfragile_lacks

                yield Document(slug, unfragile(entry), unfragile_lacks(entry))

    def _check(self, slug: str) -> None:
        if self.format == "training":
            self.workspace.read_proposal(slug)
            return
        (entry,) = read_entries(self.workspace, [slug])
        if not self._takes(entry):
            raise UsageProblem(
                f"Croissant describes datasets, and {slug!r} is of the type "
                f"{entry.artifact.type!r}",
                hint=f"Other formats have it: capdraft export json-ld {slug}",
            )

    def _takes(self, entry: CatalogEntry) -> bool:
        if entry.withdrawn:
            return False
        return self.format != "croissant" or entry.artifact.type == "dataset"

    def _entries(self) -> Iterator[CatalogEntry]:
        """Yield the catalog entries; what can't be read is kept with the failures."""
        for slug in self.slugs or self.workspace.catalog():
            try:
                entry = self.workspace.read_entry(slug).entry
            except CapdraftError as error:
                self.failed.append(error)
                continue
            if entry is not None and self._takes(entry):
                self.artifacts += 1
                self.items += len(entry.capabilities)
                yield entry

    def _training_lines(self) -> Iterator[str]:
        from capdraft.publishing.exports.as_training import training_examples, training_line

        for slug in self.slugs or self.workspace.artifacts():
            try:
                examples = list(training_examples(self.workspace, slug))
            except CapdraftError as error:
                self.failed.append(error)
                continue
            self.artifacts += bool(examples)
            self.items += len(examples)
            yield from (training_line(example, self.with_names) for example in examples)


def _writer(format_: str) -> Callable[[Iterable[CatalogEntry]], Iterator[str]]:
    """Return what writes entries as one document; its module is imported only then."""
    match format_:
        case "json":
            from capdraft.publishing.exports.as_json import json_pieces as writer
        case "jsonl":
            from capdraft.publishing.exports.as_jsonl import json_lines as writer
        case "csv":
            from capdraft.publishing.exports.as_csv import csv_rows as writer
        case _:
            from capdraft.publishing.exports.as_json_ld import json_ld_pieces as writer
    return writer
