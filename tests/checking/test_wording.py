"""CD203 and CD301: superlatives, and records that say the same."""

from __future__ import annotations

import pytest

from capdraft.checking.duplicates import alike
from capdraft.checking.superlatives import superlatives


def found(claim: str, passages: str = "") -> list[str]:
    return [claim[start:end] for start, end in superlatives(claim, passages)]


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("It is the first open corpus of whale songs.", ["first"]),
        ("The largest and most accurate parser.", ["largest", "most accurate"]),
        ("It is the only tool for this.", ["only"]),
        ("Only Wren reads both.", ["Only"]),
        ("A leading, state of the art recogniser.", ["leading", "state of the art"]),
        (
            "Its recall is unmatched, and no other set is as unique.",
            ["no other", "unique", "unmatched"],
        ),
    ],
)
def test_superlatives_are_found(claim: str, words: list[str]) -> None:
    assert sorted(found(claim)) == sorted(words)


@pytest.mark.parametrize(
    "claim",
    [
        "An encoder-only model over read-only files.",
        "It keeps at most 5 of them, and most of the time fewer.",
        "At first it reads; the first stage crops, the first-party loader follows.",
        "First, it reads the page.",
        "It runs not only here, if only slowly, and supports only English.",
        "It adds only captions.",
        "It splits long pages, leading to short prompts.",
        "It finds unmatched brackets and unique identifiers, by best practices.",
        "Most tasks need the shortest side at 224.",
    ],
)
def test_the_same_words_can_mean_something_else(claim: str) -> None:
    assert found(claim) == []


@pytest.mark.parametrize(
    ("claim", "passage", "words"),
    [
        ("State-of-the-art recall.", "Our recall is SOTA.", []),
        ("The biggest corpus.", "It is the LARGEST of its kind.", []),
        ("The most accurate parser.", "Wren is the most accurate.", []),
        ("The most accurate parser.", "Wren is the most robust.", ["most accurate"]),
        ("The only parser.", "It opens read-only files.", ["only"]),
    ],
)
def test_a_passage_states_it_with_the_word_or_a_synonym(
    claim: str, passage: str, words: list[str]
) -> None:
    assert found(claim, passage) == words


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Answers questions about images in 34 languages.",
            "It answers users' questions about an image, in 34 languages.",
        ),
        (
            "Segments objects in a photo from a text prompt and returns masks.",
            "Given a text prompt, returns masks that segment objects in the photo.",
        ),
        (
            "Transcribes long recordings and labels each speaker.",
            "Labels each speaker while transcribing long recordings.",
        ),
        (
            "Transcribes long recordings and labels each speaker.",
            "Transcribes long recordings, labels each speaker and adds time stamps.",
        ),
    ],
)
def test_descriptions_in_other_words_are_alike(first: str, second: str) -> None:
    assert alike(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Answers questions about images in 34 languages.",
            "Writes captions for images in 34 languages.",
        ),
        (
            "Loads the small checkpoint with 3B parameters for tuning.",
            "Loads the small checkpoint with 10B parameters for tuning.",
        ),
        (
            "Transcribes long recordings and labels each speaker.",
            "Translates long recordings into English text.",
        ),
        (
            "Detects lines of text, tables and stamps on scanned invoices.",
            "Detects lines of text, tables and signatures on scanned contracts.",
        ),
        (
            "Translates printed recipes into French.",
            "Translates printed recipes into French, weighs ingredients, plans weekly shopping.",
        ),
        ("Detects objects.", "Detects objects."),
    ],
)
def test_descriptions_of_other_things_are_not(first: str, second: str) -> None:
    assert not alike(first, second)
