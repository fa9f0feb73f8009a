"""Review by pull request: the summary, the branch, and what GitHub is told of findings."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workspaces import drafted_workspace

Run = Callable[..., Any]
SLUG = "ticket-reader"
FIELDS = [f"{SLUG}/read-tickets", "--field"]


def git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def drafted(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A drafted and committed workspace in a folder of a repository."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{name}_NAME", "Ada")
        monkeypatch.setenv(f"{name}_EMAIL", "ada@e.example")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "cat, a:log"
    folder.mkdir()
    drafted_workspace(folder)
    (folder / ".gitignore").write_text(".capdraft/\n")
    git("init", "-qb", "main")
    git("add", ".")
    git("commit", "-qm", "Draft")
    monkeypatch.chdir(folder)
    return folder


def decide(run: Run, folder: Path) -> None:
    """Approve the description, edit the unique claim; the comparison waits."""
    assert run("review", "approve", *FIELDS, "description", "--as", "ada").status == 0
    (folder / "text").write_text("Runs in 2 GB of memory.")
    words = ("unique", "--as", "bo", "--from", "text", "--note", "See @bo, #1.")
    assert run("review", "edit", *FIELDS, *words).status == 0
    assert run("merge").status == 0


def test_the_summary_says_what_was_decided_and_what_waits(run: Run, drafted: Path) -> None:
    decide(run, drafted)
    said = run("review", "export")
    day = json.loads((drafted / f"reviews/{SLUG}/decisions/ada.jsonl").read_text())["time"][:10]
    assert said.status == 0
    assert (
        said.out
        == f"""\
## Review of 1 artifact

Decided since `{git("rev-parse", "HEAD")[:10]}`: 1 approved, 1 edited, by ada, bo.

| artifact | approved | edited | rejected | waiting | stale | conflicting | catalog |
|---|---:|---:|---:|---:|---:|---:|---|
| Ticket reader ({SLUG}) | 1 | 1 |  | 1 |  |  | new |

Places in documents are FILE:START-END, counted in characters.

### Ticket reader ({SLUG})

**2 fields decided**

**read-tickets\\.description**

> Reads printed tickets with up to 40 fields.

- approved by ada on {day}
- cites “Reads printed tickets of up to 40 fields.” (ticket-reader\\.md:{place(drafted, "Reads")})

**read-tickets\\.unique**

> Runs in ~~3~~ **2** GB of memory.

- edited by bo on {day}: “See @<!-- -->bo, \\#<!-- -->1.”
- cites “It needs 2 GB of memory.” (ticket-reader\\.md:{place(drafted, "It needs")})

**1 field may not merge**

