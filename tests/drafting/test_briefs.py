"""From a path or an address to what is to be drafted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from capdraft.checking import present_passages, said_by
from capdraft.drafting import Brief, make_brief
from capdraft.errors import BadSlug, SourceError
from capdraft.records import DocumentRef, Proposal, Run
from capdraft.text import sha256
from capdraft.workspace import Workspace

README_OF_INIT = "# Trees\n\nThis folder is a capdraft workspace. Of trees.\n"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
README = b"---\nlicense: mit\n---\n# Ticket reader\n\nReads printed tickets.\n"
USE = b"# Use\n\nCall `read()`.\n\nIt gives the fields.\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    return Workspace(tmp_path)


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """The files of gh:owner/reader, behind an API on loopback: those in docs/, and the README."""
    files: dict[str, bytes] = {"README.md": README}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = api_answer(self.path, files)
            self.send_response(200 if data is not None else 404)
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("GITHUB_API_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.delenv("GITHUB_TOKEN", raising=False)
        for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield files
        server.shutdown()
        thread.join()


def api_answer(path: str, files: dict[str, bytes]) -> bytes | None:
    """Return what GitHub's API says at `path` of a repository that holds `files`."""
    what = path.removeprefix("/repos/owner/reader/")
    if what == "commits/HEAD":
        return COMMIT.encode()
    if what.startswith("git/blobs/"):
        return next((data for data in files.values() if sha256(data) in what), None)
    if not what.startswith("git/trees/"):
        return None
    inside = "docs?" in what
    tree: list[dict[str, Any]] = [{"path": "docs", "type": "tree", "sha": "docs"}]
    for name, data in files.items():
        if name.startswith("docs/") == inside:
            item = {"path": name.removeprefix("docs/"), "sha": sha256(data), "size": len(data)}
            tree.append({**item, "type": "blob", "mode": "100644"})
    return json.dumps({"tree": tree}).encode()


def proposal_of(brief: Brief) -> Proposal:
    """Return an empty proposal from the documents of `brief`."""
    refs = [
        DocumentRef(
            id=f"d{number}",
            uri=document.uri,
            sha256=document.sha256,
            retrieved=document.retrieved,
            media_type=document.media_type,
            passages=len(document.passages),
        )
        for number, document in enumerate(brief.documents, 1)
    ]
    run = Run(
        started=datetime.now(UTC),
        tool="capdraft",
        state="empty",
        model="stub",
        endpoint="http://stub/v1",
        prompt="draft",
        prompt_sha256="0" * 64,
        calls=0,
        attempts=0,
        seconds=0,
    )
    return Proposal(artifact=brief.artifact, run=run, documents=tuple(refs))


def test_a_readme_is_called_like_its_folder(workspace: Workspace) -> None:
    folder = workspace.root / "reader-2"
    folder.mkdir()
    (folder / "README.md").write_text("Reads tickets.\n")
    for source in (folder / "README.md", str(folder)):
        brief, notes = make_brief(source, workspace)
        assert (brief.artifact.slug, brief.artifact.name) == ("reader-2", "reader-2")
        assert [document.uri for document in brief.documents] == ["reader-2/README.md"]
        assert notes == []


def test_what_is_left_out_of_a_folder_is_told(workspace: Workspace) -> None:
    folder = workspace.root / "docs"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n\nReads tickets.\n")
    (folder / "b.png").write_bytes(b"\x89PNG")
    _, notes = make_brief(folder, workspace)
    assert notes == [f"{folder / 'b.png'}: left out, files of its kind are not read"]


