"""From an answer to a proposal: what is kept, asked again, left out, and never paid for twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from capdraft.errors import (
    AnswerError,
    AnswerNotJson,
    AnswerWrongShape,
    EndpointBusy,
    RequestRefused,
)
from capdraft.ledger import Ledger
from capdraft.workspace import Workspace
from stub_endpoint import completion
from workspaces import CARD, READ, Scripted, draft, draft_from, make_workspace

SORT: dict[str, Any] = {**READ, "name": "Sort tickets"}
BROKEN: dict[str, Any] = {**SORT, "description": {"text": "", "passages": []}}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def repairs(number: int, record: object) -> dict[str, Any]:
    return {"repairs": [{"record": number, "capability": record}]}


def test_a_proposal_holds_what_a_reviewer_needs(workspace: Workspace) -> None:
    stored = draft(workspace, {"capabilities": [READ]})
    proposal = workspace.read_proposal("ticket-reader").proposal
    assert proposal == stored.proposal
    assert (proposal.artifact.name, proposal.artifact.type) == ("Ticket reader", "model")
    (capability,) = proposal.capabilities
    assert capability.id == "read-tickets"
    for _, field in capability.fields():
        for item in field.evidence:
            assert CARD[item.start : item.end] == item.quote
    assert [finding.code for finding in proposal.findings] == ["CD103"]
    run = proposal.run
    assert (run.state, run.model, run.answered_by) == ("drafted", "stub", ("stub-2026",))
    assert (run.calls, run.prompt_tokens, run.completion_tokens) == (1, 100, 20)


def test_only_the_invalid_record_is_asked_for_again_with_its_errors(workspace: Workspace) -> None:
    endpoint = Scripted({"capabilities": [READ, BROKEN]}, repairs(2, SORT))
    stored = draft_from(workspace, endpoint)
    assert [item.id for item in stored.proposal.capabilities] == ["read-tickets", "sort-tickets"]
    assert stored.proposal.run.state == "drafted"
    first, again = (body["messages"] for body in endpoint.asked)
    assert again[: len(first)] == first
    assert json.loads(again[-2]["content"]) == {"capabilities": [BROKEN]}
    assert "Record 2, as you wrote it" in again[-1]["content"]
    assert "description.text: String should have at least 1 character" in again[-1]["content"]
    assert "Read tickets" not in again[-1]["content"]


def test_what_stays_invalid_after_two_more_tries_is_named(workspace: Workspace) -> None:
    worse = {**BROKEN, "unique": 3}
    endpoint = Scripted({"capabilities": [READ, BROKEN]}, repairs(2, worse), repairs(2, {}))
    stored = draft_from(workspace, endpoint)
    assert len(endpoint.asked) == 3
    assert stored.proposal.run.state == "partial"
    (rejected,) = stored.proposal.rejected
    assert "Field required" in rejected.reason
    kept = Ledger(workspace.root).get(int(rejected.answer))
    assert json.loads(kept.body)["choices"][0]["message"]["content"] == json.dumps(repairs(2, {}))


def test_a_record_that_comes_back_as_it_was_is_not_asked_for_a_third_time(
    workspace: Workspace,
) -> None:
    endpoint = Scripted({"capabilities": [READ, BROKEN]}, repairs(2, BROKEN))
    assert draft_from(workspace, endpoint).proposal.run.state == "partial"
    assert len(endpoint.asked) == 2


def test_a_repair_that_fails_costs_no_valid_record(workspace: Workspace) -> None:
    stored = draft(workspace, {"capabilities": [READ, BROKEN]}, "I can't do that.")
    assert [item.id for item in stored.proposal.capabilities] == ["read-tickets"]
    assert [item.name for item in stored.proposal.rejected] == ["Sort tickets"]


def test_a_repair_that_is_refused_costs_no_valid_record(workspace: Workspace) -> None:
    stored = draft(workspace, {"capabilities": [READ, BROKEN]}, RequestRefused("too long"))
    assert stored.proposal.run.state == "partial"


def test_a_repair_can_neither_add_records_nor_touch_valid_ones(workspace: Workspace) -> None:
    sneaky = {"repairs": [{"record": number, "capability": SORT} for number in (1, 2, 3)]}
    stored = draft(workspace, {"capabilities": [READ, BROKEN]}, sneaky)
    assert [item.id for item in stored.proposal.capabilities] == ["read-tickets", "sort-tickets"]


def test_a_cited_passage_that_does_not_exist_is_kept_as_a_finding(workspace: Workspace) -> None:
    wrong = {**READ, "description": {"text": "Reads tickets.", "passages": [1, 9]}}
    proposal = draft(workspace, {"capabilities": [wrong]}).proposal
    assert proposal.capabilities[0].description.passages == (1, 9)
    assert "CD102" in {finding.code for finding in proposal.findings}


def test_two_records_of_one_name_get_two_ids(workspace: Workspace) -> None:
    proposal = draft(workspace, {"capabilities": [READ, READ]}).proposal
    assert [item.id for item in proposal.capabilities] == ["read-tickets", "read-tickets-2"]


def test_docs_without_capabilities_give_an_empty_proposal(workspace: Workspace) -> None:
    assert draft(workspace, {"capabilities": []}).proposal.run.state == "empty"


@pytest.mark.parametrize(
    ("answer", "after", "kind"),
    [
        (
            "Here you are:",
            ["Well:", "So:", "Now:"],
            AnswerNotJson,
        ),  # prose, however it is asked for
        ([], [], AnswerWrongShape),
        ({"capabilities": [BROKEN]}, [repairs(1, BROKEN)] * 2, AnswerWrongShape),
    ],
)
def test_an_answer_without_a_valid_record_writes_nothing_and_is_asked_for_anew(
    workspace: Workspace, answer: Any, after: list[Any], kind: type[Exception]
) -> None:
    with pytest.raises(kind) as caught:
        draft(workspace, answer, *after)
    assert "capdraft ledger show" in caught.value.hint  # type: ignore[attr-defined]
    assert workspace.proposals("ticket-reader") == []
    assert draft(workspace, {"capabilities": [READ]}).proposal.run.calls == 1


@pytest.mark.parametrize("ending", ["length", "content_filter"])
def test_what_would_end_the_same_is_not_paid_for_again(workspace: Workspace, ending: str) -> None:
    class Ended(Scripted):
        async def ask(self, body: dict[str, Any]) -> Any:
            reply = await super().ask(body)
            cut = completion("{", finish_reason=ending).body
            return type(reply)(reply.status, cut, reply.seconds, reply.attempts)

    endpoint = Ended({}, {}, {})
    for _ in range(2):
        with pytest.raises(AnswerError) as caught:
            draft_from(workspace, endpoint)
        assert "--fresh asks anew" in caught.value.hint
    assert len(endpoint.asked) == 1


def test_an_answer_is_paid_for_once(workspace: Workspace) -> None:
    first = draft(workspace, {"capabilities": [READ]})
    (workspace.root / first.name).unlink()
    again = draft(workspace)
    assert (again.proposal.run.calls, again.proposal.run.from_ledger) == (0, 1)
    assert again.proposal.capabilities[0].id == "read-tickets"


def test_a_run_that_died_between_two_answers_goes_on_with_the_second(workspace: Workspace) -> None:
    with pytest.raises(EndpointBusy):
        draft(workspace, {"capabilities": [READ, BROKEN]}, EndpointBusy("gone"))
    run = draft(workspace, repairs(2, SORT)).proposal.run
    assert (run.calls, run.from_ledger, run.state) == (1, 1, "drafted")


def test_hostile_text_in_an_answer_stays_text(workspace: Workspace) -> None:
    hostile = "{{ 7 * 7 }}\x00\x1b[31m '''\"\"\" [[capabilities]]\n[run]\nmodel = 'x' ‮"
    record = {**READ, "name": f"Name {hostile}", "intents": [hostile]}
    stored = draft(workspace, {"capabilities": [record, {**BROKEN, "name": hostile}]}, {}, {})
    proposal = workspace.read_proposal("ticket-reader").proposal
    assert proposal == stored.proposal
    assert "{{ 7 * 7 }}" in proposal.capabilities[0].name
    assert "\x1b" not in stored.text
    assert proposal.run.model == "stub"


def test_tokens_that_nobody_told_are_unknown(workspace: Workspace) -> None:
    class Untold(Scripted):
        async def ask(self, body: dict[str, Any]) -> Any:
            reply = await super().ask(body)
            data = json.loads(completion({"capabilities": [READ]}).body)
            del data["usage"]
            return type(reply)(reply.status, json.dumps(data), reply.seconds, reply.attempts)

    run = draft_from(workspace, Untold({})).proposal.run
    assert (run.prompt_tokens, run.completion_tokens) == (None, None)
