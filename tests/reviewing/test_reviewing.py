"""What a decision is bound to, and what follows from several of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from capdraft.errors import FileInvalid, NotFound, ReviewRefused, TextChanged, UsageProblem
from capdraft.records import Bulk, Decision, Evidence, FieldName
from capdraft.records.evidence import evidence_hash
from capdraft.reviewing import (
    Judgement,
    Target,
    approve,
    edit,
    evidence_for,
    field_states,
    find_version,
    open_documents,
    open_review,
    reject,
    reviewer_slug,
    undo,
    undo_bulk,
)
from capdraft.workspace import Workspace
from workspaces import CARD, READ, cloned, draft, drafted_workspace, pull_decisions

ADA, BO = Judgement("ada", {}), Judgement("bo", {})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path)


def target(field: FieldName | None = None) -> Target:
    return Target("ticket-reader", "read-tickets", field)


def statuses(workspace: Workspace) -> dict[str, str]:
    review = open_review(workspace, Target("ticket-reader"))
    return {state.name: state.status for state in review.states}


def decide(workspace: Workspace, field: FieldName, judgement: Judgement = ADA) -> list[Decision]:
    return approve(open_review(workspace, target(field)), judgement)[0]


def redraft(workspace: Workspace, **changed: object) -> None:
    draft(workspace, {"capabilities": [{**READ, **changed}]}, reuse=False)


def test_everything_waits_until_it_is_decided(workspace: Workspace) -> None:
    assert statuses(workspace) == dict.fromkeys(
        ["description", "unique", "vs_alternatives"], "pending"
    )


def test_an_error_finding_stands_against_approval_until_it_is_answered(
    workspace: Workspace,
) -> None:
    taken, refused = approve(open_review(workspace, target()), ADA)
    assert [decision.field for decision in taken] == ["description", "vs_alternatives"]
    assert [(item.state.name, item.codes) for item in refused] == [("unique", ["CD103"])]
    knowing = Judgement("ada", {}, note="The vendor told us so.", despite=("CD103",))
    (decision,) = decide(workspace, "unique", knowing)
    assert decision.despite == ("CD103",)
    assert set(statuses(workspace).values()) == {"approved"}


def test_despite_and_editorial_need_a_note() -> None:
    with pytest.raises(UsageProblem, match="--despite needs a note"):
        Judgement("ada", {}, despite=("CD103",))
    with pytest.raises(UsageProblem, match="--editorial needs a note"):
        Judgement("ada", {}, editorial=True, note=" ")


def test_what_has_no_evidence_can_be_accepted_as_editorial(tmp_path: Path) -> None:
    bare = {**READ, "description": {"text": "Reads tickets.", "passages": []}}
    workspace = drafted_workspace(tmp_path, bare)
    assert decide(workspace, "description") == []
    editorial = Judgement("ada", {}, note="Known from use.", editorial=True)
    (decision,) = decide(workspace, "description", editorial)
    assert decision.editorial


def test_two_reviewers_who_differ_are_a_conflict(workspace: Workspace) -> None:
    decide(workspace, "description")
    reject(open_review(workspace, target("description")), BO, "style")
    (state,) = open_review(workspace, target("description")).selected
    assert state.status == "conflicting"
    assert state.why == "ada approved it, bo rejected it: style"
    decide(workspace, "description", BO)
    assert statuses(workspace)["description"] == "approved"


def test_an_edit_approves_what_it_wrote_and_outdates_earlier_approvals(
    workspace: Workspace,
) -> None:
    decide(workspace, "description", BO)
    review = open_review(workspace, target("description"))
    edit(review, ADA, "Reads printed tickets.")
    (state,) = open_review(workspace, target("description")).selected
    assert (state.text, state.status) == ("Reads printed tickets.", "approved")
    assert [decision.reviewer for decision in state.approvals] == ["ada"]


def test_an_edit_is_held_against_the_same_rules(workspace: Workspace) -> None:
    review = open_review(workspace, target("unique"))
    with pytest.raises(ReviewRefused, match="'4 GB' is in none of the cited passages"):
        edit(review, ADA, "Runs in 4 GB of memory.")
    edit(review, ADA, "Runs in 2 GB of memory.")
    assert statuses(workspace)["unique"] == "approved"


@pytest.mark.parametrize("text", ["", "  \n", "Runs in  3 GB of\nmemory."])
def test_an_edit_that_changes_nothing_is_refused(workspace: Workspace, text: str) -> None:
    with pytest.raises(ReviewRefused):
        edit(open_review(workspace, target("unique")), ADA, text)


def test_undo_takes_back_ones_own_last_decision_and_appends(
    workspace: Workspace, tmp_path: Path
) -> None:
    decide(workspace, "description", BO)
    reject(open_review(workspace, target("description")), ADA, "style")
    undo(open_review(workspace, target()), "ada")
    assert statuses(workspace)["description"] == "approved"
    with pytest.raises(NotFound, match="ada has no decision here"):
        undo(open_review(workspace, target()), "ada")
    lines = (tmp_path / "reviews/ticket-reader/decisions/ada.jsonl").read_text().splitlines()
    assert len(lines) == 2


def test_undoing_an_edit_brings_the_drafted_text_back(workspace: Workspace) -> None:
    edit(open_review(workspace, target("description")), ADA, "Reads printed tickets.")
    undo(open_review(workspace, target("description")), "ada")
    (state,) = open_review(workspace, target("description")).selected
    assert (state.text, state.status) == (READ["description"]["text"], "pending")


def test_a_decision_stands_for_the_same_text_drafted_again(workspace: Workspace) -> None:
    decide(workspace, "description")
    redraft(workspace)
    assert workspace.read_proposal("ticket-reader").number == "0002"
    assert statuses(workspace)["description"] == "approved"


def test_a_decision_is_stale_when_text_name_or_evidence_changed(workspace: Workspace) -> None:
    decide(workspace, "description")
    decide(workspace, "vs_alternatives")
    redraft(workspace, intents=["scan a ticket"])
    assert statuses(workspace) == {
        "description": "stale",
        "unique": "pending",
        "vs_alternatives": "approved",
    }
    redraft(workspace, description={**READ["description"], "passages": [1, 2]})
    (state,) = open_review(workspace, target("description")).selected
    assert (state.status, state.why) == ("stale", "the evidence changed since ada decided")


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("40 fields", "50 fields", "stale"),
        ("2 GB", "3 GB", "approved"),
        ("Reads printed tickets of up", "Reads printed   tickets\nof up", "approved"),
        ("# Ticket reader\n", "# Ticket reader\n\nA new first paragraph.\n", "approved"),
    ],
)
def test_only_a_change_of_the_cited_passage_makes_an_approval_stale(
    workspace: Workspace, tmp_path: Path, old: str, new: str, status: str
) -> None:
    decide(workspace, "description")
    (tmp_path / "ticket-reader.md").write_text(CARD.replace(old, new))
    assert statuses(workspace)["description"] == status


def test_what_is_not_there_is_told_with_what_is_near(workspace: Workspace) -> None:
    with pytest.raises(NotFound) as caught:
        open_review(workspace, Target.parse("ticket-reader/read-ticket"))
    assert "ticket-reader/read-tickets" in caught.value.hint


def test_a_broken_line_of_decisions_is_named(workspace: Workspace, tmp_path: Path) -> None:
    decide(workspace, "description")
    path = tmp_path / "reviews/ticket-reader/decisions/ada.jsonl"
    path.write_text(path.read_text() + '{"schema": "capdraft/deci')
    with pytest.raises(FileInvalid, match=r"decisions/ada\.jsonl:2: isn't JSON"):
        open_review(workspace, target())


def test_the_reviewer_is_git_s_user_unless_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess

    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    with pytest.raises(UsageProblem, match="nobody is named"):
        reviewer_slug(None, tmp_path)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "config", "user.name", "Ada M. Ö"], check=True)
    assert reviewer_slug(None, tmp_path) == "ada-m-ö"
    assert reviewer_slug("Bo", tmp_path) == "bo"


def test_who_decides_on_a_text_that_was_changed_meanwhile_is_told_what_changed(
    workspace: Workspace,
) -> None:
    seen = open_review(workspace, target("description"))
    edit(open_review(workspace, target("description")), ADA, "Reads printed tickets.")
    for decide_late in (
        lambda: edit(seen, BO, "Reads tickets that are printed."),
        lambda: reject(seen, BO, "style"),
    ):
        with pytest.raises(TextChanged, match=r"was edited by ada since it was shown: its text"):
            decide_late()
    taken, (refused,) = approve(seen, BO)
    assert (taken, refused.changed, refused.state.text) == ([], True, "Reads printed tickets.")
    assert len(workspace.decisions("ticket-reader")) == 1
    drafted = seen.selected[0].versions[0]
    found = find_version(workspace, "ticket-reader", "read-tickets", "description", drafted.hashes)
    assert found == drafted


def test_what_a_newer_proposal_says_differently_is_shown_before_it_is_decided(
    workspace: Workspace,
) -> None:
    seen = open_review(workspace, target("description"))
    redraft(workspace, description={"text": "Reads 40 fields.", "passages": [1]})
    with pytest.raises(TextChanged, match=r"0002\.toml: .*reads differently"):
        reject(seen, BO, "style")
    redraft(workspace, name="Scan tickets")
    _, (refused,) = approve(seen, BO)
    assert "not in the newest proposal" in refused.why


def test_two_who_edit_the_same_text_in_two_clones_are_told_of_each_other(
    workspace: Workspace,
) -> None:
    clone = cloned(workspace)
    edit(open_review(workspace, target("description")), ADA, "Reads printed tickets.")
    edit(open_review(clone, target("description")), BO, "Reads tickets that are printed.")
    pull_decisions(workspace, clone, "bo")
    (state,) = open_review(workspace, target("description")).selected
    assert (state.text, state.status) == ("Reads printed tickets.", "conflicting")
    assert state.why == "bo decided on the text before ada edited it"
    undo(open_review(workspace, target("description")), "bo")
    assert statuses(workspace)["description"] == "approved"


def test_a_rejection_of_the_text_before_an_edit_is_not_lost(workspace: Workspace) -> None:
    clone = cloned(workspace)
    edit(open_review(workspace, target("description")), ADA, "Reads printed tickets.")
    reject(open_review(clone, target("description")), BO, "unsupported")
    pull_decisions(workspace, clone, "bo")
    assert statuses(workspace)["description"] == "conflicting"
    decide(workspace, "description", BO)
    assert statuses(workspace)["description"] == "approved"


def test_an_edit_of_an_edit_counts_whatever_the_clocks_say(workspace: Workspace) -> None:
    edit(open_review(workspace, target("description")), ADA, "Reads printed tickets.")
    edit(open_review(workspace, target("description")), BO, "Reads tickets that are printed.")
    review = open_review(workspace, target("description"))
    decisions = list(reversed(workspace.decisions("ticket-reader")))
    (state, *_) = field_states(review.stored.proposal, decisions, review.present)
    assert (state.text, state.status) == ("Reads tickets that are printed.", "approved")


def test_a_decision_that_was_changed_in_its_file_is_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    edit(open_review(workspace, target("description")), ADA, "Reads printed tickets.")
    path = tmp_path / "reviews/ticket-reader/decisions/ada.jsonl"
    path.write_text(path.read_text().replace("Reads printed tickets.", "Reads 900 languages."))
    with pytest.raises(FileInvalid, match=r"ada\.jsonl:1: .*changed after it was written"):
        statuses(workspace)


def test_nobody_takes_back_another_s_decision(workspace: Workspace) -> None:
    (decision,) = decide(workspace, "description", BO)
    state = open_review(workspace, target("description")).selected[0]
    forged = Decision.make(
        time=decision.time,
        reviewer="ada",
        proposal="0001",
        capability="read-tickets",
        field="description",
        verdict="undo",
        text_sha256=state.text_sha256,
        evidence_sha256=state.evidence_sha256,
        undoes=decision.id,
    )
    workspace.append_decision("ticket-reader", forged)
    assert statuses(workspace)["description"] == "approved"


def test_only_what_was_found_is_answered(workspace: Workspace) -> None:
    knowing = Judgement("ada", {}, "Told by the vendor.", despite=("CD103",), editorial=True)
    taken, refused = approve(open_review(workspace, target()), knowing)
    assert refused == []
    assert {d.field: (d.despite, d.editorial) for d in taken} == {
        "description": ((), False),
        "unique": (("CD103",), False),
        "vs_alternatives": ((), False),
    }


@pytest.mark.parametrize("passages", [[9], [1]])
def test_editorial_answers_missing_evidence_and_nothing_else(
    tmp_path: Path, passages: list[int]
) -> None:
    """A passage that doesn't exist (CD102), and a number that none states (CD103)."""
    claim = {"text": "Reads 50 fields.", "passages": passages}
    workspace = drafted_workspace(tmp_path, {**READ, "description": claim})
    editorial = Judgement("ada", {}, note="Known.", editorial=True)
    assert decide(workspace, "description", editorial) == []


