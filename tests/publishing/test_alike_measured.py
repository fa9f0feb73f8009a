"""The rule of what is in common, held against labels: docs/comparing.md tells the numbers."""

from __future__ import annotations

import re

import pytest

from alike_set import ROOT, SETS, by_all_words, by_rule, measure, measure_pairs
from capdraft.comparing.vocabulary import COMMON, EQUAL


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [("catalog", 0.65, 0.7), ("shown", 0.9, 0.75), ("held-out", 0.9, 0.7)],
)
def test_what_is_called_alike_mostly_is(name: str, precision: float, recall: float) -> None:
    found = measure(by_rule, name)
    assert found.precision >= precision
    assert found.recall >= recall


def test_descriptions_full_of_figures_hid_what_is_alike() -> None:
    before = measure(by_all_words, "catalog")
    assert before.precision < 0.5
    assert before.recall < 0.2


def test_names_alone_are_trusted_only_where_they_are_much_alike() -> None:
    found = measure_pairs(by_rule)
    assert found.precision >= 0.7
    assert found.right + found.wrong < 30


def test_the_docs_publish_the_words_that_the_rule_goes_by() -> None:
    docs = (ROOT / "docs/comparing.md").read_text("utf-8")
    assert all(f"\n- {' = '.join(group)}\n" in docs for group in EQUAL)
    assert f"Common in the field: {', '.join(COMMON)}." in docs


def test_the_docs_tell_what_was_measured() -> None:
    docs = (ROOT / "docs/comparing.md").read_text("utf-8")
    for name in SETS:
        found = measure(by_rule, name)
        line = re.search(rf"^\| {name} \| now \|.*\| ([0-9.]+) \| ([0-9.]+) \|$", docs, re.M)
        assert line
        assert abs(float(line[1]) - found.precision) < 0.03
        assert abs(float(line[2]) - found.recall) < 0.03
