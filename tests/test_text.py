"""What counts as the same text, and what is safe as a file name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.errors import BadSlug
from capdraft.text import clean, normalise, printable, sha256, slugify


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("PaliGemma 2", "paligemma-2"),
        ("LLaVA-1.6 (13B)", "llava-1-6-13b"),
        ("Größe", "grösse"),
        ("視覚 モデル", "視覚-モデル"),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 200, "a" * 80),
    ],
)
def test_a_name_becomes_a_slug(name: str, slug: str) -> None:
    assert slugify(name) == slug


@pytest.mark.parametrize("name", ["", "..", "/", "!!!", "  "])
def test_a_name_without_a_letter_becomes_none(name: str) -> None:
    with pytest.raises(BadSlug):
        slugify(name)


@given(st.text())
def test_a_slug_stays_itself_and_is_one_part_of_a_path(name: str) -> None:
    try:
        slug = slugify(name)
    except BadSlug:
        return
    assert slugify(slug) == slug
    assert not set(slug) & set("/\\.:\0 ")


@given(st.text())
def test_cleaning_twice_changes_nothing_and_lines_are_ended_by_newlines_only(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    # The x keeps a last line that is empty, which splitlines would drop.
    assert f"{cleaned}x".split("\n") == f"{cleaned}x".splitlines()
    cleaned.encode()


def test_white_space_and_composition_do_not_make_two_texts() -> None:
    assert normalise(" caf\u0065\u0301 \n\t au  lait ") == "caf\u00e9 au lait"
    assert sha256("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"


def test_nothing_on_a_terminal_hides_words_or_moves_the_cursor() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "approve")
    assert (
        printable(f"Reads{hidden} ti\u200bckets\x1b[2J \u202egnp.\u202c")
        == "Reads tickets [2J  gnp. "
    )
    assert printable("\x1b[1mbold\x1b[0m") == "\x1b[1mbold\x1b[0m"
