"""The repository around a workspace: read and added to, without touching what is checked out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from capdraft.errors import NotFound, StoreError, UsageProblem
from capdraft.workspace import Workspace
from capdraft.workspace.git import config_value
from capdraft.workspace.repository import Repository, prefix_in_repository
from capdraft.workspace.snapshot import Snapshot

ALL = ("reviews", "catalog")
Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Run git in the folder `top` below `tmp_path`, with a user of its own."""
    settings = tmp_path / "gitconfig"
    settings.write_text(
        "[user]\nname = Ada Löv\nemail = ada@e.example\n[init]\ndefaultBranch = main\n"
        '[protocol "file"]\nallow = always\n'
    )
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    top = tmp_path / "top"
    top.mkdir()

    def run(*words: str, where: Path = top) -> str:
        return subprocess.run(
            ["git", *words], cwd=where, check=True, capture_output=True, text=True
        ).stdout

    run("init", "-q")
    return run


@pytest.fixture
def folder(git: Git, tmp_path: Path) -> Path:
    """A workspace in a folder of a repository, with one artifact committed."""
    folder = tmp_path / "top" / "a [b]"
    write(folder, "capdraft.toml", "")
    write(folder, "reviews/gemma/0001.toml", "one\n")
    write(folder, "reviews/gemma/decisions/bo.jsonl", "{}\n")
    git("add", ".")
    git("commit", "-qm", "First")
    return folder


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def state(folder: Path, git: Git) -> tuple[object, ...]:
    """Return what must stay as it is: HEAD, the index and the work tree."""
    top = Path(git("rev-parse", "--show-toplevel", where=folder).strip())
    files = {path: path.read_bytes() for path in top.rglob("*") if path.is_file()}
    kept = {p: b for p, b in files.items() if ".git" not in p.parts or p.name in ("index", "HEAD")}
    return kept, git("status", "--porcelain", where=folder)


def test_what_differs_is_found_whatever_it_is_called(folder: Path, git: Git) -> None:
    write(folder, ".gitignore", "*.bak\n")
    write(folder, "reviews/gemma/0001.bak", "ignored")
    write(folder, "reviews/größe-β/decisions/a b.jsonl", "{}\n")
    write(folder, "catalog/line\nend.json", "{}\n")
    write(folder, "notes.md", "not a review")
    (folder / "reviews/gemma/decisions/bo.jsonl").unlink()
    repository = Repository.around(folder)
    before = state(folder, git), git("count-objects")
    change = repository.change(repository.base(), ALL, keep=False)
    assert set(change.names) == {
        "catalog/line\nend.json",
        "reviews/gemma/decisions/bo.jsonl",
        "reviews/größe-β/decisions/a b.jsonl",
    }
    assert (state(folder, git), git("count-objects")) == before
    assert repository.change(repository.base(), ["reviews/gemm*"], keep=False).names == ()


def test_a_branch_gets_one_commit_and_nothing_else_changes(folder: Path, git: Git) -> None:
    for hook in ("reference-transaction", "post-commit", "pre-commit"):
        write(folder.parent, f".git/hooks/{hook}", "#!/bin/sh\ntouch hooked\nexit 1\n")
        (folder.parent / ".git/hooks" / hook).chmod(0o755)
    write(folder, "catalog/gemma.json", "{}\n")
    write(folder, "staged.md", "staged")
    (folder / "reviews/gemma/0001.toml").write_text("other\n")
    subprocess.run(["git", "add", "staged.md"], cwd=folder, check=True)
    before = state(folder, git)
    repository = Repository.around(folder)
    change = repository.change(repository.base(), ["catalog/gemma.json"], keep=True)
    commit, fresh = repository.commit("reviews/größe", change, "Review gemma\n\nÄ\n")
    assert fresh
    assert state(folder, git) == before
    assert not (folder.parent / "hooked").exists()
    said = git("log", "--format=%an <%ae>%n%B", "--name-only", "-z", "main..reviews/größe")
    assert said.split("\0")[0].split("\n") == [
        "Ada Löv <ada@e.example>",
        "Review gemma",
        "",
        "Ä",
        "",
    ]
    assert git("diff", "--name-only", "-z", "main", commit) == "a [b]/catalog/gemma.json\0"