def test_what_left_its_document_can_only_be_drafted_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "ticket-reader.md").write_text(CARD.replace("40 fields", "50 fields"))
    insisting = Judgement("ada", {}, note="Still true.", despite=("CD104",))
    taken, refused = approve(open_review(workspace, target("description")), insisting)
    assert (taken, refused[0].codes) == ([], ["CD104"])


def test_a_name_is_held_against_the_passages_of_its_description(tmp_path: Path) -> None:
    workspace = drafted_workspace(tmp_path, {**READ, "name": "World fastest 900-field reader"})
    review = open_review(workspace, Target("ticket-reader", None, "description"))
    codes = {finding.code for finding in review.findings(review.selected[0], {})}
    assert codes == {"CD103", "CD203"}


def test_the_evidence_hash_tells_sides_documents_and_columns_apart() -> None:
    one = Evidence(document="d1", passage=1, start=0, end=1, quote="x")
    hashes = {
        evidence_hash((one,), {"d1": "a.md"}),
        evidence_hash((one,), {"d1": "b.md"}),
        evidence_hash((one.model_copy(update={"side": "alternative"}),), {"d1": "a.md"}),
        evidence_hash((one.model_copy(update={"header": "Size"}),), {"d1": "a.md"}),
    }
    assert len(hashes) == 4
    moved = one.model_copy(update={"start": 5, "end": 6, "passage": 7})
    assert evidence_hash((moved,), {"d1": "a.md"}) in hashes


