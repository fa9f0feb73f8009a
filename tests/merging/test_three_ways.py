"""Merging over a catalog file that somebody changed: nothing is lost, or read unapproved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capdraft.errors import FileInvalid, NotFound, ReviewRefused
from capdraft.merging import Difference, chosen, citing, keep, merge_artifact, undecided
from capdraft.reviewing import Target, open_review, reject, undo
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
    reword,
    rewrite,
    texts,
    two_records,
    unseal,
)
from workspaces import draft

DESCRIPTION = "read-tickets.description"
APPROVED = "Reads printed tickets with up to 40 fields."
BY_HAND = "Reads paper tickets with up to 40 fields."
DECIDED = "Reads tickets with up to 40 fields."


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace with two approved records, merged."""
    workspace = two_records(tmp_path)
    accept(workspace)
    merge_artifact(workspace, SLUG)
    return workspace


def keep_all(workspace: Workspace, who: str = "ada") -> None:
    for difference in chosen(undecided(workspace, SLUG), ["all"]):
        keep(workspace, SLUG, difference, judgement(who))


def shown(difference: Difference) -> list[tuple[str | None, str, str | None]]:
    return [(item.approved, item.catalog, item.reviews) for item in difference.texts]


def test_where_only_the_reviews_changed_their_text_is_written(workspace: Workspace) -> None:
    reword(workspace, DECIDED)
    report = merge_artifact(workspace, SLUG)
    assert report.differences == ()
    assert texts(workspace)[DESCRIPTION] == DECIDED


@pytest.mark.parametrize("before", [lambda _: None, unseal], ids=["sealed", "from before seals"])
def test_a_text_that_was_changed_by_hand_stays_and_no_reader_sees_it(
    workspace: Workspace, before: Callable[[Any], None]
) -> None:
    by_hand(workspace, before)
    by_hand(workspace, rewrite(BY_HAND))
    (difference,) = merge_artifact(workspace, SLUG).differences
    assert (difference.path, difference.kind) == (DESCRIPTION, "by-hand")
    assert shown(difference) == [(APPROVED, BY_HAND, APPROVED)]
    assert texts(workspace)[DESCRIPTION] == BY_HAND
    with pytest.raises(FileInvalid, match=f"{DESCRIPTION}: not what was approved"):
        workspace.read_entry(SLUG)


def test_where_both_changed_all_three_texts_are_told(workspace: Workspace) -> None:
    by_hand(workspace, rewrite(BY_HAND))
    before = catalog_file(workspace).read_bytes()
    reword(workspace, DECIDED)
    (difference,) = merge_artifact(workspace, SLUG).differences
    assert difference.kind == "conflict"
    assert shown(difference) == [(APPROVED, BY_HAND, DECIDED)]
    assert catalog_file(workspace).read_bytes() == before


def test_a_text_that_both_changed_alike_is_no_conflict(workspace: Workspace) -> None:
    by_hand(workspace, rewrite(DECIDED))
    reword(workspace, DECIDED)
    assert merge_artifact(workspace, SLUG).differences == ()
    assert workspace.read_entry(SLUG).entry == entry_as_is(workspace)


def test_the_other_fields_are_merged_meanwhile(workspace: Workspace) -> None:
    by_hand(workspace, rewrite(BY_HAND))
    reword(workspace, "It runs in 2 GB of memory.", "unique")
    reject(open_review(workspace, Target(SLUG, "print-slips")), judgement("ada"), "outdated")
    merge_artifact(workspace, SLUG)
    now = texts(workspace)
    assert now[DESCRIPTION] == BY_HAND
    assert now["read-tickets.unique"] == "It runs in 2 GB of memory."
    assert "print-slips.description" not in now


def test_what_is_kept_becomes_an_edit_of_the_reviewer(workspace: Workspace) -> None:
    by_hand(workspace, rewrite(BY_HAND))
    reword(workspace, DECIDED)
    keep_all(workspace, who="bob")
    assert merge_artifact(workspace, SLUG).differences == ()
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    field = entry.capabilities[0].description
    assert (field.text, [approval.by for approval in field.approved]) == (BY_HAND, ["bob"])
    assert field.approved[0].edited


