"""Taking records and artifacts out of the catalog, and bringing them back as they were."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from capdraft.comparing import read_entries
from capdraft.errors import FileInvalid, NotFound, ReviewRefused
from capdraft.merging import chosen, keep, merge_artifact, restore, undecided, withdraw
from capdraft.records import Withdrawal
from capdraft.reviewing import Target, approve, history, open_review
from capdraft.workspace import Workspace
from merge_steps import (
    PRINT,
    SLUG,
    SOUND,
    accept,
    by_hand,
    catalog_file,
    entry_as_is,
    judgement,
    rewrite,
    texts,
    two_records,
)
from workspaces import Scripted, draft, draft_from, make_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace with two approved records, merged."""
    workspace = two_records(tmp_path)
    accept(workspace)
    merge_artifact(workspace, SLUG)
    return workspace


def take_out(workspace: Workspace, capability: str | None = None, who: str = "ada") -> None:
    withdraw(workspace, SLUG, capability, reviewer=who, reason="wrong", note="It does not.")


@pytest.mark.parametrize("capability", [None, "print-slips"])
def test_what_comes_back_is_the_very_same_file(
    workspace: Workspace, capability: str | None
) -> None:
    before = catalog_file(workspace).read_bytes()
    take_out(workspace, capability)
    assert merge_artifact(workspace, SLUG).changed
    assert not merge_artifact(workspace, SLUG).changed
    restore(workspace, SLUG, capability, reviewer="bob")
    merge_artifact(workspace, SLUG)
    assert catalog_file(workspace).read_bytes() == before


def test_of_an_artifact_a_tombstone_stays_that_says_why(workspace: Workspace) -> None:
    take_out(workspace)
    report = merge_artifact(workspace, SLUG)
    assert (report.records, report.withdrawn) == (0, (SLUG,))
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    assert entry.withdrawn is not None
    assert (entry.capabilities, entry.documents) == ((), ())
    assert (entry.withdrawn.by, entry.withdrawn.reason) == ("ada", "wrong")
    with pytest.raises(NotFound, match=r"withdrawn by ada .* wrong: It does not"):
        read_entries(workspace, [SLUG])


def test_of_a_record_its_name_stays_with_the_reason(workspace: Workspace) -> None:
    take_out(workspace, "print-slips")
    merge_artifact(workspace, SLUG)
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    assert [record.id for record in entry.capabilities] == ["read-tickets"]
    (gone,) = entry.withdrawn_records
    assert (gone.id, gone.name, gone.note) == ("print-slips", "Print slips", "It does not.")


def test_what_is_not_there_is_not_withdrawn_nor_restored(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="the catalog has no ticket-reader/fly"):
        take_out(workspace, "fly")
    with pytest.raises(NotFound, match="is not withdrawn"):
        restore(workspace, SLUG, None, reviewer="ada")
    take_out(workspace)
    with pytest.raises(ReviewRefused, match="withdrawn already: by ada"):
        take_out(workspace, "print-slips")
    with pytest.raises(NotFound, match="print-slips is not withdrawn") as caught:
        restore(workspace, SLUG, "print-slips", reviewer="ada")
    assert caught.value.hint == f"Withdrawn is: {SLUG}"


def test_what_was_never_merged_is_not_withdrawn(tmp_path: Path) -> None:
    workspace = two_records(tmp_path)
    with pytest.raises(NotFound, match="the catalog has no record of"):
        take_out(workspace)


def test_only_reviewers_withdraw_and_what_they_withdrew_stays_out_when_they_leave(
    workspace: Workspace,
) -> None:
    settings = workspace.root / "capdraft.toml"
    alone = settings.read_text()
    settings.write_text(f'{alone}[review]\nreviewers = ["bob"]\n')
    with pytest.raises(ReviewRefused, match="ada is not one of its reviewers"):
        take_out(workspace)
    take_out(workspace, who="bob")
    settings.write_text(f'{alone}[review]\nreviewers = ["ada"]\n')
    merge_artifact(workspace, SLUG)
    assert entry_as_is(workspace).withdrawn is not None
    restore(workspace, SLUG, None, reviewer="ada")
    settings.write_text(f'{alone}[review]\nreviewers = ["cy"]\n')
    merge_artifact(workspace, SLUG)
    assert entry_as_is(workspace).withdrawn is not None


def test_readers_get_nothing_of_a_withdrawn_artifact_that_was_changed_by_hand(
    workspace: Workspace,
) -> None:
    by_hand(workspace, rewrite("Reads all."))
    take_out(workspace)
    report = merge_artifact(workspace, SLUG)
    assert [item.path for item in report.differences] == ["read-tickets.description"]
    assert texts(workspace) == {"read-tickets.description": "Reads all."}
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    assert (entry.capabilities, entry.documents) == ((), ())


def test_a_change_that_was_kept_in_a_withdrawn_record_is_there_when_it_comes_back(
    workspace: Workspace,
) -> None:
    by_hand(workspace, rewrite("Needs memory.", 1))
    take_out(workspace, "print-slips")
    (difference,) = merge_artifact(workspace, SLUG).differences
    keep(workspace, SLUG, difference, judgement("ada"))
    assert merge_artifact(workspace, SLUG).differences == ()
    assert "print-slips.description" not in texts(workspace)
    restore(workspace, SLUG, "print-slips", reviewer="ada")
    merge_artifact(workspace, SLUG)
    assert texts(workspace)["print-slips.description"] == "Needs memory."


