"""The layout of the known pages, written; and read again, whatever the texts hold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from made_up import entry, field, record

from capdraft.comparing import compare
from capdraft.errors import UsageProblem
from capdraft.importing import PageRecord, assign, judge, read_page
from capdraft.importing.layout import as_line, can_head_list
from capdraft.publishing.like_page import UNKNOWN, Standing, like_page
from capdraft.publishing.phrases import plain
from capdraft.records import CatalogEntry, Record
from capdraft.text import normalise

PAGE = """\
Gravel 2 vs Sand Eye
Side-by-side comparison to help you choose.
| Feature | Gravel 2 | Sand Eye |
|---|---|---|
| Type | Model | Model |
| Rank | — | — |
| Adoption | — | — |
| Quality | — | — |
| Ecosystem | — | — |
| Match Graph | — | — |
| Pricing | Free | — |
| Capabilities | 2 decomposed | 1 decomposed |
| Times Matched | — | — |
Gravel 2 Capabilities
Counts pebbles, wet  or dry.
Unique: Rings each pebble
vs alternatives: Needs no ledger
+1 more capability
Sand Eye Capabilities
Weighs sand.
Verdict
No winner: Gravel 2 and Sand Eye are not ranked.
"""


def gravel(type_: str = "model") -> CatalogEntry:
    first = record(
        "Count",
        field("Counts pebbles, wet  or dry."),
        field("Rings each pebble"),
        field("Needs no ledger"),
    )
    other = record("Export", field("Writes a table."))
    return entry("gravel", first, other, name="Gravel 2", type_=type_, pricing="Free")


def sand() -> CatalogEntry:
    return entry("sand", record("Count", field("Weighs sand.")), name="Sand Eye")


def page_of(
    one: CatalogEntry,
    two: CatalogEntry,
    standings: tuple[Standing, Standing] = (UNKNOWN, UNKNOWN),
    limit: int | None = None,
    least: int = 1,
) -> str:
    pricing = [item.artifact.pricing for item in (one, two)]
    found = compare([one, two], limit=limit, least=least, common_first=False)
    return like_page(found, pricing, standings)


def ranked(total: str, quality: str, adoption: str | None = None, matched: int = 0) -> Standing:
    parts = {"quality": Decimal(quality), "adoption": Decimal(adoption) if adoption else None}
    marks = () if adoption else ("without adoption",)
    return Standing(Decimal(total), parts, marks, matched)


def test_the_whole_page_of_two_that_are_not_ranked() -> None:
    assert page_of(gravel(), sand(), limit=1) == PAGE


def test_ranks_are_told_the_same_in_headline_table_and_verdict() -> None:
    page = page_of(gravel(), sand(), (ranked("40.10", "0.40", "0.9"), ranked("61.00", "0.61")))
    lines = page.splitlines()
    told = "at 61.00/100 vs Gravel 2 at 40.10/100."
    assert lines[1] == f"Sand Eye ranks higher {told} Capability-level comparison."
    assert "| Rank | 40.10/100 | 61.00/100 (without adoption) |" in lines
    assert "| Adoption | 0.9 | — |" in lines
    assert lines[-1] == f"Sand Eye scores higher {told} Sand Eye leads on quality."
    read = read_page(page, "page.txt")
    found = {note.code for note in judge(read, assign(read))}
    assert found == {"rank-unsourced"}


def test_who_leads_on_what() -> None:
    page = page_of(gravel(), sand(), (ranked("40", "0.4", "0.9"), ranked("61", "0.6", "0.1")))
    assert page.endswith(" Gravel 2 leads on adoption, while Sand Eye is stronger on quality.\n")


def test_match_graph_evidence_is_named_where_both_were_matched() -> None:
    for matched, said in ((0, False), (3, True)):
        standings = (ranked("40", "0.4", matched=2), ranked("61", "0.6", matched=matched))
        assert ("match graph evidence" in page_of(gravel(), sand(), standings)) is said


@pytest.mark.parametrize(
    ("type_", "totals", "verdict"),
    [
        ("tool", ("4", "6"), "Not rivals: Gravel 2 (tool) and Sand Eye (model) differ in type."),
        (
            "unknown",
            ("4", "6"),
            "No winner: a type is unknown, and with it whether they are rivals.",
        ),
        ("model", ("6", "6"), "No winner: both are at 6/100."),
    ],
)
def test_no_winner_is_named_where_there_is_none(
    type_: str, totals: tuple[str, str], verdict: str
) -> None:
    standings = (ranked(totals[0], "0.4"), ranked(totals[1], "0.4"))
    lines = page_of(gravel(type_), sand(), standings).splitlines()
    assert (lines[1], lines[-1]) == ("Side-by-side comparison to help you choose.", verdict)


def test_two_that_share_too_little_have_no_winner_here_either() -> None:
    lines = page_of(
        gravel(), sand(), (ranked("4", "0.4"), ranked("6", "0.6")), least=2
    ).splitlines()
    assert (lines[1], lines[-1]) == (
        "Side-by-side comparison to help you choose.",
        "Not rivals: 1 of Sand Eye’s 1 capability found in common with Gravel 2; "
        "the rule asks for 2.",
    )
    read = read_page("\n".join(lines), "page.txt")
    assert {note.code for note in judge(read, assign(read))} == {"rank-unsourced"}


def test_it_is_a_page_of_two() -> None:
    three = compare([gravel(), sand(), entry("silt")])
    with pytest.raises(UsageProblem, match="the known pages have two artifacts"):
        like_page(three, [None] * 3, [UNKNOWN] * 3)


def test_a_text_that_shows_nothing_is_refused() -> None:
    with pytest.raises(UsageProblem, match="gravel/cap-1: its unique shows nothing"):
        page_of(entry("gravel", record("A", field("A."), field(" \u200b"))), sand())


@pytest.mark.parametrize(
    "name", ["Unique: eye", "| eye", "\\eye", "+3 more", "Gravel 2 scores higher at 1"]
)
def test_a_name_that_reads_as_another_part_is_refused(name: str) -> None:
    with pytest.raises(UsageProblem, match="reads as another part"):
        page_of(gravel(), entry("eye", name=name))


PIECES = [
    "Unique: ",
    "unique:",
    "vs alternatives: ",
    "vs. Alternatives:",
    "+3 more capabilities",
    " Capabilities",
    "Verdict",
    "Need something different?",
    "Search the match graph →",
    "| Feature | A | B |",
    "|---|---|---|",
    " scores higher at 1/100",
    " vs ",
    "A",
    "\\",
    "\\|",
    "|",
    "—",
    "\n",
    "\r\n",
    " ",
    "\u2028",
    "\u200b",
    "\x1b[2J",
    "© 2026",
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), min_size=1, max_size=5).map("".join)
shown = texts.filter(lambda text: bool(normalise(as_line(text))))
records = st.tuples(shown, st.none() | shown, st.none() | shown)


def made(found: tuple[str, str | None, str | None]) -> Record:
    unique, versus = (field(text) if text else None for text in found[1:])
    return record("A", field(found[0]), unique, versus)


def read_back(found: tuple[str, str | None, str | None]) -> tuple[str | None, ...]:
    return tuple(None if text is None else as_line(text) for text in found)


def told(record: PageRecord) -> tuple[str | None, ...]:
    return record.description, record.unique, record.vs_alternatives


@given(
    st.tuples(shown, shown),
    st.tuples(st.lists(records, max_size=3), st.lists(records, max_size=3)),
    st.tuples(st.none() | texts, st.none() | texts),
    st.booleans(),
)
@example(
    ("A", "B"),
    ([("Unique: x", None, "A Capabilities")], [("\\Verdict", "|", None)]),
    (None, None),
    True,
)
@example(("a|", "a\\|"), ([("A", None, None)], [("B", None, None)]), ("|", "\\"), True)
def test_what_is_written_is_read_as_the_same_records(
    names: tuple[str, str],
    lists: tuple[list[tuple[str, str | None, str | None]], ...],
    pricing: tuple[str | None, str | None],
    are_ranked: bool,
) -> None:
    assume(any(lists))
    one, two = (
        entry(slug, *map(made, found), name=name, pricing=price)
        for slug, found, name, price in zip(("a", "b"), lists, names, pricing, strict=True)
    )
    ranks = (ranked("4", "0.4"), ranked("6", "0.6")) if are_ranked else (UNKNOWN, UNKNOWN)
    first, second = (plain(name) for name in names)
    assume(can_head_list(first, second) and can_head_list(second, first))
    page = read_page(page_of(one, two, ranks, limit=2), "page.txt")
    halves = assign(page)
    assert [[told(r) for r in half.records] for half in halves] == [
        [read_back(found) for found in half[:2]] for half in lists
    ]
    assert [half.more for half in halves] == [max(len(half) - 2, 0) for half in lists]
    row = page.row("pricing")
    assert row
    assert row.cells == tuple(plain(price or "") or "—" for price in pricing)
    assert page.title == " vs ".join(page.names)
    assert not page.notes