def test_what_is_discarded_is_written_as_decided_and_the_rest_waits(workspace: Workspace) -> None:
    by_hand(workspace, rewrite(BY_HAND))
    by_hand(workspace, rewrite("Needs memory.", 1))
    (left,) = merge_artifact(workspace, SLUG, discard=[DESCRIPTION]).differences
    assert left.path == "print-slips.description"
    assert texts(workspace)[DESCRIPTION] == APPROVED
    assert merge_artifact(workspace, SLUG, discard=["all"]).differences == ()
    assert workspace.read_entry(SLUG).entry is not None
    with pytest.raises(NotFound, match="nothing differs"):
        merge_artifact(workspace, SLUG, discard=[DESCRIPTION])


def test_what_the_rules_refuse_is_not_kept(workspace: Workspace) -> None:
    by_hand(workspace, rewrite("Reads printed tickets with up to 70 fields."))
    with pytest.raises(ReviewRefused, match="CD103"):
        keep_all(workspace)
    assert len(undecided(workspace, SLUG)) == 1


def test_who_is_no_reviewer_keeps_nothing(workspace: Workspace) -> None:
    by_hand(workspace, rewrite(BY_HAND))
    settings = workspace.root / "capdraft.toml"
    settings.write_text(f'{settings.read_text()}[review]\nreviewers = ["ada"]\n')
    with pytest.raises(ReviewRefused, match="not one of its reviewers"):
        keep_all(workspace, who="eve")


def test_a_kept_text_that_needs_a_second_approval_waits_for_it(workspace: Workspace) -> None:
    by_hand(workspace, rewrite(BY_HAND))
    settings = workspace.root / "capdraft.toml"
    review = '[review]\nreviewers = ["ada", "bob"]\napprovals = {description = 2}\n'
    settings.write_text(settings.read_text() + review + "self_approval = true\n")
    keep_all(workspace)
    (difference,) = [d for d in undecided(workspace, SLUG) if d.path == DESCRIPTION]
    assert difference.kind == "conflict"
    accept(workspace, "read-tickets", who="bob")
    assert DESCRIPTION not in {item.path for item in undecided(workspace, SLUG)}


def test_other_evidence_can_be_kept_if_the_document_has_it(workspace: Workspace) -> None:
    def cite_other(data: Any) -> None:
        one, two = data["capabilities"]
        one["description"]["evidence"] += two["description"]["evidence"]

    by_hand(workspace, cite_other)
    (difference,) = merge_artifact(workspace, SLUG).differences
    assert [item.aspect for item in difference.texts] == ["evidence"]
    keep_all(workspace)
    merge_artifact(workspace, SLUG)
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    assert len(entry.capabilities[0].description.evidence) == 2


def test_evidence_that_no_document_has_is_not_kept(workspace: Workspace) -> None:
    def invent(data: Any) -> None:
        item = data["capabilities"][0]["description"]["evidence"][0]
        item |= {"quote": "Reads tickets of 90 fields.", "end": item["start"] + 27}

    by_hand(workspace, invent)
    with pytest.raises(ReviewRefused, match="CD104"):
        keep_all(workspace)


def _rename(data: Any) -> None:
    data["capabilities"][0]["name"] = "Read everything"


def _approve_as_eve(data: Any) -> None:
    data["capabilities"][0]["description"]["approved"][0]["by"] = "eve"


def _excuse(data: Any) -> None:
    data["capabilities"][0]["description"]["approved"][0]["note"] = "The owner said so."


def _compare_with_another(data: Any) -> None:
    data["capabilities"][0]["vs_alternatives"]["alternative"] = "Version 1"


def _move_quote(data: Any) -> None:
    data["capabilities"][0]["description"]["evidence"][0]["prefix"] = "It never "


def _relicense(data: Any) -> None:
    data["artifact"]["license"] = "mit"


