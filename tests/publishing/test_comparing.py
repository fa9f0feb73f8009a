"""What a comparison holds: the table, the footnotes and the verdict."""

from __future__ import annotations

import pytest
from made_up import entry, field, gravel, passage, record

from capdraft.comparing import Comparison, compare
from capdraft.errors import UsageProblem
from capdraft.records import CatalogEntry


def row(comparison: Comparison, label: str) -> tuple[str, ...]:
    return next(row.cells for row in comparison.rows if row.label == label)


def test_the_table_has_every_row_and_says_what_is_not_known() -> None:
    comparison = compare([gravel(), entry("tape", type_="unknown", pricing=" ")])
    assert [(row.label, *row.cells) for row in comparison.rows] == [
        ("Type", "model", "unknown"),
        ("Rank", "not rated", "not rated"),
        ("Adoption", "not rated", "not rated"),
        ("Quality", "not rated", "not rated"),
        ("Ecosystem", "not rated", "not rated"),
        ("Match graph", "not rated", "not rated"),
        ("Pricing", "Free", "unknown"),
        ("Capabilities", "3 decomposed", "0 decomposed"),
        ("Times matched", "unknown", "unknown"),
    ]


def test_the_headline_counts_all_that_is_approved_even_what_the_page_leaves_out() -> None:
    comparison = compare([gravel(), entry("tape")], limit=1)
    assert comparison.headline == (
        "Neither Gravel 2 nor tape is rated yet; together they have 3 approved capabilities, "
        "with 3 quoted passages as evidence."
    )
    assert compare([entry("a"), entry("b"), entry("c")]).headline == (
        "None of a, b and c is rated yet; together they have no approved capabilities, "
        "with no quoted passages as evidence."
    )


def test_a_passage_is_one_footnote_and_only_shown_claims_have_any() -> None:
    """Two claims and both artifacts quote the same passage of the same document."""
    shared = passage("Both are here.", side="alternative")
    own = passage("Both are here.")
    left = entry("left", record("L", field("One.", shared, shared), field("Two.", shared)))
    right = entry("right", record("R", field("Three.", own)), record("S", field("Four.", own)))
    comparison = compare([left, right], limit=1)
    cited = [
        claim.footnotes
        for artifact in comparison.artifacts
        for capability in artifact.capabilities
        for claim in (capability.description, capability.unique)
        if claim
    ]
    assert cited == [(1,), (1,), (1,)]
    assert [(note.number, note.side) for note in comparison.footnotes] == [(1, "artifact")]
    assert [artifact.more for artifact in comparison.artifacts] == [0, 1]


def test_the_same_words_elsewhere_are_another_footnote() -> None:
    twice = record("L", field("One.", passage("Again.", 0), passage("Again.", 50)))
    assert len(compare([entry("left", twice), entry("right")]).footnotes) == 2


@pytest.mark.parametrize(
    ("entries", "reasons"),
    [
        (
            [gravel(), entry("set", *gravel().capabilities, type_="dataset")],
            [
                "No winner: neither Gravel 2 nor set is rated.",
                "Gravel 2 (model) and set (dataset) differ in type: they are not rivals.",
            ],
        ),
        (
            [gravel(), entry("tape")],
            [
                "No winner: neither Gravel 2 nor tape is rated.",
                "Gravel 2 and tape are of the same type: model.",
                "tape has no approved capability yet, so there is nothing to compare with.",
            ],
        ),
        (
            [entry("a", type_="unknown"), entry("b", type_="unknown")],
            [
                "No winner: neither a nor b is rated.",
                "The type of a and b is unknown, and with it whether anything here is a rival.",
                "a and b have no approved capability yet, so there is nothing to compare with.",
            ],
        ),
        (
            [gravel(), *(entry(kind, *gravel().capabilities, type_=kind) for kind in ("b", "c"))],
            [
                "No winner: none of Gravel 2, b and c is rated.",
                "Gravel 2 (model), b (b) and c (c) differ in type: "
                "only those of one type can be rivals.",
            ],
        ),
    ],
    ids=["types differ", "nothing approved", "types unknown", "three"],
)
def test_the_verdict_follows_from_the_table(
    entries: list[CatalogEntry], reasons: list[str]
) -> None:
    verdict = compare(entries).verdict
    assert verdict.winner is None
    assert [reason.text for reason in verdict.reasons] == reasons


def test_artifacts_that_share_a_name_are_told_apart() -> None:
    comparison = compare([entry("tape-1", name="Tape"), entry("tape-2", name=" Tape\n")])
    assert comparison.title == "Tape (tape-1) vs Tape (tape-2)"


@pytest.mark.parametrize(
    ("entries", "limit", "message"),
    [
        ([], 8, "a comparison needs two artifacts, and has nothing"),
        ([entry("tape")], 8, "a comparison needs two artifacts, and has tape"),
        ([entry("tape"), entry("a"), entry("tape")], 8, "tape can't be compared with itself"),
        ([entry("tape"), entry("a")], -1, "-1 capabilities can't be shown"),
    ],
)
def test_what_can_not_be_compared_is_refused(
    entries: list[CatalogEntry], limit: int, message: str
) -> None:
    with pytest.raises(UsageProblem) as refused:
        compare(entries, limit=limit)
    assert refused.value.message == message
    assert refused.value.hint


def test_an_entry_lists_every_document_that_it_cites() -> None:
    with pytest.raises(ValueError, match="cites document 'd7', which is not listed"):
        entry("tape", record("R", field("One.", passage("Quote.", document="d7"))))
