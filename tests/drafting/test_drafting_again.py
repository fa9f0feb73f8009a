"""A second run: nothing is asked, lost or told wrongly that the first one settled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from capdraft.comparing import catalog_names, provable, wanted_alternatives
from capdraft.merging import merge_artifact
from capdraft.reviewing import Judgement, Target, approve, edit, open_review, reject
from capdraft.settings import Settings
from capdraft.workspace import Workspace
from workspaces import READ, Scripted, draft, draft_from, make_workspace

CARD = """\
# Ticket reader

Reads printed tickets of up to 40 fields.

It needs 2 GB of memory.

## Sorting

Sorts tickets by date into 30 folders.
"""
PLAIN: dict[str, Any] = {**READ, "unique": None, "vs_alternatives": None}
SORT: dict[str, Any] = {
    **PLAIN,
    "name": "Sort tickets",
    "description": {"text": "Sorts tickets by date into 30 folders.", "passages": [3]},
}
STAMPS: dict[str, Any] = {
    **PLAIN,
    "name": "Read stamps",
    "description": {"text": "Reads stamps and tickets of up to 25 fields.", "passages": [1]},
    "intents": ["read a ticket"],
}
VERSUS = {
    "text": "Reads 40 fields where Stamper reads 25.",
    "alternative": "Stamper",
    "passages": [1],
    "alternative_passages": [4],
}
UNPROVEN = {**VERSUS, "text": "Reads more than Stamper.", "alternative_passages": []}
BROKEN = {**SORT, "description": {"text": "", "passages": []}}
BY = Judgement("ann", {}, note="checked", despite=("CD103", "CD107", "CD201"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path, CARD)


def change(workspace: Workspace, old: str, new: str) -> None:
    path = workspace.root / "ticket-reader.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def publish_stamper(workspace: Workspace, text: str = "Reads stamps of up to 25 fields.") -> None:
    (workspace.root / "stamper.md").write_text(f"# Stamper\n\n{text}\n")
    stamps = {**STAMPS, "description": {"text": text, "passages": [1]}}
    draft_from(workspace, Scripted({"capabilities": [stamps]}), source="stamper.md")
    approve(open_review(workspace, Target("stamper")), BY)
    merge_artifact(workspace, "stamper")


def prompt(endpoint: Scripted) -> str:
    return str(endpoint.asked[-1]["messages"][-1]["content"])


def settled(workspace: Workspace, **options: Any) -> bool:
    """Tell whether one more run asks nothing and gives the newest proposal."""
    endpoint = Scripted()
    before = workspace.read_proposal("ticket-reader").proposal
    now = draft_from(workspace, endpoint, **options).proposal
    return not endpoint.asked and now == before


def test_new_front_matter_is_taken_over_without_asking(workspace: Workspace) -> None:
    draft(workspace, {"capabilities": [PLAIN]})
    change(workspace, "# Ticket reader\n", "---\nlicense: mit\n---\n# Ticket reader\n")
    endpoint = Scripted()
    proposal = draft_from(workspace, endpoint).proposal
    assert not endpoint.asked
    assert proposal.artifact.license == "mit"
    assert proposal.changes is not None
    assert proposal.changes.carried_over == ("read-tickets",)
    assert settled(workspace)


def test_a_record_that_stayed_invalid_is_named_until_it_is_written(workspace: Workspace) -> None:
    draft(workspace, {"capabilities": [PLAIN, BROKEN]}, {"repairs": []})
    assert settled(workspace)
    change(workspace, "It needs 2 GB", "It needs 3 GB")
    proposal = draft(workspace, {"capabilities": []}).proposal
    assert proposal.run.state == "partial"
    assert proposal.rejected_names == ("Sort tickets",)
    change(workspace, "30 folders", "50 folders")
    proposal = draft(workspace, {"capabilities": [SORT]}).proposal
    assert (proposal.run.state, proposal.rejected) == ("drafted", ())


def test_a_document_of_boilerplate_is_not_asked_about(workspace: Workspace) -> None:
    (workspace.root / "ticket-reader.md").write_text("# Reader\n\n[More Information Needed]\n")
    endpoint = Scripted()
    proposal = draft_from(workspace, endpoint).proposal
    assert not endpoint.asked
    assert (proposal.run.state, proposal.run.calls) == ("empty", 0)
    assert workspace.read_proposal("ticket-reader").proposal == proposal


def test_what_was_boilerplate_is_asked_about_once_it_is_not(workspace: Workspace) -> None:
    rows = "- [Sorting](#sorting)\n- [Reading](#reading)\n- [Notes](#notes)\n"
    change(workspace, "## Sorting\n", f"## Contents\n\n{rows}\n## Sorting\n")
    first = Scripted({"capabilities": [PLAIN]})
    draft_from(workspace, first)
    assert "Notes" not in prompt(first)
    change(workspace, "## Contents\n", "## Tasks\n\nWhat it does with tickets of all kinds:\n")
    change(workspace, "(#notes)\n", "(#notes)\n- Prints a list of the folders that it made.\n")
    second = Scripted({"capabilities": []})
    draft_from(workspace, second)
    assert "Reading" in prompt(second)


def test_a_contradiction_ends_with_the_document_that_made_it(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / "a.md").write_text("The large reader needs 4 GB of memory.\n")
    (folder / "b.md").write_text("The large reader needs 8 GB of memory.\n")
    needs = {**PLAIN, "description": {"text": "Needs 4 GB of memory.", "passages": [1]}}
    first = draft_from(workspace, Scripted({"capabilities": [needs]}), source="reader").proposal
    assert [item.found_by for item in first.contradictions] == ["rule"]
    (folder / "b.md").unlink()
    endpoint = Scripted()
    proposal = draft_from(workspace, endpoint, source="reader").proposal
    assert not endpoint.asked
    assert not proposal.contradictions
    assert not proposal.findings


def test_what_stands_is_carried_over_also_when_most_is_new(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / "a.md").write_text(CARD)
    draft_from(workspace, Scripted({"capabilities": [PLAIN]}), source="reader")
    approve(open_review(workspace, Target("reader")), BY)
    (folder / "b.md").write_text("\n\n".join(f"Prints page {n} of the list." for n in range(40)))
    endpoint = Scripted({"capabilities": []})
    draft_from(workspace, endpoint, source="reader")
    assert "Reads printed tickets" not in prompt(endpoint)
    (state,) = open_review(workspace, Target("reader")).states
    assert state.status == "approved"


def test_another_document_is_drafted_from_the_start(workspace: Workspace) -> None:
    draft(workspace, {"capabilities": [PLAIN]})
    (workspace.root / "ticket-reader.md").write_text("# Press\n\nPresses labels on boxes.\n")
    endpoint = Scripted({"capabilities": []})
    draft_from(workspace, endpoint)
    assert "Its documents were drafted from before" not in prompt(endpoint)


def test_a_prompt_of_ones_own_that_knows_no_revisions_is_not_asked_twice(
    workspace: Workspace,
) -> None:
    (workspace.root / "prompts").mkdir()
    own = "{% block user %}{{ name }} {{ known }} {{ passages }}{% endblock %}"
    (workspace.root / "prompts" / "draft.jinja").write_text(own)
    draft(workspace, {"capabilities": [PLAIN]})
    assert settled(workspace)


def test_what_was_rejected_is_not_asked_for_when_it_loses_its_passages(
    workspace: Workspace,
) -> None:
    draft(workspace, {"capabilities": [PLAIN, SORT]})
    reject(open_review(workspace, Target("ticket-reader", "sort-tickets")), BY, "not-a-capability")
    change(workspace, "into 30 folders", "into 60 folders")
    endpoint = Scripted({"capabilities": []})
    draft_from(workspace, endpoint)
    assert "Write each of these again" not in prompt(endpoint)


def test_a_rejected_capability_needs_no_comparison(workspace: Workspace) -> None:
    draft(workspace, {"capabilities": [{**PLAIN, "vs_alternatives": UNPROVEN}]})
    reject(open_review(workspace, Target("ticket-reader")), BY, "not-a-capability")
    assert not wanted_alternatives(workspace, ["ticket-reader"])
    publish_stamper(workspace)
    assert settled(workspace)


def test_a_comparison_whose_record_changed_is_written_again_from_it(workspace: Workspace) -> None:
    publish_stamper(workspace)
    draft(workspace, {"capabilities": [{**PLAIN, "vs_alternatives": VERSUS}]})
    target = Target("stamper", "read-stamps", "description")
    edit(open_review(workspace, target), BY, "Reads stamps of 25 fields.")
    merge_artifact(workspace, "stamper")
    endpoint = Scripted({"capabilities": [{**PLAIN, "vs_alternatives": VERSUS}]})
    again = draft_from(workspace, endpoint).proposal
    assert "[4] Reads stamps of 25 fields." in prompt(endpoint)
    comparison = again.capabilities[0].vs_alternatives
    assert comparison is not None
    assert comparison.evidence[-1].quote == "Reads stamps of 25 fields."
    assert settled(workspace)


def test_a_comparison_that_the_records_did_not_prove_is_not_asked_for_again(
    workspace: Workspace,
) -> None:
    publish_stamper(workspace)
    first = draft(workspace, {"capabilities": [{**PLAIN, "vs_alternatives": UNPROVEN}]}).proposal
    assert not provable(first, catalog_names(workspace))
    assert settled(workspace)


def test_a_comparison_that_was_asked_for_in_vain_is_not_asked_for_again(
    workspace: Workspace,
) -> None:
    draft(workspace, {"capabilities": [{**PLAIN, "vs_alternatives": UNPROVEN}]})
    publish_stamper(workspace)
    second = draft(workspace, {"capabilities": []}).proposal
    assert not provable(second, catalog_names(workspace))
    assert settled(workspace)


def test_records_that_a_new_passage_names_are_shown_with_it(workspace: Workspace) -> None:
    publish_stamper(workspace)
    fill = "".join(f"## Note {n}\n\nThe note of number {n} says little.\n\n" for n in range(20))
    (workspace.root / "ticket-reader.md").write_text(CARD + fill)
    draft(workspace, {"capabilities": [PLAIN]})
    change(workspace, "It needs 2 GB of memory.", "Unlike Stamper, it needs 2 GB of memory.")
    endpoint = Scripted({"capabilities": []})
    draft_from(workspace, endpoint)
    assert "# Stamper > Read stamps" in prompt(endpoint)


def test_records_take_no_more_of_a_revision_than_the_settings_say(workspace: Workspace) -> None:
    draft(workspace, {"capabilities": [{**PLAIN, "vs_alternatives": UNPROVEN}]})
    publish_stamper(workspace, "Reads stamps " + "of many kinds, " * 150 + "all of them.")
    none = Settings.model_validate({"draft": {"records": 100}})
    assert settled(workspace, settings=none)


def test_an_artifact_is_no_alternative_to_itself(workspace: Workspace) -> None:
    named = [{"name": "Ticket  Reader", "passages": [1]}, {"name": "Punch", "passages": [1]}]
    proposal = draft(workspace, {"capabilities": [PLAIN], "alternatives": named}).proposal
    assert [item.name for item in proposal.alternatives] == ["Punch"]
    itself = {**VERSUS, "alternative": "Ticket reader", "alternative_passages": []}
    draft(workspace, {"capabilities": [{**PLAIN, "vs_alternatives": itself}]}, reuse=False)
    assert not wanted_alternatives(workspace, ["ticket-reader"])


def test_an_approved_text_leaves_the_catalog_with_its_document(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / "a.md").write_text(CARD)
    (folder / "b.md").write_text("Prints a list of all tickets.\n")
    prints = {**PLAIN, "name": "Print", "description": {"text": "Prints a list.", "passages": [4]}}
    draft_from(workspace, Scripted({"capabilities": [PLAIN, prints]}), source="reader")
    approve(open_review(workspace, Target("reader")), BY)
    assert merge_artifact(workspace, "reader").records == 2
    (folder / "b.md").unlink()
    draft_from(workspace, Scripted(), source="reader")
    report = merge_artifact(workspace, "reader")
    assert report.records == 1
    assert [(item.capability, item.status) for item in report.left_out] == [("print", "stale")]


def test_an_approved_text_stays_when_its_document_is_renamed(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / "a.md").write_text(CARD)
    draft_from(workspace, Scripted({"capabilities": [PLAIN]}), source="reader")
    approve(open_review(workspace, Target("reader")), BY)
    (folder / "a.md").rename(folder / "b.md")
    draft_from(workspace, Scripted({"capabilities": [PLAIN]}), source="reader")
    assert merge_artifact(workspace, "reader").records == 1


def test_a_proposal_that_does_not_tell_what_it_read_is_drafted_anew(workspace: Workspace) -> None:
    stored = draft(workspace, {"capabilities": [PLAIN]})
    before = workspace.root / stored.name
    lines = before.read_text().splitlines(keepends=True)
    before.write_text("".join(line for line in lines if not line.startswith("seen")))
    assert workspace.read_proposal("ticket-reader").proposal.documents[0].seen is None
    endpoint = Scripted({"capabilities": [PLAIN]})
    draft_from(workspace, endpoint)
    assert "[3] Sorts" in prompt(endpoint)
    assert settled(workspace)


def test_two_equal_passages_are_one_piece_of_evidence(workspace: Workspace) -> None:
    change(workspace, "## Sorting\n", "## Again\n\nIt needs 2 GB of memory.\n\n## Sorting\n")
    twice = {**PLAIN, "description": {"text": "Needs 2 GB.", "passages": [2, 3]}}
    draft(workspace, {"capabilities": [twice]})
    approve(open_review(workspace, Target("ticket-reader")), BY)
    change(workspace, "# Ticket reader\n", "# Ticket reader\n\nA word on it.\n")
    draft(workspace, {"capabilities": []})
    (state,) = open_review(workspace, Target("ticket-reader")).states
    assert (state.status, state.field.passages) == ("approved", (3,))


def test_a_capability_that_lost_a_text_is_not_called_carried_over(workspace: Workspace) -> None:
    draft(workspace, {"capabilities": [{**READ, "vs_alternatives": None}]})
    change(workspace, "It needs 2 GB of memory.\n", "")
    changes = draft(workspace, {"capabilities": []}).proposal.changes
    assert changes is not None
    assert (changes.changed, changes.carried_over) == (("read-tickets",), ())
    assert [item.field for item in changes.lost] == ["unique"]


def test_a_prompt_tells_of_rejections_only_where_it_shows_what_they_rest_on(
    workspace: Workspace,
) -> None:
    draft(workspace, {"capabilities": [PLAIN, SORT]})
    reject(open_review(workspace, Target("ticket-reader", "sort-tickets")), BY, "source-is-wrong")
    change(workspace, "It needs 2 GB", "It needs 3 GB")
    endpoint = Scripted({"capabilities": []}, {"capabilities": []}, {"capabilities": []})
    draft_from(workspace, endpoint)
    assert "A reviewer struck" not in prompt(endpoint)
    draft_from(workspace, endpoint, reuse=False)
    assert "- Sort tickets: Sorts tickets by date" in prompt(endpoint)
    # Its source was mended: it may be written again.
    change(workspace, "30 folders", "60 folders")
    draft_from(workspace, endpoint, reuse=False)
    assert "A reviewer struck" not in prompt(endpoint)


def test_a_comparison_that_lost_its_passages_is_written_from_records_that_came_since(
    workspace: Workspace,
) -> None:
    change(workspace, "It needs 2 GB of memory.", "Version 1 of the other one read 12 fields.")
    cited = {**VERSUS, "text": "Reads 40 fields, not 12.", "alternative_passages": [2]}
    draft(workspace, {"capabilities": [{**PLAIN, "vs_alternatives": cited}]})
    publish_stamper(workspace)
    change(workspace, "read 12 fields", "read 15 fields")
    endpoint = Scripted({"capabilities": []})
    draft_from(workspace, endpoint)
    assert "# Stamper > Read stamps" in prompt(endpoint)
    assert settled(workspace)