def test_an_edited_text_drafted_under_another_name_waits_again(workspace: Workspace) -> None:
    """The name and the intents are judged with the description."""
    text = "Reads tickets with up to 40 fields."
    edit(open_review(workspace, target("description")), ADA, text)
    assert statuses(workspace)["description"] == "approved"
    redraft(workspace, description={"text": text, "passages": [1]}, intents=["read any paper"])
    assert statuses(workspace)["description"] == "stale"


def test_a_reviewer_cites_another_passage_and_the_rules_judge_the_claim_by_it(
    workspace: Workspace,
) -> None:
    review = open_review(workspace, target("description"))
    (document,) = open_documents(review)
    assert [p.number for p in document.document.passages] == [1, 2, 3]  # type: ignore[union-attr]
    with pytest.raises(ReviewRefused, match="CD103 '40"):
        edit(review, ADA, review.selected[0].text, evidence_for(review, [2]))
    with pytest.raises(NotFound, match=r"no passage \[9\]"):
        evidence_for(review, [9])
    decision = edit(review, ADA, review.selected[0].text, evidence_for(review, [1, 2]))
    (state,) = open_review(workspace, target("description")).selected
    assert state.status == "approved"
    assert [item.quote for item in state.field.evidence] == [
        "Reads printed tickets of up to 40 fields.",
        "It needs 2 GB of memory.",
    ]
    assert [item.passage for item in state.drafted.evidence] == [1]
    assert decision.evidence is not None
    assert {item.document for item in decision.evidence} == {"ticket-reader.md"}
    assert workspace.decisions("ticket-reader") == [decision]


