"""Front matter: what is taken for it, and that its scalars stay as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.errors import SourceError
from capdraft.sources.front_matter import read_front_matter


def test_scalars_stay_strings() -> None:
    text = "---\na: no\nb: 1.10\nc: [2024-01-02, ~]\nd: {e: =}\n...\ntext"
    values, end = read_front_matter(text, uri="card.md")
    assert values == {"a": "no", "b": "1.10", "c": ["2024-01-02", "~"], "d": {"e": "="}}
    assert text[end:] == "text"


@pytest.mark.parametrize(
    "text",
    [
        "text\n---\na: 1\n---\n",
        "---\na: 1\n",
        "---\na: 1\n----\n",
        "---\nJust a sentence.\n---\n",
        "---\n- a\n---\n",
        "---\n---\n",
    ],
)
def test_what_is_no_front_matter(text: str) -> None:
    assert read_front_matter(text, uri="card.md") == ({}, 0)


@pytest.mark.parametrize(
    ("block", "line", "problem"),
    [
        ("a: 1\nb: [2\nc: 3", 4, "did not find"),
        ("a: 1\n{{ b }}: 2", 3, "unhashable"),
        ("a: &x [1]\nb: [*x, *x]", 3, "aliases are not read"),
        ("a: \ufffe", 2, "not allowed"),
        ("a: " + "[" * 300_000 + "]" * 300_000, 2, "nested too deep"),
    ],
)
def test_not_yaml(block: str, line: int, problem: str) -> None:
    with pytest.raises(SourceError, match=problem) as caught:
        read_front_matter(f"---\n{block}\n---\n", uri="card.md")
    assert caught.value.where == f"card.md:{line}"
    assert "---" in caught.value.hint


@given(block=st.text())
def test_any_block_is_read_or_refused(block: str) -> None:
    text = f"---\n{block}\n---\n"
    try:
        _, end = read_front_matter(text, uri="card.md")
    except SourceError:
        return
    assert end <= len(text)