def _bury(data: Any) -> None:
    said = {"by": "eve", "at": "2026-01-02T03:04:05Z", "reason": "licence", "note": "Not ours."}
    data |= {"withdrawn": said, "capabilities": [], "documents": []}


def test_a_tombstone_that_somebody_wrote_holds_until_it_is_decided(workspace: Workspace) -> None:
    before = catalog_file(workspace).read_bytes()
    by_hand(workspace, _bury)
    (difference,) = merge_artifact(workspace, SLUG).differences
    assert difference.path == "artifact.withdrawn"
    assert texts(workspace) == {}
    (kept,) = chosen([difference], ["all"])
    keep(workspace, SLUG, kept, judgement("ada"))
    assert undecided(workspace, SLUG) == []
    merge_artifact(workspace, SLUG)
    withdrawn = entry_as_is(workspace).withdrawn
    assert withdrawn is not None
    assert (withdrawn.by, withdrawn.note) == ("ada", "Not ours.")
    restore(workspace, SLUG, None, reviewer="ada")
    merge_artifact(workspace, SLUG)
    assert catalog_file(workspace).read_bytes() == before


def test_a_tombstone_that_somebody_wrote_can_be_discarded(workspace: Workspace) -> None:
    before = catalog_file(workspace).read_bytes()
    by_hand(workspace, _bury)
    merge_artifact(workspace, SLUG, discard=["artifact.withdrawn"])
    assert catalog_file(workspace).read_bytes() == before


def test_a_tombstone_that_somebody_removed_is_written_again(workspace: Workspace) -> None:
    take_out(workspace)
    merge_artifact(workspace, SLUG)
    by_hand(workspace, lambda data: data.pop("withdrawn"))
    merge_artifact(workspace, SLUG)
    assert entry_as_is(workspace).withdrawn is not None


def test_what_was_said_is_never_changed(workspace: Workspace) -> None:
    take_out(workspace)
    path = workspace.root / f"reviews/{SLUG}/withdrawals/ada.jsonl"
    line = json.loads(path.read_text())
    assert line["schema"] == "capdraft/withdrawal/1"
    path.write_text(json.dumps({**line, "note": "Nothing."}) + "\n")
    with pytest.raises(FileInvalid, match="changed after it was written"):
        merge_artifact(workspace, SLUG)
    path.rename(path.with_name("bob.jsonl"))
    path.with_name("bob.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(FileInvalid, match="a withdrawal of 'ada' in this file"):
        merge_artifact(workspace, SLUG)


@pytest.mark.parametrize(
    "said",
    [
        {"verdict": "withdraw", "note": "No."},
        {"verdict": "withdraw", "reason": "wrong", "note": " "},
        {"verdict": "restore", "reason": "wrong"},
    ],
)
def test_a_withdrawal_has_a_reason_and_a_note_and_a_restore_no_reason(said: Any) -> None:
    time = datetime(2026, 1, 2, tzinfo=UTC)
    with pytest.raises(ValidationError):
        Withdrawal.make(time=time, reviewer="ada", **said)


def test_a_comparison_with_a_withdrawn_record_is_stale_and_comes_back_with_it(
    tmp_path: Path,
) -> None:
    workspace = make_workspace(tmp_path)
    (tmp_path / "stamper.md").write_text("# Stamper\n\nReads stamps of up to 25 fields.\n")
    stamps = {**PRINT, "description": {"text": "Reads stamps of 25 fields.", "passages": [1]}}
    draft_from(workspace, Scripted({"capabilities": [stamps]}), source="stamper.md")
    approve(open_review(workspace, Target("stamper")), judgement("ada"))
    merge_artifact(workspace, "stamper")
    versus = {
        "text": "Reads 40 fields where Stamper reads 25.",
        "alternative": "Stamper",
        "passages": [1],
        "alternative_passages": [4],
    }
    draft(workspace, {"capabilities": [{**SOUND, "vs_alternatives": versus}]})
    accept(workspace)
    assert merge_artifact(workspace, SLUG).fields == 3
    before = catalog_file(workspace).read_bytes()
    withdraw(workspace, "stamper", None, reviewer="ada", reason="superseded", note="By Sorter.")
    merge_artifact(workspace, "stamper")
    (stale,) = merge_artifact(workspace, SLUG).left_out
    assert (stale.field, stale.status) == ("vs_alternatives", "stale")
    restore(workspace, "stamper", None, reviewer="ada")
    merge_artifact(workspace, "stamper")
    merge_artifact(workspace, SLUG)
    assert catalog_file(workspace).read_bytes() == before


def test_the_log_tells_of_both(workspace: Workspace) -> None:
    take_out(workspace, "print-slips")
    restore(workspace, SLUG, "print-slips", reviewer="bob", note="It does.")
    events = history(workspace, SLUG)
    told = [(e.who, e.what, e.lines) for e in events if e.what.startswith(("withdrew", "restored"))]
    assert told == [
        ("ada", f"withdrew {SLUG}/print-slips: wrong", ("note: It does not.",)),
        ("bob", f"restored {SLUG}/print-slips", ("note: It does.",)),
    ]
