"""What reaches the catalog, and what stays out and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from capdraft.errors import FileChanged
from capdraft.merging import merge_artifact
from capdraft.records import Decision, FieldName
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
    entry = workspace.read_entry(SLUG).entry
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
        entry = workspace.read_entry(SLUG).entry
        assert entry is not None
        assert entry.capabilities[0].description.proposal == "0001"
        reject(open_review(workspace, Target(SLUG, None, "description")), ADA, "style")


def test_a_withdrawn_approval_takes_the_record_out(workspace: Workspace) -> None:
    decide(workspace)
    merge_artifact(workspace, SLUG)
    reject(open_review(workspace, Target(SLUG)), ADA, "outdated")
    report = merge_artifact(workspace, SLUG)
    assert (report.records, report.changed) == (0, True)
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    assert entry.capabilities == ()


def test_a_field_keeps_its_approved_text_while_a_newer_one_waits(workspace: Workspace) -> None:
    decide(workspace)
    changed = {**READ["vs_alternatives"], "text": "It reads 40 fields, version 1 read 12."}
    draft(workspace, {"capabilities": [{**READ, "vs_alternatives": changed}]}, reuse=False)
    report = merge_artifact(workspace, SLUG)
    assert (report.records, report.fields) == (1, 2)
    why = {item.field: item.why for item in report.left_out}
    assert why["vs_alternatives"] == "the text changed since ada decided; the text of 0001 stays"


def test_a_capability_that_a_newer_proposal_lacks_leaves_with_a_word(workspace: Workspace) -> None:
    decide(workspace)
    draft(workspace, {"capabilities": [{**READ, "name": "Scan slips"}]}, reuse=False)
    assert merge_artifact(workspace, SLUG).records == 1
    card = workspace.root / f"{SLUG}.md"
    card.write_text(CARD.replace("40 fields", "50 fields"))
    report = merge_artifact(workspace, SLUG)
    assert report.records == 0
    stale = [item for item in report.left_out if item.status == "stale"]
    assert {item.capability for item in stale} == {"read-tickets"}


@pytest.mark.parametrize(
    ("around", "status"),
    [
        ("It is false that this tool: {} Version 3 ended that.", "stale"),
        ("<!-- {} -->\n\nNothing.", "stale"),
        ("> {}", "approved"),
    ],
)
def test_a_quote_must_be_a_whole_passage(workspace: Workspace, around: str, status: str) -> None:
    decide(workspace)
    quote = "Reads printed tickets of up to 40 fields."
    card = workspace.root / f"{SLUG}.md"
    card.write_text(CARD.replace(quote, around.format(quote)))
    assert left_out(workspace).get("description", "approved") == status


def test_a_document_that_cannot_be_read_any_more_supports_nothing(workspace: Workspace) -> None:
    decide(workspace)
    card = workspace.root / f"{SLUG}.md"
    card.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00" + CARD.encode())
    assert left_out(workspace)["description"] == "stale"
    card.unlink()
    (state, *_) = open_review(workspace, Target(SLUG)).states
    assert state.why == "by ada, ticket-reader.md not at hand to look into"


def test_two_merges_at_once_do_not_bring_a_withdrawn_record_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one merge is under way, the approval is withdrawn and merged by another."""
    decide(workspace)
    merge_artifact(workspace, SLUG)
    decisions = workspace.decisions(SLUG)
    reject(open_review(workspace, Target(SLUG)), ADA, "outdated")
    (workspace.root / f"{SLUG}.md").write_text(CARD.replace("# Ticket", "#  Ticket"))
    slow = Workspace(workspace.root)

    def read_before_the_other(_: str) -> list[Decision]:
        merge_artifact(workspace, SLUG)
        return decisions[:1]

    monkeypatch.setattr(slow, "decisions", read_before_the_other)
    with pytest.raises(FileChanged):
        merge_artifact(slow, SLUG)
