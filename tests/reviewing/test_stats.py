"""What the figures of a reviewer say, and what they can't say."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.errors import ExtraMissing, FileInvalid
from capdraft.records import Bulk, Decision, Outcome
from capdraft.reviewing.seeding import outcomes
from capdraft.reviewing.stats import Agreement, ReviewerStats, Stats, stats, wilson
from capdraft.workspace import Workspace
from workspaces import drafted_workspace

SLUG = "ticket-reader"
START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path)


def decide(
    workspace: Workspace, who: str, text: int = 0, verdict: str = "accept", **said: Any
) -> Decision:
    """Write down that `who` decided on text number `text`, a minute after the last decision."""
    needs = {"edit": {"text": "New."}, "reject": {"reason": "style"}}
    decision = Decision.make(
        **{
            "time": START + timedelta(minutes=len(workspace.decisions(SLUG))),
            "reviewer": who,
            "proposal": "0001",
            "capability": "read-tickets",
            "field": "description",
            "verdict": verdict,
            "text_sha256": f"{text:064}",
            "evidence_sha256": "0" * 64,
            **needs.get(verdict, {}),
            **said,
        }
    )
    workspace.append_decision(SLUG, decision)
    return decision


def seeded(workspace: Workspace, who: str, text: int, *, caught: bool, minutes: int = 0) -> None:
    outcome = Outcome(
        time=START + timedelta(minutes=minutes),
        reviewer=who,
        artifact=SLUG,
        proposal="0001",
        capability="read-tickets",
        field="unique",
        kind="negated",
        text="It does not read.",
        text_sha256=f"{text:064}",
        verdict="reject" if caught else "accept",
        caught=caught,
    )
    line = outcome.model_dump_json(by_alias=True, exclude_none=True)
    workspace.store.append(f"reviews/_seeds/{who}.jsonl", line)


def of(found: Stats, who: str) -> ReviewerStats:
    return next(row for row in found.reviewers if row.reviewer == who)


def test_decisions_are_counted_and_what_was_taken_back_apart(workspace: Workspace) -> None:
    bulk = Bulk(id="0" * 12, size=2)
    decide(workspace, "ada", 1, bulk=bulk)
    decide(workspace, "ada", 2, bulk=bulk)
    decide(workspace, "ada", 3, "edit")
    decide(workspace, "ada", 4, "reject")
    gone = decide(workspace, "ada", 5)
    decide(workspace, "ada", 5, "undo", undoes=gone.id)
    decide(workspace, "bo", 5, "reject")
    ada, bo = stats(workspace).reviewers
    assert (ada.accepted, ada.edited, ada.rejected, ada.undone) == (2, 1, 1, 1)
    assert (ada.bulk, ada.taken) == (2, 5)
    assert (bo.reviewer, bo.rejected, bo.taken) == ("bo", 1, 1)


def test_times_are_told_by_their_quartiles_and_quick_approvals(workspace: Workspace) -> None:
    for text, seconds in enumerate((1, 2, 4, 8, 100)):
        decide(workspace, "ada", text, seconds=seconds)
    decide(workspace, "ada", 6)
    decide(workspace, "bo", 1, "reject", seconds=1)
    decide(workspace, "cy", 1, bulk=Bulk(id="0" * 12, size=10), seconds=20)
    decide(workspace, "di", 1)
    found = stats(workspace)
    ada = of(found, "ada")
    assert (ada.seconds, ada.timed, ada.quick) == ((2, 4, 8), 5, 2)
    assert (of(found, "bo").seconds, of(found, "bo").timed) == ((1, 1, 1), 0)
    cy = of(found, "cy")  # ten fields in 20 seconds are 2 seconds a field
    assert (cy.seconds, cy.quick) == ((2, 2, 2), 1)
    assert of(found, "di").seconds is None


def test_seeds_are_counted_once_for_each_text(workspace: Workspace) -> None:
    seeded(workspace, "ada", 1, caught=False)
    seeded(workspace, "ada", 1, caught=True, minutes=1)
    for text in range(2, 11):
        seeded(workspace, "ada", text, caught=True)
    ada = of(stats(workspace), "ada")
    assert (ada.seeds, ada.caught) == (10, 9)
    assert ada.catch_interval == pytest.approx((0.596, 0.982), abs=0.001)
    decide(workspace, "bo")
    assert of(stats(workspace), "bo").catch_interval is None


def test_the_wilson_interval_is_that_of_the_published_formula() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=0.0001)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=0.0001)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=0.0001)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=0.0001)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(case: tuple[int, int]) -> None:
    hits, tries = case
    low, high = wilson(hits, tries)
    assert 0 <= low <= hits / tries + 1e-12
    assert hits / tries - 1e-12 <= high <= 1


def pair(found: Stats) -> Agreement:
    (only,) = found.pairs
    return only


def test_nine_of_ten_alike_is_what_chance_gives_if_nearly_all_is_accepted(
    workspace: Workspace,
) -> None:
    for text in range(10):
        decide(workspace, "ada", text)
        decide(workspace, "bo", text, "reject" if text == 0 else "accept")
    found = stats(workspace)
    # Krippendorff by hand: Do = 2/20 and De = 2 · 19 · 1 / (20 · 19)
    assert found.overall.alpha == pytest.approx(0.0)
    assert found.overall.units == 10
    assert found.overall.meaning.startswith("low")
    assert pair(found) == Agreement(("ada", "bo"), 10, found.overall.alpha, found.overall.meaning)


@pytest.mark.parametrize(
    ("texts", "differ", "meaning"),
    [(9, 0, "too few to tell"), (20, 0, "good"), (20, 3, "fair: tentative"), (20, 8, "low: ")],
)
def test_alpha_is_told_in_words(
    workspace: Workspace, texts: int, differ: int, meaning: str
) -> None:
    for text in range(texts):
        verdict = ("accept", "reject")[text % 2]
        other = ("accept", "reject")[(text + (text < differ)) % 2]
        decide(workspace, "ada", text, verdict)
        decide(workspace, "bo", text, other)
    assert stats(workspace).overall.meaning.startswith(meaning)


def test_where_nobody_differs_in_value_alpha_is_undefined(workspace: Workspace) -> None:
    assert stats(workspace).overall == Agreement((), 0, None, "no text in common")
    for text in range(12):
        decide(workspace, "ada", text)
        decide(workspace, "bo", text)
    assert stats(workspace).overall == Agreement((), 12, None, "undefined: all said accept")


def test_a_reviewers_first_verdict_that_stands_counts_on_the_text_that_was_shown(
    workspace: Workspace,
) -> None:
    slip = decide(workspace, "ada", 1, "reject")
    decide(workspace, "ada", 1, "undo", undoes=slip.id)
    decide(workspace, "ada", 1)
    decide(workspace, "ada", 1, "edit")
    decide(workspace, "bo", 1)
    decide(workspace, "bo", 2, "reject")
    decide(workspace, "cy", 2, "accept", evidence_sha256="1" * 64)
    decide(workspace, "cy", 2, "reject")
    found = stats(workspace)
    assert found.overall.units == 2
    assert found.overall.alpha == pytest.approx(1.0)
    assert [(item.reviewers, item.units) for item in found.pairs] == [
        (("ada", "bo"), 1),
        (("bo", "cy"), 1),
    ]


def test_one_reviewer_and_a_day_narrow_it(workspace: Workspace) -> None:
    early = decide(workspace, "ada", 1)
    decide(workspace, "bo", 1)
    decide(workspace, "cy", 1)
    decide(workspace, "ada", 2, "reject")
    decide(workspace, "ada", 1, "undo", undoes=early.id)
    for text, who in ((1, "di"), (3, "ada"), (3, "cy")):
        decide(workspace, who, text)
    seeded(workspace, "ada", 1, caught=True)
    seeded(workspace, "ada", 2, caught=True, minutes=3)
    found = stats(workspace, reviewer="bo")
    assert [row.reviewer for row in found.reviewers] == ["bo"]
    assert [item.reviewers for item in found.pairs] == [("bo", "cy"), ("bo", "di")]
    assert found.overall.units == 1
    late = of(stats(workspace, since=START + timedelta(minutes=2)), "ada")
    assert (late.accepted, late.rejected, late.undone, late.seeds) == (1, 1, 0, 1)


def test_what_cannot_be_read_is_told_and_the_rest_is_counted(workspace: Workspace) -> None:
    decide(workspace, "ada")
    folder = workspace.root / "reviews"
    (folder / "_seeds").mkdir()
    (folder / "_seeds/ada.jsonl").write_text("{\n")
    (folder / "other").mkdir()
    (folder / "other/0001.toml").write_bytes((folder / SLUG / "0001.toml").read_bytes())
    (folder / "other/decisions").mkdir()
    (folder / "other/decisions/bo.jsonl").write_text("\n{\n")
    found = stats(workspace)
    assert [row.reviewer for row in found.reviewers] == ["ada"]
    assert [error.where for error in found.failed] == [
        "reviews/other/decisions/bo.jsonl:2",
        "reviews/_seeds/ada.jsonl:1",
    ]
    with pytest.raises(FileInvalid):
        outcomes(workspace)


def test_without_the_library_all_but_agreement_is_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(workspace, "ada")
    decide(workspace, "bo", 0, "reject")
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    found = stats(workspace)
    assert len(found.reviewers) == 2
    assert found.overall == Agreement((), 1, None, "not computed")
    (error,) = found.failed
    assert isinstance(error, ExtraMissing)
    assert error.hint == "pip install 'capdraft[stats]'"
