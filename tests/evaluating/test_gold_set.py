"""The project's own gold set: every case is read, and its README counts what is there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from capdraft.evaluating import GoldCase, find_gold, read_gold, read_pairs
from capdraft.evaluating.gold import COMPUTED, TRAPS

EVALUATION = Path(__file__).parents[2] / "evaluation"
README = (EVALUATION / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def cases() -> list[GoldCase]:
    return [read_gold(folder) for folder in find_gold(EVALUATION / "gold")]


def test_each_unsupported_statement_names_its_trap_and_each_label_its_reason(
    cases: list[GoldCase],
) -> None:
    for case in cases:
        for item in case.gold.statements:
            assert item.why, (case.gold.slug, item.id)
            assert item.passages, (case.gold.slug, item.id)
            assert item.supported or item.trap, (case.gold.slug, item.id)


def test_no_statement_stands_in_the_set_twice(cases: list[GoldCase]) -> None:
    texts = Counter((case.gold.slug, s.text) for case in cases for s in case.gold.statements)
    assert [found for found, times in texts.items() if times > 1] == []


def test_the_readme_counts_each_case(cases: list[GoldCase]) -> None:
    told = {
        name: [int(cell) for cell in cells.split("|")]
        for name, cells in re.findall(r"^\| (\w+) \| \w* ?\| ((?:\d+ \| ){5}\d+) \|$", README, re.M)
    }
    counted = {case.gold.slug: counts_of(case) for case in cases}
    columns = zip(*counted.values(), strict=True)
    assert told == counted | {"all": [sum(column) for column in columns]}


def test_the_readme_counts_each_trap(cases: list[GoldCase]) -> None:
    told = {name: int(n) for name, n in re.findall(r"^\| `(\w+)` \| (\d+) \|", README, re.M)}
    wrong = [item for case in cases for item in case.gold.statements if not item.supported]
    assert told == Counter(item.trap for item in wrong)
    assert {*told, "", COMPUTED} == set(TRAPS)


def test_the_pairs_are_read() -> None:
    assert Counter(pair.same for pair in read_pairs(EVALUATION / "pairs.toml").pairs).keys() == {
        True,
        False,
    }


def counts_of(case: GoldCase) -> list[int]:
    """Return capabilities, needed ones, comparisons, and statements by label."""
    gold = case.gold
    labels = Counter(
        COMPUTED if item.trap == COMPUTED else str(item.supported) for item in gold.statements
    )
    return [
        len(gold.capabilities),
        sum(item.needed for item in gold.capabilities),
        len(gold.comparisons),
        labels["True"],
        labels[COMPUTED],
        labels["False"],
    ]