- **read-tickets\\.vs\\_alternatives** is pending and stays out: 0 of 1 needed approvals
"""
    )


def place(folder: Path, start: str) -> str:
    text = (folder / "ticket-reader.md").read_text()
    at = text.index(start)
    return f"{at}-{text.index(chr(10), at)}"


def test_only_what_was_decided_since_the_base_is_told(run: Run, drafted: Path) -> None:
    for field, who in (("description", "ada"), ("vs_alternatives", "bo")):
        assert run("review", "approve", *FIELDS, field, "--as", who).status == 0
    git("add", ".")
    git("commit", "-qm", "Reviewed")
    said = run("review", "export")
    assert (said.status, said.out) == (1, "")
    assert "nothing changed in reviews/ and catalog/ since" in said.err
    run("review", "undo", *FIELDS, "description", "--as", "ada")
    run("review", "reject", *FIELDS, "unique", "--reason", "contradicted", "--as", "ada")
    run("review", "approve", *FIELDS, "vs_alternatives", "--as", "ada")
    run("review", "undo", *FIELDS, "vs_alternatives", "--as", "ada")
    (item,) = json.loads(run("review", "export", "--json").out)["artifacts"]
    assert [(d["verdict"], d["field"]) for d in item["decided"]] == [
        ("undo", "description"),
        ("reject", "unique"),
    ]
    assert item["gone"] == 0
    assert [item["counts"][word] for word in ("approved", "rejected", "waiting")] == [1, 1, 1]
    Path(f"reviews/{SLUG}/decisions/ada.jsonl").unlink()
    (item,) = json.loads(run("review", "export", SLUG, "--json").out)["artifacts"]
    assert (item["gone"], item["decided"], len(item["errors"])) == (1, [], 1)


def test_a_branch_holds_what_was_named_and_the_next_commands_work(
    run: Run, drafted: Path, tmp_path: Path
) -> None:
    decide(run, drafted)
    for name in ("reviews/other/0001.toml", "reviews/_seeds/ada.jsonl", "notes.md"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("not looked into")
    before = git("status", "--porcelain"), Path(tmp_path / ".git/index").read_bytes()
    said = run("review", "export", SLUG, "--branch", "reviewed", "--out", "summary.md")
    summary = Path("summary.md").read_text()
    Path("summary.md").unlink()
    assert (said.status, said.out) == (0, "")
    assert (git("status", "--porcelain"), Path(tmp_path / ".git/index").read_bytes()) == before
    files = git("diff", "--name-only", "-z", "--relative", "main", "reviewed").split("\0")[:-1]
    assert files == [
        f"catalog/{SLUG}.json",
        "reviews/_seeds/ada.jsonl",
        *(f"reviews/{SLUG}/decisions/{who}.jsonl" for who in ("ada", "bo")),
    ]
    message = git("log", "-1", "--format=%B", "reviewed").strip()
    subject = f"Review {SLUG}: 2 decisions"
    assert message == f"{subject}\n\n{SLUG}: 1 approved, 1 edited, 1 waiting"

    commands = [line.removeprefix("  next: ") for line in said.err.splitlines() if "next: " in line]
    title = f"Review {SLUG}: 1 approved, 1 edited"
    create = ["gh", "pr", "create", "--head", "reviewed", "--title", title]
    assert commands[0] == "git remote add origin URL"
    assert shlex.split(commands[2]) == [*create, "--body-file", "summary.md"]
    git("init", "-q", "--bare", str(tmp_path / "hosted"))
    git("remote", "add", "origin", str(tmp_path / "hosted"))
    git(*shlex.split(commands[1])[1:])
    told = json.loads(
        run("review", "export", SLUG, "--branch", "reviewed", "--base", "main", "--json").out
    )
    assert told["commit"] == git("rev-parse", "reviewed").strip()
    assert told["markdown"] == summary
    first, _, second = told["next"][1].partition(" | ")
    assert shlex.split(first) == ["capdraft", "review", "export", SLUG, "--base", "main"]
    assert shlex.split(second) == [*create, "--base", "main", "--body-file", "-"]

    run("review", "approve", *FIELDS, "vs_alternatives", "--as", "ada")
    said = run("review", "export", SLUG, "--branch", "reviewed")
    assert said.status == 2
    assert "there is a branch 'reviewed' already" in said.err


def test_decisions_on_a_branch_are_read_like_any_other(run: Run, drafted: Path) -> None:
    decide(run, drafted)
    assert run("review", "export", "--branch", "reviewed", "--out", "out.md").status == 0
    git("stash", "-qu")
    git("switch", "-q", "reviewed")
    listed = json.loads(run("review", "list", SLUG, "--json").out)["artifacts"][0]["fields"]
    assert [field["status"] for field in listed] == ["approved", "approved", "pending"]


def test_an_artifact_that_cannot_be_read_does_not_stop_the_rest(run: Run, drafted: Path) -> None:
    decide(run, drafted)
    Path("reviews/broken").mkdir()
    Path("reviews/broken/0001.toml").write_text("= <b>")
    said = run("review", "export")
    assert said.status == 1
    assert "- **reviews/broken/0001\\.toml:1** can't be read: isn't TOML" in said.out
    assert "### Ticket reader" in said.out


def test_wrong_use_is_told(run: Run, drafted: Path, tmp_path: Path) -> None:
    decide(run, drafted)
    for words, told in (
        (["tiket"], "there is nothing to review of 'tiket'"),
        (["../x"], "is not a slug"),
        (["--base", "nowhere"], "git finds no commit 'nowhere'"),
        (["--branch", "a..b"], "'a..b' can't be the name of a branch"),
    ):
        said = run("review", "export", *words)
        assert (said.status, said.out) == (2, "")
        assert told in said.err
    assert run("review", "export", "--out", str(tmp_path / "none/x.md")).status == 1
    (tmp_path / ".git").rename(tmp_path / "was")
    said = run("review", "export")
    assert said.status == 2
    assert "next: Make it one with `git init`" in said.err


def test_annotations_name_files_from_the_top_of_the_repository(run: Run, drafted: Path) -> None:
    """Escaped as GitHub's own toolkit does it: the folder's name has a comma and a colon."""
    path = f"reviews/{SLUG}/0001.toml"
    lines = Path(path).read_text().splitlines()
    line = 1 + next(place for place, text in enumerate(lines) if "3 GB" in text)
    Path("reviews/broken").mkdir()
    Path("reviews/broken/0001.toml").write_text("\n100 % = 'a\n")
    said = run("check", "--format", "github")
    assert said.status == 1
    finding, broken = said.out.splitlines()
    start, _, message = finding.removeprefix("::").partition("::")
    assert start == (
        f"error file=cat%2C a%3Alog/{path},line={line},title=CD103 read-tickets.unique"
    )
    assert message.startswith("'3 GB' is in none of the cited passages")
    assert broken.startswith(
        "::error file=cat%2C a%3Alog/reviews/broken/0001.toml,line=2,title=FileInvalid::isn't TOML"
    )
