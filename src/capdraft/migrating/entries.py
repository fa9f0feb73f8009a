"""Older forms of catalog entries: records that name their proposal, and fields without seals."""

from __future__ import annotations

import json
from typing import Any

from capdraft.errors import CapdraftError
from capdraft.migrating.decisions import new_ids
from capdraft.migrating.parts import Part, Stuck
from capdraft.records import FIELDS, CatalogEntry
from capdraft.workspace.parsing import catalog_entry, dump_entry


def names_proposals_in_records(part: Part) -> bool:
    """Tell whether a record names the proposal that all its fields come from."""
    records = _records(_json(part.text))
    return any("proposal" in record for record in records)


def name_proposals_in_fields(part: Part) -> str:
    """Return the entry with the proposal named in each field, and decisions by their new ids.

    Raises:
        CapdraftError: it is no entry then either, or its decisions can't be converted.
    """
    data, ids = _json(part.text), new_ids(part.before, part.slug)
    for record in _records(data):
        number = record.pop("proposal", None)
        fields = [record[name] for name in FIELDS if isinstance(record.get(name), dict)]
        for field in fields if number is not None else ():
            field.setdefault("proposal", number)
            for approval in field.get("approved", ()):
                approval["decision"] = ids.get(approval["decision"], approval["decision"])
    return dump_entry(catalog_entry(json.dumps(data), part.slug))


def lacks_seals(part: Part) -> bool:
    """Tell whether a field of an entry has no seal."""
    try:
        entry = catalog_entry(part.text, part.slug)
    except CapdraftError:
        return False
    return any(field.seal is None for record in entry.capabilities for _, field in record.fields())


def seal(part: Part) -> str:
    """Return the entry with a seal on each field; what nobody approved gets none.

    Raises:
        Stuck: a field isn't what was approved, or nothing tells what was.
    """
    entry = catalog_entry(part.text, part.slug)
    unapproved = _unapproved(part, entry)
    if unapproved:
        raise Stuck(
            f"{', '.join(unapproved)}: not what was approved, the file was changed by hand",
            hint=f"`capdraft merge {part.slug}` shows what changed, and how to keep or discard it.",
        )
    return dump_entry(entry.sealed())


def _unapproved(part: Part, entry: CatalogEntry) -> list[str]:
    from capdraft.merging import undecided

    present = {
        f"{record.id}.{name}" for record in entry.capabilities for name, _ in record.fields()
    }
    try:
        differing = {item.path for item in undecided(part.now, part.slug)}
    except CapdraftError as error:
        raise Stuck(f"nothing tells what was approved: {error}", hint=error.hint) from error
    return sorted(present & differing)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _records(data: Any) -> list[dict[str, Any]]:
    records = data.get("capabilities") if isinstance(data, dict) else None
    return [item for item in records or () if isinstance(item, dict)]
