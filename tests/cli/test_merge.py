"""`capdraft merge`, `withdraw` and `restore`, as they are typed, and what readers get meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capdraft.workspace import Workspace
from merge_steps import SLUG, by_hand, catalog_file, rewrite, two_records
from workspaces import READ, draft

Run = Callable[..., Any]
BY_HAND = "Reads paper tickets with up to 40 fields."
DESCRIPTION = "read-tickets.description"


@pytest.fixture
def workspace(tmp_path: Path, run: Run) -> Workspace:
    """Return a workspace with two approved records, merged."""
    workspace = two_records(tmp_path)
    run("review", "approve", SLUG, "--as", "ada")
    assert run("merge").status == 0
    return workspace


def test_a_change_by_hand_is_shown_three_ways_with_the_way_out(
    workspace: Workspace, run: Run, tmp_path: Path
) -> None:
    by_hand(workspace, rewrite(BY_HAND))
    (tmp_path / "new.txt").write_text("Reads printed tickets.")
    path = f"{SLUG}/read-tickets"
    run("review", "edit", path, "--field", "description", "--from", "new.txt", "--as", "ada")
    said = run("merge", SLUG)
    assert said.status == 1
    assert said.out.splitlines() == [
        f"catalog/{SLUG}.json: 2 records, 4 fields, changed by hand in 1 place",
        f"  {DESCRIPTION}: changed by hand, and decided otherwise since",
        "    approved  Reads printed tickets with up to 40 fields.",
        "    catalog   Reads [-printed-]{+paper+} tickets with up to 40 fields.",
        "    reviews   Reads printed [-tickets with up to 40 fields.-]{+tickets.+}",
    ]
    assert f"capdraft merge {SLUG} --keep {DESCRIPTION} --as WHO" in said.err
    assert f"capdraft merge {SLUG} --discard {DESCRIPTION}" in said.err


def test_what_a_newer_proposal_lacks_stays_is_named_and_can_be_taken_out(
    workspace: Workspace, run: Run
) -> None:
    draft(workspace, {"capabilities": [{**READ, "unique": None}]}, reuse=False)
    assert run("review", "approve", SLUG, "--as", "ada").status == 0
    said = run("merge", SLUG)
    kept = "  kept from 0001, not in 0002: read-tickets.unique, print-slips"
    assert kept in said.out.splitlines()
    assert "2 records, 4 fields" in said.out
    assert f"reject {SLUG}/read-tickets.unique --proposal 0001 --reason outdated" in said.err
    for path in ("read-tickets.unique", "print-slips"):
        said = run(
            *("review", "reject", f"{SLUG}/{path}", "--proposal", "0001", "--reason", "outdated"),
            *("--as", "ada"),
        )
        assert said.status == 0
    said = run("merge", SLUG)
    assert "kept" not in said.out
    assert "1 record, 2 fields, written" in said.out


def test_what_was_changed_by_hand_is_read_by_nobody_until_it_is_decided(
    workspace: Workspace, run: Run
) -> None:
    by_hand(workspace, rewrite(BY_HAND))
    for words in (["export", "json"], ["search", "paper tickets"], ["rank"]):
        said = run(*words)
        assert BY_HAND not in said.out
        assert f"{DESCRIPTION}: not what was approved" in said.err
    said = run("diff", SLUG, "--since", "catalog")
    assert "[-paper-]{+printed+}" in said.out
    assert f"was changed by hand in {DESCRIPTION}" in said.err
    said = run("merge", SLUG, "--keep", DESCRIPTION, "--as", "bob")
    assert (said.status, said.out.splitlines()[0]) == (0, f"kept {DESCRIPTION} as bob")
    assert BY_HAND in run("export", "json").out


def test_keeping_and_discarding_are_of_one_artifact(workspace: Workspace, run: Run) -> None:
    assert run("merge", "--keep", "all").status == 2
    assert run("merge", SLUG, "--check", "--discard", "all").status == 2
    said = run("merge", SLUG, "--keep", "fly.description", "--as", "ada")
    assert (said.status, "nothing differs at 'fly.description'" in said.err) == (2, True)
    by_hand(workspace, rewrite("Reads tickets of 90 fields."))
    said = run("merge", SLUG, "--keep", "all", "--as", "ada", "--json")
    answer = json.loads(said.out)
    assert (said.status, answer["failed"][0]["kind"]) == (1, "ReviewRefused")
    (left,) = answer["merged"][0]["differences"]
    assert (left["path"], left["kind"]) == (DESCRIPTION, "by-hand")
    despite = ("--despite", "CD103", "--note", "Counted by hand.")
    assert run("merge", SLUG, "--keep", "all", "--as", "ada", *despite).status == 0


def test_checking_tells_what_merging_would_do_and_does_nothing(
    workspace: Workspace, run: Run
) -> None:
    assert run("merge", "--check").status == 0
    by_hand(workspace, lambda data: data["capabilities"].pop())
    before = catalog_file(workspace).read_bytes()
    said = run("merge", "--check")
    assert (said.status, "  + print-slips.description" in said.out) == (1, True)
    assert catalog_file(workspace).read_bytes() == before
    assert run("merge").status == run("merge", "--check").status == 0


def test_a_withdrawn_artifact_is_out_of_everything_until_it_is_restored(
    workspace: Workspace, run: Run
) -> None:
    before = catalog_file(workspace).read_bytes()
    note = "Its owner asked. " * 100
    why = ("--reason", "licence", "--note", note, "--as", "ada")
    assert run("withdraw", SLUG, *why).status == 0
    said = run("merge")
    assert (said.status, f"withdrawn: {SLUG}" in said.out) == (0, True)
    said = run("compare", SLUG, SLUG)
    assert said.status == 2
    assert f"'{SLUG}' was withdrawn by ada" in said.err
    assert "licence: Its owner asked." in said.err
    assert len(said.err) < 400
    assert json.loads(run("export", "json").out)["artifacts"] == []
    assert json.loads(run("rank", "--json").out)["ranks"] == []
    assert "unranked: it was withdrawn" in run("rank", SLUG).out
    assert json.loads(run("search", "tickets", "--json").out)["results"] == []
    said = run("withdraw", SLUG, *why)
    assert (said.status, "withdrawn already: by ada" in said.err) == (1, True)
    assert len(said.err) < 400
    answer = json.loads(run("restore", SLUG, "--as", "ada", "--json").out)
    assert answer["restored"]["verdict"] == "restore"
    assert run("merge").status == 0
    assert catalog_file(workspace).read_bytes() == before
    assert run("restore", SLUG, "--as", "ada").status == 2
    assert f"withdrew {SLUG}: licence" in run("log", SLUG).out


def test_the_reasons_of_the_command_are_those_of_the_record() -> None:
    from capdraft.cli.withdraw import REASON_CODES
    from capdraft.records import WITHDRAWAL_REASONS

    assert tuple(REASON_CODES) == WITHDRAWAL_REASONS
