"""Conflicts between docs: each kind found, and what only looks like one left alone."""

from __future__ import annotations

import pytest
from made_up import DAY, field, passage, record

from capdraft.comparing import Comparison, Conflict, compare
from capdraft.records import Artifact, CatalogEntry, DocumentRef, Evidence


def row(text: str, header: str, heading: str = "") -> Evidence:
    cited = passage(f"| {text} |", heading=heading)
    return cited.model_copy(update={"kind": "table-row", "header": f"| {header} |"})


def docs(
    slug: str, name: str, *said: str | Evidence, license_: str | None = None, heading: str = ""
) -> CatalogEntry:
    """Return an artifact whose one capability cites each of `said`."""
    cited = [
        passage(item, 1000 * place, heading=heading) if isinstance(item, str) else item
        for place, item in enumerate(said)
    ]
    claim = record("Sees", field("Sees.", *cited)).model_copy(update={"id": "sees"})
    document = DocumentRef(
        id="d1",
        uri=f"https://example.org/{slug}.md",
        sha256="a" * 64,
        retrieved=DAY,
        media_type="text/markdown",
        passages=9,
    )
    return CatalogEntry(
        artifact=Artifact(slug=slug, name=name, type="model", license=license_),
        documents=(document,),
        capabilities=(claim,),
    )


def conflicts(one: CatalogEntry, two: CatalogEntry) -> tuple[Conflict, ...]:
    return compare([one, two]).conflicts


def both(lynx: str | Evidence, otter: str | Evidence) -> tuple[Conflict, ...]:
    """Compare Lynx, whose docs say the first, with Otter 2, whose docs say the second."""
    return conflicts(docs("lynx", "Lynx", lynx), docs("otter-2", "Otter 2", otter))


@pytest.mark.parametrize(
    ("lynx", "otter"),
    [
        ("Otter 2 has 9 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Otter 2 has 9B parameters.", "The model has 3 billion parameters."),
        ("It is small, while Otter 2 has 9 billion parameters.", "It has 3 billion parameters."),
        ("The Otter 2 reads pictures of 448 px.", "Otter 2 reads pictures of 224 px."),
        ("Otter 2's context holds 4,000 tokens.", "Its context holds 8,000 tokens."),
    ],
)
def test_another_number_for_the_other_artifact_is_a_conflict(lynx: str, otter: str) -> None:
    (found,) = both(lynx, otter)
    assert found.rule == "other-number"
    assert [(side.artifact, side.text) for side in found.sides] == [
        ("lynx", lynx),
        ("otter-2", otter),
    ]
    assert found.about == "A number of Otter 2: Lynx’s docs give another one than its own."


@pytest.mark.parametrize(
    ("lynx", "otter"),
    [
        ("Otter 2 has 3B parameters.", "Otter 2 has 3 billion parameters."),
        ("Otter 2 has 3 billion parameters.", "Otter 2 has 3.04 billion parameters."),
        ("Otter 2 has up to 9 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Otter 2 has about 4 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Otter 2 27B has 27 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Otter 2-Large has 9 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Baby Otter 2 has 1 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Otter 2 may have 9 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Otter 2 does not have 9 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Unlike Otter 2, Lynx has 9 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Otter 2 beats Lynx with 9 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Otter 2 has 9 billion parameters.", "The encoder has 3 billion parameters."),
        ("Otter 2 has 9 billion parameters.", "Otter 2 has 3 billion parameters in its encoder."),
        ("Otter 2 has 9 billion parameters.", "Otter 2 has 3 million users."),
        ("Otter 2 has 9 billion parameters.", "Otter 2 comes with 3 or 9 billion parameters."),
        ("Otter 1 has 9 billion parameters.", "Otter 2 has 3 billion parameters."),
        ("Otter 2 was released in 2024.", "Otter 2 was released in May 2024."),
        ("Lynx has 9 billion parameters.", "Otter 2 has 3 billion parameters."),
        (
            "Otter 2 Mini was trained on 9 billion web pages in many languages.",
            "Otter 2 was trained on 3 billion web pages in many languages.",
        ),
        (
            "Otter 2 was trained with Lynx on 9 billion web pages in many languages.",
            "Otter 2 was trained on 3 billion web pages in many languages.",
        ),
        (
            "Otter 2 has 9 billion parameters.",
            "Otter 2 has 3 billion parameters. Otter 2 Large has 9 billion parameters.",
        ),
        ("Otter 2 has 9 billion parameters.", "The tokenizer is new. It has 3 billion parameters."),
    ],
)
def test_what_is_about_something_else_or_may_be_true_as_well_is_none(lynx: str, otter: str) -> None:
    assert both(lynx, otter) == ()


