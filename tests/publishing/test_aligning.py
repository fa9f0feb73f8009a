"""Capabilities beside each other: the rule as a page states it, recomputed from the page."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from made_up import entry, field, record

from capdraft.comparing import Comparison, compare
from capdraft.comparing.wording import Told, told_of
from capdraft.publishing import outline
from capdraft.records import CatalogEntry, Record

WORDS = ["oak", "rope", "stone", "photos", "pictures", "flour", "tuning", "data", "grain", "boat"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
WORKS = st.tuples(TEXTS, st.lists(TEXTS, max_size=3))
SHEDS = st.lists(st.lists(WORKS, min_size=1, max_size=4), min_size=2, max_size=4)


def work(name: str, *needs: str) -> Record:
    return record(name, field("Done.")).model_copy(update={"intents": needs})


def sheds(told: list[list[tuple[str, list[str]]]]) -> list[CatalogEntry]:
    return [
        entry(f"shed-{n}", *(work(name, *needs) for name, needs in some))
        for n, some in enumerate(told)
    ]


def shared(one: Told, two: Told) -> int:
    return sum(min(n, two.points.get(word, 0)) for word, n in one.points.items())


def is_alike(one: Told, two: Told) -> bool:
    part = 2 * shared(one, two) / (one.total + two.total)
    return part >= (2 / 3 if one.bare or two.bare else 1 / 3) - 1e-9


def told(entries: list[CatalogEntry]) -> dict[tuple[str, str], Told]:
    return {
        (e.artifact.slug, record.id): item
        for e in entries
        for record, item in zip(e.capabilities, told_of(e), strict=True)
    }


def groups(comparison: Comparison) -> list[list[str]]:
    return [[f"{m.artifact}/{m.capability}" for m in g.members] for g in comparison.groups]


def test_words_of_name_and_needs_give_points_and_common_ones_a_quarter() -> None:
    (item,) = told_of(entry("shed", work("Splitting of 40 oak logs", "split oak data")))
    assert item.points == {"split": 8 + 4, "oak": 8 + 4, "log": 8, "data": 1}
    assert item.total == 33


def test_words_that_mean_one_thing_count_as_one_and_a_phrase_before_its_words() -> None:
    one, two = told_of(
        entry("shed", work("Function calling"), work("Tool calls", "function calls"))
    )
    assert set(one.points) == {"tool calling"}
    assert set(two.points) == {"tool calling"}


def test_descriptions_and_the_artifacts_own_name_do_not_count() -> None:
    (item,) = told_of(entry("kestrel", work("Kestrel captions", "run Kestrel"), name="Kestrel 2"))
    assert item.points == {"caption": 8, "run": 1}


@given(SHEDS)
def test_each_group_keeps_the_rule_and_says_what_makes_it(
    texts: list[list[tuple[str, list[str]]]],
) -> None:
    entries = sheds(texts)
    known = told(entries)
    found = compare(entries, limit=None)
    members = [member for group in found.groups for member in group.members]
    assert len({(m.artifact, m.capability) for m in members}) == len(members)
    for group in found.groups:
        assert len({member.artifact for member in group.members}) == len(group.members)
        first = group.member(group.first)
        assert first
        assert not first.words
        own = known[first.artifact, first.capability]
        for member in group.members:
            if member is not first:
                other = known[member.artifact, member.capability]
                assert is_alike(own, other)
                assert member.points == shared(own, other)
                assert member.of == (own.total, other.total)
                assert len(member.words) == len(own.points.keys() & other.points.keys())


@given(SHEDS)
def test_what_is_like_another_is_never_said_to_have_nothing_alike(
    texts: list[list[tuple[str, list[str]]]],
) -> None:
    entries = sheds(texts)
    known = told(entries)
    found = compare(entries, limit=None)
    for column in found.artifacts:
        for capability in found.alone(column):
            alike = {
                place
                for place, other in known.items()
                if place[0] != column.slug and is_alike(known[column.slug, capability.id], other)
            }
            assert {(item.artifact, item.capability) for item in capability.near} == alike
            assert bool(alike) == bool(outline.also_like(found, capability))


@given(SHEDS)
def test_nothing_that_two_could_share_is_left_over(
    texts: list[list[tuple[str, list[str]]]],
) -> None:
    entries = sheds(texts)
    found = compare(entries, limit=None)
    taken = {(m.artifact, m.capability) for g in found.groups for m in g.members}
    free = [(place, item) for place, item in told(entries).items() if place not in taken]
    for (one, a), (two, b) in combinations(free, 2):
        assert one[0] == two[0] or not is_alike(a, b)


@given(SHEDS)
def test_what_two_have_in_common_does_not_depend_on_a_third(
    texts: list[list[tuple[str, list[str]]]],
) -> None:
    entries = sheds(texts)
    pair = compare(entries[:2], limit=None)
    common = next(row.cells[0] for row in pair.rows if row.label == "Found in common")
    assert int(common) == len(pair.groups)
    if len(entries) > 2:
        table = {row.label: row.cells for row in compare(entries).rows}
        assert table["Found in common with shed-0"][1] == common


def test_what_is_like_the_first_joins_its_group() -> None:
    three = [
        entry("a", work("Sawing planks", "straight planks of spruce")),
        entry("b", work("Grinding flour"), work("Sawing of planks", "straight planks from oak")),
        entry("c", work("Planks", "sawing spruce")),
    ]
    assert groups(compare(three)) == [["a/cap-1", "b/cap-2", "c/cap-1"]]


def test_groups_of_all_come_before_groups_of_some() -> None:
    three = [
        entry("a", work("Grinding flour"), work("Sawing planks")),
        entry("b", work("Grinding flour"), work("Sawing planks")),
        entry("c", work("Sawing planks")),
    ]
    assert groups(compare(three)) == [
        ["a/cap-2", "b/cap-2", "c/cap-1"],
        ["a/cap-1", "b/cap-1"],
    ]


def test_a_page_shows_the_words_and_what_stands_for_them_on_the_other_side() -> None:
    one = entry("a", work("Captioning of photos", "describe boats"))
    two = entry("b", work("Image captions", "captions of a boat"))
    page = compare([one, two])
    (group,) = page.groups
    assert group.members[1].words == ("captioning", "photos = image", "boats")
    assert outline.why(page, group) == [
        "77 % alike, 14 points of 18 and 18: captioning, photos = image, boats"
    ]


def test_what_is_left_over_is_not_said_to_be_missing_elsewhere() -> None:
    one = entry("a", work("Questions about photos", "ask about a photo"), name="A")
    asks = work("Questions about images", "ask about pictures")
    two = entry("b", asks, work("Further questions about images", "ask about pictures"), name="B")
    page = compare([one, two])
    assert outline.rest(page.artifacts[1]) == "The rest of B"
    (left,) = page.alone(page.artifacts[1])
    assert outline.on_the_rest(page, page.artifacts[1]) == outline.NOTHING_BUT_NEAR
    said = "Also like “Questions about photos” (A), shown beside another."
    assert outline.also_like(page, left) == said


def test_what_the_page_leaves_out_is_counted() -> None:
    works = [work("Grinding flour"), work("Sawing planks"), work("Lifting timber")]
    found = compare([entry("a", *works), entry("b", *works)], limit=1)
    assert (len(found.groups), found.more_groups) == (1, 2)