def test_a_branch_that_exists_is_left_alone(folder: Path, git: Git) -> None:
    write(folder, "catalog/gemma.json", "{}\n")
    repository = Repository.around(folder)
    change = repository.change(repository.base(), ALL, keep=True)
    first = repository.commit("reviewed", change, "One\n")
    assert repository.commit("reviewed", change, "One\n") == (first[0], False)
    write(folder, "catalog/gemma.json", "{ }\n")
    other = repository.change(repository.base(), ALL, keep=True)
    with pytest.raises(UsageProblem, match="there is a branch 'reviewed' already"):
        repository.commit("reviewed", other, "Two\n")
    with pytest.raises(StoreError, match="update-ref"):
        repository.commit("reviewed/more", other, "Three\n")
    assert git("rev-parse", "reviewed").strip() == first[0]
    for name in ("-x", "a..b", "", "HEAD", "a b", "x.lock"):
        with pytest.raises(UsageProblem, match="can't be the name of a branch"):
            repository.commit(name, other, "Four\n")


def test_what_others_committed_since_is_not_taken_back(folder: Path, git: Git) -> None:
    git("switch", "-qc", "mine")
    write(folder, "reviews/gemma/decisions/ada.jsonl", "{}\n")
    git("switch", "-q", "main")
    write(folder, "reviews/gemma/decisions/cy.jsonl", "{}\n")
    git("add", "a [b]/reviews/gemma/decisions/cy.jsonl")
    git("commit", "-qm", "Theirs")
    git("switch", "-q", "mine")
    repository = Repository.around(folder)
    for base in (None, "main"):
        change = repository.change(repository.base(base), ALL, keep=True)
        assert change.names == ("reviews/gemma/decisions/ada.jsonl",)
    repository.commit("reviewed", change, "Mine\n")
    git("worktree", "add", "-q", "../merged", "main")
    merged = folder.parent.parent / "merged"
    git("merge", "-q", "reviewed", "-m", "Merged", where=merged)
    decisions = {path.name for path in merged.rglob("*.jsonl")}
    assert decisions == {"ada.jsonl", "bo.jsonl", "cy.jsonl"}


def test_the_base_is_where_the_default_branch_of_origin_was_left(folder: Path, git: Git) -> None:
    git("clone", "-q", ".", "../clone")
    clone = folder.parent.parent / "clone" / folder.name
    write(clone, "reviews/gemma/decisions/ada.jsonl", "{}\n")
    git("add", ".", where=clone)
    git("commit", "-qm", "Local", where=clone)
    repository = Repository.around(clone)
    assert repository.base() == git("rev-parse", "HEAD").strip()
    change = repository.change(repository.base(), ALL, keep=False)
    assert change.names == ("reviews/gemma/decisions/ada.jsonl",)
    assert (repository.remote(), repository.branch_name("origin/main")) == ("origin", "main")
    assert repository.change(repository.base("HEAD"), ALL, keep=False).names == ()
    for name in ("nowhere", "-x", "--all", ""):
        with pytest.raises(NotFound, match="git finds no commit"):
            repository.base(name)
    git("switch", "-q", "--orphan", "apart", where=clone)
    git("commit", "-qm", "Apart", "--allow-empty", where=clone)
    with pytest.raises(NotFound, match="HEAD shares no commit with origin/main"):
        Repository.around(clone.parent).base("origin/main")


