"""Comparisons that can be proven: records of other artifacts are numbered, cited and followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from capdraft.comparing import catalog_names, provable, wanted_alternatives
from capdraft.drafting import Catalog
from capdraft.drafting.neighbours import Listed
from capdraft.merging import merge_artifact
from capdraft.records import Artifact, CatalogEntry
from capdraft.reviewing import Judgement, Target, approve, edit, open_review
from capdraft.text import slugify
from capdraft.workspace import Workspace
from workspaces import READ, Scripted, draft, draft_from, make_workspace

STAMPER_CARD = """\
---
name: Stamper
type: model
---
# Stamper

Reads printed stamps and tickets of up to 25 fields.
"""
STAMPS: dict[str, Any] = {
    "name": "Read stamps",
    "description": {"text": "Reads stamps and tickets of up to 25 fields.", "passages": [1]},
    "unique": None,
    "vs_alternatives": None,
    "intents": ["read a ticket"],
}
VERSUS = {
    "text": "Reads 40 fields where Stamper reads 25.",
    "alternative": "Stamper",
    "passages": [1],
    "alternative_passages": [4],
}
PLAIN = {**READ, "unique": None, "vs_alternatives": None}
BY = Judgement("ann", {}, note="checked")


def publish_stamper(workspace: Workspace, name: str = "stamper") -> None:
    (workspace.root / f"{name}.md").write_text(STAMPER_CARD.replace("Stamper", name.title()))
    draft_from(workspace, Scripted({"capabilities": [STAMPS]}), source=f"{name}.md")
    approve(open_review(workspace, Target(name)), BY)
    merge_artifact(workspace, name)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def prompt(endpoint: Scripted, place: int = -1) -> str:
    return str(endpoint.asked[place]["messages"][-1]["content"])


def test_a_comparison_cites_the_approved_record_of_the_other_artifact(workspace: Workspace) -> None:
    publish_stamper(workspace)
    endpoint = Scripted({"capabilities": [{**PLAIN, "vs_alternatives": VERSUS}]})
    proposal = draft_from(workspace, endpoint).proposal
    assert prompt(endpoint).endswith(
        "== approved records of other artifacts ==\n\n# Stamper > Read stamps\n"
        "[4] Reads stamps and tickets of up to 25 fields.\n\n== end of the records =="
    )
    comparison = proposal.capabilities[0].vs_alternatives
    assert comparison is not None
    cited = {item.side: (proposal.uris[item.document], item.quote) for item in comparison.evidence}
    assert cited["alternative"] == (
        "catalog/stamper.json",
        "Reads stamps and tickets of up to 25 fields.",
    )
    assert not proposal.findings


def test_a_record_is_evidence_for_the_other_side_only(workspace: Workspace) -> None:
    publish_stamper(workspace)
    stolen = {**PLAIN, "description": {"text": "Reads up to 25 fields.", "passages": [4]}}
    proposal = draft(workspace, {"capabilities": [stolen]}).proposal
    assert {finding.code for finding in proposal.findings} == {"CD101", "CD102"}


def test_a_comparison_is_stale_once_the_record_that_it_cites_says_something_else(
    workspace: Workspace,
) -> None:
    publish_stamper(workspace)
    draft(workspace, {"capabilities": [{**PLAIN, "vs_alternatives": VERSUS}]})
    approve(open_review(workspace, Target("ticket-reader")), BY)
    target = Target("stamper", "read-stamps", "description")
    edit(open_review(workspace, target), BY, "Reads tickets of up to 25 fields.")
    merge_artifact(workspace, "stamper")
    states = open_review(workspace, Target("ticket-reader")).states
    assert [state.status for state in states] == ["approved", "stale"]


def test_records_of_what_the_documents_name_come_first_and_rivals_before_others(
    workspace: Workspace,
) -> None:
    for name in ("stamper", "printer"):
        publish_stamper(workspace, name)
    card = workspace.root / "ticket-reader.md"
    card.write_text(card.read_text() + "\nUnlike Stamper, it runs offline.\n")
    endpoint = Scripted({"capabilities": [PLAIN]})
    draft_from(workspace, endpoint)
    text = prompt(endpoint)
    assert 0 < text.index("# Stamper > ") < text.index("# Printer > ")


UNPROVEN = {**VERSUS, "text": "Reads more fields than Stamper.", "alternative_passages": []}


def test_a_comparison_is_asked_for_again_once_the_catalog_can_prove_it(
    workspace: Workspace,
) -> None:
    first = draft(workspace, {"capabilities": [{**PLAIN, "vs_alternatives": UNPROVEN}]})
    assert [finding.code for finding in first.proposal.findings] == ["CD201"]
    (wanted,) = wanted_alternatives(workspace, ["ticket-reader"])
    assert (wanted.name, wanted.comparisons) == ("Stamper", ("ticket-reader/read-tickets",))
    publish_stamper(workspace)
    assert not wanted_alternatives(workspace, workspace.artifacts())
    ((capability, (name, entry)),) = provable(first.proposal, catalog_names(workspace)).items()
    assert (capability, name, entry.artifact.slug) == ("read-tickets", "Stamper", "stamper")
    endpoint = Scripted({"capabilities": [{**PLAIN, "vs_alternatives": VERSUS}]})
    again = draft_from(workspace, endpoint).proposal
    text = prompt(endpoint)
    assert "- Read tickets: compare it with Stamper, whose records are below" in text
    assert "[1] Reads printed tickets" in text
    assert "[4] Reads stamps" in text
    assert "[2] " not in text
    assert not again.findings
    assert not provable(again, catalog_names(workspace))
    # Nothing is left to ask.
    quiet = Scripted()
    draft_from(workspace, quiet)
    assert not quiet.asked


def test_an_alternative_that_the_card_names_is_compared_once_it_has_records(
    workspace: Workspace,
) -> None:
    named = [{"name": "Stamper", "passages": [3]}]
    draft(workspace, {"capabilities": [PLAIN], "alternatives": named})
    publish_stamper(workspace)
    endpoint = Scripted({"capabilities": [{**PLAIN, "vs_alternatives": VERSUS}]})
    again = draft_from(workspace, endpoint).proposal
    assert "compare it with Stamper" in prompt(endpoint)
    assert again.capabilities[0].vs_alternatives is not None
    assert [item.catalog for item in again.alternatives] == ["stamper"]
    quiet = Scripted()
    draft_from(workspace, quiet)
    assert not quiet.asked


def test_a_comparison_with_a_record_is_carried_over_when_the_card_changes(
    workspace: Workspace,
) -> None:
    publish_stamper(workspace)
    draft(workspace, {"capabilities": [{**PLAIN, "vs_alternatives": VERSUS}]})
    card = workspace.root / "ticket-reader.md"
    card.write_text(card.read_text() + "\nIt runs on one core.\n")
    again = draft(workspace, {"capabilities": []}).proposal
    comparison = again.capabilities[0].vs_alternatives
    assert comparison is not None
    assert [item.side for item in comparison.evidence] == ["artifact", "alternative"]
    assert again.changes is not None
    assert again.changes.carried_over == ("read-tickets",)


def test_alternatives_are_listed_by_how_much_they_would_prove(workspace: Workspace) -> None:
    named = [{"name": "Punch", "passages": [1]}, {"name": "stamper", "passages": [2]}]
    draft(
        workspace,
        {"capabilities": [{**PLAIN, "vs_alternatives": UNPROVEN}], "alternatives": named},
    )
    wanted = wanted_alternatives(workspace, ["ticket-reader"])
    assert [(item.name, len(item.comparisons), item.named_by) for item in wanted] == [
        ("stamper", 1, ("ticket-reader",)),
        ("Punch", 0, ("ticket-reader",)),
    ]


def catalog_of(*names: str) -> Catalog:
    """Return a catalog with one record for each name, about nothing in particular."""
    listed = []
    for name in names:
        approval = {"by": "ann", "at": "2026-01-01T00:00:00Z", "decision": "0" * 12}
        text = {"text": "Folds letters.", "proposal": "0001", "approved": [approval]}
        record = {"id": "fold", "name": "Fold", "drafted_by": "stub", "description": text}
        artifact = {"slug": slugify(name), "name": name, "type": "tool"}
        entry = CatalogEntry.model_validate({"artifact": artifact, "capabilities": [record]})
        listed.append(Listed(entry, "0" * 64, (frozenset({"fold"}),)))
    return Catalog(listed)


@pytest.mark.parametrize(
    ("name", "said", "named"),
    [
        ("Base", "It reads the database of tickets.", False),
        ("Base", "The base model reads tickets.", False),
        ("Base", "Unlike Base, it reads tickets.", True),
        ("It", "It reads tickets.", False),
        ("RAG", "It needs little storage.", False),
        ("PaliGemma 2", "It is smaller than paligemma-2-3b.", True),
        ("PaliGemma 2", "It is smaller than Pali Gemma 2.", True),
        ("PaliGemma 2", "It is smaller than PaliGemma 20.", False),
        ("通义", "它比通义千问更小。", True),
        ("车票", "它比通义千问更小。", False),
    ],
)
def test_an_artifact_is_named_where_its_name_stands_as_words(
    name: str, said: str, named: bool
) -> None:
    artifact = Artifact(slug="ticket-reader", name="Ticket reader", type="model")
    assert bool(catalog_of(name).named(artifact, [said])) == named


def test_two_artifacts_of_one_name_are_both_named() -> None:
    artifact = Artifact(slug="ticket-reader", name="Ticket reader", type="model")
    catalog = catalog_of("Ticket-Press", "Ticket Press", "Ticket reader")
    assert len(catalog.named(artifact, ["Ticket press is older."])) == 2