def test_a_part_of_the_artifact_under_its_own_heading_is_not_the_artifact() -> None:
    lynx = docs("lynx", "Lynx", "Otter 2 has 9 billion parameters.")
    otter = docs("otter-2", "Otter 2", "The model has 3 billion parameters.", heading="Encoder")
    assert conflicts(lynx, otter) == ()
    plain = docs("otter-2", "Otter 2", "The model has 3 billion parameters.", heading="Overview")
    assert len(conflicts(lynx, plain)) == 1


def test_approved_texts_count_as_what_the_docs_say() -> None:
    lynx = docs("lynx", "Lynx", "A table of sizes.")
    text = field("Otter 2 has 9 billion parameters.", passage("A table of sizes."))
    (capability,) = lynx.capabilities
    lynx = lynx.model_copy(
        update={"capabilities": (capability.model_copy(update={"unique": text}),)}
    )
    (found,) = conflicts(lynx, docs("otter-2", "Otter 2", "Otter 2 has 3 billion parameters."))
    assert found.sides[0].text == "Otter 2 has 9 billion parameters."
    assert found.sides[0].footnotes


def test_artifacts_of_one_name_are_not_told_apart_by_it() -> None:
    one = docs("otter-a", "Otter 2", "Otter 2 has 9 billion parameters.")
    assert conflicts(one, docs("otter-b", "Otter 2", "Otter 2 has 3 billion parameters.")) == ()


@pytest.mark.parametrize(
    ("lynx", "otter"),
    [
        (row("Otter 2 | 71.5", "Model | RiverQA"), row("Otter 2 | 80.1", "Name | RiverQA")),
        (row("RiverQA | 90 | 71.5", "Task | Lynx | Otter 2"), row("RiverQA | 80.1", "T | Otter 2")),
        (row("RiverQA | 71.5", "Task | Otter 2"), row("Otter 2 | 80.1", "Name | RiverQA")),
        (
            row("RiverQA | 5-shot | 71.5", "Task | How | Otter 2"),
            row("RiverQA | 5-shot | 80.1", "Task | How | Otter 2"),
        ),
    ],
)
def test_two_tables_that_give_another_value_of_one_thing(lynx: Evidence, otter: Evidence) -> None:
    (found,) = both(lynx, otter)
    assert found.rule == "other-value"


@pytest.mark.parametrize(
    ("lynx", "otter"),
    [
        (row("Otter 2 | 71.5", "Model | RiverQA"), row("Otter 2 | 71.9", "Name | RiverQA")),
        (row("Otter 2 | 71.5", "Model | RiverQA"), row("Otter 2 | 80.1", "Name | LakeQA")),
        (row("Otter 2 | 71.5", "Model | Score"), row("Otter 2 | 80.1", "Name | Score")),
        (row("Otter 2 9B | 71.5", "Model | RiverQA"), row("Otter 2 | 80.1", "Name | RiverQA")),
        (
            row("RiverQA | 5-shot | 71.5", "Task | How | Otter 2"),
            row("RiverQA | 0-shot | 80.1", "Task | How | Otter 2"),
        ),
        (
            row("Otter 2 | 71.5", "Model | RiverQA", heading="After fine-tuning"),
            row("Otter 2 | 80.1", "Model | RiverQA"),
        ),
    ],
)
def test_other_tables_are_no_conflict(lynx: Evidence, otter: Evidence) -> None:
    assert both(lynx, otter) == ()


