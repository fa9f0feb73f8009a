"""Matching is optimal and blind to order; its threshold comes from labelled pairs."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capdraft.evaluating import GoldCase, read_gold
from capdraft.evaluating.calibrating import DEFAULT, FALSE_MATCHES, calibrate
from capdraft.evaluating.gold import Pair, Pairs, Wording
from capdraft.evaluating.likeness import Likeness
from capdraft.evaluating.matching import assign
from gold_set import GOOD, KILN_GOLD, POOR, kilnwatch, measured, record, write_gold

LIKENESS = st.floats(0, 1).map(lambda value: round(value, 3))
TEXTS = st.text("abc nopqrst é", min_size=1, max_size=30)
WORDINGS = st.builds(Wording, name=TEXTS, description=TEXTS)


@st.composite
def grids(draw: st.DrawFn) -> list[list[float]]:
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    return draw(
        st.lists(
            st.lists(LIKENESS, min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )


def best_by_trying_all(grid: list[list[float]], least: float) -> float:
    rows, columns = len(grid), len(grid[0])
    wide = [[v if v >= least else 0.0 for v in row] for row in grid]
    if rows > columns:
        wide = [list(column) for column in zip(*wide, strict=True)]
    return max(
        sum(wide[row][column] for row, column in enumerate(chosen))
        for chosen in itertools.permutations(range(len(wide[0])), len(wide))
    )


@given(grids(), LIKENESS)
def test_no_other_matching_has_a_higher_sum(grid: list[list[float]], least: float) -> None:
    pairs = assign(grid, least)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(grid[row][column] >= least for row, column in pairs)
    found = sum(grid[row][column] for row, column in pairs)
    assert found == pytest.approx(best_by_trying_all(grid, least))


@given(WORDINGS, WORDINGS, st.sets(st.integers(1, 4)), st.sets(st.integers(1, 4)))
def test_likeness_is_a_share_symmetric_and_whole_of_itself(
    one: Wording, two: Wording, first: set[int], second: set[int]
) -> None:
    likeness = Likeness([one, two])
    found = likeness.cited(one, two, first, second)
    assert 0 <= found <= 1
    assert found == pytest.approx(likeness.cited(two, one, second, first))
    assert found >= likeness.words(one, two) - 1e-9
    assert likeness.words(one, one) in (0, pytest.approx(1))


@settings(max_examples=10)  # each drafts, with a ledger that is synced
@given(st.permutations(GOOD + POOR[1:]))
def test_the_order_of_a_draft_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, object]]
) -> None:
    folder = tmp_path_factory.mktemp("gold")
    draft = measured(kilnwatch(folder), records, folder)
    assert {(gold.id, found.name) for gold, found in draft.pairs} == {
        ("peak-temperature", "Peak temperature"),
        ("broken-sensors", "Cracked thermocouples"),
        ("small-memory", "Little memory"),
    }


def test_of_two_records_alike_one_is_matched(tmp_path: Path) -> None:
    twice = [*GOOD, record("Memory", "Inference needs 3 GB.", 3)]
    assert len(measured(kilnwatch(tmp_path), twice, tmp_path).matches) == 3


def labelled(*pairs: tuple[str, str, bool]) -> Pairs:
    return Pairs(
        schema_="capdraft/pairs/1",
        pairs=tuple(
            Pair(
                one=Wording(name=one, description=one),
                two=Wording(name=two, description=two),
                same=same,
            )
            for one, two, same in pairs
        ),
    )


def large_case(folder: Path, words: list[str]) -> GoldCase:
    """Return a case with a capability for each word, all of them with much the same words."""
    capabilities = "".join(
        f'[[capabilities]]\nid = "c{n}"\nname = "Read {word} tickets"\n'
        f'description = "It reads {word} tickets."\npassages = ["reads {word} tickets"]\n'
        for n, word in enumerate(words)
    )
    head = KILN_GOLD.partition("[[capabilities]]")[0]
    gold = write_gold(folder, kilnwatch=head + capabilities)
    (gold / "kilnwatch/card.md").write_text("\n\n".join(f"It reads {w} tickets." for w in words))
    return read_gold(gold / "kilnwatch")


WORDS = ["train", "ferry", "museum", "concert", "parking", "cinema"]
WORDS += ["lottery", "bus", "tram", "zoo", "opera", "stadium"]


def test_few_different_capabilities_of_one_document_are_taken_for_the_same(tmp_path: Path) -> None:
    case = large_case(tmp_path, WORDS)
    pairs = labelled(
        ("read train tickets", "reads tickets of a train", True),
        ("read train tickets", "translate novels", False),
    )
    found = calibrate([case], pairs, Likeness.of([case], pairs))
    assert found.within == 66
    assert 0 < found.threshold < 1
    assert found.threshold != DEFAULT
    assert (found.false_matches or 0) <= FALSE_MATCHES
    assert (found.same, found.found_by_words) == (1, 1)
    assert (found.different, found.confused) == (1, 0)
    assert found.false_matches_elsewhere is None  # there is one document only


@given(st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), max_size=12))
def test_a_calibration_of_any_pairs_is_sound(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str, bool]]
) -> None:
    case = kilnwatch(tmp_path_factory.mktemp("gold"))
    pairs = labelled(*told) if told else None
    found = calibrate([case], pairs, Likeness.of([case], pairs))
    assert found.threshold == DEFAULT  # three pairs within the document are too few
    assert found.same + found.different == len(told)
    for share in (found.found_by_words, found.found_half_cited, found.confused, found.area):
        assert share is None or 0 <= share <= 1
    assert [p.hits for p in found.curve] == sorted(p.hits for p in found.curve)