@pytest.mark.parametrize(
    ("change", "path", "aspect"),
    [
        (_rename, DESCRIPTION, "name"),
        (_compare_with_another, "read-tickets.vs_alternatives", "alternative"),
    ],
)
def test_names_that_were_changed_by_hand_are_kept_as_an_edit(
    workspace: Workspace, change: Callable[[Any], None], path: str, aspect: str
) -> None:
    by_hand(workspace, change)
    (difference,) = merge_artifact(workspace, SLUG).differences
    assert (difference.path, [item.aspect for item in difference.texts]) == (path, [aspect])
    keep_all(workspace)
    kept = workspace.decisions(SLUG)[-1]
    assert getattr(kept, aspect) in ("Read everything", "Version 1")
    assert not merge_artifact(workspace, SLUG).differences
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    assert str(getattr(kept, aspect)) in entry.model_dump_json()


@pytest.mark.parametrize(
    ("change", "path", "aspect"),
    [
        (_approve_as_eve, DESCRIPTION, "approvals"),
        (_excuse, DESCRIPTION, "approvals"),
        (_move_quote, DESCRIPTION, "evidence"),
        (_relicense, "artifact.license", "value"),
    ],
)
def test_what_no_decision_can_say_is_told_and_only_discarded(
    workspace: Workspace, change: Callable[[Any], None], path: str, aspect: str
) -> None:
    before = catalog_file(workspace).read_bytes()
    by_hand(workspace, change)
    if not path.startswith("artifact"):
        with pytest.raises(FileInvalid, match="not what was approved"):
            workspace.read_entry(SLUG)
    (difference,) = merge_artifact(workspace, SLUG).differences
    assert (difference.path, [item.aspect for item in difference.texts]) == (path, [aspect])
    with pytest.raises(ReviewRefused, match="can't be kept"):
        keep_all(workspace)
    merge_artifact(workspace, SLUG, discard=[path])
    assert catalog_file(workspace).read_bytes() == before


def test_a_record_that_was_added_by_hand_is_not_read_and_not_kept(workspace: Workspace) -> None:
    before = catalog_file(workspace).read_bytes()

    def add(data: Any) -> None:
        data["capabilities"].append({**data["capabilities"][1], "id": "fly", "name": "Fly"})

    by_hand(workspace, add)
    (difference,) = merge_artifact(workspace, SLUG).differences
    assert (difference.path, difference.kind) == ("fly.description", "unknown")
    with pytest.raises(FileInvalid, match=r"fly\.description"):
        workspace.read_entry(SLUG)
    with pytest.raises(NotFound, match="no proposal"):
        keep_all(workspace)
    merge_artifact(workspace, SLUG, discard=["all"])
    assert catalog_file(workspace).read_bytes() == before


def test_a_record_that_was_removed_by_hand_comes_back_and_is_named(workspace: Workspace) -> None:
    before = catalog_file(workspace).read_bytes()
    by_hand(workspace, lambda data: data["capabilities"].pop())
    assert merge_artifact(workspace, SLUG, look=True).changed
    assert merge_artifact(workspace, SLUG).added == ("print-slips.description",)
    assert catalog_file(workspace).read_bytes() == before


def test_an_approval_whose_decision_is_gone_counts_for_nothing(workspace: Workspace) -> None:
    decisions = workspace.root / f"reviews/{SLUG}/decisions/ada.jsonl"
    kept = decisions.read_bytes()
    decisions.unlink()
    report = merge_artifact(workspace, SLUG)
    assert {item.kind for item in report.differences} == {"unknown"}
    with pytest.raises(FileInvalid, match="not what was approved"):
        workspace.read_entry(SLUG)
    decisions.write_bytes(kept)
    assert merge_artifact(workspace, SLUG).differences == ()
    assert workspace.read_entry(SLUG).entry is not None


def test_a_decision_that_is_no_approval_is_none_in_the_file_either(workspace: Workspace) -> None:
    target = Target(SLUG, "print-slips", "description")
    (refused,) = reject(open_review(workspace, target), judgement("bob"), "style")
    undo(open_review(workspace, target), "bob")

    def forge(data: Any) -> None:
        at = refused.time.isoformat()
        said = {"by": "bob", "at": at, "decision": refused.id}
        data["capabilities"][1]["description"]["approved"].append(said)

    by_hand(workspace, forge)
    (difference,) = merge_artifact(workspace, SLUG).differences
    assert [item.aspect for item in difference.texts] == ["approvals"]


