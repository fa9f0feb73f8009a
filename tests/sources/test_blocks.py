"""Blocks make a text of which each is an exact span, and markup characters in them are shown."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capdraft.sources import readable
from capdraft.sources.blocks import Block, join_blocks, literal, table_row
from capdraft.text import clean

WORDS = st.text(st.sampled_from("ab5 \n\\`*_~<>&[]()!|#:/.^-\r\u2028") | st.characters())


@given(texts=st.lists(WORDS))
@example(texts=["", " a\r\n", "\ufeff", "b\n\nc"])
def test_each_block_is_a_span_of_the_text(texts: list[str]) -> None:
    text, pieces = join_blocks(Block("code", block) for block in texts)
    quotes = [text[piece.start : piece.end] for piece in pieces]
    assert quotes == [stripped for block in texts if (stripped := clean(block).strip())]
    assert "\n\n".join(quotes) == text


def test_a_block_keeps_its_headings_and_header() -> None:
    _, [piece] = join_blocks([Block("table-row", "| 1 |", ("Larch", "Size"), "GB")])
    assert (piece.kind, piece.heading, piece.header) == ("table-row", ("Larch", "Size"), "GB")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Larch is 2*3 & fast.", "Larch is 2*3 & fast."),
        ("*Larch* <b>", r"\*Larch\* \<b\>"),
        ("snake_case and __init__", r"snake\_case and \_\_init\_\_"),
        ("&lt; is `<`", r"\&lt; is \`\<\`"),
    ],
)
def test_only_what_would_be_lost_is_escaped(text: str, escaped: str) -> None:
    assert literal(text) == escaped
    assert readable(escaped, "paragraph") == text


# Addresses and references are shortened in every format.
@given(text=WORDS.filter(lambda text: "://" not in text and "][" not in text))
def test_a_literal_text_is_shown_whole(text: str) -> None:
    assert "".join(readable(literal(text), "paragraph").split()) == "".join(clean(text).split())


def test_a_table_row_keeps_its_columns() -> None:
    row = table_row(["", "a|b\nc", "*d*", ""])
    assert row == r"|  | a\|b c | \*d\* |  |"
    assert readable(row, "table-row") == "| a|b c | *d* |"
    assert table_row(["", " "]) == ""
