"""Capabilities of two artifacts or more, aligned: what all or some of them can.

Of two artifacts, each capability stands beside the one that it is most like. Of more, groups grow
from the two that are most alike: whatever is like the first one of a group joins it, the surest
before others, at most one capability of each artifact and each capability once. The first is, of
those two, that of the artifact that was named first. What reviewers said counts before the rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from capdraft.comparing.comparison import Group, Member, Near, Settlement
from capdraft.comparing.settling import Pair, places
from capdraft.comparing.sharing import Shared, alike, once, shared_points
from capdraft.comparing.wording import Told, shown, told_of
from capdraft.records import CatalogEntry
from capdraft.records.alignments import Alignment

Place = tuple[int, int]
"""An artifact and one of its capabilities, by number."""
Link = tuple[Place, Place]
Words = Mapping[tuple[int, int], Alignment]
"""What was said of capabilities of two artifacts, by their places."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """Groups, those with most members first; `pairs` counts what each two have in common."""

    groups: tuple[Group, ...]
    pairs: dict[tuple[int, int], int]
    near: dict[tuple[str, str], tuple[Near, ...]]
    """Of what is in no group: what it is like nevertheless."""


@dataclass(frozen=True, slots=True)
class _Growing:
    first: Place
    others: dict[int, Place] = field(default_factory=dict)

    @property
    def members(self) -> list[Place]:
        return sorted([self.first, *self.others.values()])


def links(one: Sequence[Told], two: Sequence[Told], words: Words) -> list[Shared]:
    """Return each two capabilities that are in common, by what was said and by the rule."""
    found = [shared for shared in alike(one, two) if (shared.one, shared.two) not in words]
    for (i, j), item in words.items():
        if item.verdict == "same":
            points = shared_points(one[i], two[j])
            found.append(Shared(i, j, points, one[i].total + two[j].total, said=True))
    return found


def align(entries: Sequence[CatalogEntry], counting: Mapping[Pair, Alignment]) -> Aligned:
    """Align the capabilities of `entries`; each two are counted as if there were no others.

    `counting` is what was said of them, and counts.
    """
    told = [told_of(entry) for entry in entries]
    said: dict[Link, Alignment] = {}
    found: list[tuple[Shared, Link]] = []
    pairs: dict[tuple[int, int], int] = {}
    for one, two in combinations(range(len(entries)), 2):
        words = places(counting, entries[one], entries[two])
        said |= {((one, i), (two, j)): item for (i, j), item in words.items()}
        shared = links(told[one], told[two], words)
        pairs[one, two] = len(once(shared))
        found += [(item, ((one, item.one), (two, item.two))) for item in shared]
    found.sort(key=lambda item: (*item[0].order[:2], *_numbers(item[1])))
    grown = _grow([link for _, link in found], said)
    grown.sort(key=lambda group: -len(group.others))
    shown_as = _Showing(entries, told, said)
    return Aligned(
        tuple(map(shown_as.group, grown)), pairs, shown_as.near([link for _, link in found], grown)
    )


def _numbers(link: Link) -> tuple[int, ...]:
    """Return what puts links that are equally sure in the order of the artifacts."""
    (one, i), (two, j) = link
    return one, two, i, j


def _grow(found: Sequence[Link], said: Mapping[Link, Alignment]) -> list[_Growing]:
    """Return the groups in the order in which they began: the best link first."""
    groups: dict[Place, _Growing] = {}
    taken: set[Place] = set()
    for one, two in found:
        if one not in taken and two not in taken:
            groups[one] = _Growing(one, {two[0]: two})
        elif one in groups and two not in taken and _may_join(groups[one], two, said):
            groups[one].others[two[0]] = two
        elif two in groups and one not in taken and _may_join(groups[two], one, said):
            groups[two].others[one[0]] = one
        else:
            continue
        taken |= {one, two}
    return list(groups.values())


def _may_join(group: _Growing, place: Place, said: Mapping[Link, Alignment]) -> bool:
    """Tell whether the artifact has no other in the group, and nobody says that it differs."""
    if any(member[0] == place[0] for member in group.members):
        return False
    words = (said.get(_ordered(member, place)) for member in group.members)
    return not any(item and item.verdict == "differ" for item in words)


def _ordered(one: Place, two: Place) -> Link:
    return (one, two) if one < two else (two, one)


@dataclass(frozen=True, slots=True)
class _Showing:
    """Groups and links as a page shows them."""

    entries: Sequence[CatalogEntry]
    told: Sequence[Sequence[Told]]
    said: Mapping[Link, Alignment]

    def group(self, group: _Growing) -> Group:
        """Return a group with what makes each member like its first."""
        return Group(
            first=self.entries[group.first[0]].artifact.slug,
            members=tuple(self._member(group.first, place) for place in group.members),
        )

    def near(
        self, found: Sequence[Link], groups: Sequence[_Growing]
    ) -> dict[tuple[str, str], tuple[Near, ...]]:
        """Return what those that are in no group are like nevertheless, the surest first."""
        taken = {place for group in groups for place in group.members}
        near: dict[tuple[str, str], list[Near]] = {}
        for own, other in (way for one, two in found for way in ((one, two), (two, one))):
            if own not in taken:
                record = self.entries[other[0]].capabilities[other[1]]
                item = Near(artifact=self._slug(other), capability=record.id, name=record.name)
                key = (self._slug(own), self.entries[own[0]].capabilities[own[1]].id)
                near.setdefault(key, []).append(item)
        return {key: tuple(items) for key, items in near.items()}

    def _slug(self, place: Place) -> str:
        return self.entries[place[0]].artifact.slug

    def _member(self, first: Place, place: Place) -> Member:
        record = self.entries[place[0]].capabilities[place[1]]
        if place == first:
            return Member(artifact=self._slug(place), capability=record.id)
        one, two = (self.told[artifact][number] for artifact, number in (first, place))
        lead = self.entries[first[0]].capabilities[first[1]]
        said = self.said.get(_ordered(first, place))
        return Member(
            artifact=self._slug(place),
            capability=record.id,
            words=shown(one.points.keys() & two.points.keys(), lead, record),
            points=shared_points(one, two),
            of=(one.total, two.total),
            settled=Settlement(by=said.reviewer, at=said.time, note=said.note) if said else None,
        )
