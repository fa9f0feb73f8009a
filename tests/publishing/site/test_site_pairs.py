"""Which artifacts get a comparison page: the rule as it is stated, recomputed the slow way."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from capdraft.publishing.site.in_common import TOO_COMMON, InCommon, Pair
from capdraft.records import CatalogEntry
from mills import TASKS, mill

WORDS = ["oak", "rope", "stone", "wheel", "river", "flour", "plank", "dust", "grain", "boat"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
MILLS = st.lists(
    st.lists(st.sampled_from(TASKS) | TEXTS, min_size=1, max_size=4), min_size=2, max_size=7
)


def taken_up(entries: list[CatalogEntry]) -> InCommon:
    found = InCommon()
    for entry in entries:
        found.add(entry)
    return found


def mills(texts: list[list[str]], type_: str = "tool") -> list[CatalogEntry]:
    return [mill(f"mill-{n}", f"Mill {n}", *some, type_=type_) for n, some in enumerate(texts)]


def ordered(pair: Pair, shared: InCommon) -> tuple[int, int]:
    found = shared.of(pair)
    return len(found), sum(item.points for item in found)


@given(MILLS, st.integers(1, 4), st.integers(0, 3))
def test_the_pairs_are_those_of_the_rule(texts: list[list[str]], least: int, most: int) -> None:
    shared = taken_up(mills(texts))
    counts = {f"mill-{number}": len(some) for number, some in enumerate(texts)}
    slugs = [*counts]
    enough = {
        pair: ordered(pair, shared)
        for pair in combinations(slugs, 2)
        if len(shared.of(pair)) >= min(least, max(2, min(counts[slug] for slug in pair)))
    }

    def nearest(slug: str) -> list[Pair]:
        own = [pair for pair in enough if slug in pair]

        def place(pair: Pair) -> tuple[int, int, str]:
            count, words = enough[pair]
            return -count, -words, pair[1] if pair[0] == slug else pair[0]

        return sorted(own, key=place)[:most]

    wanted = {p: n for p, (n, _) in enough.items() if all(p in nearest(slug) for slug in p)}
    assert shared.pairs(least, most) == wanted


@given(MILLS)
def test_each_capability_is_in_common_once(texts: list[list[str]]) -> None:
    found = taken_up(mills(texts)).of(("mill-0", "mill-1"))
    assert len({item.one for item in found}) == len({item.two for item in found}) == len(found)
    assert all(6 * item.points >= item.of for item in found)


def test_only_artifacts_of_one_known_type_are_paired() -> None:
    entries = [
        mill("a", "A", *TASKS),
        mill("b", "B", *TASKS, type_="dataset"),
        mill("c", "C", *TASKS, type_="unknown"),
        mill("d", "D", *TASKS, type_="unknown"),
    ]
    shared = taken_up(entries)
    assert shared.pairs(1, 5) == {}
    assert len(shared.of(("a", "b"))) == len(TASKS)


def test_a_word_that_too_many_have_tells_nothing() -> None:
    few, many = (taken_up(mills([[TASKS[0]]] * number)) for number in (9, TOO_COMMON + 1))
    assert few.pairs(1, 1)
    assert many.pairs(1, 1) == {}
