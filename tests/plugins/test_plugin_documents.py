"""What a plugin's reader builds: whatever it says, quotes are what the text says."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.records import PassageKind
from capdraft.sources import readable
from capdraft.sources.decoding import Source
from capdraft.sources.plugin_readers import Builder
from capdraft.text import clean

words = st.text(st.sampled_from("ab *_`|<&>[]!\\\n\t×é\u2028#-1."), max_size=12)
kinds = st.sampled_from(["paragraph", "list-item", "code", "quote"])


@given(st.lists(st.tuples(kinds, words), max_size=6))
def test_passages_are_shown_character_by_character(given: list[tuple[PassageKind, str]]) -> None:
    builder = Builder()
    for kind, text in given:
        builder.passage(text, kind)
    reading = builder.reading()
    said = [text for _, text in given if clean(text).strip()]
    pieces = list(reading.pieces)
    assert len(pieces) == len(said)
    for piece, text in zip(pieces, said, strict=True):
        shown = readable(reading.text[piece.start : piece.end], piece.kind, piece.markup)
        assert "".join(shown.split()) == "".join(clean(text).split())


@given(words.map(clean), st.integers(-2, 14), st.integers(-2, 14), words)
def test_only_what_the_text_says_can_be_cited(text: str, start: int, end: int, quote: str) -> None:
    builder = Builder()
    builder.keep(text)
    for claimed in (quote, text[max(start, 0) : max(end, 0)]):
        is_said = 0 <= start < end <= len(text) and text[start:end] == claimed
        if is_said and claimed.strip():
            builder.cite(start, end, claimed)
        else:
            with pytest.raises(ValueError, match="not the quote"):
                builder.cite(start, end, claimed)
    reading = builder.reading()
    assert reading.text == text
    assert all(text[p.start : p.end].strip() for p in reading.pieces)


def test_headings_rows_and_title_stand_as_in_other_documents() -> None:
    builder = Builder()
    builder.heading(1, "Trams")
    builder.row(["2", "a|b"], ["size", "name"])
    builder.heading(2, "Bells")
    builder.passage("They *ring*.", markdown=True)
    builder.heading(1, "Rails")
    builder.passage("They *shine*.")
    reading = builder.reading()
    row, bells, rails = reading.pieces
    assert (reading.text[row.start : row.end], row.header) == ("| 2 | a\\|b |", "| size | name |")
    assert [piece.heading for piece in (row, bells, rails)] == [
        ("Trams",),
        ("Trams", "Bells"),
        ("Rails",),
    ]
    shown = [readable(reading.text[p.start : p.end], p.kind, p.markup) for p in (bells, rails)]
    assert (reading.title, shown) == ("Trams", ["They ring.", "They *shine*."])


ROW = "| name \\vert | 3*4*5 | List<int> | [[https://example.org][link]] |"


def test_a_kept_text_is_shown_as_it_is_unless_it_is_markdown() -> None:
    builder = Builder()
    builder.keep(f"{ROW}\n*Ring*  the\nbell.")
    builder.heading(1, "The __init__ of 3*4")
    builder.cite(0, len(ROW), ROW, "table-row", header=["a|b", "*c*", "d", "e"])
    for markdown in (False, True):
        builder.cite(len(ROW) + 1, len(ROW) + 18, "*Ring*  the\nbell.", markdown=markdown)
    row, plain, marked = builder.reading().pieces
    shown = [
        readable(builder.reading().text[p.start : p.end], p.kind, p.markup)
        for p in (row, plain, marked)
    ]
    assert shown == [ROW[2:-2], "*Ring* the bell.", "Ring the bell."]
    assert (row.heading, row.header) == (("The __init__ of 3*4",), "| a\\|b | *c* | d | e |")


def test_only_a_table_row_has_a_header() -> None:
    builder = Builder()
    builder.keep("Small trams.")
    with pytest.raises(ValueError, match="belongs to the kind 'table-row', not to 'code'"):
        builder.cite(0, 5, "Small", "code", header=["size"])


def test_the_page_s_way_to_cite_a_text_as_it_is_works() -> None:
    page = (Path(__file__).parents[2] / "docs/extending.md").read_text()
    (shown,) = re.findall(r"(?:^ {4}.*\n)*^ {4}.*document\.cite\(.*\n", page, re.MULTILINE)
    builder, source = Builder(), Source(b"They ring.\r\n\r\nThey shine.", "a.toy", "a.toy")
    exec(dedent(shown), {"re": re, "source": source, "document": builder})  # noqa: S102
    reading = builder.reading()
    quotes = [reading.text[piece.start : piece.end] for piece in reading.pieces]
    assert quotes == ["They ring.", "They shine."]


def test_both_ways_to_build_can_not_be_mixed() -> None:
    added, kept = Builder(), Builder()
    added.passage("They ring.")
    with pytest.raises(ValueError, match="before any passage"):
        added.keep("They ring.")
    kept.keep("They ring.")
    with pytest.raises(ValueError, match=r"cite\(\)"):
        kept.passage("They ring.")