def test_variables_that_name_another_repository_are_not_followed(
    folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = git("rev-parse", "HEAD").strip()
    monkeypatch.setenv("GIT_DIR", str(folder / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(folder / "other-index"))
    repository = Repository.around(folder)
    assert (repository.prefix, repository.base()) == ("a [b]/", head)
    assert config_value("user.name", folder) == "Ada Löv"
    write(folder, "catalog/gemma.json", "{}\n")
    change = repository.change(head, ALL, keep=True)
    repository.commit("reviewed", change, "One\n")
    assert not (folder / "other-index").exists()


def test_a_linked_work_tree_and_a_submodule_are_repositories_too(folder: Path, git: Git) -> None:
    git("worktree", "add", "-q", "../linked")
    git("submodule", "--quiet", "add", "./.", "inner")
    for top in (folder.parent.parent / "linked", folder.parent / "inner"):
        place = top / folder.name
        write(place, "catalog/gemma.json", "{}\n")
        before = state(place, git)
        repository = Repository.around(place)
        assert repository.prefix == "a [b]/"
        change = repository.change(repository.base(), ALL, keep=True)
        assert change.names == ("catalog/gemma.json",)
        repository.commit(f"in-{top.name}", change, "One\n")
        assert state(place, git) == before
        assert git("log", "--format=%s", f"in-{top.name}", where=top) == "One\nFirst\n"


def test_what_a_sparse_checkout_leaves_away_is_not_deleted(folder: Path, git: Git) -> None:
    git("update-index", "--skip-worktree", "a [b]/reviews/gemma/0001.toml")
    (folder / "reviews/gemma/0001.toml").unlink()
    repository = Repository.around(folder)
    assert repository.change(repository.base(), ALL, keep=False).names == ()


def test_a_folder_that_is_a_repository_of_its_own_is_named(folder: Path, git: Git) -> None:
    write(folder, "reviews/other/0001.toml", "")
    git("init", "-q", where=folder / "reviews/other")
    repository = Repository.around(folder)
    with pytest.raises(StoreError, match="reviews/other/ is a git repository of its own"):
        repository.change(repository.base(), ALL, keep=False)


def test_before_the_first_commit_everything_is_new(folder: Path, git: Git) -> None:
    git("switch", "-q", "--orphan", "empty")
    git("branch", "-qD", "main")
    write(folder, "reviews/gemma/0001.toml", "one\n")
    repository = Repository.around(folder)
    assert repository.base() is None
    change = repository.change(None, ALL, keep=True)
    assert change.names == ("reviews/gemma/0001.toml",)
    assert Workspace(folder, Snapshot(repository, None)).artifacts() == []
    with pytest.raises(UsageProblem, match="nothing is committed"):
        repository.commit("reviewed", change, "One\n")


def test_without_a_user_git_says_how_to_name_one(
    folder: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "catalog/gemma.json", "{}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git("config", "user.useConfigOnly", "true")
    repository = Repository.around(folder)
    change = repository.change(repository.base(), ALL, keep=True)
    with pytest.raises(UsageProblem, match="git knows no user") as caught:
        repository.commit("reviewed", change, "One\n")
    assert "git config user.name" in caught.value.hint


def test_a_signature_that_fails_says_where_signing_is_set(folder: Path, git: Git) -> None:
    git("config", "commit.gpgsign", "true")
    git("config", "gpg.program", "false")
    write(folder, "reviews/a/0001.toml", "1")
    repository = Repository.around(folder)
    change = repository.change(repository.base(), ["reviews"], keep=True)
    with pytest.raises(StoreError) as error:
        repository.commit("signed", change, "x")
    assert "commit.gpgsign is set" in error.value.hint
    assert repository.commit_of("signed") is None


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageProblem, match="not in the work tree of a git repository") as caught:
        Repository.around(tmp_path)
    assert "`git init`" in caught.value.hint
    assert prefix_in_repository(tmp_path) == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageProblem, match="git can't be started"):
        Repository.around(tmp_path)
    assert config_value("user.name", tmp_path) == ""


def test_a_commit_is_read_like_the_files(folder: Path, git: Git) -> None:
    repository = Repository.around(folder)
    before = Snapshot(repository, repository.base())
    (folder / "reviews/gemma/0001.toml").write_text("changed\n")
    write(folder, "reviews/new/0001.toml", "new\n")
    stored = before.read("reviews/gemma/0001.toml")
    assert stored is not None
    assert stored.text == "one\n"
    assert before.read("reviews/new/0001.toml") is None
    assert before.list("reviews") == ["gemma"]
    assert before.list("reviews/gemma") == ["0001.toml", "decisions"]
    assert Workspace(folder, before).proposals("gemma") == ["0001"]
    with pytest.raises(StoreError, match="can't be written"):
        Workspace(folder, before).store.replace("catalog/gemma.json", "", if_sha256=None)
