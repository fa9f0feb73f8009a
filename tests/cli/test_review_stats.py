"""`capdraft review stats`: a table that fits a terminal, or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capdraft.records import Bulk
from capdraft.reviewing import Judgement, Target, approve, open_review, reject
from capdraft.reviewing.seeding import answer, plant
from capdraft.workspace import Workspace
from workspaces import drafted_workspace

Run = Callable[..., Any]
LONG = "a-reviewer-with-a-name-that-does-not-end-so-soon"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace that two reviewers have been at: one quickly, one with care."""
    made = drafted_workspace(tmp_path)
    quick = Judgement(LONG, {}, seconds=1.25, bulk=Bulk(id="0" * 12, size=1))
    slow = Judgement("bo", {}, seconds=1234.0)
    review = open_review(made, Target("ticket-reader"))
    seeds = [plant(review, state, "x", {}, share=1.0, secret="s") for state in review.states]
    for seed in filter(None, seeds):
        answer(review, seed, quick, "accept")
        answer(review, seed, slow, "reject")
    approve(open_review(made, Target("ticket-reader", None, "description")), quick)
    reject(open_review(made, Target("ticket-reader", None, "description")), slow, "style")
    return made


@pytest.mark.usefixtures("workspace")
def test_the_table_fits_a_terminal_and_says_what_the_figures_mean(run: Run) -> None:
    said = run("review", "stats")
    assert said.status == 0
    lines = said.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].split()[:4] == ["reviewer", "accept", "edit", "reject"]
    assert [" ".join(line.split()) for line in lines[1:3]] == [
        "a-reviewer-with… 1 0 0 0 100 % 1.2 (1.2–1.2) 100 %",
        "bo 0 0 1 0 0 % 21m (21m–21m) –",
    ]
    assert "Planted errors" in lines
    assert "too few to tell" in said.out
    assert "nan" not in said.out


@pytest.mark.usefixtures("workspace")
def test_json_has_the_same_figures(run: Run) -> None:
    said = json.loads(run("review", "stats", "--reviewer", "Bo", "--json").out)
    (row,) = said["reviewers"]
    assert (row["reviewer"], row["rejected"], row["seconds"]["median"]) == ("bo", 1, 1234)
    assert row["seeds"]["shown"] == row["seeds"]["caught"] > 0
    low, high = row["seeds"]["interval_95"]
    assert 0 < low < high == 1
    assert said["agreement"]["overall"]["texts"] == 1
    assert said["failed"] == []


@pytest.mark.usefixtures("workspace")
def test_what_was_decided_before_a_day_is_left_out(run: Run) -> None:
    assert "bo" in run("review", "stats", "--since", "2020-01-31").out
    later = run("review", "stats", "--since", "2999-01-31")
    assert (later.status, later.out) == (0, "")
    assert "nobody has decided anything" in later.err
    assert run("review", "stats", "--since", "soon").status == 2


def test_wide_names_stand_in_line(workspace: Workspace, run: Run) -> None:
    review = open_review(workspace, Target("ticket-reader", None, "vs_alternatives"))
    approve(review, Judgement("車票閱讀器可以讀取", {}, seconds=2.0))
    wide = next(line for line in run("review", "stats").out.splitlines() if line.startswith("車"))
    assert wide.startswith("車票閱讀器可以…  ")
    head = run("review", "stats").out.splitlines()[0]
    assert len(wide) + 7 == len(head)


def test_what_can_t_be_read_is_told_instead_of_nothing(workspace: Workspace, run: Run) -> None:
    (workspace.root / "reviews/ticket-reader/decisions/bo.jsonl").write_text("{\n")
    (workspace.root / "reviews/_seeds/bo.jsonl").unlink()
    said = run("review", "stats", "--reviewer", "bo")
    assert (said.status, said.out) == (1, "")
    assert "bo.jsonl:1: isn't JSON" in said.err
    assert "nobody" not in said.err


@pytest.mark.usefixtures("workspace")
def test_a_missing_library_costs_the_agreement_only(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    said = run("review", "stats")
    assert said.status == 1
    assert "Planted errors" in said.out
    assert "pip install 'capdraft[stats]'" in said.err
