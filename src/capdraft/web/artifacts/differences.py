"""Two proposals, or a proposal and the catalog, beside each other, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from capdraft.errors import NotFound
from capdraft.records import FieldName
from capdraft.reviewing import FieldDiff, diff
from capdraft.reviewing.diffing import Changed, Kind
from capdraft.workspace import Workspace

Pieces = tuple[tuple[Kind, str], ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """A field that differs: what stood in it before and what stands there now."""

    field: FieldName
    before: Pieces
    after: Pieces
    names: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class CapabilityDiff:
    """A capability of which fields differ; `name` is empty where neither side tells it."""

    id: str
    name: str
    fields: tuple[Sides, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the newest proposal is compared with, and how they differ.

    `before` is empty where there is nothing to compare it with; `choices` are what there is.
    """

    before: str
    after: str
    chosen: str
    choices: tuple[str, ...]
    capabilities: tuple[CapabilityDiff, ...] = ()
    same: int = 0

    @property
    def differing(self) -> int:
        """How many fields differ."""
        return sum(len(capability.fields) for capability in self.capabilities)


def compared(workspace: Workspace, slug: str, since: str | None) -> Comparison:
    """Return how the newest proposal of `slug` differs from `since`, else from the one before.

    Where there is none before it, it is compared with the catalog.

    Raises:
        NotFound: the artifact has no proposal, or there is no `since`.
        FileInvalid: a file isn't what its schema says.
    """
    newest = workspace.read_proposal(slug)
    choices = _choices(workspace, slug)
    chosen = since or (choices[0] if choices else "")
    if not chosen:
        return Comparison("", newest.name, "", ())
    if chosen == newest.number:
        raise NotFound(f"{newest.name} is the newest proposal: nothing differs from itself")
    before, after, found = diff(workspace, slug, since=chosen)
    names = {capability.id: capability.name for capability in newest.proposal.capabilities}
    texts = {(c.id, name) for c in newest.proposal.capabilities for name, _ in c.fields()}
    return Comparison(
        before=before,
        after=after,
        chosen=chosen,
        choices=choices,
        capabilities=tuple(
            CapabilityDiff(capability, names.get(capability, ""), tuple(map(_sides, fields)))
            for capability, fields in groupby(found, key=lambda item: item.capability)
        ),
        same=len(texts - {(item.capability, item.field) for item in found}),
    )


def _choices(workspace: Workspace, slug: str) -> tuple[str, ...]:
    """Return what the newest proposal can be compared with: the nearest first."""
    earlier = tuple(reversed(workspace.proposals(slug)[:-1]))
    published = ("catalog",) if slug in workspace.catalog() else ()
    return earlier + published


def _sides(item: FieldDiff) -> Sides:
    before, after = _without(item.pieces, "added"), _without(item.pieces, "removed")
    return Sides(item.field, before, after, item.names)


def _without(pieces: Sequence[tuple[Kind, str]], kind: Kind) -> Pieces:
    return tuple(piece for piece in pieces if piece[0] != kind)
