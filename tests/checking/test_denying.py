"""CD112: passages that deny, announce or take back what a claim says of the present."""

from __future__ import annotations

import pytest

from capdraft.checking import check_text
from capdraft.records import Artifact, Capability, Evidence, Field, PassageKind

LOOM = Artifact(slug="loom", name="Loom")


def found(text: str, *quotes: str, header: str | None = None, name: str = "Weave") -> list[str]:
    """Return what CD112 says of a description that cites the quotes."""
    kind: PassageKind = "table-row" if header else "paragraph"
    evidence = tuple(
        Evidence(
            document="d1",
            passage=number,
            kind=kind,
            header=header,
            start=0,
            end=len(quote),
            quote=quote,
        )
        for number, quote in enumerate(quotes, 1)
    )
    passages = tuple(item.passage for item in evidence)
    field = Field(text=text, passages=passages, evidence=evidence)
    capability = Capability(id="weave", name=name, description=field)
    findings = check_text(LOOM, capability, "description", text)
    return [item.message for item in findings if item.code == "CD112"]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Reads cotton and silk patterns.", "Reads cotton patterns. Silk isn't supported."),
        ("Reads cotton and silk patterns.", "Reads cotton patterns; silk can't be read."),
        ("Patterns can be shared over Bluetooth.", "Bluetooth is not used yet."),
        ("It weaves wool, linen and raffia.", "It weaves wool and linen. Soon: raffia."),
        ("It weaves wool and raffia.", "It weaves wool. Being worked on: dyes, raffia."),
        ("It weaves wool and raffia.", "It weaves wool.\n[ ] raffia"),
        ("Two weavers can share one loom.", "Two weavers can't share one loom."),
        ("Saves every 200 rows.", "Saves every 50 rows (was 200)."),
        ("Its error rate is 17.5 %.", "Until May the table gave 17.5. Its error rate is 21.8 %."),
    ],
)
def test_a_clause_that_takes_a_claim_back_is_told(text: str, quote: str) -> None:
    (message,) = found(text, quote)
    assert message.startswith("a cited passage says: '")


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Reads cotton patterns.", "Reads cotton patterns. Silk isn't supported."),
        ("Silk is not supported.", "Silk isn't supported."),
        ("Raffia is planned.", "Soon: raffia."),
        ("Raffia is in the works.", "Raffia is in the works."),
        ("Reads silk patterns.", "Patterns are read. Silk isn't sold."),
        ("Reads cotton without a network.", "Reads cotton. No network is needed."),
        ("Runs on one core.", "Runs on one core. It does not run on a watch."),
        ("Reads silk patterns.", "Silk patterns are read. Silk isn't supported in release 1."),
        ("Weaves wool, not only linen.", "Weaves wool and not only linen."),
        ("Saves every 50 rows.", "Saves every 50 rows (was 200)."),
        ("It used to save every 200 rows.", "Saves every 50 rows (was 200)."),
        ("Has 7 shafts.", "Until 2020 it had 4, and now 7 shafts."),
    ],
)
def test_a_claim_that_says_what_the_passage_says_is_left_alone(text: str, quote: str) -> None:
    assert found(text, quote) == []


HEADER = "Feature | Home | Studio"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The Home edition has a warp editor.", True),
        ("The Studio edition has a warp editor.", False),
        ("It has a warp editor.", False),
        ("The Home edition has a weft editor.", False),
        ("The Home edition lacks a warp editor.", False),
    ],
)
def test_a_cell_that_says_no_counts_for_its_row_and_column(text: str, told: bool) -> None:
    assert bool(found(text, "Warp editor | ❌ | ✅", header=HEADER)) is told


def test_a_row_whose_columns_are_not_clear_says_nothing() -> None:
    assert (
        found("The Home edition has a warp editor.", "Warp | editor | ❌ | ✅ | ✅", header=HEADER)
        == []
    )