@pytest.mark.parametrize(
    ("lynx", "otter"),
    [
        ("Lynx outperforms Otter 2 on RiverQA.", "Otter 2 outperforms Lynx on RiverQA."),
        ("It beats Otter 2 at counting boats.", "The model beats Lynx at counting boats."),
        ("Outperforms Otter 2 on RiverQA.", "Otter 2 surpasses Lynx on RiverQA and LakeQA."),
        ("Lynx is faster than Otter 2.", "Otter 2 is faster than Lynx."),
        ("Lynx is faster than Otter 2 on phones.", "Lynx is slower than Otter 2 on phones."),
        ("Lynx needs less memory than Otter 2.", "Lynx needs more memory than it."),
    ],
)
def test_each_says_that_it_is_ahead(lynx: str, otter: str) -> None:
    (found,) = both(lynx, otter)
    assert found.rule == "opposite"
    assert found.about == "Which of Lynx and Otter 2 is ahead: their docs say the opposite."


@pytest.mark.parametrize(
    ("lynx", "otter"),
    [
        ("Lynx outperforms Otter 2 on RiverQA.", "Otter 2 outperforms Lynx on LakeQA."),
        ("Lynx outperforms Otter 2 on RiverQA.", "Otter 2 outperforms Lynx."),
        ("Lynx outperforms Otter 2 on RiverQA.", "Lynx outperforms Otter 2 on RiverQA."),
        ("Lynx is faster than Otter 2.", "Otter 2 is larger than Lynx."),
        ("Lynx is faster than Otter 2.", "Otter 2 is slower than Lynx."),
        ("Lynx is faster than Otter 2.", "Otter 2 is often faster than Lynx."),
        ("Lynx is faster than Otter 2.", "Otter 2 is not faster than Lynx."),
        ("Lynx beats Otter 2 at chess.", "Otter 2 beats Lynx at chess with limited memory."),
        ("Lynx beats Otter 2 at chess.", "Otter 2 beats Lynx at chess by no margin."),
        ("Lynx outperforms Otter 2 7B on RiverQA.", "Otter 2 outperforms Lynx on RiverQA."),
        ("Lynx outperforms Otter 2 on RiverQA.", "Otter 2 Large outperforms Lynx on RiverQA."),
    ],
)
def test_other_comparisons_are_no_conflict(lynx: str, otter: str) -> None:
    assert both(lynx, otter) == ()


@pytest.mark.parametrize(
    ("stated", "text", "found"),
    [
        ("mit", "Otter 2 is released under the Apache License, Version 2.0.", 1),
        ("cc-by-4.0", "The model is available under CC BY-NC 4.0.", 1),
        ("apache-2.0", "The model is released under the Apache 2.0 licence.", 0),
        ("mit", "The code is released under the Apache 2.0 licence.", 0),
        ("mit", "Otter 2 is released under the MIT and the Apache 2.0 licence.", 0),
        ("mit", "Otter 2 is released under terms of its own.", 0),
        ("mit", "Otter 2 was released under the Apache 2.0 licence, formerly.", 0),
        ("gemma", "Otter 2 is released under the Apache 2.0 licence.", 0),
    ],
)
def test_metadata_and_passages_may_name_different_licences(
    stated: str, text: str, found: int
) -> None:
    otter = docs("otter-2", "Otter 2", text, license_=stated)
    told = conflicts(docs("lynx", "Lynx", "Sees boats."), otter)
    assert [item.rule for item in told] == ["licence"] * found
    if told:
        assert told[0].sides[0].text == f"Licence: {stated}"
        assert told[0].sides[0].footnotes == ()


def test_what_the_others_docs_say_of_a_licence_counts_too() -> None:
    lynx = docs("lynx", "Lynx", "Otter 2 is released under the Apache 2.0 licence.")
    (found,) = conflicts(lynx, docs("otter-2", "Otter 2", "Swims.", license_="mit"))
    assert (
        found.about == "The licence of Otter 2: its metadata and Lynx’s docs name different ones."
    )


def test_a_conflict_is_told_once_with_the_passages_of_both() -> None:
    said = "Otter 2 has 9 billion parameters."
    lynx = docs("lynx", "Lynx", said, f"{said}")
    comparison: Comparison = compare(
        [lynx, docs("otter-2", "Otter 2", "Otter 2 has 3 billion parameters.")], limit=0
    )
    (found,) = comparison.conflicts
    notes = {note.number: note for note in comparison.footnotes}
    quotes = [notes[number].quote for side in found.sides for number in side.footnotes]
    assert quotes == [said, "Otter 2 has 3 billion parameters."]
    assert notes[found.sides[1].footnotes[0]].document == "https://example.org/otter-2.md"
