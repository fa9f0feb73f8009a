"""Two documents that say different things of one fact: found, and told on the claim."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from capdraft.checking import contradicting
from capdraft.records import Document, Passage
from capdraft.text import sha256
from capdraft.workspace import Workspace
from workspaces import READ, Scripted, draft_from


def document(place: int, *passages: str) -> Document:
    text = "\n\n".join(passages)
    found, start = [], 0
    for number, shown in enumerate(passages, 1):
        end = start + len(shown)
        kind: Any = "list-item" if shown.startswith("- ") else "paragraph"
        found.append(
            Passage(number=place * 100 + number, kind=kind, start=start, end=end, shown=shown)
        )
        start = end + 2
    return Document(
        uri=f"{place}.md",
        sha256=sha256(text),
        retrieved=datetime.now(UTC),
        text=text,
        passages=tuple(found),
    )


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("It was trained on 15 trillion tokens.", "It was trained on 14 trillion tokens."),
        ("The model has 3B parameters in total.", "The model has 7B parameters in total."),
        ("- Context length: 8192", "- Context length: 4096"),
        ("The data was released on 14 May 2024.", "The data was released on 24 May 2024."),
        ("Trained in all on 2.5 TB of text.", "In all, trained on 250 GB of text."),
    ],
)
def test_statements_that_differ_in_a_number_contradict_each_other(one: str, two: str) -> None:
    ((_, first, second),) = contradicting([document(1, one), document(2, two)])
    assert (first, second) == (101, 201)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        # the same
        ("It was trained on 15 trillion tokens.", "It was trained on 15T tokens."),
        ("The data set holds 2.92B tokens of code.", "The data set holds 3B tokens of code."),
        ("The data was released on 14 May 2024.", "The data was released in May 2024."),
        ("Trained in all on 2.5 TB of text.", "Trained in all on 2,500 GB of text."),
        ("It has 9 layers and 40 heads of it.", "It has 40 heads and 9 layers of it."),
        # different things
        ("It was trained on 15 trillion tokens.", "It was tested on 14 million tokens."),
        ("PaliGemma 2 was trained on images.", "PaliGemma 3 was trained on images."),
        ("It reads 15 fields of each ticket.", "It reads 15 tickets a second."),
        ("It needs 8 GB of main memory.", "It needs 8 hours of main memory."),
    ],
)
def test_statements_that_agree_or_tell_of_other_things_do_not(one: str, two: str) -> None:
    assert not contradicting([document(1, one), document(2, two)])


def test_one_document_may_tell_of_several_versions() -> None:
    assert not contradicting(
        [
            document(
                1, "The model has 3B parameters in total.", "The model has 7B parameters in total."
            )
        ]
    )


CARD = (
    "---\nname: Reader\n---\n# Reader\n\nReads tickets.\n\nThe reader needs {} of memory to run.\n"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "capdraft.toml").write_text("")
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / "a-card.md").write_text(CARD.format("2 GB"))
    (folder / "b-post.md").write_text(CARD.format("6 GB"))
    return Workspace(tmp_path)


def field(text: str, *passages: int) -> dict[str, Any]:
    description = {"text": text, "passages": list(passages)}
    return {**READ, "description": description, "unique": None, "vs_alternatives": None}


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        (field("Reads tickets in 2 GB of memory.", 1, 2), ["CD107"]),
        (field("Reads tickets in 6 GB of memory.", 3, 4), ["CD107"]),
        (field("Needs 2 GB by its card, 6 GB by its post.", 2, 4), []),
        (field("Reads tickets.", 1, 2), []),
    ],
)
def test_a_claim_that_takes_a_side_is_told_of_both(
    workspace: Workspace, record: dict[str, Any], codes: list[str]
) -> None:
    stored = draft_from(workspace, Scripted({"capabilities": [record]}), source="reader")
    assert [finding.code for finding in stored.proposal.findings] == codes
    for finding in stored.proposal.findings:
        assert "2 GB" in finding.message
        assert "6 GB" in finding.message


def test_what_a_model_finds_contradictory_counts_if_two_documents_say_it(
    workspace: Workspace,
) -> None:
    named = [
        {"about": "what it reads", "passages": [1], "other_passages": [3]},
        {"about": "one document only", "passages": [1], "other_passages": [2]},
        {"about": "nothing there", "passages": [1], "other_passages": [77]},
    ]
    answer = {"capabilities": [field("Reads tickets.", 1)], "contradictions": named}
    proposal = draft_from(workspace, Scripted(answer), source="reader").proposal
    assert [(item.about, item.found_by) for item in proposal.contradictions][1:] == [
        ("what it reads", "model")
    ]
    found = [(finding.code, finding.severity) for finding in proposal.findings]
    assert found == [("CD107", "warning")]
