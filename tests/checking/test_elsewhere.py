"""A proposal may name any file of the machine: what is looked into and what is shown of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from capdraft.checking import document_of, is_said, present_passages
from capdraft.reviewing import Target, open_review
from capdraft.workspace import Workspace
from desks import open_desk
from workspaces import CARD, drafted_workspace

PROPOSAL = "reviews/ticket-reader/0001.toml"
SECRET = "The password of the database is swordfish.\n"


def naming(root: Path, uri: str) -> Workspace:
    """Return a workspace whose proposal names `uri` as its document."""
    workspace = drafted_workspace(root)
    file = root / PROPOSAL
    file.write_text(file.read_text().replace('"ticket-reader.md"', f'"{uri}"'))
    return workspace


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("../secret.md", "../secret.md"),
        ("../secret", "../secret"),
        (".capdraft/web-secret", ".capdraft/web-secret"),
        ("docs/../.git/config", ".git/config"),
        ("link.md", "../secret.md"),
        ("folder/secret.md", "../elsewhere/secret.md"),
        ("{root}/../secret.md", "../secret.md"),
    ],
)
def test_no_page_shows_another_file_of_the_machine(tmp_path: Path, uri: str, place: str) -> None:
    root = tmp_path / "workspace"
    root.mkdir()
    workspace = naming(root, uri.format(root=root))
    (root / "docs").mkdir()
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).write_text(SECRET)
    if uri == "link.md":
        (root / "link.md").symlink_to("../secret.md")
    if uri.startswith("folder"):
        (root / "folder").symlink_to("../elsewhere")
    browser = open_desk(workspace)
    desk = "/desk/ticket-reader/read-tickets/description"
    artifact = "/artifact/ticket-reader"
    for address in ("/", desk, f"{desk}/documents?whole=1&find=password", artifact):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "swordfish" not in answer.text
    findings = open_review(workspace, Target("ticket-reader")).selected
    assert "swordfish" not in str(findings)


def test_a_file_elsewhere_is_shown_as_it_was_drafted_from_and_then_only_compared(
    tmp_path: Path,
) -> None:
    root = tmp_path / "workspace"
    root.mkdir()
    workspace = naming(root, "../ticket-reader.md")
    proposal = workspace.read_proposal("ticket-reader").proposal
    there = tmp_path / "ticket-reader.md"
    cited = proposal.capabilities[0].description.evidence[0]
    there.write_text(CARD)
    said = present_passages(workspace, proposal)["../ticket-reader.md"]
    assert document_of(said) is not None
    there.write_text(CARD + "\nIt reads fast.\n")
    said = present_passages(workspace, proposal)["../ticket-reader.md"]
    assert said is not None
    assert document_of(said) is None
    assert is_said(cited, said)
    there.write_text(CARD.replace("40", "50"))
    said = present_passages(workspace, proposal)["../ticket-reader.md"]
    assert said is not None
    assert not is_said(cited, said)


@pytest.mark.parametrize("uri", ["/dev/zero", "queue.md", "x" * 5000, "loop.md"])
def test_what_has_no_end_or_no_place_is_not_waited_for(tmp_path: Path, uri: str) -> None:
    workspace = naming(tmp_path, uri)
    os.mkfifo(tmp_path / "queue.md")
    (tmp_path / "loop.md").symlink_to("loop.md")
    proposal = workspace.read_proposal("ticket-reader").proposal
    assert not present_passages(workspace, proposal)[uri]
    assert open_desk(workspace).get("/artifact/ticket-reader").status_code == 200
