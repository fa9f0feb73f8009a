"""CD113: names that no cited passage says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.checking.naming import unsaid_names


def names(claim: str, *passages: str) -> list[str]:
    return [claim[start:end] for start, end in unsaid_names(claim, passages)]


@pytest.mark.parametrize(
    ("claim", "passage", "missing"),
    [
        ("Reads CSV, ODS and Parquet.", "Reads CSV and Parquet files.", ["ODS"]),
        ("It has a REST and a GraphQL API.", "A REST interface.", ["GraphQL"]),
        ("Reads Finnish and Danish.", "Reads Finnish.", ["Danish"]),
        ("TensorBoard shows it.", "It is shown in a page.", ["TensorBoard"]),
        ("Unlike Rookery, it runs alone.", "It runs alone.", ["Rookery"]),
    ],
)
def test_a_name_that_no_passage_says_is_found(claim: str, passage: str, missing: list[str]) -> None:
    assert names(claim, passage) == missing


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Reads scanned pages. Lines are joined.", "no name here"),
        ("It needs a GPU with RAM of its own, since May.", "a graphics card"),
        ("It runs in PyTorch.", "import torch"),
        ("A port of the Transformers library.", "a transformer"),
        ("Reads Danish and German.", "da | 12\nde | 40"),
        ("Uses RAG for answers.", "retrieval augmented generation"),
        ("Uses Optical Character Recognition.", "OCR"),
        ("Works in web-browsers and WebKit's shell.", "WebKit"),
        ("Written by the Rookery's keepers.", "rookery"),
        ("Needs GPT-4 or v2.", "no name here"),
        ("See docs/Install.md and user@Host.", "no name here"),
    ],
)
def test_other_words_and_forms_are_left_alone(claim: str, passage: str) -> None:
    assert names(claim, passage) == []


@given(st.text())
def test_any_text_says_its_own_names(text: str) -> None:
    assert unsaid_names(text, [text]) == []