def test_what_differs_is_told_in_one_order_however_often(workspace: Workspace) -> None:
    by_hand(workspace, rewrite(BY_HAND))
    by_hand(workspace, rewrite("Needs memory.", 1))
    reject(open_review(workspace, Target(SLUG, "read-tickets")), judgement("ada"), "style")
    paths = [[item.path for item in merge_artifact(workspace, SLUG).differences] for _ in "12"]
    assert paths == [["print-slips.description", DESCRIPTION]] * 2


def test_a_broken_entry_does_not_keep_others_from_being_merged(workspace: Workspace) -> None:
    (workspace.root / "catalog/broken.json").write_text("{")
    assert citing(workspace, ["nothing"]) == []


def test_a_rejected_record_stays_no_longer_than_its_changed_field(workspace: Workspace) -> None:
    by_hand(workspace, rewrite("Runs in 2 GB.", field="unique"))
    target = Target(SLUG, "read-tickets", "description")
    reject(open_review(workspace, target), judgement("ada"), "outdated")
    for _ in range(2):
        found = {item.path: item.kind for item in merge_artifact(workspace, SLUG).differences}
        assert found == {"read-tickets.unique": "conflict", DESCRIPTION: "kept-along"}
    merge_artifact(workspace, SLUG, discard=["read-tickets.unique"])
    assert set(texts(workspace)) == {"print-slips.description"}


def test_facts_of_an_earlier_draft_are_no_change_by_hand(workspace: Workspace) -> None:
    card = workspace.root / f"{SLUG}.md"
    card.write_text(card.read_text().replace("type: model", "type: model\nlicense: mit"))
    draft(workspace, {"capabilities": [SOUND, PRINT]}, reuse=False)
    assert merge_artifact(workspace, SLUG).differences == ()
    assert entry_as_is(workspace).artifact.license == "mit"


def test_looking_writes_nothing(workspace: Workspace) -> None:
    assert not merge_artifact(workspace, SLUG, look=True).changed
    before = catalog_file(workspace).read_bytes()
    reword(workspace, DECIDED)
    assert merge_artifact(workspace, SLUG, look=True).changed
    assert catalog_file(workspace).read_bytes() == before


def test_an_entry_from_before_seals_is_read_and_sealed_at_the_next_merge(
    workspace: Workspace,
) -> None:
    sealed = catalog_file(workspace).read_bytes()
    by_hand(workspace, unseal)
    assert workspace.read_entry(SLUG).entry is not None
    assert merge_artifact(workspace, SLUG).differences == ()
    assert catalog_file(workspace).read_bytes() == sealed


def test_both_sides_of_a_git_merge_in_the_file_are_told_with_the_way_out(
    workspace: Workspace,
) -> None:
    path = catalog_file(workspace)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([lines[0], "<<<<<<< HEAD\n", *lines[1:]]))
    with pytest.raises(FileInvalid, match="both sides of a merge") as caught:
        merge_artifact(workspace, SLUG)
    assert caught.value.where == f"catalog/{SLUG}.json:2"
    assert f"git checkout --ours catalog/{SLUG}.json" in caught.value.hint


def test_a_rejected_update_keeps_the_last_approved_text(workspace: Workspace) -> None:
    """Through an edit that is taken back, and drafts under the same id and another one."""
    target = Target(SLUG, "read-tickets", "description")
    reword(workspace, DECIDED)
    merge_artifact(workspace, SLUG)
    undo(open_review(workspace, target), "ada")
    merge_artifact(workspace, SLUG)
    assert texts(workspace)[DESCRIPTION] == APPROVED
    update = {**SOUND, "description": {"text": "Reads 40 fields.", "passages": [1]}}
    for name in ("Read tickets", "Scan tickets"):
        draft(workspace, {"capabilities": [{**update, "name": name}]}, reuse=False)
        waiting = [s for s in open_review(workspace, Target(SLUG)).states if s.status == "pending"]
        for state in waiting:
            update_target = Target(SLUG, state.capability.id, state.name)
            reject(open_review(workspace, update_target), judgement("ada"), "style")
        assert merge_artifact(workspace, SLUG).differences == ()
        assert texts(workspace)[DESCRIPTION] == APPROVED
