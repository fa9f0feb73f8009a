"""What a heading or a file's name calls an artifact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.sources.titles import bare_name, bare_stem


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Larch Model Card", "Larch"),
        ("Larch 2 - Model Card", "Larch 2"),
        ("Larch (model card)", "Larch"),
        ("Larch's data card", "Larch"),
        ("Model Card: Larch", "Larch"),
        ("Model card for the Larch models", "Larch models"),
        ('Dataset Card for "larch_mail"', "larch_mail"),
        ("Dataset Card for The Larch", "The Larch"),
        ("Larch README", "Larch"),
        ("Larch model README", "Larch"),
        ("README.md", None),
        ("Model card", None),
        ("Dataset Card for [Dataset Name]", None),
        ("How to write a model card", "How to write a model card"),
        ("Annotated Model Card", "Annotated Model Card"),
        ("Larch Model Card Toolkit", "Larch Model Card Toolkit"),
        ("Larch Credit Card", "Larch Credit Card"),
    ],
)
def test_that_it_is_a_card_is_no_part_of_the_name(title: str, name: str | None) -> None:
    assert bare_name(title) == name


@pytest.mark.parametrize(
    ("stem", "bare"),
    [
        ("LARCH_MODEL_CARD", "LARCH"),
        ("larch-2-dataset-card", "larch-2"),
        ("larch-dataset-readme", "larch-dataset"),
        ("larch.README", "larch"),
        ("model-card-annotated", "model-card-annotated"),
        ("model_card", "model_card"),
        ("_readme", "_readme"),
        ("credit-card", "credit-card"),
    ],
)
def test_nor_of_the_slug(stem: str, bare: str) -> None:
    assert bare_stem(stem) == bare


@given(st.text(max_size=40), st.sampled_from(["", " Model Card", " README", "Dataset Card for "]))
def test_a_name_is_never_empty_and_stays_as_it_is(text: str, card: str) -> None:
    for title in (text + card, card + text):
        name = bare_name(title)
        assert name is None or name == name.strip() != ""
