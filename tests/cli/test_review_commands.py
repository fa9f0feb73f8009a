"""Reviewing by command: several fields at once, names, passages, and what is told of each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capdraft.workspace import Workspace
from workspaces import READ, draft, drafted_workspace, make_workspace

Run = Callable[..., Any]
CAPABILITY = "ticket-reader/read-tickets"
DESCRIPTION, UNIQUE, COMPARED = (
    f"{CAPABILITY}.{name}" for name in ("description", "unique", "vs_alternatives")
)
TABLED = """\
---
name: Ticket reader
type: model
---
# Ticket reader

Reads `printed` **tickets** of up to 40 fields.

| Size | Memory |
|---|---|
| small | 2 GB |
| extra large | 19 GB |
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path)


@pytest.fixture(autouse=True)
def _as_ada(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (key, value) in enumerate([("user.name", "ada")]):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")


def write(folder: Path, text: str) -> str:
    path = folder / "new.txt"
    path.write_text(text, encoding="utf-8")
    return str(path)


def use_editor(monkeypatch: pytest.MonkeyPatch, folder: Path, old: str, new: str) -> None:
    """Let $EDITOR put `new` in the place of `old`."""
    script = folder / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text(encoding='utf-8')\n"
        f"assert {old!r} in text, text\n"
        f"path.write_text(text.replace({old!r}, {new!r}, 1), encoding='utf-8')\n"
        "stat = path.stat()\n"
        "import os\n"
        "os.utime(path, (stat.st_atime, stat.st_mtime + 2))\n"
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")


@pytest.mark.usefixtures("workspace")
def test_several_fields_are_decided_at_once_and_named_in_full(run: Run) -> None:
    said = run("review", "approve", DESCRIPTION, COMPARED, UNIQUE)
    assert said.status == 1
    assert said.out.splitlines() == [
        f"approved {DESCRIPTION} as ada",
        f"approved {COMPARED} as ada",
        f"not approved {UNIQUE}: CD103 '3 GB' is in none of the cited passages",
    ]
    said = run("review", "reject", UNIQUE, COMPARED, "--reason", "style", "--note", "Too\nlong.")
    assert said.out.splitlines() == [f"rejected {UNIQUE} as ada", f"rejected {COMPARED} as ada"]
    assert run("review", "undo", UNIQUE).out.rstrip().endswith(f"on {UNIQUE}")
    told = "rejected by ada: style (“Too long.”)"
    assert told in run("review", "show", COMPARED).out
    assert told in run("review", "explain", COMPARED).out
    assert "rejected    by ada: style (“Too long.”)" in run("review", "list").out


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"{CAPABILITY}.uniqe", "names no field"),
        ("ticket-reader.unique", "is not a slug"),
        (f"{CAPABILITY}s.unique", "did you mean ticket-reader/read-tickets"),
    ],
)
def test_a_field_that_is_not_there_is_told_and_nothing_is_decided(
    run: Run, workspace: Workspace, path: str, told: str
) -> None:
    said = run("review", "approve", DESCRIPTION, path)
    assert (said.status, told in said.err.lower()) == (2, True), said.err
    assert workspace.decisions("ticket-reader") == []
    assert run("review", "show", UNIQUE, "--field", "description").status == 2


@pytest.mark.usefixtures("workspace")
def test_the_list_can_be_narrowed_and_marks_what_was_edited(run: Run, tmp_path: Path) -> None:
    run("review", "edit", UNIQUE, "--from", write(tmp_path, "Runs in 2 GB of memory."))
    run("review", "approve", DESCRIPTION)
    assert "approved    by ada; edited by ada" in run("review", "list", "--status", "edited").out
    listed = json.loads(run("review", "list", "--status", "approved", "--json").out)
    fields = listed["artifacts"][0]["fields"]
    assert [(item["field"], item["edited"]) for item in fields] == [
        ("description", False),
        ("unique", True),
    ]
    assert "unique " not in run("review", "list", "--status", "pending").out
    assert run("review", "list", "--status", "stale").out == ""


