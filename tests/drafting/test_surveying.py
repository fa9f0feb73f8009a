"""Long documents: surveyed window by window, consolidated, and written from what was found."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from capdraft.client import Body
from capdraft.errors import AnswerWrongShape, PromptError
from capdraft.ledger import Ledger
from capdraft.settings import Settings
from capdraft.workspace import Workspace
from workspaces import Scripted, draft_from, make_workspace

FILL = "A sentence that tells of nothing in particular and is here to take up room. " * 6
CARD = "# Ticket reader\n\n" + "\n\n".join(
    f"## Part {number}\n\nTask {number} takes {number + 20} seconds.\n\n{FILL}\n\n{FILL}\n\n{FILL}"
    for number in range(1, 9)
)
SMALL = Settings.model_validate({"draft": {"window": 1200}})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path, CARD)


def asked_as(body: Body) -> str:
    return str(body["response_format"]["json_schema"]["name"])


def user(body: Body) -> str:
    return str(body["messages"][-1]["content"])


def tasks_in(text: str) -> list[tuple[int, int]]:
    """Return (passage, task) of each task that a prompt shows."""
    found = re.findall(r"^\[(\d+)\] Task (\d+) takes", text, re.MULTILINE)
    return [(int(number), int(task)) for number, task in found]


def careful(body: Body) -> dict[str, Any]:
    """Answer as a careful model would: one capability a task, 1 and 5 being the same."""
    text = user(body)
    if asked_as(body) == "survey":
        found = [
            {"name": f"Do task {task}", "summary": f"Does task {task}.", "passages": [number, 999]}
            for number, task in tasks_in(text)
        ]
        return {"candidates": found, "alternatives": [{"name": "Stamper", "passages": [1]}]}
    if asked_as(body) == "consolidate":
        listed = re.findall(r"^(\d+)\. Do task (\d+)", text, re.MULTILINE)
        numbers = {task: int(number) for number, task in listed}
        groups = [{"name": "Do task 1", "candidates": [numbers["1"], numbers["5"]]}]
        groups += [{"name": f"Do task {task}", "candidates": [numbers[task]]} for task in "2346"]
        return {"capabilities": groups, "left_out": [numbers["8"]]}
    return {"capabilities": [record(*found) for found in tasks_in(text)]}


def record(passage: int, task: int) -> dict[str, Any]:
    text = f"Does task {task} in {task + 20} seconds."
    return {
        "name": f"Do task {task}",
        "description": {"text": text, "passages": [passage]},
        "unique": None,
        "vs_alternatives": None,
        "intents": [],
    }


def test_a_long_document_is_surveyed_consolidated_and_written(workspace: Workspace) -> None:
    endpoint = Scripted(careful)
    proposal = draft_from(workspace, endpoint, settings=SMALL).proposal
    kinds = [asked_as(body) for body in endpoint.asked]
    windows = kinds.count("survey")
    assert kinds == ["survey"] * windows + ["consolidate", "draft"]
    assert (proposal.run.windows, proposal.run.calls) == (windows, windows + 2)
    assert windows > 1
    last = user(endpoint.asked[-1])
    assert "- Do task 1: Does task 1.; Does task 5. (passages 1, 17)" in last
    # 7 was forgotten, which is no reason to lose it; 8 was left out by name.
    assert [task for _, task in tasks_in(last)] == [1, 2, 3, 4, 5, 6, 7]
    assert FILL.strip() not in last
    assert "999" not in last
    assert [item.name for item in proposal.alternatives] == ["Stamper"]


def test_every_passage_is_in_some_window(workspace: Workspace) -> None:
    endpoint = Scripted(careful)
    draft_from(workspace, endpoint, settings=SMALL)
    surveys = [user(body) for body in endpoint.asked if asked_as(body) == "survey"]
    numbers = [n for text in surveys for n in re.findall(r"^\[(\d+)\]", text, re.MULTILINE)]
    assert sorted(map(int, numbers)) == list(range(1, 33))


def test_the_fixed_part_of_every_prompt_comes_first(workspace: Workspace) -> None:
    endpoint = Scripted(careful)
    draft_from(workspace, endpoint, settings=SMALL)
    surveys = [body["messages"] for body in endpoint.asked if asked_as(body) == "survey"]
    assert {messages[0]["role"] for messages in surveys} == {"system"}
    assert len({messages[0]["content"] for messages in surveys}) == 1


def test_a_citation_of_what_the_prompt_did_not_show_is_no_evidence(workspace: Workspace) -> None:
    def careless(body: Body) -> dict[str, Any]:
        answer = careful(body)
        if asked_as(body) == "draft":
            answer["capabilities"][0]["description"]["passages"].append(2)
        return answer

    proposal = draft_from(workspace, Scripted(careless), settings=SMALL).proposal
    assert [f.code for f in proposal.findings] == ["CD102"]


def test_after_a_failure_only_what_is_missing_is_asked(workspace: Workspace) -> None:
    def failing(body: Body) -> dict[str, Any]:
        return {"nothing": 1} if asked_as(body) == "consolidate" else careful(body)

    first = Scripted(failing)
    with pytest.raises(AnswerWrongShape):
        draft_from(workspace, first, settings=SMALL)
    second = Scripted(careful)
    run = draft_from(workspace, second, settings=SMALL).proposal.run
    assert [asked_as(body) for body in second.asked] == ["consolidate", "draft"]
    assert run.from_ledger == run.windows
    kept = [entry.unusable for entry in Ledger(workspace.root).entries() if entry.unusable]
    assert len(kept) == 1


def test_many_records_are_asked_for_in_several_answers(workspace: Workspace) -> None:
    rows = "\n\n".join(
        f"## Part {n}\n\nTask {n} takes {n} seconds.\n\n{FILL}" for n in range(1, 31)
    )
    (workspace.root / "ticket-reader.md").write_text(f"# Ticket reader\n\n{rows}")

    def each_by_itself(body: Body) -> dict[str, Any]:
        if asked_as(body) == "consolidate":
            listed = re.findall(r"^(\d+)\. (Do task \d+)", user(body), re.MULTILINE)
            groups = [{"name": name, "candidates": [int(number)]} for number, name in listed]
            return {"capabilities": groups, "left_out": []}
        return careful(body)

    endpoint = Scripted(each_by_itself)
    proposal = draft_from(workspace, endpoint, settings=SMALL).proposal
    drafts = [body for body in endpoint.asked if asked_as(body) == "draft"]
    assert len(drafts) == 2
    assert len(proposal.capabilities) == 30


def test_a_prompt_of_ones_own_that_cannot_take_candidates_is_told(workspace: Workspace) -> None:
    (workspace.root / "prompts").mkdir()
    own = "{% block user %}{{ name }}: {{ passages }}{% endblock %}"
    (workspace.root / "prompts" / "draft.jinja").write_text(own)
    with pytest.raises(PromptError) as caught:
        draft_from(workspace, Scripted(careful), settings=SMALL)
    assert "doesn't use candidates" in caught.value.message
    # A document that fits is asked about all the same.
    assert draft_from(workspace, Scripted(careful)).proposal.capabilities
    assert json.loads(Ledger(workspace.root).entries()[-1].request)["messages"][0]["role"] == "user"


def test_a_record_to_write_again_is_asked_for_once_and_with_a_passage(
    workspace: Workspace,
) -> None:
    """Task 1 lost its passage, task 2 changed; so much is new that it takes several windows."""
    card = workspace.root / "ticket-reader.md"
    short = "# Ticket reader\n\nIt has a lid.\n\n" + "".join(
        f"## Part {n}\n\nTask {n} takes {n + 20} seconds.\n\n" for n in (1, 2)
    )
    card.write_text(short)
    lid = {**record(1, 9), "description": {"text": "It has a lid.", "passages": [1]}}
    draft_from(workspace, Scripted({"capabilities": [lid, record(2, 1), record(3, 2)]}))
    new = short.replace("Task 1 takes 21 seconds.\n\n", "").replace("22 seconds", "25 seconds")
    card.write_text(new + CARD.replace("Task 1 ", "Task 11 ").replace("Task 2 ", "Task 12 "))

    def each_by_itself(body: Body) -> dict[str, Any]:
        if asked_as(body) == "consolidate":
            listed = re.findall(r"^(\d+)\. (Do task \d+)", user(body), re.MULTILINE)
            groups = [{"name": name, "candidates": [int(number)]} for number, name in listed]
            return {"capabilities": groups, "left_out": []}
        return careful(body)

    endpoint = Scripted(each_by_itself)
    draft_from(workspace, endpoint, settings=SMALL)
    last = user(endpoint.asked[-1])
    assert "- Do task 1: " not in last
    assert last.count("\n- Do task 2: ") == 1
    assert "(passages )" not in last