def test_a_folder_of_cards_is_told_to_be_one_artifact(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace.root)
    Path("README.md").write_text(README_OF_INIT)
    for name in ("a.md", "b.md", "my cards/c.txt"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("Reads tickets.\n")
    brief, notes = make_brief(".", workspace)
    assert [document.uri for document in brief.documents] == ["a.md", "b.md", "my cards/c.txt"]
    assert notes == [
        ".: left out, as a workspace's own: README.md, capdraft.toml",
        ".: one artifact from 3 documents: a.md, b.md, my cards/c.txt; to draft each as its own: "
        "capdraft draft *.md 'my cards'/*.txt",
    ]
    for number in range(4):
        Path(f"many/{number}").mkdir(parents=True)
        Path(f"many/{number}/card.md").write_text("Reads tickets.\n")
    _, (note,) = make_brief("many", workspace)
    assert note.endswith("capdraft draft --from LIST")
    _, (note,) = make_brief("many", workspace, slug="one")
    assert note.endswith("3/card.md"), "whoever gives a slug means one artifact"


def test_the_readme_of_a_workspace_is_no_source(workspace: Workspace) -> None:
    readme = workspace.root / "README.md"
    readme.write_text(README_OF_INIT)
    with pytest.raises(SourceError, match="`capdraft init` wrote it"):
        make_brief(readme, workspace)


def test_a_card_is_called_like_what_it_is_of(workspace: Workspace) -> None:
    card = workspace.root / "TICKET_MODEL_CARD.md"
    card.write_text("# Ticket Model Card\n\nReads tickets.\n")
    brief, _ = make_brief(card, workspace)
    assert (brief.artifact.slug, brief.artifact.name) == ("ticket", "Ticket")


def test_what_is_drafted_keeps_its_slug_and_name(workspace: Workspace) -> None:
    card = workspace.root / "TICKET_MODEL_CARD.md"
    card.write_text("# Ticket Model Card\n\nReads tickets.\n")
    earlier, _ = make_brief(card, workspace, slug="ticket-model-card", name="Ticket Model Card")
    workspace.add_proposal(proposal_of(earlier))
    brief, _ = make_brief(card, workspace)
    assert brief.artifact == earlier.artifact
    card.write_text("---\nname: Ticket\n---\nReads tickets.\n")
    brief, _ = make_brief(card, workspace)
    assert (brief.artifact.slug, brief.artifact.name) == ("ticket-model-card", "Ticket")


def test_a_repository_is_one_artifact_with_many_documents(
    workspace: Workspace, github: dict[str, bytes]
) -> None:
    github["docs/use.md"] = USE
    brief, notes = make_brief("gh:owner/reader", workspace)
    assert (brief.artifact.slug, brief.artifact.name) == ("reader", "Ticket reader")
    assert (brief.artifact.type, brief.artifact.license) == ("repository", "mit")
    assert [document.uri for document in brief.documents] == [
        f"gh:owner/reader@{COMMIT}/README.md",
        f"gh:owner/reader@{COMMIT}/docs/use.md",
    ]
    passages = [passage for document in brief.documents for passage in document.passages]
    assert [passage.number for passage in passages] == [1, 2, 3]
    assert notes == []


def test_what_the_command_line_says_counts_more(
    workspace: Workspace, github: dict[str, bytes]
) -> None:
    brief, _ = make_brief(
        Path("gh:owner/reader"), workspace, slug="mine", name="Mine", artifact_type="tool"
    )
    artifact = brief.artifact
    assert (artifact.slug, artifact.name, artifact.type) == ("mine", "Mine", "tool")


def test_a_document_that_cannot_be_read_stops_no_other(
    workspace: Workspace, github: dict[str, bytes]
) -> None:
    github["docs/empty.md"] = b" "
    github["docs/use.md"] = USE
    brief, notes = make_brief("gh:owner/reader", workspace)
    assert [document.uri.rpartition("/")[2] for document in brief.documents] == [
        "README.md",
        "use.md",
    ]
    (note,) = notes
    assert note == f"gh:owner/reader@{COMMIT}/docs/empty.md: the file is empty; left out"
    del github["docs/use.md"]
    github["README.md"] = b"\n"
    with pytest.raises(SourceError, match="the file is empty"):
        make_brief("gh:owner/reader", workspace)


def test_what_was_fetched_can_be_looked_up_without_the_network(
    workspace: Workspace, github: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    github["docs/use.md"] = USE
    brief, _ = make_brief("gh:owner/reader", workspace)
    monkeypatch.setenv("GITHUB_API_URL", "https://127.0.0.1:9")
    proposal = proposal_of(brief)
    assert present_passages(workspace, proposal) == {
        document.uri: said_by(document) for document in brief.documents
    }
    kept = workspace.root / ".capdraft/documents"
    assert {file.name for file in kept.iterdir()} == {sha256(README), sha256(USE)}
    (kept / sha256(USE)).unlink()
    assert present_passages(workspace, proposal)[brief.documents[1].uri] is None


@pytest.mark.parametrize("card", [README, b"Reads printed tickets.\n"])
def test_the_hub_fills_in_what_the_card_leaves_out(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, card: bytes
) -> None:
    from capdraft.drafting import briefs
    from capdraft.sources.addresses import Fetched, FetchedFile

    file = FetchedFile(f"hf:datasets/org/tickets@{COMMIT}/README.md", "README.md", card)
    facts = {"type": "dataset", "license": "cc0-1.0", "pipeline_tag": "image-to-text"}
    monkeypatch.setattr(briefs, "fetch", lambda address: Fetched((file,), facts=facts))
    brief, _ = make_brief("hf:datasets/org/tickets", workspace)
    assert brief.artifact.slug == "tickets"
    assert brief.artifact.type == "dataset"
    assert brief.artifact.license == ("mit" if card == README else "cc0-1.0")
    assert "type" not in brief.documents[0].front_matter


def test_an_address_is_refused_before_anything_is_asked(workspace: Workspace) -> None:
    with pytest.raises(SourceError, match="http is not read"):
        make_brief("http://example.org/card.md", workspace)
    with pytest.raises(BadSlug):
        make_brief("gh:owner/reader", workspace, slug="No Slug")
    assert not (workspace.root / ".capdraft").exists()
