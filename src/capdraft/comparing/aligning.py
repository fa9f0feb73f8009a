"""Capabilities of two artifacts or more, aligned: what all or some of them can.

Of two artifacts, each capability stands beside the one that it shares most words with. Of more,
groups grow from the two capabilities that share most: whatever shares words with the first one of
a group joins it, those that share most before others, at most one capability of each artifact and
each capability once. The first is, of those two, that of the artifact that was named first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from capdraft.comparing.comparison import Group, Member
from capdraft.comparing.sharing import Shared, alike, once, spelled, words_of
from capdraft.records import CatalogEntry

Place = tuple[int, int]
"""An artifact and one of its capabilities, by number."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Groups, those with most members first; `pairs` counts what each two have in common."""

    groups: tuple[Group, ...]
    pairs: dict[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class _Growing:
    first: Place
    others: dict[int, Place] = field(default_factory=dict)


def align(entries: Sequence[CatalogEntry]) -> Alignment:
    """Align the capabilities of `entries`; each two are counted as if there were no others."""
    words = [[words_of(record) for record in entry.capabilities] for entry in entries]
    links: list[tuple[int, int, Shared]] = []
    pairs: dict[tuple[int, int], int] = {}
    for one, two in combinations(range(len(entries)), 2):
        found = alike(words[one], words[two])
        pairs[one, two] = len(once(found))
        links += [(one, two, shared) for shared in found]
    grown = _grow(sorted(links, key=_place))
    grown.sort(key=lambda group: -len(group.others))
    return Alignment(tuple(_group(entries, group) for group in grown), pairs)


def _place(link: tuple[int, int, Shared]) -> tuple[int, ...]:
    one, two, shared = link
    return -shared.words, shared.of, one, two, shared.one, shared.two


def _grow(links: Sequence[tuple[int, int, Shared]]) -> list[_Growing]:
    """Return the groups in the order in which they began: the best link first."""
    groups: dict[Place, _Growing] = {}
    taken: set[Place] = set()
    for artifact, other, shared in links:
        one, two = (artifact, shared.one), (other, shared.two)
        if two in taken and one in taken:
            continue
        if not {one, two} & taken:
            groups[one] = _Growing(one, {other: two})
        elif one in groups and other not in groups[one].others:
            groups[one].others[other] = two
        elif two in groups and artifact not in groups[two].others:
            groups[two].others[artifact] = one
        else:
            continue
        taken |= {one, two}
    return list(groups.values())


def _group(entries: Sequence[CatalogEntry], group: _Growing) -> Group:
    places = sorted([group.first, *group.others.values()])
    return Group(
        first=entries[group.first[0]].artifact.slug,
        members=tuple(_member(entries, group.first, place) for place in places),
    )


def _member(entries: Sequence[CatalogEntry], first: Place, place: Place) -> Member:
    record = entries[place[0]].capabilities[place[1]]
    slug = entries[place[0]].artifact.slug
    if place == first:
        return Member(artifact=slug, capability=record.id)
    lead = entries[first[0]].capabilities[first[1]]
    own, other = words_of(lead), words_of(record)
    shared = spelled(lead, own & other)
    return Member(artifact=slug, capability=record.id, words=shared, of=min(len(own), len(other)))
