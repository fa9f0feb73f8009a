"""What the catalog holds of an artifact, and what a merge would change, without merging."""

from __future__ import annotations

import json
from dataclasses import dataclass

from capdraft.merging import merge_artifact
from capdraft.records import CatalogEntry
from capdraft.web.artifacts.parsed import ParsedOnce
from capdraft.workspace import Store, Stored, Workspace


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What is published now, and which fields a merge would add, change and take out."""

    records: int
    fields: int
    changes: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def only_details(self) -> bool:
        """Whether the same texts would be written with other evidence, names or approvals."""
        return self.changes and not (self.added or self.changed or self.removed)


class _Unwritten:
    """A workspace's texts, read as they are; what is written is kept here."""

    def __init__(self, store: Store) -> None:
        self._store, self.written = store, dict[str, str]()

    def list(self, folder: str) -> list[str]:
        return self._store.list(folder)

    def read(self, name: str) -> Stored | None:
        return self._store.read(name)

    def append(self, name: str, line: str) -> None:
        self.written[name] = self.written.get(name, "") + line + "\n"

    def replace(self, name: str, text: str, *, if_sha256: str | None) -> None:  # noqa: ARG002
        self.written[name] = text


def merge_preview(workspace: Workspace, slug: str) -> MergePreview:
    """Return what merging `slug` would do to its catalog entry.

    Raises:
        NotFound: the artifact has no proposal.
        FileInvalid: one of its files isn't what its schema says.
    """
    held = workspace.read_entry_as_is(slug).entry
    unwritten = _Unwritten(workspace.store)
    report = merge_artifact(ParsedOnce(workspace.root, unwritten), slug)
    text = unwritten.written.get(f"catalog/{slug}.json")
    after = CatalogEntry.model_validate(json.loads(text)) if text else held
    old, new = _texts(held), _texts(after)
    return MergePreview(
        records=len(held.capabilities) if held else 0,
        fields=len(old),
        changes=report.changed,
        added=tuple(path for path in new if path not in old),
        changed=tuple(path for path in new if path in old and old[path] != new[path]),
        removed=tuple(path for path in old if path not in new),
    )


def _texts(entry: CatalogEntry | None) -> dict[str, str]:
    return {
        f"{record.id}.{name}": field.text
        for record in (entry.capabilities if entry else ())
        for name, field in record.fields()
    }
