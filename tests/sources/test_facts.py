"""What the docs say of the artifact themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from capdraft.records import Document
from capdraft.sources import ArtifactFacts, artifact_facts


def document(title: str | None = None, /, **front_matter: object) -> Document:
    return Document(
        uri="card.md",
        sha256="0" * 64,
        retrieved=datetime(2026, 1, 2, tzinfo=UTC),
        text="",
        title=title,
        front_matter=front_matter,
    )


def test_front_matter_counts_before_headings_and_the_first_document_before_others() -> None:
    card = document("Model Card for Larch", license="apache-2.0")
    other = document("Readme", pretty_name="Larch\n  2", license="mit", pricing="free")
    assert artifact_facts([card]) == ArtifactFacts(name="Larch", license="apache-2.0")
    assert artifact_facts([card, other]) == ArtifactFacts("Larch 2", None, "apache-2.0", "free")
    assert artifact_facts([]) == ArtifactFacts()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Dataset Card for Larch Mail", "Larch Mail"),
        ("MODEL CARD FOR: Larch", "Larch"),
        ("Model cards for everyone", "Model cards for everyone"),
        ("Model Card for", None),
        (None, None),
    ],
)
def test_name_from_the_heading(title: str | None, name: str | None) -> None:
    assert artifact_facts([document(title)]).name == name


@pytest.mark.parametrize(
    ("front_matter", "license_"),
    [
        ({"license": ["mit", "cc-by-4.0"]}, "mit, cc-by-4.0"),
        ({"license": "other", "license_name": "larch-1"}, "larch-1"),
        ({"license": "other"}, "other"),
        ({"license": {"a": "b"}}, None),
    ],
)
def test_license(front_matter: dict[str, object], license_: str | None) -> None:
    assert artifact_facts([document(None, **front_matter)]).license == license_


@pytest.mark.parametrize(
    ("front_matter", "type_"),
    [
        ({"type": "tool", "pipeline_tag": "x"}, "tool"),
        ({"type": "tool kit", "pipeline_tag": "x"}, "model"),
        ({"base_model": ["larch"]}, "model"),
        ({"task_categories": ["x"]}, "dataset"),
        ({"size_categories": "n<1K", "inference": "false"}, "model"),
        ({"tags": ["x"]}, None),
    ],
)
def test_type(front_matter: dict[str, object], type_: str | None) -> None:
    assert artifact_facts([document(None, **front_matter)]).type == type_


def test_languages_and_links_are_listed_once_and_only_links_are_links() -> None:
    said: dict[str, object] = {
        "language": ["en", "sw", "en"],
        "homepage": "https://reader.example/",
        "paper": "Reading tickets, 2026",
        "links": ["https://reader.example/", "javascript:alert(1)", {"a": 1}],
    }
    facts = artifact_facts([document(None, **said), document(None, languages="fi")])
    assert facts.languages == ("en", "sw", "fi")
    assert facts.links == ("https://reader.example/",)
