"""CD103: what a claim may round, count or tell as a share, and what it may not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.checking.support import unsupported

RIGHT = [
    ("about 2 s", "takes 2.1 s"),
    ("roughly 1.2 million pages", "1,234,567 pages"),
    ("close to two million pairs", "1.9 million pairs"),
    ("almost 1.5 GB", "1.48 GB"),
    ("more than 600 hours", "612 hours"),
    ("about 97 %", "Recall, %\n\nlarge | 96.8"),
    ("nine in ten tickets", "precision 0.90"),
    ("roughly nine in ten tickets", "precision 0.91"),
    ("nearly one in ten tickets", "9 % of them"),
    ("not quite four fifths", "a recall of 0.78"),
    ("about 15 errors in a hundred words", "14.6 % of the words"),
    ("fewer than one page in a thousand", "0.1 % of the pages"),
    ("20 % of them", "one in five of them"),
    ("91 %", "a precision of 0.91"),
    ("five of the seven looms", "looms w1 to w7, of which w1 to w5 are narrow"),
    ("writes four formats", "writes CSV, JSON, Parquet and Arrow"),
    ("the other two looms", "w6 and w7 are wide"),
    ("32-bit weights", "fp32 weights"),
    ("eight-bit weights", "int8 weights"),
    ("four-bit weights", "a Q4_K_M file"),
    ("310 pages, and Rookery 410", "Rookery 1.4 reads 410, we 310 pages"),
]

WRONG = [
    ("2 s", "takes 2.1 s"),
    ("about 2 s", "takes 2.1 h"),
    ("about 2 s", "takes 2.6 s"),
    ("about 2 s", "takes 2.3 s"),
    ("about 120 pages", "126 pages"),
    ("about 1.25 million", "1,234,567 pages"),
    ("more than 600 hours", "588 hours"),
    ("almost 1.5 GB", "1.52 GB"),
    ("up to 600 hours", "588 hours"),
    ("nine in ten tickets", "precision 0.91"),
    ("roughly nine in ten tickets", "precision 0.93"),
    ("over nine in ten tickets", "precision 0.89"),
    ("about 15 errors in a hundred words", "13.9 % of the words"),
    ("90,000 words in seven languages", "90,000 words in five languages"),
    ("two kitchens", "one kitchen. k6 and k7 are wide"),
    ("five formats", "writes CSV, JSON, Parquet and Arrow"),
    ("16-bit weights", "int8 weights"),
    ("88 Gb", "88 GB"),
    ("Rookery 3", "Rookery 2 has 3 rooms"),
]


@pytest.mark.parametrize(("said", "passage"), RIGHT)
def test_what_a_passage_states_may_be_told_otherwise(said: str, passage: str) -> None:
    assert not list(unsupported(f"It needs {said} there.", [passage]))


@pytest.mark.parametrize(("said", "passage"), WRONG)
def test_another_figure_may_not(said: str, passage: str) -> None:
    assert list(unsupported(f"It needs {said} there.", [passage]))


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_rounded_number_is_within_a_twentieth(exact: int, said: int) -> None:
    if not list(unsupported(f"It has about {said} rows.", [f"{exact} rows"])):
        assert abs(exact - said) <= Decimal("0.05") * max(exact, said)


@given(st.integers(11, 10**6))
def test_a_number_rounded_to_two_digits_is_the_same(exact: int) -> None:
    rounded = int(Decimal(exact).scaleb(-(len(str(exact)) - 2)).to_integral_value())
    rounded *= 10 ** (len(str(exact)) - 2)
    assert not list(unsupported(f"It has about {rounded} rows.", [f"{exact} rows"]))
    unmarked = list(unsupported(f"It has {rounded} rows.", [f"{exact} rows"]))
    assert bool(unmarked) is (rounded != exact)
