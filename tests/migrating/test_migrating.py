"""What older versions wrote is converted whole, means what it meant, or is told and left alone."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from capdraft.cli import main
from capdraft.errors import FileInvalid, StoreError
from capdraft.ledger import Ledger
from capdraft.merging import merge_artifact
from capdraft.migrating import File, Plan, convert, look
from capdraft.migrating.parts import Part, Stuck
from capdraft.migrating.steps import STEPS, Step
from capdraft.reviewing import Target
from capdraft.reviewing.review import open_review
from capdraft.workspace import FileStore, Workspace

Older = Callable[[str], Workspace]
SLUG = "tide-table"
ANA, BEN = (f"reviews/{SLUG}/decisions/{who}.jsonl" for who in ("ana", "ben"))
PROPOSAL = f"reviews/{SLUG}/0001.toml"
ENTRY = f"catalog/{SLUG}.json"
AS_IT_STOOD = {
    "tell-high-water.description": "approved",
    "tell-high-water.unique": "approved",
    "tell-high-water.vs_alternatives": "approved",
    "plan-a-walk.description": "approved",
    "know-the-coast.description": "rejected",
}


def states(workspace: Workspace) -> dict[str, str]:
    review = open_review(workspace, Target.parse(SLUG))
    return {state.path: state.status for state in review.states}


def file(plan: Plan, name: str) -> File:
    return next(found for found in plan.files if found.name == name)


def texts(workspace: Workspace) -> dict[str, str]:
    """Return what the committed files hold."""
    found = sorted(workspace.root.rglob("*.*"))
    kept = [path for path in found if path.is_file() and ".capdraft" not in path.parts]
    return {path.relative_to(workspace.root).as_posix(): path.read_text() for path in kept}


def rewrite(workspace: Workspace, name: str, before: str, after: str) -> None:
    path = workspace.root / name
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_the_first_decisions_count_as_they_did(older: Older) -> None:
    workspace = older("first")
    with pytest.raises(FileInvalid) as told:
        states(workspace)
    assert "`capdraft migrate --check`" in told.value.hint
    convert(workspace)
    assert states(workspace) == AS_IT_STOOD
    assert look(workspace).to_convert == []
    report = merge_artifact(workspace, SLUG, look=True)
    assert (report.changed, report.differences, report.fields) == (False, (), 4)


def test_a_converted_decision_says_all_that_it_said(older: Older) -> None:
    workspace = older("first")
    before = [json.loads(line) for line in texts(workspace)[ANA].splitlines()]
    convert(workspace)
    after = [json.loads(line) for line in texts(workspace)[ANA].splitlines()]
    ids = {one["id"]: two["id"] for one, two in zip(before, after, strict=True)}
    made_anew = ("id", "undoes", "text_sha256", "evidence_sha256")
    said = [{key: value for key, value in line.items() if key not in made_anew} for line in before]
    assert [{key: line[key] for key in one} for line, one in zip(after, said, strict=True)] == said
    assert [line.get("undoes") for line in after] == [
        ids.get(line.get("undoes")) for line in before
    ]
    approvals = json.loads(texts(workspace)[ENTRY])["capabilities"][0]["description"]["approved"]
    assert approvals[0]["decision"] == ids[before[0]["id"]]


@pytest.mark.parametrize(
    ("before", "after"),
    [('"reject"', '"accept"'), ("By hand.", "By foot."), ('"proposal": "0001", ', "")],
)
def test_a_decision_that_was_changed_by_hand_is_no_older_one(
    older: Older, before: str, after: str
) -> None:
    workspace = older("first")
    rewrite(workspace, BEN, before, after)
    kept = texts(workspace)
    plan = convert(workspace)
    assert {found.name for found in plan.problems} == {ANA, BEN, ENTRY}
    assert {found.state for found in plan.problems} == {"stuck"}
    assert file(plan, BEN).why.startswith("line ")
    assert file(plan, ANA).why.startswith(f"{BEN}:")
    assert texts(workspace) == kept


def test_a_decision_on_what_its_proposal_does_not_say_is_not_converted(older: Older) -> None:
    workspace = older("first")
    rewrite(workspace, PROPOSAL, "Knows 140 harbours.", "Knows 150 harbours.")
    found = file(look(workspace), ANA)
    assert found.state == "stuck"
    assert "judged a text of plan-a-walk.description that proposal 0001 doesn't have" in found.why


class OneFile(FileStore):
    """A store whose process ends when its second file is to be written."""

    written = 0

    def replace(self, name: str, text: str, *, if_sha256: str | None) -> None:
        self.written += 1
        if self.written == 2:
            raise KeyboardInterrupt
        super().replace(name, text, if_sha256=if_sha256)


def test_after_a_kill_between_two_files_the_rest_is_converted_the_same(older: Older) -> None:
    whole, killed = older("first"), older("first")
    convert(whole)
    with pytest.raises(KeyboardInterrupt):
        convert(Workspace(killed.root, OneFile(killed.root)))
    assert len(look(killed).to_convert) == 2
    convert(killed)
    assert texts(killed) == texts(whole)


def test_fields_without_a_seal_get_one(older: Older) -> None:
    workspace = older("before-seals")
    assert [found.name for found in convert(workspace).to_convert] == [ENTRY]
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    assert entry == entry.sealed()
    assert not merge_artifact(workspace, SLUG, look=True).changed


def test_what_was_changed_by_hand_before_there_were_seals_gets_none(older: Older) -> None:
    workspace = older("before-seals")
    rewrite(workspace, ENTRY, '"text": "Knows 140 harbours."', '"text": "Knows 999 harbours."')
    kept = texts(workspace)
    found = file(convert(workspace), ENTRY)
    assert (found.state, found.hint.split("`")[1]) == ("stuck", f"capdraft merge {SLUG}")
    assert "plan-a-walk.description" in found.why
    assert texts(workspace) == kept


def test_the_same_in_the_first_form_is_converted_so_that_merging_can_tell(older: Older) -> None:
    workspace = older("first")
    rewrite(workspace, ENTRY, '"text": "Knows 140 harbours."', '"text": "Knows 999 harbours."')
    found = file(convert(workspace), ENTRY)
    assert (found.state, found.does) == ("stuck", ("name the proposal of each field",))
    differences = merge_artifact(workspace, SLUG, look=True).differences
    assert [item.path for item in differences] == ["plan-a-walk.description"]


def test_a_ledger_keeps_its_answers_and_learns_of_shapes(older: Older) -> None:
    workspace = older("first")
    before = Ledger(workspace.root).entries()
    with pytest.raises(StoreError) as told:
        Ledger(workspace.root).shape("http://a/v1", "stub")
    assert "`capdraft migrate`" in told.value.hint
    convert(workspace)
    assert Ledger(workspace.root).shape("http://a/v1", "stub") is None
    assert Ledger(workspace.root).entries() == before != []


def test_steps_follow_each_other_from_any_number(older: Older) -> None:
    workspace = older("before-seals")
    text = '{"schema": "capdraft/signals/%s", "artifact": "tide-table"%s}'
    path = workspace.root / f"signals/{SLUG}.json"
    path.parent.mkdir()
    path.write_text(text % ("0", ', "likes": 3'))

    def without_likes(part: Part) -> str:
        return part.text.replace(', "likes": 3', "").replace("signals/0", "signals/1")

    steps = {**STEPS, ("signals", "0"): Step("leave out likes", without_likes)}
    assert file(look(workspace, steps), f"signals/{SLUG}.json").does == ("leave out likes",)
    convert(workspace, steps)
    assert path.read_text() == text % ("1", "")


def test_a_step_that_can_not_and_one_that_gives_nonsense_write_nothing(older: Older) -> None:
    workspace = older("before-seals")
    path = workspace.root / f"signals/{SLUG}.json"
    path.parent.mkdir()
    path.write_text('{"schema": "capdraft/signals/0"}')

    def refuse(part: Part) -> str:
        raise Stuck("likes are not known", hint="Ask for them.")

    steps = {("signals", "0"): Step("ask", refuse)}
    found = file(convert(workspace, steps), f"signals/{SLUG}.json")
    assert (found.state, found.why, found.hint) == ("stuck", "likes are not known", "Ask for them.")
    steps = {("signals", "0"): Step("lose", lambda part: '{"schema": "capdraft/signals/1"}')}
    found = file(convert(workspace, steps), f"signals/{SLUG}.json")
    assert (found.state, found.why) == ("unreadable", "artifact: Field required")
    assert path.read_text() == '{"schema": "capdraft/signals/0"}'


def test_the_command_looks_shows_and_converts(
    older: Older, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = older("first")
    there = ["--workspace", str(workspace.root)]
    kept = texts(workspace)
    assert main(["migrate", "--check", *there]) == 1
    assert (
        f"older       {ENTRY}: capdraft/catalog/1 (proposals of records)" in capsys.readouterr().out
    )
    assert main(["migrate", "--dry-run", *there]) == 0
    assert '+        "proposal": "0001",' in capsys.readouterr().out
    assert texts(workspace) == kept
    assert main(["migrate", "--json", *there]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["converted"] == [ANA, BEN, ENTRY, ".capdraft/ledger.sqlite3"]
    assert main(["migrate", "--check", *there]) == 0
    assert capsys.readouterr().out == "7 files looked at, all of today's formats\n"
    assert main(["migrate", "--check", "--dry-run", *there]) == 2
