"""Texts that exist already get the passages that say them, in a proposal of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from capdraft.auditing import GroundReport, ground
from capdraft.checking import check_text
from capdraft.errors import NotFound
from capdraft.records import Artifact, Capability, CatalogEntry, DocumentRef, Field, Proposal, Run
from capdraft.reviewing import (
    Judgement,
    Target,
    approve,
    open_review,
)
from capdraft.workspace import Workspace
from workspaces import READ, drafted_workspace, make_workspace

SAID = "Reads printed tickets of up to 40 fields."
NOTES = DocumentRef(
    id="d1",
    uri="notes.txt",
    sha256="0" * 64,
    retrieved=datetime.now(UTC),
    media_type="text/plain",
    passages=1,
)
"""What the texts were written down in: it is no evidence of them."""
TEXTS = (
    (f"{SAID} It sorts tickets by colour.", "It needs 3 GB of memory."),
    ("It needs 2 GB of memory.", None),
)


def written(workspace: Workspace, *texts: tuple[str, str | None], versus: str = "") -> None:
    """Store a proposal that was written by hand: texts without evidence."""
    capabilities = tuple(
        Capability(
            id=f"c{number}",
            name=f"{'One' if number == 1 else 'Another'} claim",
            description=Field(text=text),
            unique=Field(text=unique) if unique else None,
            vs_alternatives=Field(text=versus) if versus else None,
        )
        for number, (text, unique) in enumerate(texts, 1)
    )
    run = Run(
        started=datetime.now(UTC),
        tool="by hand",
        state="drafted",
        model="nobody",
        endpoint="none",
        prompt="none",
        prompt_sha256="none",
        calls=0,
        attempts=0,
        seconds=0,
    )
    artifact = Artifact(slug="ticket-reader", name="Ticket reader", type="model")
    workspace.add_proposal(
        Proposal(artifact=artifact, run=run, documents=(NOTES,), capabilities=capabilities)
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = make_workspace(tmp_path)
    written(workspace, *TEXTS)
    return workspace


def audit(workspace: Workspace, *sources: str) -> GroundReport:
    names = sources or ("ticket-reader.md",)
    return ground(workspace, "ticket-reader", [workspace.root / name for name in names], {})


def codes(workspace: Workspace, field: str) -> list[str]:
    """Return the codes that the review desk shows for a field, of its newest proposal."""
    review = open_review(workspace, Target("ticket-reader"))
    capability, _, name = field.partition(".")
    state = review.state(capability, name)
    assert state is not None
    return [finding.code for finding in review.findings(state, {})]


def test_what_passages_say_is_attached_and_the_rest_is_left_with_findings(
    workspace: Workspace,
) -> None:
    report = audit(workspace)
    assert [(item.capability, item.field, item.judged.verdict) for item in report.sentences] == [
        ("c1", "description", "supported"),
        ("c1", "description", "not-found"),
        ("c1", "unique", "contradicted"),
        ("c2", "description", "supported"),
    ]
    assert report.stored is not None
    first, second = report.stored.proposal.capabilities
    assert [item.quote for item in first.description.evidence] == [SAID]
    assert [item.quote for item in second.description.evidence] == ["It needs 2 GB of memory."]
    assert first.unique is not None
    assert first.unique.evidence == ()
    assert codes(workspace, "c1.description") == ["CD109"]
    assert codes(workspace, "c1.unique") == ["CD101", "CD108"]
    assert codes(workspace, "c2.description") == []


def test_texts_and_names_are_the_same_and_the_old_proposal_stays(workspace: Workspace) -> None:
    before = workspace.read_proposal("ticket-reader")
    audit(workspace)
    after = workspace.read_proposal("ticket-reader")
    assert workspace.proposals("ticket-reader") == ["0001", "0002"]
    assert workspace.read_proposal("ticket-reader", "0001").text == before.text

    def texts(proposal: Proposal) -> list[tuple[str, str, list[tuple[str, str]]]]:
        return [
            (item.id, item.name, [(name, field.text) for name, field in item.fields()])
            for item in proposal.capabilities
        ]

    assert texts(after.proposal) == texts(before.proposal)
    assert after.proposal.run.model == "nobody"
    assert after.proposal.run.calls == 0
    assert after.proposal.changes is not None
    assert after.proposal.changes.since == "0001"
    assert after.proposal.changes.changed == ("c1", "c2")


def test_the_same_documents_and_texts_give_nothing_new(workspace: Workspace) -> None:
    assert audit(workspace).stored is not None
    again = audit(workspace)
    assert again.stored is None
    assert [item.judged.verdict for item in again.sentences].count("supported") == 2
    assert workspace.proposals("ticket-reader") == ["0001", "0002"]


def test_a_changed_document_takes_its_passages_back(workspace: Workspace) -> None:
    audit(workspace)
    card = workspace.root / "ticket-reader.md"
    card.write_text(card.read_text().replace("2 GB", "4 GB"))
    report = audit(workspace)
    assert report.stored is not None
    _, second = report.stored.proposal.capabilities
    assert second.description.evidence == ()
    assert codes(workspace, "c2.description") == ["CD101", "CD108"]


def test_another_document_adds_to_what_the_first_said(workspace: Workspace) -> None:
    audit(workspace)
    (workspace.root / "post.md").write_text("It sorts tickets by colour.\n")
    report = audit(workspace, "post.md")
    assert report.stored is not None
    first, second = report.stored.proposal.capabilities
    assert [item.quote for item in first.description.evidence] == [
        SAID,
        "It sorts tickets by colour.",
    ]
    assert len(second.description.evidence) == 1
    numbers = [item.passage for item in first.description.evidence]
    assert len(set(numbers)) == 2
    assert {s.judged.verdict for s in report.sentences if s.field == "description"} == {"supported"}
    assert codes(workspace, "c1.description") == []
    assert audit(workspace, "post.md").stored is None


def test_what_contradicts_is_still_told_after_another_document_was_read(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    written(workspace, ("It needs 3 GB of memory.", None))
    audit(workspace)
    (workspace.root / "post.md").write_text("It sorts tickets by colour.\n")
    assert audit(workspace, "post.md").stored is not None
    assert codes(workspace, "c1.description") == ["CD101", "CD108"]


def test_evidence_in_quite_other_words_has_no_finding_by_itself(workspace: Workspace) -> None:
    report = audit(workspace)
    assert report.stored is not None
    proposal = report.stored.proposal
    found = check_text(
        proposal.artifact, proposal.capabilities[1], "description", "Works on small machines."
    )
    assert found == ()


def test_an_approval_goes_stale_where_the_evidence_changed(workspace: Workspace) -> None:
    review = open_review(workspace, Target("ticket-reader", "c2"))
    approve(review, Judgement("ann", {}, note="known", editorial=True))
    audit(workspace)
    state = open_review(workspace, Target("ticket-reader")).state("c2", "description")
    assert state is not None
    assert state.status == "stale"


def test_what_a_model_cited_passages_for_is_left_alone(tmp_path: Path) -> None:
    wrong = {"text": "It needs 3 GB of memory.", "passages": [2]}
    workspace = drafted_workspace(tmp_path, {**READ, "unique": wrong})
    report = audit(workspace)
    assert report.sentences == ()
    assert len(report.left) == 3
    assert codes(workspace, "read-tickets.unique") == ["CD103"]
    assert report.stored is None


def test_both_sides_of_a_comparison_are_looked_up(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    other = Artifact(slug="till-roll", name="Till roll", type="model")
    entry = entry_of(workspace, other, "Reads printed tickets of up to 9 fields.")
    workspace.write_entry(entry, workspace.read_entry("till-roll"))
    versus = f"{SAID[:-1]}, where Till roll reads printed tickets of up to 9 fields."
    written(workspace, (SAID, None), versus=versus)
    report = audit(workspace)
    assert report.stored is not None
    (capability,) = report.stored.proposal.capabilities
    assert capability.vs_alternatives is not None
    uris = report.stored.proposal.uris
    assert [(uris[e.document], e.side) for e in capability.vs_alternatives.evidence] == [
        ("ticket-reader.md", "artifact"),
        ("catalog/till-roll.json", "alternative"),
    ]
    assert codes(workspace, "c1.vs_alternatives") == []
    assert audit(workspace).stored is None


def entry_of(workspace: Workspace, artifact: Artifact, text: str) -> CatalogEntry:
    now = datetime.now(UTC)
    approved = {"by": "ann", "at": now, "decision": "0" * 12, "editorial": True, "note": "known"}
    field = {"text": text, "proposal": "0001", "approved": [approved]}
    record = {"id": "read", "name": "Read", "drafted_by": "nobody", "description": field}
    return CatalogEntry.model_validate({"artifact": artifact, "capabilities": [record]})


def test_a_catalog_entry_without_a_proposal_is_audited(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    artifact = Artifact(slug="ticket-reader", name="Ticket reader", type="model")
    entry = entry_of(workspace, artifact, "It needs 2 GB of memory.")
    workspace.write_entry(entry, workspace.read_entry("ticket-reader"))
    report = audit(workspace)
    assert report.base == "catalog/ticket-reader.json"
    assert report.stored is not None
    assert report.stored.number == "0001"
    assert len(report.stored.proposal.capabilities[0].description.evidence) == 1


def test_nothing_to_audit_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        audit(make_workspace(tmp_path))
