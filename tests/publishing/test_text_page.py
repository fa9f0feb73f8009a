"""The page for a terminal, and its JSON form."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_up import entry, field, gravel, passage, record

from capdraft.comparing import Comparison, compare
from capdraft.publishing import PageFormat, render
from capdraft.publishing.columns import columns, wrap
from capdraft.publishing.phrases import QUOTE_LENGTH, plain, shortened
from mills import TASKS, mill

PAGE = """\
Gravel 2 vs 巻尺
================

No capabilities found in common, of Gravel 2’s 3 and 巻尺’s
0. Not rivals: Gravel 2 (model) and 巻尺 (tool) differ in
type.

As of 2026-03-01, when something was last read or approved;
approved by ada and bo; drafted by draft-model-1.

                 Gravel 2    巻尺
Type             model       tool
Rank             not ranked  not ranked
Pricing          Free        一度買えば無料で使え
                             ます
Licence          unknown     unknown
Capabilities     3           0
Found in common  0           0
Times matched    unknown     unknown
Docs read        2026-03-01  2026-03-01
Last approved    2026-03-01  unknown

Verdict
-------

Not rivals: Gravel 2 (model) and 巻尺 (tool) differ in type.
巻尺 has no approved capability: there is nothing to compare
with.

Conflicts between the docs
--------------------------

None was found in what the records cite.

In common
---------

Nothing was found by the rule that this page goes by.

The rest of Gravel 2
--------------------

Nothing alike was found for these.

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

The rest of 巻尺
----------------

None approved yet.

Sources
-------

Gravel 2: docs/readme.md, read 2026-03-01
巻尺: docs/readme.md, read 2026-03-01

Evidence
--------

[1] "Counts the pebbles in a photo."
    docs/readme.md, Use, characters 10–40
[2] "Two people counted each photo."
    docs/readme.md, characters 90–120, on the alternative's
    side

The rules behind this page: add --rules.
"""


def test_the_whole_page_at_60_columns() -> None:
    tape = entry("tape", name="巻尺", type_="tool", pricing="一度買えば無料で使えます")
    assert render(compare([gravel(), tape], limit=2), "text", width=60) == PAGE


COMMON = """\
In common
---------

Found by words, not by what they mean; there may be more.

In both:
  East: Grinds dry wheat
    Grinds dry wheat into fine white flour between two
    turning stones. [1]
    (drafted by draft-model-1, approved by ada on
    2026-03-01)
    [1] "The mill: Grinds dry wheat into fine white flour
        between two turning stones."
  West: Grinds dry wheat
    Grinds dry wheat into fine white flour between two
    turning stones. [1]
    (drafted by draft-model-1, approved by ada on
    2026-03-01)
    [1] "The mill: Grinds dry wheat into fine white flour
        between two turning stones."
  100 % alike, 24 points of 24 and 24: grinds, dry, wheat

+1 more in common

The rest of East
----------------

Nothing else.
"""


def test_what_both_can_stands_side_by_side_with_its_passages_and_words() -> None:
    east, west = mill("east", "East", *TASKS[:2]), mill("west", "West", *TASKS[:3])
    assert COMMON in render(compare([east, west], limit=1), "text", width=60)


@pytest.mark.parametrize("format_", ["text", "md", "html"])
def test_a_conflict_is_shown_with_both_sides_and_its_rule(format_: PageFormat) -> None:
    lynx = entry("lynx", record("L", field("L.", passage("Otter has 9 heavy gears."))), name="Lynx")
    otter = record("O", field("O.", passage("Otter has 3 heavy gears.")))
    both = compare([lynx, entry("otter", otter, name="Otter")])
    page = render(both, format_, width=200, rules=True)
    assert "A number of Otter: Lynx’s docs give another one than its own." in page
    assert page.index("Otter has 9 heavy gears") < page.index("Otter has 3 heavy gears")
    rule = "gives a number that stands nowhere in that artifact’s own passages"
    assert page.index(rule) < page.rindex(rule)  # beside the conflict, and among the rules


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
