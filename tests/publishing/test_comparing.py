"""What a comparison holds: the table, the footnotes and the verdict."""

from __future__ import annotations

import pytest
from made_up import DAY, entry, field, gravel, passage, record

from capdraft.comparing import Comparison, Standing, StandingPart, compare
from capdraft.errors import UsageProblem
from capdraft.records import CatalogEntry
from mills import TASKS, mill


def row(comparison: Comparison, label: str) -> tuple[str, ...]:
    return next(row.cells for row in comparison.rows if row.label == label)


def ranked(total: str, **parts: str) -> Standing:
    told = [
        StandingPart(name=name, value=value, weight="0.50", points="25.00" if value else "")
        for name, value in parts.items()
    ]
    return Standing(version="rank/1", total=total, parts=tuple(told), matched=4)


def test_the_table_has_every_row_and_says_what_is_not_known() -> None:
    standings = [ranked("50.00", adoption="0.50", quality=""), Standing()]
    tape = entry("tape", type_="unknown", pricing=" ")
    comparison = compare([gravel(), tape], standings, ranked_for="2026-03-01")
    assert [(row.label, *row.cells) for row in comparison.rows] == [
        ("Type", "model", "unknown"),
        ("Rank", "50.00 of 100", "not ranked"),
        ("Adoption", "0.50 (25.00 points)", "unknown"),
        ("Quality", "unknown", "unknown"),
        ("Formula", "rank/1", "unknown"),
        ("Pricing", "Free", "unknown"),
        ("Licence", "unknown", "unknown"),
        ("Capabilities", "3", "0"),
        ("Found in common", "0", "0"),
        ("Times matched", "4", "unknown"),
        ("Docs read", "2026-03-01", "2026-03-01"),
        ("Last approved", "2026-03-01", "unknown"),
    ]


def test_of_three_a_row_for_each_counts_what_it_shares_with_the_others() -> None:
    east, west = mill("east", "East", *TASKS), mill("west", "West", *TASKS[:3])
    comparison = compare([east, west, mill("saw", "Saw", TASKS[3])])
    assert row(comparison, "Found in common with East") == ("–", "3", "1")
    assert row(comparison, "Found in common with Saw") == ("1", "0", "–")
    assert comparison.headline == (
        "No capabilities found in common to all 3, 4 to some of them. "
        "Not rivals: 1 of Saw’s 1 capability found in common with East; the rule asks for 2."
    )


def test_a_page_says_when_it_is_from_and_who_stands_behind_it() -> None:
    comparison = compare([gravel(), entry("tape")])
    assert comparison.newest == DAY
    assert comparison.reviewers == ("ada", "bo")
    assert comparison.drafted_by == ("draft-model-1",)
    assert [d.uri for c in comparison.artifacts for d in c.documents] == ["docs/readme.md"] * 2


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


def test_what_is_in_common_is_shown_before_the_rest() -> None:
    two = [mill("east", "East", *TASKS), mill("saw", "Saw", TASKS[3])]
    comparison = compare(two, limit=1)
    assert [c.name for c in comparison.artifacts[0].capabilities] == ["Saws straight planks"]
    assert comparison.artifacts[0].rest == 3
    first = compare(two, limit=1, common_first=False).artifacts[0]
    assert [c.name for c in first.capabilities] == ["Grinds dry wheat"]


def alike(*types: str) -> list[CatalogEntry]:
    return [mill(f"m{n}", f"M{n}", *TASKS[:3], type_=kind) for n, kind in enumerate(types)]


TOTALS = [ranked("60.00", a="0.50", b="0.10"), ranked("59.50", a="0.20", b="0.90")]


@pytest.mark.parametrize(
    ("entries", "standings", "reasons", "winner"),
    [
        (
            alike("model", "dataset"),
            TOTALS,
            ["Not rivals: M0 (model) and M1 (dataset) differ in type."],
            None,
        ),
        (
            alike("unknown", "unknown"),
            TOTALS,
            ["No winner: a type is unknown, and with it whether they are rivals."],
            None,
        ),
        (
            [gravel(), entry("tape")],
            TOTALS,
            [
                "Not rivals: 0 of tape’s 0 capabilities found in common with Gravel 2; "
                "the rule asks for 2.",
                "tape has no approved capability: there is nothing to compare with.",
            ],
            None,
        ),
        (
            alike("tool", "tool"),
            [TOTALS[0], Standing()],
            ["No winner: M1 is not ranked."],
            None,
        ),
        (
            alike("tool", "tool"),
            TOTALS,
            [
                "M0 ranks higher: 60.00 of 100, against 59.50 for M1.",
                "M0 leads on a.",
                "M1 leads on b.",
            ],
            "m0",
        ),
        (
            alike("tool", "tool", "tool"),
            [*TOTALS, ranked("60.00", a="0.50", b="")],
            [
                "A tie: M0 and M2 are at 60.00 of 100.",
                "The totals are made of different parts: an unknown part is left out of a total.",
            ],
            None,
        ),
        (
            alike("tool", "tool", "tool"),
            [*TOTALS, ranked("61.00", a="0.70", b="0.90")],
            [
                "M2 ranks highest: 61.00 of 100, against 60.00 for M0 and 59.50 for M1.",
                "M2 leads on a.",
            ],
            "m2",
        ),
    ],
    ids=["types differ", "types unknown", "little", "unranked", "ranked", "tie", "three"],
)
def test_the_verdict_follows_from_the_table(
    entries: list[CatalogEntry], standings: list[Standing], reasons: list[str], winner: str | None
) -> None:
    verdict = compare(entries, standings).verdict
    assert [reason.text for reason in verdict.reasons] == reasons
    assert verdict.winner == winner


@pytest.mark.parametrize(
    ("own", "other", "least", "first"),
    [
        (4, 3, 3, "rank"),
        (4, 2, 3, "rank"),
        (4, 1, 3, "too-little-in-common"),
        (4, 1, 1, "rank"),
        (4, 3, 4, "rank"),
        (2, 2, 9, "rank"),
    ],
)
def test_where_one_has_few_capabilities_all_of_its_are_enough(
    own: int, other: int, least: int, first: str
) -> None:
    east, west = mill("east", "East", *TASKS[:own]), mill("west", "West", *TASKS[:other])
    found = compare([east, west], TOTALS, least=least).verdict
    assert found.reasons[0].rule == first
    told = [reason.text for reason in found.reasons if reason.rule == "all-in-common"]
    all_of_few = first == "rank" and other < least
    assert [text.partition(" capabilities")[0] for text in told] == (
        [f"{other} of {'West' if other < own else 'East'}’s {other}"] if all_of_few else []
    )


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
