"""What lists and links need of an artifact, so that no page has to hold the whole catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from capdraft.publishing.phrases import plain, shortened
from capdraft.records import CatalogEntry

T = TypeVar("T")
PAGE = 200
"""Lines of a list before it goes on on another page."""


@dataclass(frozen=True, slots=True)
class Card:
    """An artifact as lists show it, and the hash of its catalog file."""

    slug: str
    name: str
    type: str
    sha256: str
    capabilities: tuple[tuple[str, str], ...]
    """Id and name of each."""
    summary: str
    approved: datetime
    """When something of it was last approved."""
    read: datetime | None
    """When its documents were last read."""

    @property
    def newest(self) -> datetime:
        """The newest date in its records."""
        return max(self.approved, self.read or self.approved)


def card_of(entry: CatalogEntry, sha256: str) -> Card:
    """Return the card of an entry that has an approved record."""
    artifact = entry.artifact
    return Card(
        slug=artifact.slug,
        name=plain(artifact.name) or artifact.slug,
        type=artifact.type,
        sha256=sha256,
        capabilities=tuple((r.id, plain(r.name) or r.id) for r in entry.capabilities),
        summary=shortened(entry.capabilities[0].description.text),
        approved=max(a.at for r in entry.capabilities for _, f in r.fields() for a in f.approved),
        read=max((document.retrieved for document in entry.documents), default=None),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A capability as lists show it."""

    id: str
    name: str
    slug: str
    artifact: str


def by_type(cards: Iterable[Card]) -> dict[str, list[Card]]:
    """Return the cards of each type, both in alphabetical order."""
    found: dict[str, list[Card]] = {}
    for card in sorted(cards, key=lambda card: (card.name.casefold(), card.slug)):
        found.setdefault(card.type, []).append(card)
    return dict(sorted(found.items()))


def by_letter(cards: Iterable[Card]) -> dict[str, list[Listed]]:
    """Return the capabilities by the first letter of their names, in alphabetical order."""
    listed = [
        Listed(id_, name, card.slug, card.name) for card in cards for id_, name in card.capabilities
    ]
    found: dict[str, list[Listed]] = {}
    for item in sorted(listed, key=lambda item: (item.name.casefold(), item.slug, item.id)):
        first = item.name[:1].casefold()
        letter = first if "a" <= first <= "z" else "0-9" if first.isdecimal() else "other"
        found.setdefault(letter, []).append(item)
    return dict(sorted(found.items()))


def in_pages(items: list[T]) -> Iterator[tuple[int, list[T]]]:
    """Yield the numbers from 1 and the items of a list's pages."""
    for number, start in enumerate(range(0, len(items), PAGE), 1):
        yield number, items[start : start + PAGE]
