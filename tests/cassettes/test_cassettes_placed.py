"""A recording made for another workspace: its note counts paths from where the cassette lies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from capdraft import Workspace
from capdraft.client.cassettes import Note
from capdraft.client.cassettes.file import note_of
from cassette_tape import Tape
from gold_set import GOOD, write_gold
from stub_endpoint import Answer, completion
from workspaces import READ

SUPPORTED = {"sentence": 1, "passages": [1], "reason": "It says so.", "verdict": "supported"}


@pytest.fixture
def other(tape: Tape) -> Path:
    """A workspace inside of the tape's, with prompts of its own, and a recorded draft there."""
    tape.change_prompt("no marketing", "much marketing")
    tape.change_prompt("Readers will rely", "Many will rely", "judge")
    folder = tape.root / "candidates/loud"
    folder.mkdir(parents=True)
    (tape.root / "prompts").rename(folder / "prompts")
    shutil.copy(tape.root / "capdraft.toml", folder)
    shutil.copy(tape.root / "ticket-reader.md", folder)
    return folder


def answer(body: dict[str, Any]) -> Answer:
    name = body["response_format"]["json_schema"]["name"]
    if name == "judge":
        return completion({"verdicts": [SUPPORTED]})
    kiln = "Kilnwatch" in body["messages"][-1]["content"]
    return completion({"capabilities": GOOD[:1] if kiln else [READ]})


def state(tape: Tape, name: str, *arguments: str) -> str:
    found = json.loads(tape.run("cassettes", "status", name, *arguments, "--json")[1])
    (item,) = found["cassettes"]
    return f"{item['state']} {[cause['text'] for cause in item['causes']]}"


def noted(tape: Tape, name: str) -> Note:
    found = note_of(tape.root / f"cassettes/{name}.yaml")
    assert found
    return found


def test_an_evaluation_of_another_workspace_s_prompts_stands_where_its_cassettes_lie(
    tape: Tape, other: Path
) -> None:
    write_gold(tape.root)
    tape.answer = answer
    tape.run(
        "evaluate", "run", "kilnwatch", "--judge", "--workspace", str(other),
        "--cassettes", "cassettes/loud", "--base-url", tape.stub.url, "--model", "stub",
    )  # fmt: skip
    for name in ("loud/kilnwatch", "loud/kilnwatch.judge"):
        note = noted(tape, name)
        assert [source.source for source in note.sources] == ["evaluation/gold/kilnwatch"]
        assert [item.uri for item in note.sources[0].documents] == ["kilnwatch/card.md"]
        assert note.prompts == "candidates/loud"
        assert state(tape, name) == "current []"
        path = str(tape.root / f"cassettes/{name}.yaml")
        assert state(tape, path, "--workspace", str(other)) == "current []", "wherever it is asked"
    prompt = other / "prompts/draft.jinja"
    prompt.write_text(prompt.read_text().replace("much marketing", "some marketing"))
    assert "candidates/loud/prompts/draft.jinja:" in state(tape, "loud/kilnwatch")
    assert tape.record("loud")[0] == 0
    assert noted(tape, "loud/kilnwatch").prompts == "candidates/loud"
    assert state(tape, "loud/kilnwatch") == "current []"


def test_so_do_drafts_and_judgements_of_another_workspace(tape: Tape, other: Path) -> None:
    tape.answer = answer
    asked = ("--workspace", str(other), "--base-url", tape.stub.url, "--model", "stub")
    card = str(other / "ticket-reader.md")
    assert tape.run("draft", card, "--cassette", "cassettes/loud.yaml", *asked)[0] == 0
    tape.run("check", "--judge", "--cassette", "cassettes/check.yaml", *asked)
    (source,) = noted(tape, "loud").sources
    assert source.source == "candidates/loud/ticket-reader.md"
    assert source.documents[0].uri == "candidates/loud/ticket-reader.md"
    (source,) = noted(tape, "check").sources
    assert source.source == "candidates/loud/reviews/ticket-reader/0001.toml"
    for name in ("loud", "check"):
        assert noted(tape, name).prompts == "candidates/loud"
        assert state(tape, name) == "current []"
        assert tape.record(name)[0] == 0
        assert state(tape, name) == "current []"
    text = (other / "ticket-reader.md").read_text()
    (other / "ticket-reader.md").write_text(text.replace("40 fields", "44 fields"))
    assert state(tape, "loud") == "stale ['candidates/loud/ticket-reader.md changed']"


def test_so_do_recordings_of_a_script(tape: Tape, other: Path) -> None:
    tape.answer = answer
    Workspace(other).draft_sync(
        other / "ticket-reader.md",
        cassette=tape.root / "cassettes/script.yaml",
        base_url=tape.stub.url,
        model="stub",
    )
    assert noted(tape, "script").prompts == "candidates/loud"
    assert state(tape, "script") == "current []"


def test_a_cassette_in_no_workspace_counts_from_the_one_that_was_asked_in(
    tape: Tape, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("elsewhere") / "ticket.yaml"
    asked = ("--cassette", str(path), "--base-url", tape.stub.url, "--model", "stub")
    assert tape.run("draft", "ticket-reader.md", *asked)[0] == 0
    note = note_of(path)
    assert note
    assert (note.sources[0].source, note.prompts) == ("ticket-reader.md", None)
    assert state(tape, str(path)) == "current []"
