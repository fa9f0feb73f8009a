"""What is read of a known page, and whose records are whose."""

from __future__ import annotations

from pathlib import Path

import pytest

from capdraft.errors import CapdraftError, SourceError, UsageProblem
from capdraft.importing import Page, PageRecord, assign, judge, read_page

HEADED = Path(__file__).with_name("headed.txt").read_text(encoding="utf-8")
WITHOUT_HEADINGS = Path(__file__).with_name("without-headings.txt").read_text(encoding="utf-8")


def read(text: str) -> Page:
    return read_page(text, "page.txt")


def descriptions(text: str, split: int | None = None) -> list[list[str]]:
    return [[r.description for r in found.records] for found in assign(read(text), split)]


def test_every_part_of_a_page_with_headings() -> None:
    page = read(HEADED)
    assert (page.title, page.names) == ("Pebble 2 vs Shingle Set", ("Pebble 2", "Shingle Set"))
    assert page.headline.startswith("Shingle Set ranks higher at 41/100 vs Pebble 2")
    assert page.rows[4].cells == ("Free", "Paid, from 3 €")
    assert page.verdict.endswith("Pebble 2 leads on adoption.")
    one, two = assign(page)
    assert (len(one.records), one.more, len(two.records), two.more) == (2, 2, 2, 0)
    assert one.records[0] == PageRecord(
        "Pebble 2 counts pebbles in a photo by their outlines, wet or dry; "
        "a photo of 4 m² takes 2 s.",
        13,
        "Tells overlapping stones apart (even  black ones) — no other counter does",
        "Quicker than counting by hand, which takes an hour",
    )
    assert one.records[1].unique is None
    assert two.records[1] == PageRecord("Lists the tide of each photo.", 22)


def test_rows_broken_over_lines_and_lists_told_by_their_counts() -> None:
    page = read(WITHOUT_HEADINGS)
    rows = {row.label: row.cells for row in page.rows}
    assert rows["Adoption"] == ("0.5", "1")
    assert rows["Pricing"] == ("Free for research", "Free")
    one, two = assign(page)
    assert [r.description for r in one.records] == ["Counts pebbles.", "Finds the water."]
    assert [r.description for r in two.records] == ["Rings pebbles.", "Sorts rings by size."]
    assert (one.more, two.more) == (1, 2)
    assert page.verdict == "Shingle Set scores higher at 9/100 vs Pebble 2 at 7/100."
    assert ("left-out", 23) in [(note.code, note.line) for note in page.notes]


@pytest.mark.parametrize("end", ["\r\n", "\n\n", "\n  "])
def test_line_ends_and_indents_change_nothing(end: str) -> None:
    same = read(HEADED.replace("\n", end))
    assert [r.description for r in same.records] == [r.description for r in read(HEADED).records]


def test_the_second_list_may_stand_first() -> None:
    top, _, rest = HEADED.partition("Pebble 2 Capabilities\n")
    first, _, rest = rest.partition("Shingle Set Capabilities\n")
    second, _, _ = rest.partition("Verdict\n")
    turned = f"{top}Shingle Set Capabilities\n{second}Pebble 2 Capabilities\n{first}"
    assert assign(read(turned))[0].more == 2
    assert descriptions(turned) == descriptions(HEADED)


def test_without_agreeing_counts_the_split_is_asked_for() -> None:
    unsure = WITHOUT_HEADINGS.replace("3 decomposed", "9 decomposed")
    with pytest.raises(SourceError, match="the table counts 9 and 4") as caught:
        descriptions(unsure)
    assert caught.value.where == "page.txt:12"
    assert "--split N" in caught.value.hint
    assert [len(found) for found in descriptions(unsure, split=3)] == [3, 1]
    for text, split in ((unsure, 5), (HEADED, 2)):
        with pytest.raises(UsageProblem):
            descriptions(text, split)


