"""Capabilities beside each other: the rule as a page states it, recomputed from the page."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from made_up import entry, field, record

from capdraft.checking import content_words
from capdraft.comparing import Comparison, compare
from capdraft.records import CatalogEntry, Record
from mills import TASKS, mill

WORDS = ["oak", "rope", "stone", "wheel", "river", "flour", "plank", "dust", "grain", "boat"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
MILLS = st.lists(
    st.lists(st.sampled_from(TASKS) | TEXTS, min_size=1, max_size=4), min_size=2, max_size=4
)


def mills(texts: list[list[str]]) -> list[CatalogEntry]:
    return [mill(f"mill-{n}", f"Mill {n}", *some) for n, some in enumerate(texts)]


def words(item: Record) -> frozenset[str]:
    return content_words("\n".join((item.name, *item.intents, item.description.text)))


def groups(comparison: Comparison) -> list[list[str]]:
    return [[f"{m.artifact}/{m.capability}" for m in g.members] for g in comparison.groups]


@given(MILLS)
def test_each_group_keeps_the_rule_and_says_which_words_make_it(texts: list[list[str]]) -> None:
    entries = mills(texts)
    records = {(e.artifact.slug, r.id): r for e in entries for r in e.capabilities}
    found = compare(entries, limit=None)
    members = [member for group in found.groups for member in group.members]
    assert len({(m.artifact, m.capability) for m in members}) == len(members)
    for group in found.groups:
        assert len({member.artifact for member in group.members}) == len(group.members)
        first = group.member(group.first)
        assert first
        assert not first.words
        own = words(records[first.artifact, first.capability])
        for member in group.members:
            if member is not first:
                other = words(records[member.artifact, member.capability])
                assert len(member.words) == len(own & other) >= 4
                assert {
                    stem for word in member.words for stem in content_words(word)
                } == own & other
                assert member.of == min(len(own), len(other)) <= 3 * len(member.words)


@given(MILLS)
def test_nothing_that_two_could_share_is_left_over(texts: list[list[str]]) -> None:
    entries = mills(texts)
    found = compare(entries, limit=None)
    taken = {(m.artifact, m.capability) for g in found.groups for m in g.members}
    free = [
        (e.artifact.slug, words(r))
        for e in entries
        for r in e.capabilities
        if (e.artifact.slug, r.id) not in taken
    ]
    for (one, a), (two, b) in combinations(free, 2):
        assert one == two or len(a & b) < max(4, min(len(a), len(b)) / 3)


@given(MILLS)
def test_what_two_have_in_common_does_not_depend_on_a_third(texts: list[list[str]]) -> None:
    entries = mills(texts)
    pair = compare(entries[:2], limit=None)
    common = next(row.cells[0] for row in pair.rows if row.label == "In common")
    assert int(common) == len(pair.groups)
    if len(entries) > 2:
        table = {row.label: row.cells for row in compare(entries).rows}
        assert table["In common with Mill 0"][1] == common


def test_what_shares_words_with_the_first_joins_its_group() -> None:
    saw = "saws straight planks from spruce trunks"
    three = [
        mill("a", "A", f"{saw} without splinters"),
        mill("b", "B", TASKS[0], f"{saw} by day and night"),
        mill("c", "C", saw),
    ]
    assert groups(compare(three)) == [["a/cap-1", "b/cap-2", "c/cap-1"]]


def test_groups_of_all_come_before_groups_of_some() -> None:
    three = [
        mill("a", "A", *TASKS[:2]),
        mill("b", "B", *TASKS[:2]),
        mill("c", "C", TASKS[1].replace("heavy", "light")),
    ]
    assert groups(compare(three)) == [
        ["a/cap-2", "b/cap-2", "c/cap-1"],
        ["a/cap-1", "b/cap-1"],
    ]


def test_the_words_are_shown_as_they_stand_in_the_first() -> None:
    one = record("Detects boats", field("Detecting small boats near harbours at night."))
    two = record("Boat detection", field("Detects small boat shapes in harbour pictures at night."))
    (group,) = compare([entry("a", one), entry("b", two)]).groups
    assert group.members[1].words == ("detects", "boats", "small", "harbours", "night")


def test_what_the_page_leaves_out_is_counted() -> None:
    found = compare([mill("a", "A", *TASKS), mill("b", "B", *TASKS)], limit=1)
    assert (len(found.groups), found.more_groups) == (1, 3)
