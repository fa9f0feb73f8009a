"""Which files of a folder are read, and which are a workspace's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from capdraft.cli.init import README
from capdraft.errors import SourceError
from capdraft.sources import find_files, is_workspace_readme


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("# A heading\n")


def test_hidden_files_and_links_are_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "b/README", "a.md", "b/c/d.RST", "logo.png", ".git/x.md", "b/.hidden.md")
    (tmp_path / "link.md").symlink_to(tmp_path / "a.md")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = find_files(tmp_path)
    assert found.files == [tmp_path / name for name in ["a.md", "b/README", "b/c/d.RST"]]
    assert found.skipped == [tmp_path / "logo.png"]
    assert found.own == []


def test_what_a_workspace_holds_of_its_own_is_no_source(tmp_path: Path) -> None:
    own = ["capdraft.toml", "catalog/a.json", "prompts/draft.md", "reviews/a/note.md"]
    make(tmp_path, "a.md", "docs/catalog/b.md", "public/.capdraft-site.jsonl", "public/c.md", *own)
    (tmp_path / "README.md").write_text(README + "\nWe keep trees here.\n")
    found = find_files(tmp_path)
    assert found.files == [tmp_path / "a.md", tmp_path / "docs/catalog/b.md"]
    assert found.skipped == []
    assert found.own_names == "README.md, capdraft.toml, catalog, prompts, public, reviews"
    (tmp_path / "capdraft.toml").unlink()
    assert tmp_path / "catalog/a.json" in find_files(tmp_path).skipped, "no workspace, so docs"


def test_only_the_readme_that_init_wrote_is_known_as_such(tmp_path: Path) -> None:
    for name, text, known in (
        ("README.md", README, True),
        ("README.md", "# Larch\n\nAs written: This folder is a capdraft workspace.\n", False),
        ("larch.md", README, False),
    ):
        (tmp_path / name).write_text(text)
        assert is_workspace_readme(tmp_path / name) is known
    assert not is_workspace_readme(tmp_path / "none" / "README.md")


def test_a_folder_without_documents(tmp_path: Path) -> None:
    make(tmp_path, "logo.png", "capdraft.toml")
    with pytest.raises(SourceError, match="none of the 1 files") as caught:
        find_files(tmp_path)
    assert caught.value.where == str(tmp_path)
    assert "a workspace's own: capdraft.toml" in caught.value.hint
    with pytest.raises(SourceError, match="can't be read: no such file"):
        find_files(tmp_path / "none")