@pytest.mark.parametrize(
    "text",
    [
        WITHOUT_HEADINGS.replace("4 decomposed", "5 decomposed"),
        WITHOUT_HEADINGS.replace(
            "Finds the water.\n+1 more capability", "+1 more capability\nFinds the water."
        ),
        HEADED.replace("Shingle Set Capabilities\n", ""),
    ],
)
def test_what_agrees_only_in_part_is_not_taken(text: str) -> None:
    with pytest.raises(SourceError, match="can't be told"):
        descriptions(text)


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        (HEADED, " \n", "page.txt", "the page is empty"),
        (HEADED, "Pebble 2 vs Sand\nNo table.\n", "page.txt:1", "| Feature | A | B |"),
        ("|---|---|---|", "", "page.txt:3", "|---|---|---|"),
        ("| Feature | Pebble 2 | Shingle Set |", "| Feature | Pebble 2 |", "page.txt:3", "three"),
        ("| Feature | Pebble 2 |", "| Feature | Shingle Set |", "page.txt:3", "two names"),
        ("| Model |", "| Model | Tool |", "page.txt:5", "a label and two cells"),
        ("| Model | Dataset |", "|", "page.txt:5", "a label and two cells"),
        ("| Quality |", "| Adoption |", "page.txt:8", "each row once"),
        ("Shingle Set Cap", "Sand Cap", "page.txt:19", "'Shingle Set Capabilities'"),
        ("Shingle Set Cap", "Pebble 2 Cap", "page.txt:19", "one list for each artifact"),
        ("2 Capabilities\n", "2 Capabilities\nUnique: x\n", "page.txt:13", "a description above"),
        ("Unique: Ringed", "Unique: One\nUnique: Two", "page.txt:22", "a description above"),
        ("Unique: Ringed twice", "Unique:", "page.txt:21", "a text"),
        ("+2 more capabilities\n", "+2 more capabilities\nRolls.\n", "page.txt:18", "above '+N"),
        ("Verdict\n", "Verdict\nRolls.\nUnique: Round\n", "page.txt:25", "in a list above"),
    ],
)
def test_what_is_broken_is_told_with_its_line(old: str, new: str, line: str, expected: str) -> None:
    with pytest.raises(SourceError) as caught:
        assign(read(HEADED.replace(old, new, 1)))
    assert caught.value.where == line
    assert expected in caught.value.message


def test_what_a_page_says_without_evidence() -> None:
    page = read(HEADED)
    found = [(note.code, note.line) for note in judge(page, assign(page))]
    assert found == [
        ("match-graph", 2),
        ("not-rivals", 5),
        ("rank-unsourced", 6),
        ("rank-parts", 6),
        ("count", 10),
        ("not-on-page", 18),
        ("verdict", 24),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("scores higher at 41", "scores higher at 42", "verdict", "42/100, and the table says 41"),
        ("| 40/100 | 41", "| 43/100 | 41", "verdict", "puts Shingle Set first"),
        ("ranks higher at 41", "ranks higher at 61", "headline", "61/100"),
        ("| Quality | 0 | 0", "| Quality | 1 | 1", "rank-parts", "40/100 where each part"),
        ("| Quality | 0 | 0", "| Quality | 1 | 0", "rank-parts", "none of them lower"),
        ("| Times Matched |", "| Stars |", "row", "'Stars' is not taken over"),
        ("Pebble 2 vs", "Pebbles vs", "title", "'Pebble 2 vs Shingle Set'"),
        ("Finds", "Fi\u200bnds", "unseen", "1 character that shows nothing is left out"),
    ],
)
def test_notes_on_other_claims(old: str, new: str, code: str, words: str) -> None:
    page = read(HEADED.replace(old, new, 1))
    assert any(n.code == code and words in n.message for n in judge(page, assign(page)))


def test_what_agrees_brings_no_other_note() -> None:
    good = HEADED.partition("Verdict")[0].replace("Dataset", "Model").replace("5 dec", "4 dec")
    good = good.replace("| Quality | 0 | 0", "| Quality | 0 | 0.5")
    page = read(good.replace("| Times Matched | 0", "| Times Matched | 7"))
    assert [n.code for n in judge(page, assign(page))] == [
        "rank-unsourced",
        "not-on-page",
    ]


def test_every_error_says_what_to_do() -> None:
    with pytest.raises(CapdraftError) as caught:
        read("A vs B\nwords")
    assert "| Feature | A | B |" in caught.value.hint
