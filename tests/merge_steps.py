"""Steps of tests that merge: decide, change a catalog file by hand, read what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from capdraft.records import CatalogEntry, FieldName
from capdraft.reviewing import Judgement, Target, approve, edit, open_review
from capdraft.workspace import Workspace
from workspaces import READ, drafted_workspace

SLUG = "ticket-reader"
PRINT: dict[str, Any] = {
    "name": "Print slips",
    "description": {"text": "Needs 2 GB of memory.", "passages": [2]},
    "unique": None,
    "vs_alternatives": None,
    "intents": ["print a slip"],
}
SOUND = {**READ, "unique": {"text": "Runs in 2 GB of memory.", "passages": [2]}}
"""A record that no rule finds anything in."""


def two_records(folder: Path) -> Workspace:
    """Return a workspace whose proposal has two records without findings."""
    return drafted_workspace(folder, SOUND, PRINT)


def judgement(who: str) -> Judgement:
    return Judgement(who, {})


def accept(
    workspace: Workspace,
    capability: str | None = None,
    field: FieldName | None = None,
    who: str = "ada",
) -> None:
    """Approve what is named, all by default."""
    approve(open_review(workspace, Target(SLUG, capability, field)), judgement(who))


def reword(workspace: Workspace, text: str, field: FieldName = "description") -> None:
    """Edit a field of the first record."""
    edit(open_review(workspace, Target(SLUG, "read-tickets", field)), judgement("ada"), text)


def catalog_file(workspace: Workspace) -> Path:
    return workspace.root / f"catalog/{SLUG}.json"


def by_hand(workspace: Workspace, change: Callable[[Any], object]) -> None:
    """Change the catalog file as somebody with an editor does."""
    path = catalog_file(workspace)
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    path.write_text(text, encoding="utf-8")


def rewrite(text: str, record: int = 0, field: str = "description") -> Callable[[Any], None]:
    """Return a change of one text."""

    def change(data: Any) -> None:
        data["capabilities"][record][field]["text"] = text

    return change


def unseal(data: Any) -> None:
    """Make a catalog file one that was merged before there were seals."""
    for record in data["capabilities"]:
        for value in record.values():
            if isinstance(value, dict):
                value.pop("seal", None)


def entry_as_is(workspace: Workspace) -> CatalogEntry:
    entry = workspace.read_entry_as_is(SLUG).entry
    assert entry is not None
    return entry


def texts(workspace: Workspace) -> dict[str, str]:
    """Return the texts that stand in the catalog file."""
    return {
        f"{record.id}.{name}": field.text
        for record in entry_as_is(workspace).capabilities
        for name, field in record.fields()
    }
