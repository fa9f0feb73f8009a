"""What reaches the catalog, and what stays out and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from capdraft.merging import merge_artifact
from capdraft.records import FieldName
from capdraft.reviewing import Judgement, Target, approve, open_review, reject
from capdraft.workspace import Workspace
from workspaces import CARD, READ, draft, drafted_workspace

ADA = Judgement("ada", {})
SLUG = "ticket-reader"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path)


def decide(workspace: Workspace, field: FieldName | None = None) -> None:
    approve(open_review(workspace, Target(SLUG, None, field)), ADA)


def left_out(workspace: Workspace) -> dict[str, str]:
    return {item.field: item.status for item in merge_artifact(workspace, SLUG).left_out}


def test_only_approved_fields_become_a_record_with_evidence_and_approver(
    workspace: Workspace,
) -> None:
    decide(workspace)
    assert left_out(workspace) == {"unique": "pending"}
    entry = workspace.read_entry(SLUG)
    assert entry is not None
    (record,) = entry.capabilities
    assert record.unique is None
    assert record.description.text == READ["description"]["text"]
    assert [approval.by for approval in record.description.approved] == ["ada"]
    assert record.vs_alternatives is not None
    assert [item.side for item in record.vs_alternatives.evidence] == ["artifact", "alternative"]
    text = (workspace.root / entry.documents[0].uri).read_text()
    for item in record.description.evidence:
        assert text[item.start : item.end] == item.quote


def test_merging_again_changes_nothing(workspace: Workspace) -> None:
    decide(workspace)
    assert merge_artifact(workspace, SLUG).changed
    path = workspace.root / f"catalog/{SLUG}.json"
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    assert not merge_artifact(workspace, SLUG).changed
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_nothing_approved_writes_nothing(workspace: Workspace) -> None:
    assert not merge_artifact(workspace, SLUG).changed
    assert workspace.catalog() == []


def test_a_field_without_an_approved_description_stays_out(workspace: Workspace) -> None:
    decide(workspace, "vs_alternatives")
    report = merge_artifact(workspace, SLUG)
    assert report.records == 0
    assert {item.field: item.why for item in report.left_out}["vs_alternatives"] == (
        "its description is not approved"
    )


def test_a_changed_passage_takes_the_record_out_and_its_return_brings_it_back(
    workspace: Workspace,
) -> None:
    decide(workspace)
    merge_artifact(workspace, SLUG)
    card = workspace.root / f"{SLUG}.md"
    card.write_text(CARD.replace("40 fields", "50 fields"))
    report = merge_artifact(workspace, SLUG)
    assert (report.records, report.changed) == (0, True)
    assert "changed since ada approved it" in report.left_out[0].why
    card.write_text(CARD)
    assert merge_artifact(workspace, SLUG).records == 1


def test_a_text_edited_in_the_proposal_file_is_stale(workspace: Workspace) -> None:
    decide(workspace)
    path = workspace.root / f"reviews/{SLUG}/0001.toml"
    path.write_text(path.read_text().replace("with up to 40", "with over 40"))
    assert left_out(workspace)["description"] == "stale"
    assert workspace.catalog() == []


def test_the_last_approved_text_stays_while_a_newer_one_waits_or_is_rejected(
    workspace: Workspace,
) -> None:
    decide(workspace)
    changed = {**READ, "description": {"text": "Reads tickets of 40 fields.", "passages": [1]}}
    draft(workspace, {"capabilities": [changed]}, reuse=False)
    for _ in range(2):
        assert merge_artifact(workspace, SLUG).records == 1
        entry = workspace.read_entry(SLUG)
        assert entry is not None
        assert entry.capabilities[0].proposal == "0001"
        reject(open_review(workspace, Target(SLUG, None, "description")), ADA, "style")


def test_a_withdrawn_approval_takes_the_record_out(workspace: Workspace) -> None:
    decide(workspace)
    merge_artifact(workspace, SLUG)
    reject(open_review(workspace, Target(SLUG)), ADA, "outdated")
    report = merge_artifact(workspace, SLUG)
    assert (report.records, report.changed) == (0, True)
    entry = workspace.read_entry(SLUG)
    assert entry is not None
    assert entry.capabilities == ()
