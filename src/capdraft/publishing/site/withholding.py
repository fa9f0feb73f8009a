"""What may not be read any more, in earlier versions either.

That is what was withdrawn because its texts or quotes may not be shown, or because its owner asked.
"""

from __future__ import annotations

from capdraft.records import CatalogEntry

EVERYTHING = "*"


def withheld(entry: CatalogEntry) -> frozenset[str]:
    """Return the capabilities that `entry` says may not be read any more, or `EVERYTHING`."""
    if entry.withdrawn and entry.withdrawn.hides:
        return frozenset({EVERYTHING})
    return frozenset(item.id for item in entry.withdrawn_records if item.hides)


def without(entry: CatalogEntry, hidden: frozenset[str]) -> CatalogEntry:
    """Return a version of an entry without what may not be read."""
    if not holds(entry, hidden):
        return entry
    kept = () if EVERYTHING in hidden else entry.capabilities
    return entry.model_copy(
        update={"capabilities": tuple(record for record in kept if record.id not in hidden)}
    )


def holds(entry: CatalogEntry, hidden: frozenset[str]) -> bool:
    """Tell whether a version of an entry has something that may not be read."""
    if EVERYTHING in hidden:
        return bool(entry.capabilities)
    return any(record.id in hidden for record in entry.capabilities)
