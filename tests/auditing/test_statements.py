"""Whether passages say a sentence: measured on labelled sentences, and one by one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditing.labelled import CONTRADICTED, DOCUMENTS, NEITHER, SUPPORTED
from capdraft.checking.statements import (
    Judged,
    Library,
    Shown,
    judge,
    judge_comparison,
    of_document,
)
from capdraft.sources import read_document


@cache
def library(name: str) -> Library:
    kind, text = DOCUMENTS[name]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "card.md"
        path.write_text(text, encoding="utf-8")
        return Library(of_document(read_document(path, uri="card.md")), name, kind)


def verdict(name: str, sentence: str) -> str:
    (judged,) = judge(sentence, library(name))
    return judged.verdict


def said(passage: str, claim: str, *, name: str = "Kettle", before: str = "") -> Judged:
    """Return the verdict on a sentence from a document of one or two passages."""
    texts = [text for text in (before, passage) if text]
    passages = [Shown("d", number, text) for number, text in enumerate(texts, 1)]
    (judged,) = judge(claim, Library(passages, name, "tool"))
    return judged


def test_no_sentence_that_the_documents_do_not_say_is_called_supported() -> None:
    wrong = [row for row in (*CONTRADICTED, *NEITHER) if verdict(*row) == "supported"]
    assert wrong == []


def test_no_sentence_that_the_documents_do_not_contradict_is_called_contradicted() -> None:
    wrong = [row for row in (*SUPPORTED, *NEITHER) if verdict(*row) == "contradicted"]
    assert wrong == []


def test_most_of_what_the_documents_say_or_contradict_is_found() -> None:
    found = sum(verdict(*row) == "supported" for row in SUPPORTED)
    against = sum(verdict(*row) == "contradicted" for row in CONTRADICTED)
    assert found >= 0.8 * len(SUPPORTED)
    assert against >= 0.9 * len(CONTRADICTED)


@pytest.mark.parametrize(
    ("passage", "claim"),
    [
        ("It may boil milk.", "It boils milk."),
        ("It boils milk if the lid is closed.", "It boils milk."),
        ("It boils most teas.", "It boils all teas."),
        ("The older kettle boils milk.", "The kettle boils milk."),
        ("Version 2 boils milk in 3 minutes.", "It boils milk in 3 minutes."),
        ("Samovars boils milk in 3 minutes.", "It boils milk in 3 minutes."),
        ("It boils milk and cream.", "It boils milk, cream and soup."),
        ("It pours from the tank to the cup.", "It pours from the cup to the tank."),
        ("It decants to the cup from the tank.", "It decants from the cup to the tank."),
        (
            "It needs 8GB+ RAM on disk for the 2B pot and 24GB+ RAM on disk for the 7B pot.",
            "It needs 8GB+ RAM on disk for the 7B pot and 24GB+ RAM on disk for the 7B pot.",
        ),
        (
            "It has many uses in the old kitchen. It fits all lids.",
            "It has all uses in the old kitchen.",
        ),
        (
            "It boils water, lights lamps, sings songs, cuts bread, heats soup, cools milk.",
            "Boils milk.",
        ),
        ("Support for milk tea was dropped.", "It supports milk tea."),
    ],
)
def test_the_right_words_are_not_enough(passage: str, claim: str) -> None:
    assert said(passage, claim).verdict in ("partly", "contradicted", "not-found")


def test_a_pronoun_speaks_of_what_the_sentence_before_speaks_of() -> None:
    passage = "The older kettle was made of tin. It boils milk in 3 minutes."
    assert said(passage, "It boils milk in 3 minutes.").verdict != "supported"
    assert said("It boils milk in 3 minutes.", "It boils milk in 3 minutes.").verdict == "supported"


def test_a_list_of_what_is_not_done_does_not_say_that_its_last_item_is_done() -> None:
    passage = "It cannot boil milk, brew coffee beans, or heat tomato soup."
    assert said(passage, "It heats tomato soup.").verdict != "supported"


def test_a_partly_supported_sentence_tells_the_words_and_numbers_that_nobody_says() -> None:
    judged = said("It boils fresh milk in tall pots.", "It boils fresh milk in tall pots in 3 min.")
    assert (judged.verdict, judged.lacking) == ("partly", ("3 min",))
    judged = said("It boils fresh milk in pots.", "It boils fresh goat milk in pots.")
    assert (judged.verdict, judged.lacking) == ("partly", ("goat",))


def test_a_contradiction_names_both_numbers_and_the_passage() -> None:
    judged = said("It keeps 2 GB of logs.", "It keeps 3 GB of logs.")
    assert judged.verdict == "contradicted"
    assert judged.against == ("3 GB", "2 GB")
    assert [passage.text for passage in judged.passages] == ["It keeps 2 GB of logs."]


@pytest.mark.parametrize(
    ("passage", "claim"),
    [
        ("It holds at least 2 litres of milk.", "It holds 3 litres of milk."),
        ("It holds up to 3 litres of milk.", "It holds 2 litres of milk."),
        ("It holds 2.04 litres of milk.", "It holds 2 litres of milk."),
        ("The older kettle holds 2 litres of milk.", "It holds 3 litres of milk."),
        ("It stores 2 GB of logs in Redis.", "It stores 3 GB of logs in Postgres."),
        ("It ships with 40 lids in crates.", "It ships with 9 spoons in crates."),
        (
            "It heats 14 pots at 224 degrees, 448 and 896.",
            "It heats 256 pots at 224 degrees, 1024 at 448 and 4096 at 896.",
        ),
        ("It runs on gas without a battery pack.", "It runs on gas."),
    ],
)
def test_what_can_both_be_true_is_no_contradiction(passage: str, claim: str) -> None:
    assert said(passage, claim).verdict != "contradicted"


def test_a_sentence_that_stands_in_the_documents_is_not_contradicted_by_them() -> None:
    before = "It takes 10 minutes for large pots."
    judged = said("It takes 4 minutes for large pots.", "It takes 4 minutes for large pots.")
    assert judged.verdict == "supported"
    judged = said(
        "It takes 4 minutes for large pots.", "It takes 4 minutes for large pots.", before=before
    )
    assert judged.verdict == "supported"


def test_a_sentence_of_another_subject_still_stands_against_a_contradiction() -> None:
    other = "The older kettle burns coal. It takes 4 minutes for large pots."
    judged = said(
        other, "It takes 4 minutes for large pots.", before="It takes 10 minutes for large pots."
    )
    assert judged.verdict == "partly"


@pytest.mark.parametrize("heading", ["Version 1", "Roadmap", "Kettle 3"])
def test_a_passage_below_another_subjects_heading_says_nothing(heading: str) -> None:
    text = "It boils fresh milk in tall pots."
    for above, expected in (((), "supported"), ((heading,), "partly")):
        library = Library([Shown("d", 1, text, above=above)], "Kettle 2")
        assert judge(text, library)[0].verdict == expected


def test_passages_of_two_documents_are_not_read_as_one() -> None:
    texts = ("It boils fresh milk.", "It comes with tall copper pots.")
    claim = "It boils fresh milk with tall copper pots."
    for documents, expected in ((("a", "a"), "supported"), (("a", "b"), "partly")):
        shown = [Shown(d, n, t) for n, (d, t) in enumerate(zip(documents, texts, strict=True), 1)]
        assert judge(claim, Library(shown, "Kettle"))[0].verdict == expected


def test_both_sides_of_a_comparison_rest_on_their_own_passages() -> None:
    kettle = Library([Shown("card", 1, "Boils 3 litres of milk in a tall pot.")], "Kettle")
    urn = Library([Shown("catalog", 9, "Boils 1 litre of milk in a tall pot.")], "Urn")
    claim = "Boils 3 litres of milk in a tall pot, where Urn boils 1 litre of milk in a tall pot."
    (judged,) = judge_comparison(claim, kettle, [urn])
    assert judged.verdict == "supported"
    assert [p.number for p in judged.passages] == [1]
    assert [p.number for p in judged.other] == [9]
    (judged,) = judge_comparison(claim.replace("1 litre", "2 litres"), kettle, [urn])
    assert judged.verdict == "contradicted"
    (judged,) = judge_comparison("Boils more milk in a tall pot than Urn.", kettle, [urn])
    assert judged.verdict != "supported"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_compared(claim: str, passage: str) -> None:
    judged = judge(claim, Library([Shown("d", 1, passage)], "Kettle"))
    assert all(claim[item.start : item.end].strip() for item in judged)


NUMBER = st.integers(min_value=2, max_value=9999)


@given(NUMBER, NUMBER)
def test_another_number_is_never_supported(one: int, other: int) -> None:
    judged = said(f"It boils {one} cups of milk.", f"It boils {other} cups of milk.")
    assert (judged.verdict == "supported") == (one == other)
