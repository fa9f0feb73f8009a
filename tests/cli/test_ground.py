"""`capdraft ground`, as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capdraft.workspace import Workspace

Run = Callable[..., Any]

PAGE = """\
Pebble 2 vs Shingle Set
Shingle Set ranks higher at 41/100 vs Pebble 2 at 40/100.
| Feature | Pebble 2 | Shingle Set |
|---|---|---|
| Type | Model | Dataset |
| Capabilities | 2 decomposed | 1 decomposed |
Pebble 2 Capabilities
Counts the pebbles of a beach, wet or dry.
Unique: Tells overlapping stones apart
Finds the water's edge.
vs alternatives: Steadier than a drawn line
Shingle Set Capabilities
Holds 900 photos of beaches.
Verdict
Shingle Set scores higher at 41/100 vs Pebble 2 at 40/100.
Need something different?
Search the match graph →
"""
CARD = """\
# Pebble 2

Finds the water's edge in a photo.

Holds 900 photos. Counts pebbles in a photo by their outlines.
"""


@pytest.fixture
def imported(run: Run, tmp_path: Path) -> Run:
    """A workspace with the proposals of a known page, and a card of one of its artifacts."""
    (tmp_path / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "card.md").write_text(CARD, encoding="utf-8")
    assert run("import", "page.txt").status == 0
    return run


def test_each_sentence_is_told_with_its_verdict_and_passage(imported: Run, tmp_path: Path) -> None:
    said = imported("ground", "pebble-2", "--with", "card.md")
    assert said.status == 1
    lines = said.out.splitlines()
    place = next(n for n, line in enumerate(lines) if "Finds the water's edge." in line)
    assert lines[place].split()[0] == "supported"
    assert "card.md [1] Finds the water's edge in a photo." in lines[place + 1]
    assert lines[-1].startswith("reviews/pebble-2/0002.toml: ")
    proposal = Workspace(tmp_path).read_proposal("pebble-2").proposal
    assert [document.uri for document in proposal.documents] == ["card.md"]

    again = imported("ground", "pebble-2", "--with", "card.md")
    assert again.out.splitlines()[-1].startswith("nothing new")


def test_json_says_the_same(imported: Run) -> None:
    data = json.loads(imported("ground", "pebble-2", "--with", "card.md", "--json").out)
    assert data["proposal"] == "reviews/pebble-2/0002.toml"
    assert sum(data["verdicts"].values()) == len(data["sentences"])
    (supported,) = [item for item in data["sentences"] if item["verdict"] == "supported"]
    assert supported["passages"] == [
        {
            "document": "card.md",
            "number": 1,
            "side": "artifact",
            "text": "Finds the water's edge in a photo.",
        }
    ]


def test_all_supported_ends_well(imported: Run, tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text("It holds 900 photos of beaches.\n", encoding="utf-8")
    assert imported("ground", "shingle-set", "--with", "card.md").status == 0


def test_documents_are_asked_for(imported: Run) -> None:
    assert imported("ground", "pebble-2").status == 2
    assert imported("ground", "nobody", "--with", "card.md").status == 2
    assert imported("ground", "pebble-2", "--with", "gone.md").status == 1
