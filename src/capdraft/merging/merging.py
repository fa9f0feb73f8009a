"""One artifact merged: its catalog file becomes what its reviews give, and no work is lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass

from capdraft.errors import FileInvalid
from capdraft.merging.deriving import LeftOut, derive
from capdraft.merging.recalling import Memory
from capdraft.merging.reconciling import Difference, reconcile
from capdraft.records import CatalogEntry, Proposal
from capdraft.workspace import StoredEntry, Workspace
from capdraft.workspace.parsing import dump_entry


@dataclass(frozen=True, slots=True)
class Kept:
    """What the catalog keeps though the newest proposal doesn't have it."""

    path: str
    """The capability, or CAPABILITY.FIELD where the newest proposal has the capability."""
    proposal: str
    """Where it was approved."""


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What merging one artifact did."""

    slug: str
    records: int
    fields: int
    changed: bool
    """Whether the file was written, or would be if this only looked."""
    left_out: list[LeftOut]
    differences: tuple[Difference, ...] = ()
    """What was changed in the file by hand and stays there, undecided."""
    added: tuple[str, ...] = ()
    """Fields, as CAPABILITY.FIELD, that the file didn't have."""
    taken_out: tuple[str, ...] = ()
    """Fields that the file had."""
    withdrawn: tuple[str, ...] = ()
    """What is withdrawn: SLUG, or SLUG/CAPABILITY."""
    newest: str = ""
    """The number of the newest proposal."""
    kept: tuple[Kept, ...] = ()
    """What stays from older proposals because nobody decided otherwise."""


def merge_artifact(
    workspace: Workspace, slug: str, *, discard: Collection[str] = (), look: bool = False
) -> MergeReport:
    """Write the catalog entry of one artifact and say what is in it and what is not.

    `discard` names what was changed in the file by hand and is overwritten all the same, as
    CAPABILITY.FIELD, or "all". With `look` nothing is written.

    Raises:
        NotFound: the artifact has no proposal, or nothing differs at what is to be discarded.
        FileInvalid: one of its files isn't what its schema says.
        FileChanged: someone else merged it at the same time.
    """
    before = workspace.read_entry_as_is(slug)
    derived = derive(workspace, slug)
    entry, differences = reconcile(before.entry, derived, Memory(workspace, slug), discard)
    changed = _write(workspace, entry, before, look=look)
    old, new = _paths(before.entry), _paths(entry)
    return MergeReport(
        slug,
        len(entry.capabilities),
        len(new),
        changed,
        list(derived.left_out),
        tuple(differences),
        tuple(path for path in new if path not in old),
        tuple(path for path in old if path not in new),
        tuple(_withdrawn(entry)),
        derived.newest.number,
        tuple(dict.fromkeys(_kept(entry, derived.newest.proposal))),
    )


def undecided(workspace: Workspace, slug: str) -> list[Difference]:
    """Return what was changed by hand in an artifact's catalog file and nobody decided on.

    Raises:
        NotFound: the artifact has no proposal.
        FileInvalid: one of its files isn't what its schema says.
    """
    return list(merge_artifact(workspace, slug, look=True).differences)


def citing(workspace: Workspace, slugs: Collection[str]) -> list[str]:
    """Return the artifacts whose records cite those of other artifacts, of `slugs`.

    An entry that can't be read is passed over: it is told of where it is merged itself.
    """
    uris = {f"catalog/{slug}.json" for slug in slugs}
    found = []
    for slug in workspace.catalog():
        with suppress(FileInvalid):
            entry = workspace.read_entry_as_is(slug).entry
            if entry and any(document.uri in uris for document in entry.documents):
                found.append(slug)
    return found


def _write(workspace: Workspace, entry: CatalogEntry, before: StoredEntry, *, look: bool) -> bool:
    told = entry.capabilities or entry.withdrawn or entry.withdrawn_records
    if not told and before.entry is None:
        return False  # nothing was ever approved
    if look:
        return not before.stored or before.stored.text != dump_entry(entry)
    return workspace.write_entry(entry, before)


def _paths(entry: CatalogEntry | None) -> list[str]:
    records = entry.capabilities if entry else ()
    return [f"{record.id}.{name}" for record in records for name, _ in record.fields()]


def _kept(entry: CatalogEntry, newest: Proposal) -> Iterator[Kept]:
    """Yield what `newest` lacks; an older text of a field that it has is told with that field."""
    has = {item.id: {name for name, _ in item.fields()} for item in newest.capabilities}
    for record in entry.capabilities:
        for name, field in record.fields():
            if record.id not in has:
                yield Kept(record.id, field.proposal)
            elif name not in has[record.id]:
                yield Kept(f"{record.id}.{name}", field.proposal)


def _withdrawn(entry: CatalogEntry) -> list[str]:
    slug = entry.artifact.slug
    return [slug] if entry.withdrawn else [f"{slug}/{item.id}" for item in entry.withdrawn_records]
