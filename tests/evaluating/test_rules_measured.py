"""The rules on labelled statements: who is caught, who is blamed, and what a change did."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.checking import RULES
from capdraft.evaluating import find_gold, read_gold
from capdraft.evaluating.gold import TRAPS
from capdraft.evaluating.measuring_rules import measure_rules, since, summed
from capdraft.evaluating.rule_reports import rules_page
from capdraft.evaluating.rule_results import Checked, RulesMeasured
from capdraft.evaluating.statistics import share_interval
from gold_set import KILN_GOLD, write_gold

AFTER_ARITHMETIC = """
[[statements]]
id = "c1"
capability = "small-memory"
text = "Needs 6 GB less than version 1 did."
supported = true
passages = ["Inference needs 3 GB", "Version 1 needed"]
trap = "computed"
why = "9 GB less 3 GB."
"""


@pytest.fixture
def measured(tmp_path: Path) -> RulesMeasured:
    return measure_rules([read_gold(folder) for folder in find_gold(write_gold(tmp_path))])


def test_statements_are_checked_as_drafted_fields(measured: RulesMeasured) -> None:
    codes = {item.path: item.codes for item in measured.statements}
    assert codes == {
        "kilnwatch/s1": (),
        "kilnwatch/s2": ("CD103",),
        "kilnwatch/s3": (),
        "kilnwatch/s4": (),
        "tidewords/s1": (),
    }


def test_what_is_missed_and_caught_is_counted_by_rule_and_by_trap(measured: RulesMeasured) -> None:
    assert (measured.overall.caught.hits, measured.overall.caught.of) == (1, 2)
    assert (measured.overall.false_alarms.hits, measured.overall.false_alarms.of) == (0, 3)
    assert [(rule.code, rule.caught.hits) for rule in measured.rules] == [("CD103", 1)]
    assert {item.trap: item.caught.value for item in measured.traps} == {"version": 1, "time": 0}
    assert [item.path for item in measured.missed] == ["kilnwatch/s3"]
    assert measured.blamed == []


def test_gold_without_statements_says_so() -> None:
    assert rules_page(summed([])).lead == "The gold set has no labelled statements."


def test_what_is_true_only_after_arithmetic_counts_neither_way(
    tmp_path: Path, measured: RulesMeasured
) -> None:
    gold = write_gold(tmp_path, kilnwatch=KILN_GOLD + AFTER_ARITHMETIC)
    cases = [read_gold(folder) for folder in find_gold(gold)]
    found = measure_rules(cases, judged={"kilnwatch/c1": False}, judge="stub-7b")
    assert (found.overall, found.rules) == (measured.overall, measured.rules)
    assert (found.blamed, [item.path for item in found.reckoned]) == ([], ["kilnwatch/c1"])
    assert found.judge is not None
    assert found.judge.alone.false_alarms.hits == 0
    assert found.computed is not None
    assert found.computed.judged is not None
    assert (found.computed.flagged.hits, found.computed.judged.hits) == (1, 1)
    turned = since(measure_rules(cases, {"CD103": "off"}), found).turned
    assert [item.statement.path for item in turned] == ["kilnwatch/s2"]
    (section,) = [part for part in rules_page(found).sections if "arithmetic" in part.title]
    assert "flag 1 of 1" in section.prose[0]
    assert "Needs 6 GB less" in section.items[0]


def test_a_comparison_needs_a_passage_that_names_the_alternative(tmp_path: Path) -> None:
    text = KILN_GOLD.replace(
        'alternative = "Version 1"\ntext = "Needs a', 'alternative = "Ovenwatch"\ntext = "Needs a'
    )
    found = measure_rules([read_gold(write_gold(tmp_path, kilnwatch=text) / "kilnwatch")])
    assert found.statements[3].codes == ("CD201",)


def test_a_rule_that_is_off_shows_its_effect(tmp_path: Path, measured: RulesMeasured) -> None:
    cases = [read_gold(folder) for folder in find_gold(write_gold(tmp_path))]
    now = measure_rules(cases, {"CD103": "off"})
    changed = since(now, measured)
    (turned,) = changed.turned
    assert (turned.statement.path, turned.now, turned.better) == ("kilnwatch/s2", False, False)
    assert not changed.other_statements
    assert since(measured, measured).turned == ()


def test_a_judge_is_held_against_the_labels_and_joined_with_the_rules(tmp_path: Path) -> None:
    cases = [read_gold(folder) for folder in find_gold(write_gold(tmp_path))]
    said = {"kilnwatch/s1": True, "kilnwatch/s3": False, "kilnwatch/s4": False}
    found = measure_rules(cases, judged=said, judge="stub-7b").judge
    assert found is not None
    assert (found.alone.caught.hits, found.alone.false_alarms.hits) == (1, 1)
    assert (found.together.caught.hits, found.together.false_alarms.hits) == (2, 1)
    assert (found.agreement.hits, found.agreement.of, found.not_judged) == (2, 3, 2)


CHECKED = st.builds(
    Checked,
    case=st.just("case"),
    id=st.integers(0, 10**6).map(lambda n: f"s{n}"),
    text=st.just("It reads."),
    supported=st.booleans(),
    trap=st.sampled_from(TRAPS),
    why=st.just(""),
    codes=st.lists(st.sampled_from(list(RULES)), max_size=3, unique=True).map(tuple),
    judged=st.none() | st.booleans(),
).filter(lambda item: item.supported or item.counts)


@given(st.lists(CHECKED, max_size=12, unique_by=lambda item: item.id))
def test_rates_add_up_whatever_was_found(checked: list[Checked]) -> None:
    found = summed(checked, "stub-7b")
    assert found.computed is not None
    counted = found.overall.caught.of + found.overall.false_alarms.of
    assert counted + found.computed.flagged.of == len(checked)
    assert len(found.missed) == found.overall.caught.of - found.overall.caught.hits
    assert len(found.blamed) == found.overall.false_alarms.hits
    assert sum(trap.caught.of for trap in found.traps) == found.overall.caught.of
    assert found.judge is not None
    assert found.judge.together.caught.hits >= found.overall.caught.hits
    assert since(found, found).turned == ()


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Newcombe 1998, table I: 15 of 148.
    interval = share_interval(15, 148)
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0624, 0.1605)
    assert share_interval(0, 0) is None
