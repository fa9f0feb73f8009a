"""The pages that list others: the first page, types, capabilities, comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capdraft.publishing.phrases import plain
from capdraft.publishing.site import addresses
from capdraft.publishing.site.cards import PAGE, Card, by_letter, in_pages
from capdraft.publishing.site.in_common import Pair
from capdraft.records import CatalogEntry

FIRST = 24
"""Artifacts that the first page names."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list: its file, its template with what that needs, and its lines for the mirror."""

    path: str
    template: str
    title: str
    data: dict[str, Any]
    items: list[tuple[str, str, str]]


def list_pages(
    kinds: Mapping[str, Sequence[Card]],
    cards: Sequence[Card],
    pairs: Mapping[Pair, int],
    by_slug: Mapping[str, Card],
) -> Iterator[ListPage]:
    """Yield every page that lists others."""
    letters = by_letter(cards)
    yield _first(kinds, cards, letters, len(pairs))
    for kind, found in kinds.items():
        items = [(card.name, addresses.artifact_page(card.slug), card.summary) for card in found]
        yield from _paged("types", kind, f"Type: {kind}", items)
    for letter, capabilities in letters.items():
        items = [
            (item.name, f"{addresses.artifact_page(item.slug)}#c-{item.id}", item.artifact)
            for item in capabilities
        ]
        yield from _paged("capabilities", letter, f"Capabilities: {_headed(letter)}", items)
    compared = [
        (
            f"{by_slug[one].name} vs {by_slug[two].name}",
            addresses.pair_page((one, two)),
            f"{count} in common",
        )
        for (one, two), count in pairs.items()
    ]
    compared.sort(key=lambda item: (item[0].casefold(), item[1]))
    yield from _paged("compare", "index", "Comparisons", compared)


def _first(
    kinds: Mapping[str, Sequence[Card]],
    cards: Sequence[Card],
    letters: Mapping[str, Sequence[object]],
    pairs: int,
) -> ListPage:
    newest = sorted(cards, key=lambda card: (card.name.casefold(), card.slug))
    newest.sort(key=lambda card: card.approved, reverse=True)
    types = [
        (kind, addresses.list_page("types", kind), len(found)) for kind, found in kinds.items()
    ]
    alphabet = [
        (_headed(letter), addresses.list_page("capabilities", letter), len(found))
        for letter, found in letters.items()
    ]
    data = {"types": types, "letters": alphabet, "newest": newest[:FIRST], "pairs": pairs}
    listed = [(f"Type: {kind}", addresses.mirror(to), str(count)) for kind, to, count in types]
    listed += [
        (f"Capabilities: {letter}", addresses.mirror(to), str(count))
        for letter, to, count in alphabet
    ]
    listed.append(("Comparisons", addresses.mirror(addresses.COMPARISONS), str(pairs)))
    return ListPage(addresses.INDEX, "index", "Catalog", data, listed)


def _headed(letter: str) -> str:
    return letter.upper() if len(letter) == 1 else letter


def _paged(
    folder: str, name: str, title: str, items: list[tuple[str, str, str]]
) -> Iterator[ListPage]:
    """Yield the pages of one list; an empty one has a page too."""
    last = max(-(-len(items) // PAGE), 1)
    for number, part in in_pages(items) if items else [(1, items)]:
        path = addresses.list_page(folder, name, number)
        lines = [(said, *to.partition("#")[::2], behind) for said, to, behind in part]
        data = {
            "title": title,
            "lines": lines,
            "count": len(items),
            "pages": [(n, addresses.list_page(folder, name, n)) for n in range(1, last + 1)],
            "number": number,
        }
        mirrored = [(said, addresses.mirror(to), behind) for said, to, _, behind in lines]
        if number < last:
            following = addresses.mirror(addresses.list_page(folder, name, number + 1))
            mirrored.append((f"Page {number + 1} of {last}", following, ""))
        yield ListPage(path, "list", title, data, mirrored)


def facts(entry: CatalogEntry) -> Iterator[tuple[str, str]]:
    """Yield what is known of an artifact beside its claims, and how fresh that is."""
    artifact = entry.artifact
    yield "Type", artifact.type
    for label, value in (("Licence", artifact.license), ("Pricing", artifact.pricing)):
        if value and plain(value):
            yield label, plain(value)
    if artifact.languages:
        yield "Languages", ", ".join(map(plain, artifact.languages))
    read = [document.retrieved for document in entry.documents]
    if read:
        yield "Docs read", _span(f"{min(read):%Y-%m-%d}", f"{max(read):%Y-%m-%d}")
    moments = [a.at for r in entry.capabilities for _, f in r.fields() for a in f.approved]
    yield "Approved", _span(f"{min(moments):%Y-%m-%d}", f"{max(moments):%Y-%m-%d}")


def documents(entry: CatalogEntry) -> list[tuple[str, str]]:
    """Return the documents that claims cite, with the day on which they were read."""
    return [(d.uri, f"{d.retrieved:%Y-%m-%d}") for d in entry.documents]


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"
