"""Plain text is no Markdown: it is shown, cited and checked character by character."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.checking import check_text
from capdraft.cli import main
from capdraft.records import Artifact, Capability, Evidence, Field
from capdraft.sources import quote, read_bytes, readable
from capdraft.text import one_line
from capdraft.workspace import Workspace
from desks import open_desk
from workspaces import READ, Scripted, draft_from, make_workspace

TEXT = "Reads 3*4*5 fields of List<int>,\nby __init__ of a_b_c, at https://example.org/v1.\n"
SHOWN = one_line(TEXT)
words = st.text(st.sampled_from("ab *_`|<&>[]()!\\:/.#-1\u00d7"), min_size=1, max_size=30)


def cited(name: str) -> Evidence:
    document = read_bytes(TEXT.encode(), name, uri=name)
    return quote(document, document.passages[0], document_id="d1")


@given(words)
def test_each_character_is_shown(text: str) -> None:
    if text.strip():
        (passage,) = read_bytes(text.encode(), "a.txt", uri="a.txt").passages
        assert passage.shown == one_line(text)


@pytest.mark.parametrize(
    ("name", "claim", "codes"),
    [
        ("a.txt", "Reads 345 fields.", ["CD103"]),
        ("a.txt", "Reads 3*4*5 fields.", []),
        ("a.md", "Reads 345 fields.", []),
    ],
)
def test_a_number_is_held_against_the_text_as_it_is(
    name: str, claim: str, codes: list[str]
) -> None:
    field = Field(text=claim, evidence=(cited(name),))
    reader = Capability(id="read", name="Read fields", description=field)
    found = check_text(Artifact(slug="r", name="Reader"), reader, "description", claim)
    assert [finding.code for finding in found if finding.code == "CD103"] == codes


def test_a_quote_says_how_it_is_written_in_every_file_that_holds_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_workspace(tmp_path)
    (tmp_path / "reader.txt").write_text(TEXT)
    record = {
        **READ,
        "description": {"text": "Reads 3*4*5 fields.", "passages": [1]},
        "unique": None,
        "vs_alternatives": None,
    }
    workspace = Workspace(tmp_path)
    draft_from(workspace, Scripted({"capabilities": [record]}), source="reader.txt")
    folder = ["--workspace", str(tmp_path)]
    main(["review", "approve", "reader/read-tickets", "--as", "ana", *folder])
    main(["merge", *folder])
    proposal, entry = workspace.read_proposal("reader").proposal, workspace.read_entry("reader")
    assert entry.entry is not None
    for field in (proposal.capabilities[0].description, entry.entry.capabilities[0].description):
        (item,) = field.evidence
        assert item.quote == TEXT.strip()
        assert readable(item.quote, item.kind, item.markup) == SHOWN
    capsys.readouterr()
    assert main(["check", *folder]) == 0
    main(["review", "show", "reader", *folder])
    assert "Reads 3*4*5 fields of List<int>, by __init__ of a_b_c," in capsys.readouterr().out
    page = open_desk(workspace).get("/desk/reader/read-tickets/description").text
    assert "3*4*5 fields of List&lt;int&gt;, by __init__ of a_b_c" in page


def test_markdown_says_nothing_new_in_a_file() -> None:
    assert "markup" not in cited("a.md").model_dump(exclude_none=True)