def test_what_a_reviewer_cited_carries_over_to_a_draft_that_says_the_same(
    workspace: Workspace,
) -> None:
    review = open_review(workspace, target("description"))
    edit(review, ADA, review.selected[0].text, evidence_for(review, [1, 2]))
    redraft(workspace, unique={"text": "Runs in 2 GB of memory.", "passages": [2]})
    review = open_review(workspace, target("description"))
    assert review.stored.number == "0002"
    assert [item.passage for item in review.selected[0].field.evidence] == [1, 2]
    card = workspace.root / "ticket-reader.md"
    card.write_text(card.read_text().replace("2 GB", "4 GB"))
    assert statuses(workspace)["description"] == "stale"


def test_an_approval_of_other_evidence_does_not_count(workspace: Workspace) -> None:
    decide(workspace, "description", BO)
    review = open_review(workspace, target("description"))
    edit(review, ADA, review.selected[0].text, evidence_for(review, [1, 2]))
    (state,) = open_review(workspace, target("description")).selected
    assert [decision.reviewer for decision in state.approvals] == ["ada"]


def test_decisions_taken_as_one_are_taken_back_as_one(workspace: Workspace) -> None:
    bulk = Bulk(id="0123456789ab", size=2)
    review = open_review(workspace, target())
    taken = reject(review, Judgement("ada", {}, seconds=2.5, bulk=bulk), "style")
    assert {(d.bulk, d.seconds) for d in workspace.decisions("ticket-reader")} == {(bulk, 2.5)}
    named = [("ticket-reader", decision.id) for decision in taken]
    assert undo_bulk(workspace, "bo", named) == []
    assert len(undo_bulk(workspace, "ada", named)) == 3
    assert undo_bulk(workspace, "ada", named) == []
    assert set(statuses(workspace).values()) == {"pending"}


def test_of_two_who_decide_at_once_one_is_told_and_nothing_is_lost(workspace: Workspace) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def try_edit(who: int) -> str:
        text = f"Reads printed tickets, says reviewer {'abcdefgh'[who]}."
        try:
            edit(reviews[who], Judgement(f"reviewer-{who}", {}), text)
        except TextChanged:
            return "told"
        return text

    reviews = [open_review(Workspace(workspace.root), target("description")) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(try_edit, range(8)))
    assert ends.count("told") == 7
    assert len(workspace.decisions("ticket-reader")) == 1
    assert open_review(workspace, target("description")).selected[0].text in ends
