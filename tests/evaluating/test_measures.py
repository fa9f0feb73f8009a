"""What is counted of a draft: capabilities, passages, sentences, numbers, comparisons, edits."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capdraft.evaluating import measuring, told_numbers
from capdraft.evaluating.edited import unedited
from capdraft.evaluating.measures import Share
from capdraft.records import Decision
from gold_set import GOOD, POOR, kilnwatch, measured, proposal_of, record
from workspaces import make_workspace


def shares(folder: Path, records: list[dict[str, Any]]) -> dict[str, str]:
    draft = measured(kilnwatch(folder), records, folder)
    precise, recalled = measuring.evidence(draft)
    counted = {
        "coverage": measuring.coverage(draft),
        "precision": measuring.precision(draft),
        "evidence-precision": precise,
        "evidence-recall": recalled,
        "supported": measuring.supported(draft),
        "numbers-told": told_numbers.numbers_told(draft),
        "numbers-right": told_numbers.numbers_right(draft),
        "comparisons-found": measuring.comparisons_found(draft),
        "comparisons-proven": measuring.comparisons_proven(draft),
    }
    return {name: share.told for name, share in counted.items()}


def test_a_careful_draft_has_all_of_everything(tmp_path: Path) -> None:
    assert shares(tmp_path, GOOD) == {
        "coverage": "2 of 2",
        "precision": "3 of 3",
        "evidence-precision": "3 of 3",
        "evidence-recall": "3 of 3",
        "supported": "4 of 4",
        "numbers-told": "3 of 3",
        "numbers-right": "3 of 3",
        "comparisons-found": "1 of 1",
        "comparisons-proven": "1 of 1",
    }


def test_a_poor_draft_is_told_by_each_measure(tmp_path: Path) -> None:
    assert shares(tmp_path, POOR) == {
        "coverage": "0 of 2",  # the memory is not needed
        "precision": "1 of 2",
        "evidence-precision": "0 of 1",  # what version 1 needed
        "evidence-recall": "0 of 1",
        "supported": "1 of 3",  # 12 glazes are in no passage, and the tables are planned
        "numbers-told": "0 of 1",
        "numbers-right": "1 of 1",  # the passage that it cites states it, of version 1
        "comparisons-found": "0 of 1",
        "comparisons-proven": "0 of 0",
    }


@pytest.mark.parametrize(
    ("text", "passage", "wrong"),
    [
        ("Inference needs 3 GB of memory.", 3, []),  # gold and cited passage have it
        ("Inference needs 3 GB of memory.", 1, []),  # the gold has it, though no cited passage
        ("Predicts within 40 minutes, in little memory.", 1, []),  # a passage of another record
        ("Inference needs 9 GB of memory.", 4, []),  # of version 1: no word tells it apart
        ("Inference needs 9 GB of memory.", 3, ["9 GB"]),  # in the documents, but not cited
        ("Needs 3 GB of memory, a third of 9 GB.", 4, []),
        ("Needs 6 GB less memory, 3 GB.", 4, ["6 GB"]),  # computed
        ("Needs 3 MB of memory, 12 cores.", 3, ["3 MB", "12"]),  # misread, invented
    ],
)
def test_a_number_is_wrong_where_neither_gold_nor_cited_passages_state_it(
    tmp_path: Path, text: str, passage: int, wrong: list[str]
) -> None:
    drafted = record("Little memory", text, passage)
    draft = measured(kilnwatch(tmp_path), [drafted], tmp_path, 0.1)
    assert [gold.id for gold, _ in draft.pairs] == ["small-memory"]
    assert told_numbers.wrong_numbers(draft) == wrong
    share = told_numbers.numbers_right(draft)
    assert share.of - share.hits == len(wrong)


def test_a_comparison_with_one_side_is_not_proven(tmp_path: Path) -> None:
    one_sided = record(
        "Little memory",
        "Inference needs 3 GB of memory.",
        3,
        vs_alternatives={
            "text": "Needs less.",
            "alternative": "Ovenwatch",
            "passages": [3],
            "alternative_passages": [],
        },
    )
    draft = measured(kilnwatch(tmp_path), [one_sided], tmp_path)
    assert measuring.comparisons_proven(draft) == Share(hits=0, of=1)


@settings(max_examples=20)  # each drafts, with a ledger that is synced
@given(st.lists(st.sampled_from(GOOD + POOR), max_size=6), st.floats(0, 1))
def test_hits_are_never_more_than_what_is_counted(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], least: float
) -> None:
    folder = tmp_path_factory.mktemp("gold")
    draft = measured(kilnwatch(folder), records, folder, least)
    for share in (
        measuring.coverage(draft),
        measuring.precision(draft),
        *measuring.evidence(draft),
        measuring.supported(draft),
        told_numbers.numbers_told(draft),
        told_numbers.numbers_right(draft),
        measuring.comparisons_found(draft),
        measuring.comparisons_proven(draft),
    ):
        assert 0 <= share.hits <= share.of


def decide(folder: Path, number: str, capability: str, verdict: str, **more: str) -> None:
    decision = Decision.make(
        time=datetime.now(UTC),
        reviewer="ana",
        proposal=number,
        capability=capability,
        field="description",
        verdict=verdict,
        text_sha256="0",
        evidence_sha256="0",
        **more,
    )
    make_workspace(folder).append_decision("kilnwatch", decision)


def test_edits_are_known_where_the_same_draft_was_decided_on(tmp_path: Path) -> None:
    case = kilnwatch(tmp_path)
    proposal = proposal_of(case, GOOD, tmp_path)
    workspace = make_workspace(tmp_path)
    assert unedited(workspace, proposal) is None
    stored = workspace.add_proposal(proposal)
    assert unedited(workspace, proposal) is None
    decide(tmp_path, stored.number, "peak-temperature", "accept")
    decide(tmp_path, stored.number, "little-memory", "edit", text="Needs 3 GB.")
    decide(tmp_path, stored.number, "cracked-thermocouples", "accept")
    wrong = workspace.decisions("kilnwatch")[-1].id
    decide(tmp_path, stored.number, "cracked-thermocouples", "undo", undoes=wrong)
    decide(tmp_path, stored.number, "cracked-thermocouples", "reject", reason="style")
    assert unedited(workspace, proposal) == Share(hits=1, of=3)
    assert unedited(workspace, proposal_of(case, POOR, tmp_path)) is None
