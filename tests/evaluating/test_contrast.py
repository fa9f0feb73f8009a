"""Two results side by side: paired by document, cautious, and blind to the order of records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.errors import UsageProblem
from capdraft.evaluating.calibrating import Calibration
from capdraft.evaluating.contrast_reports import contrast_page
from capdraft.evaluating.contrasting import contrast
from capdraft.evaluating.measures import Amounts, Share
from capdraft.evaluating.pages import Page, Section, SideBySide, Table
from capdraft.evaluating.rendering import render
from capdraft.evaluating.results import (
    CaseResult,
    DraftedRecord,
    DraftedText,
    Evaluation,
    FailedCase,
    GoldName,
)
from capdraft.evaluating.statistics import FEWEST, mean_interval
from capdraft.evaluating.wording_diffs import marked

GOLD = (
    GoldName(id="read", name="Read tickets", needed=True),
    GoldName(id="sort", name="Sort tickets", needed=True),
)


def case(
    slug: str, hits: int, cost: float = 0.01, gold: str = "g", **texts: tuple[str, ...]
) -> CaseResult:
    """Return a case that covers `hits` of 10; `texts` are records of the gold, with their codes."""
    records = tuple(
        DraftedRecord(
            id=name,
            name=name.title(),
            gold=name,
            texts=(DraftedText(field="description", text=f"It {name}s.", findings=codes),),
        )
        for name, codes in texts.items()
    )
    return CaseResult(
        slug=slug,
        type="model",
        gold_sha256=gold,
        shares={"coverage": Share(hits=hits, of=10)},
        amounts=Amounts(cost_usd=cost, calls=1),
        gold=GOLD,
        records=records,
    )


def result(cases: Sequence[CaseResult], *failed: str, pairs: str = "p") -> Evaluation:
    return Evaluation(
        started=datetime(2026, 1, 1, tzinfo=UTC),
        tool="capdraft",
        model="stub",
        endpoint="",
        replayed=True,
        prompt="draft",
        prompt_sha256="0" * 64,
        prompts={},
        calibration=Calibration(threshold=0.3, sha256=pairs),
        cases=tuple(cases),
        failed=tuple(FailedCase(slug=slug, kind="AnswerNotJson", message="no") for slug in failed),
    )


def test_what_differs_between_runs_is_named_and_two_judges_are_not_compared() -> None:
    one = result([case("a", 5)])
    judged = one.cases[0].model_copy(update={"shares": {"judged-supported": Share(hits=1, of=2)}})
    one = one.model_copy(update={"cases": (judged,), "judge": "stub"})
    assert contrast(one, one).differs == ()
    assert contrast(one, one).changes[0].measure == "judged-supported"
    two = one.model_copy(update={"judge": "other", "prompts": {"draft": "1"}, "model": "big"})
    found = contrast(one, two)
    assert found.differs == ("prompt draft", "model", "judge")
    assert "judged-supported" not in {change.measure for change in found.changes}
    reworded = one.model_copy(update={"prompts": {"judge": "1"}})
    found = contrast(one, reworded)
    assert found.differs == ("prompt judge",)
    assert "judged-supported" not in {change.measure for change in found.changes}
    unjudged = one.model_copy(update={"judge": None})
    found = contrast(unjudged, reworded)
    assert (found.differs, found.left_out) == ((), ("judged-supported",))
    assert "another judge: supported (judge)" in render(contrast_page(found), "md").replace(
        "\\", ""
    )


def test_a_measure_that_is_not_compared_can_be_no_failure() -> None:
    """Else a check that names it would pass for ever."""
    found = contrast(result([case("a", 5)]), result([case("a", 5)]))
    found.check_measures(["coverage", "cost_usd"])
    with pytest.raises(UsageProblem, match="supported can't be compared"):
        found.check_measures(["coverage", "supported"])
    nothing = contrast(result([case("a", 5)]), result([], "a"))
    nothing.check_measures(["coverage"])  # that it failed is told, and fails
    mended = contrast(result([], "a"), result([case("a", 5)]))
    assert mended.newly_failed == ()
    assert "A drafted none of the documents" in render(contrast_page(mended), "text")
    assert "| measure |" not in render(contrast_page(nothing), "md")


def test_few_documents_are_counted_in_words_and_promise_no_interval() -> None:
    one = result([case("a", 5, read=())])
    two = result([case("a", 4, read=("CD103",))])
    said = " ".join(render(contrast_page(contrast(one, two)), "text").split())
    assert "1 document is too few to tell" in said
    assert "1 document, paired; fewer than 6 have no interval." in said
    assert "bootstrap" not in said
    assert "New finding in description: CD103 unsupported-number" in said


def test_only_what_differs_between_two_texts_is_marked() -> None:
    side = SideBySide("Read", "", "Reads 40 fields of tickets.", "Reads 44 fields of tickets.")
    assert marked(side) == ("Reads [-40-] fields of tickets.", "Reads {+44+} fields of tickets.")
    assert marked(replace(side, two="Quite another sentence here.")) == (
        side.one,
        "Quite another sentence here.",
    )
    assert marked(replace(side, one=None)) == (None, side.two)
    page = render(Page("P", "", (Section("S", sides=(side,)),)), "html")
    assert "<mark>44</mark>" in page


@given(st.lists(st.integers(1, 12), min_size=1, max_size=9), st.integers(20, 60))
def test_a_table_in_a_terminal_is_no_wider_than_that(sizes: list[int], width: int) -> None:
    """Columns without room follow below, each block with the first column."""
    cells = tuple(f"{place}{'x' * size}" for place, size in enumerate(sizes))
    said = render(Page("T", "", (Section("S", table=Table(cells, (cells,))),)), "text", width)
    lines = said.splitlines()
    assert max(map(len, lines)) <= max(width, 2 * 14)
    assert {*cells} <= {*said.split()}
    assert all(line.startswith(cells[0]) for line in lines if "x" in line)


def of_hits(hits: Sequence[int], cost: float = 0.01) -> Evaluation:
    return result([case(f"case-{place}", number, cost) for place, number in enumerate(hits)])


HITS = st.lists(st.integers(0, 10), min_size=FEWEST, max_size=13)


@given(HITS)
def test_a_result_is_no_different_from_itself(hits: list[int]) -> None:
    found = contrast(of_hits(hits), of_hits(hits))
    assert {change.word for change in found.changes} == {"no difference shown"}
    assert found.worse() == []
    assert found.losses == ()


def test_a_clear_fall_is_worse_and_turned_round_better() -> None:
    before, after = of_hits([9, 8, 9, 10, 9, 8, 9, 9]), of_hits([4, 5, 3, 6, 5, 2, 4, 4])
    (worse,) = contrast(before, after).worse()
    assert (worse.measure, worse.losses, worse.word) == ("coverage", 8, "worse")
    assert worse.interval is not None
    assert worse.interval.high < 0
    back = contrast(after, before)
    assert back.worse() == []
    assert back.changes[0].word == "better"


def test_what_chance_explains_is_no_difference() -> None:
    found = contrast(of_hits([5, 6, 7, 5, 6, 7, 5]), of_hits([6, 5, 7, 6, 5, 6, 5]))
    assert found.changes[0].word == "no difference shown"
    assert found.worse() == []


@pytest.mark.parametrize("number", [1, FEWEST - 1])
def test_too_few_documents_show_nothing(number: int) -> None:
    found = contrast(of_hits([10] * number), of_hits([0] * number))
    assert found.changes[0].word == "too few documents"
    assert found.worse() == []


def test_higher_costs_are_worse_and_fail_only_where_they_are_named() -> None:
    found = contrast(of_hits([5] * 7, cost=0.01), of_hits([5] * 7, cost=0.05))
    cost = next(change for change in found.changes if change.measure == "cost_usd")
    assert (cost.word, cost.losses) == ("worse", 7)
    assert found.worse() == []
    assert [change.measure for change in found.worse(["cost_usd"])] == ["cost_usd"]


def test_the_worst_losses_come_first_with_their_texts() -> None:
    before = [case("a", 9, read=(), sort=()), case("b", 8, read=()), case("c", 5)]
    after = [case("a", 2, read=("CD103",)), case("b", 7, sort=()), case("c", 6)]
    first, second = contrast(result(before), result(after)).losses
    assert (first.slug, second.slug) == ("a", "b")
    told = [(said.name, said.what, said.one, said.two, said.findings) for said in first.said]
    assert told == [
        ("Read tickets", "found-fault", "It reads.", "It reads.", ("CD103",)),
        ("Sort tickets", "lost", "Sort: It sorts.", None, ()),
    ]
    assert [said.what for said in second.said] == ["lost", "gained"]


def test_results_of_other_gold_are_refused_with_what_to_do() -> None:
    with pytest.raises(UsageProblem, match="the gold of a was another one") as caught:
        contrast(result([case("a", 5)]), result([case("a", 5, gold="other")]))
    assert "evaluate run" in caught.value.hint
    with pytest.raises(UsageProblem, match="another calibration"):
        contrast(result([case("a", 5)]), result([case("a", 5)], pairs="q"))
    with pytest.raises(UsageProblem, match="no document in common"):
        contrast(result([case("a", 5)]), result([case("b", 5)]))


def test_documents_of_one_result_only_are_left_out_and_told() -> None:
    found = contrast(result([case("a", 5), case("b", 5)]), result([case("a", 5)], "b"))
    assert (found.documents, found.alone, found.newly_failed) == (("a",), ("b",), ("b",))


@given(st.lists(st.floats(-1, 1), min_size=FEWEST, max_size=13), st.randoms())
def test_an_interval_holds_the_mean_whatever_the_order(values: list[float], random: object) -> None:
    interval = mean_interval(values)
    assert interval is not None
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert mean_interval(shuffled) == interval
    assert min(values) - 1e-9 <= interval.low <= interval.high <= max(values) + 1e-9
