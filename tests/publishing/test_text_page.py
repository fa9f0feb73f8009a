"""The page for a terminal, and its JSON form."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_up import entry, field, gravel, passage, record

from capdraft.comparing import Comparison, compare
from capdraft.publishing import render
from capdraft.publishing.columns import columns, wrap
from capdraft.publishing.phrases import QUOTE_LENGTH, plain, shortened

PAGE = """\
Gravel 2 vs 巻尺
================

Neither Gravel 2 nor 巻尺 is rated yet; together they have 3
approved capabilities, with 3 quoted passages as evidence.

               Gravel 2      巻尺
Type           model         tool
Rank           not rated     not rated
Adoption       not rated     not rated
Quality        not rated     not rated
Ecosystem      not rated     not rated
Match graph    not rated     not rated
Pricing        Free          一度買えば無料で使え
                             ます
Capabilities   3 decomposed  0 decomposed
Times matched  unknown       unknown

Gravel 2: capabilities
----------------------

Counts pebbles
  Counts every pebble of a river bed. [1]
  Unique: Rings each pebble. (editorial statement, no
  evidence)
  vs alternatives: Needs nobody to count, where the ledger
  took two people. [1][2] (compared with Ledger Set;
  accepted despite CD301)
  (drafted by draft-model-1; description approved by ada on
  2026-03-01; unique approved by bo on 2026-03-01;
  comparison rewritten and approved by bo on 2026-03-01)

Finds the water
  Draws the water's edge. [1]
  (drafted by draft-model-1, approved by ada on 2026-03-01)

+1 more capability

巻尺: capabilities
------------------

None approved yet.

Verdict
-------

No winner: neither Gravel 2 nor 巻尺 is rated.
Gravel 2 (model) and 巻尺 (tool) differ in type: they are
not rivals.
巻尺 has no approved capability yet, so there is nothing to
compare with.

Evidence
--------

[1] "Counts the pebbles in a photo."
    docs/readme.md, Use, characters 10–40
[2] "Two people counted each photo."
    docs/readme.md, characters 90–120, on the alternative's
    side
"""


def test_the_whole_page_at_60_columns() -> None:
    tape = entry("tape", name="巻尺", type_="tool", pricing="一度買えば無料で使えます")
    assert render(compare([gravel(), tape], limit=2), "text", width=60) == PAGE


def test_a_page_too_narrow_for_columns_lists_the_cells() -> None:
    page = render(compare([gravel(), entry("tape")]), "text", 30)
    assert "Pricing\n  Gravel 2: Free\n  tape: unknown\n" in page


@given(st.text(), st.integers(min_value=20, max_value=120))
def test_no_line_is_wider_than_the_terminal(text: str, width: int) -> None:
    left = entry(
        "left", record(text or "-", field(text or "-", passage(text or "-"))), pricing=text
    )
    right = entry("right", name=text or "-")
    page = render(compare([left, right]), "text", width)
    assert max(map(columns, page.split("\n"))) <= width


@given(st.text(), st.integers(min_value=2, max_value=40))
@example("abcdefg 砂利砂利砂", 4)
def test_wrapping_keeps_to_the_width_and_loses_no_letter(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert max(map(columns, lines)) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_control_character_reaches_the_terminal() -> None:
    evil = "a\x1b[2Jb\x9b31m\u202ec"
    page = render(compare([entry("x", record(evil, field(evil))), entry("y", name=evil)]), "text")
    assert not {"\x1b", "\x9b", "\u202e"} & set(page)


@given(st.text())
def test_a_long_quote_is_cut_and_shows_it(quote: str) -> None:
    line, short = plain(quote * 50), shortened(quote * 50)
    if len(line) <= QUOTE_LENGTH:
        assert short == line
    else:
        assert len(short) <= QUOTE_LENGTH
        assert line.startswith(short.removesuffix("…"))
        assert short.endswith("…")


@pytest.mark.parametrize("limit", [None, 0, 2])
def test_json_is_the_comparison_itself(limit: int | None) -> None:
    comparison = compare([gravel(), entry("tape", name="巻尺")], limit=limit)
    page = render(comparison, "json")
    assert Comparison.model_validate_json(page) == comparison
    assert list(json.loads(page))[:3] == ["schema", "title", "headline"]
    assert '"title": "Gravel 2 vs 巻尺"' in page
    assert page.endswith("}\n")
