"""The pages that list others: the first page, types, capabilities, comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from capdraft.publishing.phrases import plain
from capdraft.publishing.site import addresses
from capdraft.publishing.site.in_common import Pair
from capdraft.publishing.site.keeping import Kept
from capdraft.records import CatalogEntry

FIRST = 24
"""Artifacts that the first page names."""
FEW = 40
"""Capabilities from which on the first page names letters instead."""
PAGE = 200
"""Lines of a list before it goes on on another page."""
Line = tuple[str, str, str, str]
"""What it says, the page that it leads to, the place there, and what stands behind it."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list: its file, its template with what that needs, and its lines for the mirror."""

    path: str
    template: str
    title: str
    data: dict[str, Any]
    items: list[tuple[str, str, str]]


def list_pages(kept: Kept, asked: Iterable[Pair]) -> Iterator[ListPage]:
    """Yield every page that lists others; for the pairs `asked` there is a page in any case."""
    kinds = list(
        kept.all("select type, count(*) from artifacts where listed group by type order by type")
    )
    letters = list(
        kept.all("select letter, count(*) from capabilities group by letter order by letter")
    )
    extra = list(_asked(kept, asked))
    yield _first(kept, kinds, letters, len(extra))
    for kind, count in kinds:
        yield from _paged("types", kind, f"Type: {kind}", count, _of_type(kept, kind))
    for letter, count in letters:
        title = f"Capabilities: {_headed(letter)}"
        yield from _paged("capabilities", letter, title, count, _of_letter(kept, letter))
    listed = _paged("compare", "index", "Comparisons", kept.count("pairs"), _compared(kept))
    yield _with_asked(next(listed), extra)
    yield from listed


def _of_type(kept: Kept, kind: str) -> Iterator[Line]:
    query = (
        "select name, slug, summary from artifacts where listed and type = ? order by fold, slug"
    )
    for name, slug, summary in kept.all(query, kind):
        yield name, addresses.artifact_page(slug), "", summary


def _of_letter(kept: Kept, letter: str) -> Iterator[Line]:
    query = (
        "select c.name, slug, c.id, a.name from capabilities c join artifacts a using (slug) "
        "where letter = ? order by c.fold, slug, c.id"
    )
    for name, slug, id_, artifact in kept.all(query, letter):
        yield name, addresses.artifact_page(slug), f"c-{id_}", artifact


def _few(kept: Kept) -> Iterator[Line]:
    """Yield all capabilities, unless there are so many that letters serve better."""
    if kept.count("capabilities") < FEW:
        query = (
            "select c.name, slug, c.id, a.name from capabilities c join artifacts a using (slug) "
            "order by c.fold, slug, c.id"
        )
        for name, slug, id_, artifact in kept.all(query):
            yield name, addresses.artifact_page(slug), f"c-{id_}", artifact


def _compared(kept: Kept) -> Iterator[Line]:
    query = (
        "select a.name || ' vs ' || b.name, one, two, common from pairs "
        "join artifacts a on a.slug = one join artifacts b on b.slug = two "
        "order by a.fold || ' vs ' || b.fold, one, two"
    )
    for said, one, two, common in kept.all(query):
        yield said, addresses.pair_page((one, two)), "", f"{common} in common"


def _asked(kept: Kept, asked: Iterable[Pair]) -> Iterator[Line]:
    """Yield the pairs that have a page only because somebody asked for it."""
    for pair in sorted(asked):
        if not kept.one("select 1 from pairs where one = ? and two = ?", *pair):
            names = [kept.one("select name from artifacts where slug = ?", s)[0] for s in pair]
            yield " vs ".join(names), addresses.pair_page(pair), "", "asked for"


def _with_asked(page: ListPage, extra: list[Line]) -> ListPage:
    mirrored = [(said, addresses.mirror(to), behind) for said, to, _, behind in extra]
    return replace(page, data=page.data | {"asked": extra}, items=page.items + mirrored)


def _first(
    kept: Kept, kinds: list[tuple[str, int]], letters: list[tuple[str, int]], asked: int
) -> ListPage:
    pairs = kept.count("pairs")
    types = [(kind, addresses.list_page("types", kind), count) for kind, count in kinds]
    alphabet = [
        (_headed(letter), addresses.list_page("capabilities", letter), count)
        for letter, count in letters
    ]
    newest = list(islice(kept.cards("approved desc, fold, slug"), FIRST))
    data = {
        "types": types,
        "letters": alphabet,
        "capabilities": list(_few(kept)),
        "newest": newest,
        "pairs": pairs,
        "asked": asked,
    }
    listed = [(f"Type: {kind}", addresses.mirror(to), str(count)) for kind, to, count in types]
    listed += [
        (f"Capabilities: {letter}", addresses.mirror(to), str(count))
        for letter, to, count in alphabet
    ]
    listed.append(("Comparisons", addresses.mirror(addresses.COMPARISONS), str(pairs)))
    listed.append(("Changes", addresses.mirror(addresses.CHANGES), ""))
    return ListPage(addresses.INDEX, "index", "Catalog", data, listed)


def _headed(letter: str) -> str:
    return letter.upper() if len(letter) == 1 else letter


def _paged(
    folder: str, name: str, title: str, count: int, lines: Iterator[Line]
) -> Iterator[ListPage]:
    """Yield the pages of one list; an empty one has a page too."""
    last = max(-(-count // PAGE), 1)
    for number in range(1, last + 1):
        part = list(islice(lines, PAGE))
        data = {
            "title": title,
            "lines": part,
            "count": count,
            "pages": [(n, addresses.list_page(folder, name, n)) for n in range(1, last + 1)],
            "number": number,
            "asked": [],
        }
        mirrored = [(said, addresses.mirror(to), behind) for said, to, _, behind in part]
        if number < last:
            following = addresses.mirror(addresses.list_page(folder, name, number + 1))
            mirrored.append((f"Page {number + 1} of {last}", following, ""))
        yield ListPage(addresses.list_page(folder, name, number), "list", title, data, mirrored)


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
    if moments:
        yield "Approved", _span(f"{min(moments):%Y-%m-%d}", f"{max(moments):%Y-%m-%d}")


def documents(entry: CatalogEntry) -> list[tuple[str, str]]:
    """Return the documents that claims cite, with the day on which they were read."""
    return [(d.uri, f"{d.retrieved:%Y-%m-%d}") for d in entry.documents]


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"
