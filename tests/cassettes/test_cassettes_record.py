"""`capdraft cassettes record`: what is stale, whole or not at all, and what the answers changed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.client.cassettes import use_cassette
from capdraft.client.cassettes.file import note_of
from capdraft.recording.answers import Said, compare_answers
from cassette_tape import Tape
from gold_set import GOOD, record, write_gold
from stub_endpoint import Answer, completion, problem
from workspaces import READ

REWORDED = {**READ, "description": {"text": "Reads printed tickets well.", "passages": [1]}}


def stale(tape: Tape) -> str:
    """Make the cassette stale and return its text."""
    tape.change_prompt("no marketing", "much marketing")
    return tape.path.read_text()


def test_the_stale_one_is_recorded_and_told_word_by_word_and_then_it_is_current(tape: Tape) -> None:
    before = stale(tape)
    tape.records = [REWORDED, record("Run small", "Needs 2 GB of memory.", 2)]
    status, out, err = tape.record()
    assert status == 0
    assert "ticket: 1 gained, 0 lost, 1 text reworded, 0 the same; 1 call" in out
    assert "+ Run small: Needs 2 GB of memory." in out
    assert "~ Read tickets, description: Reads printed tickets [-with up to 40 fields.-]" in out
    assert "recorded 1 cassette of 1: 1 call" in err
    assert tape.path.read_text() != before
    assert tape.run("cassettes", "status")[0] == 0
    assert tape.draft("--record-mode", "none")[0] == 0


def test_what_is_current_is_left_alone_unless_named(tape: Tape) -> None:
    asked, before = tape.asked, tape.path.read_bytes()
    for arguments in ((), ("ticket", "--stale"), ("--dry-run", "ticket")):
        status, _, _ = tape.record(*arguments)
        assert (status, tape.asked, tape.path.read_bytes()) == (0, asked, before)
    assert tape.record("ticket")[0] == 0
    assert tape.record("--all")[0] == 0
    assert tape.asked == asked + 2
    assert tape.record("nowhere")[0] == 2


def test_one_that_breaks_off_is_recorded_by_the_note_at_its_head(tape: Tape) -> None:
    """So is one that a merge left with both sides in it."""
    whole = tape.path.read_text()
    tape.path.write_text(whole[: len(whole) // 2].rstrip("\n") + "\n<<<<<<< ours\n")
    assert tape.run("cassettes", "status")[0] == 1
    assert tape.record()[0] == 0
    assert tape.run("cassettes", "status")[0] == 0


def test_one_that_says_nothing_is_told_and_not_passed_over(tape: Tape) -> None:
    broken = tape.path.with_name("broken.yaml")
    broken.write_text("<<<<<<< ours\n")
    status, out, err = tape.record("--json")
    assert status == 1
    assert [item["name"] for item in json.loads(out)["failed"]] == ["broken"]
    assert "take it back from git" in err
    status, _, err = tape.record("broken")
    assert status == 2
    assert "take it back from git" in err


def test_a_judge_of_a_draft_that_was_recorded_anew_says_so(tape: Tape) -> None:
    write_gold(tape.root)
    tape.records = GOOD
    asked = ("--cassettes", "cassettes/gold", "--base-url", tape.stub.url, "--model", "stub")
    said = {"sentence": 1, "passages": [1], "reason": "So.", "verdict": "supported"}
    tape.answer = lambda body: (
        completion({"verdicts": [said]})
        if "== claim 1 ==" in body["messages"][-1]["content"]
        else completion({"capabilities": tape.records})
    )
    tape.records = GOOD[:1]
    assert tape.run("evaluate", "run", "kilnwatch", "--judge", *asked)[0] == 0
    tape.records = GOOD[1:2]
    assert tape.record("gold/kilnwatch")[0] == 0
    _, out, _ = tape.run("cassettes", "status", "gold/kilnwatch.judge")
    assert "the draft that it judges says something else now" in out


def refuse(_: dict[str, Any]) -> Answer:
    return problem(401, "no such key")


def busy(_: dict[str, Any]) -> Answer:
    return problem(503, "come back", Retry_After="600")


def prose(_: dict[str, Any]) -> Answer:
    return completion("Here are the capabilities:")


def invalid(_: dict[str, Any]) -> Answer:
    return completion({"capabilities": [{"name": 3}]})


def leaking(_: dict[str, Any]) -> Answer:
    said = {**READ, "intents": ["use gsk_" + "a1B2c3D4" * 6]}
    return completion({"capabilities": [said]})


@pytest.mark.parametrize("fault", [refuse, busy, prose, invalid, leaking])
def test_whatever_fails_the_old_cassette_stays(tape: Tape, fault: Any) -> None:
    before = stale(tape)
    tape.answer = fault
    status, out, err = tape.record("--max-wait", "0.1")
    assert (status, out) == (1, "")
    assert "ticket is as it was" in err
    assert tape.path.read_text() == before
    assert list(tape.path.parent.iterdir()) == [tape.path]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_in_the_middle_leaves_the_old_cassette(
    tape: Tape, sign: signal.Signals
) -> None:
    before = stale(tape)
    asked, ended = threading.Event(), threading.Event()

    def wait(_: dict[str, Any]) -> Answer:
        asked.set()
        ended.wait(10)
        return Answer(drop=True)

    tape.answer = wait
    command = [sys.executable, "-m", "capdraft", "cassettes", "record", "--base-url", tape.stub.url]
    environment = {**os.environ, "OPENAI_MODEL": "stub"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as run:
        assert asked.wait(20)
        run.send_signal(sign)
        _, err = run.communicate(timeout=20)
        ended.set()
    assert run.returncode in (130, -signal.SIGKILL)
    assert "Traceback" not in err
    assert tape.path.read_text() == before
    assert list(tape.path.parent.iterdir()) == [tape.path]


def test_the_budget_is_shared_and_what_is_left_is_told(tape: Tape) -> None:
    tape.run(
        "draft", "ticket-reader.md", "--artifact", "second", "--cassette", "cassettes/second.yaml",
        "--base-url", tape.stub.url, "--model", "stub",
    )  # fmt: skip
    stale(tape)
    status, out, err = tape.record("--max-calls", "1", "--json")
    told = json.loads(out)
    assert status == 1
    assert [item["name"] for item in told["recorded"]] == ["second"]
    assert [item["name"] for item in told["failed"]] == ["ticket"]
    assert told["calls"] == 1
    assert "the same command goes on with the rest" in err
    assert tape.record("--max-calls", "1")[0] == 0
    note = note_of(tape.path.with_name("second.yaml"))
    assert note
    assert note.sources[0].slug == "second"


def test_a_judge_is_recorded_behind_the_draft_that_it_judges(tape: Tape) -> None:
    order: list[str] = []

    def answer(body: dict[str, Any]) -> Answer:
        order.append(body["response_format"]["json_schema"]["name"])
        if order[-1] == "draft":
            return completion({"capabilities": GOOD[:1]})
        told = {"sentence": 1, "passages": [1], "reason": "It says so.", "verdict": "supported"}
        return completion({"verdicts": [told]})

    tape.answer = answer
    write_gold(tape.root)
    asked = ("kilnwatch", "--base-url", tape.stub.url, "--model", "stub", "--judge")
    tape.run("evaluate", "run", *asked, "--cassettes", "cassettes/gold")
    stale(tape)
    status, _, err = tape.record("gold/kilnwatch.judge")
    assert status == 1
    assert "Record the draft first" in err
    order.clear()
    assert tape.record("gold")[0] == 0
    assert order == ["draft", "judge"]
    assert tape.run("cassettes", "status", "gold")[0] == 0


def test_nobody_to_ask_is_a_usage_error_with_what_to_set(tape: Tape) -> None:
    stale(tape)
    status, _, err = tape.run("cassettes", "record")
    assert status == 2
    assert "--base-url" in err
    status, _, err = tape.record("--max-cost", "1")
    assert status == 2
    assert "needs a price" in err


def test_replaying_says_which_lines_differ_and_how_to_record_again(tape: Tape) -> None:
    stale(tape)
    status, _, err = tape.draft("--record-mode", "none")
    assert status == 1
    assert "much marketing" in err
    assert "capdraft cassettes record" in err
    assert tape.draft("--record-mode", "rewrite", "--base-url", tape.stub.url)[0] == 0
    assert tape.run("cassettes", "status")[0] == 0


def test_a_folder_of_prompts_that_a_note_names_is_used(tape: Tape) -> None:
    tape.change_prompt("no marketing", "much marketing")
    (tape.root / "elsewhere").mkdir()
    (tape.root / "prompts").rename(tape.root / "elsewhere/prompts")
    text = tape.path.read_text()
    tape.path.write_text(text.replace("  prompt: draft", "  prompts: elsewhere\n  prompt: draft"))
    assert tape.record()[0] == 0
    assert "much marketing" in tape.path.read_text()
    note = note_of(tape.path)
    assert note
    assert note.prompts == "elsewhere"


names = st.sampled_from(["Read tickets", "Sort mail", "Find kilns", "Weigh boats"])
said = st.builds(
    lambda name, text: Said(name, {"description": text}), names, st.text("ab c", max_size=8)
)
answers = st.lists(said, max_size=4, unique_by=lambda item: item.name)


@given(before=answers, after=answers)
def test_each_record_is_told_of_exactly_once(before: list[Said], after: list[Said]) -> None:
    found = compare_answers(before, after)
    changed = len({item.record for item in found.reworded})
    assert len(found.gained) + found.same + changed == len(after)
    assert len(found.lost) + found.same + changed == len(before)
    back = compare_answers(after, before)
    assert (len(back.gained), len(back.lost)) == (len(found.lost), len(found.gained))
    assert compare_answers(before, before).same == len(before)


def test_a_renamed_record_is_reworded_not_lost_and_gained() -> None:
    one = [Said("Read tickets", {"description": "Reads printed tickets of 40 fields."})]
    two = [Said("Read paper tickets", {"description": "Reads printed tickets of 40 fields."})]
    found = compare_answers(one, two)
    assert (found.gained, found.lost) == ((), ())
    assert [(item.field, item.before) for item in found.reworded] == [("name", "Read tickets")]
    other = [Said("Weigh boats", {"description": "Tells what a hull weighs."})]
    found = compare_answers(one, other)
    assert (found.lost, found.gained, found.reworded) == (tuple(one), tuple(other), ())


def test_a_cassette_keeps_its_note_when_a_test_records_it_anew(tape: Tape) -> None:
    note = note_of(tape.path)
    with (
        use_cassette(tape.path, "rewrite"),
        openai.OpenAI(base_url=tape.stub.url, api_key="unused") as client,
    ):
        asked = client.chat.completions.create(
            model="stub", messages=[{"role": "user", "content": "What reads tickets?"}]
        )
    assert asked.choices
    assert "What reads tickets?" in tape.path.read_text()
    assert note_of(tape.path) == note