def test_a_name_intents_and_an_alternative_are_edited_by_option(
    run: Run, workspace: Workspace
) -> None:
    said = run(
        "review", "edit", DESCRIPTION, "--name", "Read paper", "--intent", "a", "--intent", "b"
    )
    assert "name: Read [-tickets-]{+paper+}" in said.out
    assert f"edited and approved {DESCRIPTION} as ada" in said.out
    (decision,) = workspace.decisions("ticket-reader")
    assert (decision.name, decision.intents) == ("Read paper", ("a", "b"))
    assert decision.text == READ["description"]["text"]
    run("review", "edit", COMPARED, "--alternative", "Version 1")
    shown = run("review", "show", CAPABILITY).out
    assert "read-tickets: Read paper\n  for: a; b\n" in shown
    assert "drafted name: Read tickets" in shown
    assert "vs alternatives with Version 1  approved by ada, edited" in shown
    assert run("review", "edit", UNIQUE, "--name", "X").status == 2


def test_the_editor_shows_the_names_above_the_text(
    run: Run, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "name: Read tickets\nfor: read a train ticket\n"
    use_editor(monkeypatch, tmp_path, head, "name: Read paper\nfor: a need\nfor: another\n")
    said = run("review", "edit", DESCRIPTION)
    assert said.status == 0, said.err
    (decision,) = workspace.decisions("ticket-reader")
    assert (decision.name, decision.intents) == ("Read paper", ("a need", "another"))
    use_editor(monkeypatch, tmp_path, "# ---- the text: ----\n", "")
    said = run("review", "edit", DESCRIPTION)
    assert (said.status, "is gone from the page" in said.err) == (1, True)
    use_editor(monkeypatch, tmp_path, "compared with: version 1", "compared with: Till roll")
    said = run("review", "edit", COMPARED)
    assert "CD201 no passage cited for the alternative names 'Till roll'" in said.err
    kept = tmp_path / ".capdraft/rescued/ticket-reader-read-tickets-vs_alternatives.txt"
    kept.write_text(kept.read_text().replace("Till roll", "Version 1"))
    assert run("review", "edit", COMPARED, "--from", str(kept)).status == 0
    assert workspace.decisions("ticket-reader")[-1].alternative == "Version 1"


@pytest.mark.usefixtures("workspace")
def test_an_edit_tells_what_changes_and_what_no_passage_says(run: Run, tmp_path: Path) -> None:
    (tmp_path / "capdraft.toml").write_text('[rules]\nCD103 = "warning"\n')
    text = "Reads printed tickets with up to 50 fields, offline."
    said = run("review", "edit", DESCRIPTION, "--from", write(tmp_path, text))
    assert "up to [-40-]{+50+} [-fields.-]{+fields, offline.+}" in said.out
    assert "warning: CD103 '50' is in none of the cited passages" in said.err
    assert "warning: no cited passage has 'offline'" in said.err
    assert said.status == 0


@pytest.mark.usefixtures("workspace")
def test_explain_says_what_was_written_in_a_note(run: Run) -> None:
    run("review", "approve", UNIQUE, "--despite", "CD103", "--note", "It is on the label.")
    told = run("review", "explain", UNIQUE).out
    assert "ada on" in told
    assert "CD103 was accepted with the note “It is on the label.”" in told


def test_approving_an_artifact_leaves_what_was_rejected_by_hand(
    run: Run, workspace: Workspace
) -> None:
    run("review", "reject", DESCRIPTION, "--reason", "style")
    said = run("review", "approve", "ticket-reader")
    assert f"{DESCRIPTION} stays rejected; to accept it, name it\n" in said.err
    assert DESCRIPTION not in said.out
    assert workspace.decisions("ticket-reader")[0].verdict == "reject"
    assert f"approved {DESCRIPTION} as ada" in run("review", "approve", DESCRIPTION).out


@pytest.mark.usefixtures("workspace")
def test_a_list_without_a_field_says_so(run: Run) -> None:
    said = run("review", "list", "--status", "conflicting")
    assert (said.status, said.out, said.err) == (0, "", "no field is conflicting\n")


@pytest.mark.usefixtures("workspace")
def test_passages_are_listed_with_the_numbers_that_cite_them(
    run: Run, workspace: Workspace
) -> None:
    said = run("review", "passages", "ticket-reader", "GB", "memory")
    assert "ticket-reader.md > Ticket reader\n     [2] It needs 2 GB of memory.\n" in said.out
    assert "[2] It needs" in run("review", "passages", "ticket-reader", "reader", "memory").out
    assert run("review", "passages", "ticket-reader", "nothing").status == 1
    listed = json.loads(run("review", "passages", "ticket-reader", "--json").out)
    assert [item["number"] for item in listed["passages"]] == [1, 2, 3]
    run("review", "edit", DESCRIPTION, "--cite", "1 2")
    (decision,) = workspace.decisions("ticket-reader")
    assert [item.passage for item in decision.evidence or ()] == [1, 2]


def test_quotes_keep_their_marks_once_and_rows_stand_under_their_header(
    run: Run, tmp_path: Path
) -> None:
    workspace = make_workspace(tmp_path, TABLED)
    unique = {"text": "Needs 19 GB when extra large.", "passages": [1, 3]}
    record = {**READ, "unique": unique, "vs_alternatives": None}
    draft(workspace, {"capabilities": [record]})
    said = run("review", "show", "ticket-reader").out
    assert said.count("| Reads `printed` **tickets** of up to 40 fields.") == 1
    assert "[1] quoted above: Reads `printed` **tickets** of up to 40 fields." in said
    assert "      | Size        | Memory\n      | extra large | 19 GB\n" in said
    assert said.startswith("━━━")


@pytest.mark.usefixtures("workspace")
def test_the_words_that_a_claim_shares_with_its_quote_are_bold(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    said = run("review", "show", DESCRIPTION).out
    quote = next(line for line in said.splitlines() if "| " in line)
    assert "\x1b[1mprinted\x1b[0m \x1b[1mtickets\x1b[0m of up to \x1b[1m40\x1b[0m" in quote


def test_decisions_come_from_a_file(run: Run, workspace: Workspace, tmp_path: Path) -> None:
    said = [
        {"target": UNIQUE, "verdict": "accept"},
        {"target": DESCRIPTION, "verdict": "accept", "note": "As the card has it."},
    ]
    path = tmp_path / "decided.jsonl"
    path.write_text("\n".join(map(json.dumps, said)))
    told = run("review", "apply", str(path))
    assert told.status == 1
    assert told.out == f"approved {DESCRIPTION} as ada\n"
    assert f"failed  {path}:1: read-tickets.unique has error findings" in told.err
    assert "1 decision taken, 1 refused" in told.err
    path.write_text(path.read_text() + '\n{"target": "nothing", "verdict": "accept"}')
    told = run("review", "apply", str(path), "--as", "bo")
    assert "nothing was decided: mend the file first" in told.err
    assert len(workspace.decisions("ticket-reader")) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_long_page_goes_through_the_pager_on_a_terminal(workspace: Workspace) -> None:
    pexpect = pytest.importorskip("pexpect")
    terminal = {"TERM": "xterm", "NO_COLOR": "1", "LINES": "10", "COLUMNS": "100"}
    shown = pexpect.spawn(
        sys.executable,
        ["-m", "capdraft", "review", "show", "ticket-reader"],
        cwd=str(workspace.root),
        dimensions=(10, 100),
        encoding="utf-8",
        timeout=20,
        env={**os.environ, **terminal, "PAGER": "cat -n"},
    )
    shown.expect(r" 2\s+read-tickets: Read tickets")
    shown.expect(pexpect.EOF)
