"""The queue in a real terminal: the riskiest first, one key a decision."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from capdraft.reviewing import (
    Judgement,
    QueueIndex,
    Target,
    Wanted,
    approve,
    edit,
    open_review,
    waiting,
)
from capdraft.reviewing.seeding import Planter, outcomes
from capdraft.workspace import Workspace
from workspaces import READ, Scripted, draft_from, drafted_workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
pexpect = pytest.importorskip("pexpect")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path)


class Reviewer:
    """Somebody at a terminal."""

    def __init__(self, workspace: Workspace, *arguments: str) -> None:
        command = ["-m", "capdraft", "review", "next", "--as", "ann", *arguments]
        self.terminal = pexpect.spawn(
            sys.executable,
            command,
            cwd=str(workspace.root),
            dimensions=(40, 110),
            encoding="utf-8",
            timeout=20,
            env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"},
        )
        self.screen = self.terminal.logfile_read = io.StringIO()

    def sees(self, text: str) -> None:
        self.terminal.expect_exact(text)

    def presses(self, key: str) -> None:
        self.terminal.waitnoecho()  # what is typed before it listens is lost
        self.terminal.send(key)

    def leaves(self, told: str) -> None:
        self.sees(told)
        self.terminal.expect(pexpect.EOF)
        self.terminal.close()
        assert self.terminal.exitstatus == 0


def standing(workspace: Workspace) -> dict[str, str]:
    review = open_review(workspace, Target("ticket-reader"))
    return {state.name: state.status for state in review.states}


def test_a_queue_is_worked_off_by_keys(workspace: Workspace) -> None:
    ann = Reviewer(workspace)
    ann.sees("ticket-reader/read-tickets.unique  1 of 3, 0 decisions, as ann")
    ann.sees("error: CD103 '3 GB' is in none of the cited passages")
    ann.presses("a")
    ann.sees("Edit or reject it, or accept it with a reason: --despite CD103")
    ann.presses("x")
    ann.sees("1 unsupported")
    ann.presses("1")
    ann.sees("read-tickets.vs_alternatives  2 of 3, 1 decision")
    ann.sees("rejected (unsupported) ticket-reader/read-tickets.unique")
    ann.presses("a")
    ann.sees("read-tickets.description  3 of 3, 2 decisions")
    ann.presses("k")
    ann.sees("2 of 3, 2 decisions")
    ann.presses("u")
    ann.sees("took your last decision back: ticket-reader/read-tickets.vs_alternatives")
    ann.presses("j")
    ann.sees("3 of 3, 1 decision")
    ann.presses("z")
    ann.sees("no such key")
    ann.presses("?")
    ann.sees("space  skip")
    ann.presses("a")
    ann.leaves("2 decisions taken")
    assert standing(workspace) == {
        "description": "approved",
        "unique": "rejected",
        "vs_alternatives": "pending",
    }


def test_a_finding_is_accepted_with_a_note(workspace: Workspace) -> None:
    ann = Reviewer(workspace, "--rule", "CD103")
    ann.sees("1 of 1")
    ann.presses("d")
    ann.sees("why is it right all the same")
    ann.terminal.sendline("It is on the label.")
    ann.leaves("1 decision taken")
    (decision,) = workspace.decisions("ticket-reader")
    assert (decision.despite, decision.note) == (("CD103",), "It is on the label.")


def test_who_leaves_is_told_what_is_left(workspace: Workspace) -> None:
    ann = Reviewer(workspace)
    ann.sees("1 of 3")
    ann.presses("j")
    ann.sees("2 of 3")
    ann.presses("q")
    ann.leaves("0 decisions taken; 2 of 3 left")


def test_what_is_skipped_comes_again_at_the_end(workspace: Workspace) -> None:
    ann = Reviewer(workspace)
    ann.sees("read-tickets.unique  1 of 3")
    ann.presses(" ")
    ann.sees("read-tickets.vs_alternatives  1 of 3")
    ann.presses("j")
    ann.presses("j")
    ann.sees("read-tickets.unique  3 of 3")
    ann.presses(" ")
    ann.leaves("0 decisions taken")


def test_other_passages_are_looked_up_and_cited(workspace: Workspace) -> None:
    ann = Reviewer(workspace, "--field", "description")
    ann.sees("1 of 1")
    ann.presses("c")
    ann.sees("cite which passages?")
    ann.terminal.sendline("gb MEMORY")
    ann.sees("[2] It needs 2 GB of memory.")
    ann.terminal.sendline("2")
    ann.sees("CD103 '40")
    ann.presses("c")
    ann.terminal.sendline("1 2")
    ann.leaves("1 decision taken")
    (decision,) = workspace.decisions("ticket-reader")
    assert [item.passage for item in decision.evidence or ()] == [1, 2]
    assert decision.seconds is not None


def test_a_planted_error_is_told_when_it_is_answered_and_never_a_decision(
    workspace: Workspace,
) -> None:
    (workspace.root / "capdraft.toml").write_text("[review]\nseeds = 0.5\n")
    planter = Planter("ann", {}, 1.0, "0" * 64)
    review = open_review(workspace, Target("ticket-reader", "read-tickets", "description"))
    assert planter.seed(review, review.selected[0]) is not None
    secrets = (f"{number:064}" for number in range(99))
    share = 0.5
    secret = next(
        s for s in secrets if Planter("ann", {}, share, s).seed(review, review.selected[0])
    )
    (workspace.root / ".capdraft/seed-secret").write_text(secret)
    ann = Reviewer(workspace, "--field", "description")
    ann.sees("1 of 1, 0 decisions")
    ann.presses("a")
    ann.sees("Reads printed tickets with up to 40 fields.")
    ann.sees("an error was planted here, and it got past you")
    assert workspace.decisions("ticket-reader") == []
    ann.presses("a")
    ann.leaves("1 decision taken")
    (outcome,) = outcomes(workspace)
    assert (outcome.verdict, outcome.caught) == ("accept", False)
    assert standing(workspace)["description"] == "approved"


def test_a_second_opinion_does_not_see_the_first(workspace: Workspace) -> None:
    approve(
        open_review(workspace, Target("ticket-reader", "read-tickets", "description")),
        Judgement("bo", {}),
    )
    (workspace.root / "capdraft.toml").write_text("[review]\nsecond_opinions = 1.0\n")
    ann = Reviewer(workspace, "--field", "description")
    ann.sees("Description  pending")
    ann.presses("x")
    ann.presses("1")
    ann.leaves("1 decision taken")
    assert "by bo" not in ann.screen.getvalue()
    assert standing(workspace)["description"] == "conflicting"


def queue(workspace: Workspace, wanted: Wanted | None = None) -> list[str]:
    found = waiting(workspace, workspace.artifacts(), {}, wanted)
    return [f"{item.slug}.{item.field}" for item in found]


def test_errors_come_first_then_comparisons_then_what_is_older(workspace: Workspace) -> None:
    (workspace.root / "tin-sorter.md").write_text("# Sorter\n\nSorts 9 tickets.\n\nIt is blue.\n")
    record = {**READ, "name": "Sort tickets", "vs_alternatives": None}
    record["description"] = {"text": "Sorts 9 tickets.", "passages": [1]}
    record["unique"] = {"text": "It is blue.", "passages": [2]}
    draft_from(workspace, Scripted({"capabilities": [record]}), source="tin-sorter.md")
    assert queue(workspace) == [
        "ticket-reader.unique",
        "ticket-reader.vs_alternatives",
        "tin-sorter.unique",
        "ticket-reader.description",
        "tin-sorter.description",
    ]


def test_the_queue_is_narrowed(workspace: Workspace) -> None:
    assert queue(workspace, Wanted(field="unique")) == ["ticket-reader.unique"]
    assert queue(workspace, Wanted(rule="CD103")) == ["ticket-reader.unique"]
    assert queue(workspace, Wanted(words="PRINTED fields")) == ["ticket-reader.description"]
    assert queue(workspace, Wanted(status="stale")) == []
    (workspace.root / "capdraft.toml").write_text('[review]\nreviewers = ["ann", "bo"]\n')
    target = Target("ticket-reader", "read-tickets", "description")
    edit(open_review(workspace, target), Judgement("ann", {}), "Reads up to 40 fields.")
    assert "ticket-reader.description" not in queue(workspace, Wanted(reviewer="ann"))
    assert "ticket-reader.description" in queue(workspace, Wanted(reviewer="bo"))
    assert queue(workspace, Wanted(reviewer="eve")) == []


def test_ctrl_c_leaves_as_q_does(workspace: Workspace) -> None:
    ann = Reviewer(workspace)
    ann.sees("1 of 3")
    ann.terminal.sendintr()
    ann.leaves("0 decisions taken; 3 of 3 left")


def test_what_somebody_else_has_open_comes_again_at_the_end(workspace: Workspace) -> None:
    index = QueueIndex(workspace)
    unique, compared = (
        Target("ticket-reader", "read-tickets", name) for name in ("unique", "vs_alternatives")
    )
    assert index.claim(unique, "bo") is None
    ann = Reviewer(workspace)
    ann.sees("read-tickets.vs_alternatives  1 of 3")
    ann.sees("bo has ticket-reader/read-tickets.unique open: it comes again at the end")
    assert index.claim(compared, "bo") == "ann"
    ann.presses("j")
    ann.sees("2 of 3")
    assert index.claim(compared, "bo") is None
    ann.presses("j")
    ann.sees("read-tickets.unique  3 of 3")
    ann.sees("bo has this open")
    ann.presses("q")
    ann.leaves("1 of 3 left")
    assert {claim.who for claim in index.claims()} == {"bo"}


def test_what_was_decided_meanwhile_is_passed_over(workspace: Workspace) -> None:
    ann = Reviewer(workspace)
    ann.sees("read-tickets.unique  1 of 3")
    target = Target("ticket-reader", "read-tickets", "vs_alternatives")
    approve(open_review(workspace, target), Judgement("bo", {}))
    ann.presses("j")
    ann.sees("read-tickets.description  3 of 3")
    ann.sees("ticket-reader/read-tickets.vs_alternatives was decided meanwhile: approved")
    ann.presses("k")
    ann.sees("read-tickets.vs_alternatives  2 of 3")
    ann.presses("q")
    ann.leaves("2 of 3 left")


def test_what_is_gone_meanwhile_is_passed_over(workspace: Workspace) -> None:
    ann = Reviewer(workspace)
    ann.sees("1 of 3")
    (workspace.root / "reviews/ticket-reader/0001.toml").unlink()
    ann.presses("j")
    ann.leaves("0 decisions taken")


def test_an_editor_that_does_not_work_is_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor")
    ann = Reviewer(workspace)
    ann.sees("1 of 3")
    ann.presses("e")
    ann.sees("the editor did not work")
    ann.presses("q")
    ann.leaves("3 of 3 left")


def test_an_edit_shows_what_changed_and_asks_about_words_that_no_passage_has(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = workspace.root / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/3 GB of memory/2 GB of spare memory/' \"$1\"\n")
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    ann = Reviewer(workspace)
    ann.sees("read-tickets.unique  1 of 3")
    ann.presses("e")
    ann.sees("Runs in [-3-]{+2+} GB of {+spare+} memory.")
    ann.sees("warning: no cited passage has 'spare'")
    ann.sees("accept it all the same? [y/N]:")
    ann.terminal.sendline("n")
    ann.sees("it was left as it is")
    ann.sees("Your text is kept")
    ann.presses("e")
    ann.sees("accept it all the same? [y/N]:")
    ann.terminal.sendline("y")
    ann.sees("edited ticket-reader/read-tickets.unique")
    ann.sees("Runs in [-3-]{+2+} GB of {+spare+} memory.")
    ann.presses("q")
    ann.leaves("2 of 3 left")
    assert standing(workspace)["unique"] == "approved"


def test_an_edit_with_an_error_is_told_of_it_and_not_asked_about(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = workspace.root / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/5 GB/6 GB/; s/3 GB of/5 GB of spare/' \"$1\"\n")
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    ann = Reviewer(workspace)
    ann.sees("read-tickets.unique  1 of 3")
    ann.presses("e")
    ann.sees("error: CD103 '5 GB'")
    ann.sees("warning: no cited passage has 'spare'")
    ann.sees("It is not saved. e opens your text again.")
    ann.sees("d accepts your text despite CD103, with a note that readers see.")
    ann.sees("Your text is kept:")
    ann.presses("e")
    ann.sees("{+6+} GB of {+spare+} memory.")
    ann.presses("d")
    ann.sees("your text, which is not saved yet:")
    ann.sees("why is it right all the same")
    ann.terminal.sendline("It is on the label.")
    ann.sees("edited ticket-reader/read-tickets.unique")
    ann.presses("q")
    ann.leaves("next: capdraft merge ticket-reader")
    assert "accept it all the same?" not in ann.screen.getvalue()
    (decision,) = workspace.decisions("ticket-reader")
    assert (decision.despite, decision.text) == (("CD103",), "Runs in 6 GB of spare memory.")
