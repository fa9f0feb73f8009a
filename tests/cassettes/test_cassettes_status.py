"""`capdraft cassettes status`: exact, with the reason, and nobody is asked."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from capdraft.client.cassettes.file import note_of
from cassette_tape import Tape
from gold_set import GOOD, write_gold
from stub_endpoint import Answer, completion

ROOT = Path(__file__).parents[2]


def status(tape: Tape, *arguments: str) -> dict[str, dict[str, Any]]:
    """Return what is told of each cassette, by name."""
    asked = tape.asked
    code, out, _ = tape.run("cassettes", "status", *arguments, "--json")
    assert tape.asked == asked
    found = {item["name"]: item for item in json.loads(out)["cassettes"]}
    assert code == any(item["state"] in ("stale", "unreadable") for item in found.values())
    return found


def causes(item: dict[str, Any]) -> list[tuple[str, str]]:
    return [(cause["kind"], cause["text"]) for cause in item["causes"]]


def test_what_was_just_recorded_is_current_and_says_what_it_was_recorded_from(tape: Tape) -> None:
    found = status(tape)["ticket"]
    assert (found["state"], found["causes"], found["diff"]) == ("current", [], [])
    assert (found["prompt"], found["model"]) == ("draft", "stub")
    (source,) = found["recorded"]["sources"]
    assert source["source"] == "ticket-reader.md"
    assert set(found["recorded"]["templates"]) == {"draft", "repair", "survey", "consolidate"}


def test_a_changed_prompt_is_stale_with_its_line_in_the_template_and_the_diff(tape: Tape) -> None:
    tape.change_prompt("no marketing", "much marketing")
    found = status(tape)["ticket"]
    assert found["state"] == "stale"
    ((kind, text),) = causes(found)
    line = int(re.findall(r"\(prompts/draft.jinja:(\d+)\)", text)[0])
    template = (tape.root / "prompts/draft.jinja").read_text().splitlines()
    assert (kind, "much marketing" in template[line - 1]) == ("prompt", True)
    changed = [row for row in found["diff"][2:] if row[0] in "+-"]
    assert [row[0] for row in changed] == ["-", "+"]
    assert "much marketing" in tape.run("cassettes", "status", "--diff")[1]


def test_a_template_that_changed_without_changing_a_request_leaves_it_current(tape: Tape) -> None:
    tape.change_prompt("purpose:", "purpose: none but")
    assert status(tape)["ticket"]["state"] == "current"


def test_a_changed_document_is_named_and_one_that_says_the_same_is_current(tape: Tape) -> None:
    card = tape.root / "ticket-reader.md"
    text = card.read_text()
    card.write_text(text + "\n\n")
    assert status(tape)["ticket"]["state"] == "current"
    card.write_text(text.replace("40 fields", "44 fields"))
    assert causes(status(tape)["ticket"]) == [("document", "ticket-reader.md changed")]
    card.unlink()
    (found,) = causes(status(tape)["ticket"])
    assert found[0] == "document"
    assert "ticket-reader.md" in found[1]


@pytest.mark.parametrize(
    ("settings", "kind", "told"),
    [
        ("[model.parameters]\nseed = 7\n", "settings", "model.parameters.seed: not set → 7"),
        (
            '[model]\nstructured_output = "json_object"\n',
            "settings",
            "model.structured_output: json_schema → json_object",
        ),
    ],
)
def test_a_changed_setting_is_named_with_both_values(
    tape: Tape, settings: str, kind: str, told: str
) -> None:
    with (tape.root / "capdraft.toml").open("a") as file:
        file.write(settings)
    assert (kind, told) in causes(status(tape)["ticket"])


def test_a_changed_answer_schema_is_told_apart_from_a_changed_prompt(tape: Tape) -> None:
    text = tape.path.read_text()
    assert text.count("strict: true") == 1
    tape.path.write_text(text.replace("strict: true", "strict: false"))
    assert causes(status(tape)["ticket"]) == [("schema", "the answer schema changed")]


def test_an_answer_that_nobody_asks_for_any_more_is_stale(tape: Tape) -> None:
    head, _, rest = tape.path.read_text().partition("interactions:\n")
    again = rest.replace("Ticket reader", "Another reader")
    tape.path.write_text(f"{head}interactions:\n{rest}{again}")
    (found,) = causes(status(tape)["ticket"])
    assert found == ("reading", "1 of its answers is not asked for any more")


def test_a_file_without_a_note_is_unused_until_a_replay_notes_it(tape: Tape) -> None:
    text = tape.path.read_text()
    note = text[text.index("recorded:") : text.index("interactions:")]
    tape.path.write_text(text.replace(note, ""))
    assert status(tape)["ticket"]["state"] == "unused"
    assert tape.draft("--record-mode", "none")[0] == 0
    assert status(tape)["ticket"]["state"] == "unused"
    assert tape.draft()[0] == 0
    assert tape.path.read_text() == text


def test_a_large_and_a_broken_file_are_told(tape: Tape) -> None:
    (tape.root / "cassettes/broken.yaml").write_text("version: 1\nrecorded: {by: nobody}\n")
    found = status(tape, "--max-size", "0.001")
    assert found["ticket"]["state"] == "large"
    assert found["broken"]["state"] == "unreadable"
    assert "recorded" in causes(found["broken"])[0][1]
    size = tape.path.stat().st_size
    assert causes(found["ticket"]) == [("size", f"{size / 1e3:,.0f} kB, more than 1 kB")]
    assert list(status(tape, "ticket")) == ["ticket"]
    assert tape.run("cassettes", "status", "nowhere")[0] == 2


def test_lines_that_differ_in_several_are_shown_once(tape: Tape) -> None:
    shutil.copy(tape.path, tape.path.with_name("twin.yaml"))
    tape.change_prompt("no marketing", "much marketing")
    _, out, _ = tape.run("cassettes", "status", "--diff")
    assert out.count("much marketing") == 1
    assert "the same lines differ as in ticket" in out


def test_what_recording_again_takes_is_told_from_the_recorded_answers(tape: Tape) -> None:
    with (tape.root / "capdraft.toml").open("a") as settings:
        settings.write("[model.prices]\ninput = 1.0\noutput = 10.0\n")
    assert "to record" not in tape.run("cassettes", "status")[2]
    tape.change_prompt("no marketing", "much marketing")
    told = "about 1 call, 100 tokens in, 20 tokens out, $0.0003 with "
    assert told in tape.run("cassettes", "status")[2]
    asked = tape.asked
    status, out, err = tape.record("--dry-run", "--json")
    assert (status, tape.asked) == (0, asked)
    assert f"{told}stub" in err
    assert json.loads(out)["recording"]["cost_usd"] == 0.0003


def test_an_answer_that_today_s_rules_refuse_is_stale(tape: Tape) -> None:
    text = tape.path.read_text()
    tape.path.write_text(text.replace("name: Read tickets", "title: Read tickets"))
    told = "its answer isn't valid any more: a repair would be asked for"
    assert causes(status(tape)["ticket"]) == [("answer", told)]


def test_cassettes_of_an_evaluation_are_known_and_a_judge_depends_on_its_draft(tape: Tape) -> None:
    def answer(body: dict[str, Any]) -> Answer:
        if body["response_format"]["json_schema"]["name"] == "draft":
            return completion({"capabilities": GOOD[:1]})
        told = {"sentence": 1, "passages": [1], "reason": "It says so.", "verdict": "supported"}
        return completion({"verdicts": [told]})

    tape.answer = answer
    write_gold(tape.root)
    asked = ("kilnwatch", "--base-url", tape.stub.url, "--model", "stub", "--judge")
    tape.run("evaluate", "run", *asked, "--cassettes", "cassettes/gold")
    tape.run("evaluate", "rules", *asked, "--cassettes", "cassettes/rules")
    names = ("gold/kilnwatch", "gold/kilnwatch.judge", "rules/kilnwatch.judge")
    found = status(tape)
    assert [found[name]["state"] for name in names] == ["current"] * 3
    assert found[names[0]]["recorded"]["sources"][0]["source"] == "evaluation/gold/kilnwatch"
    tape.change_prompt("no marketing", "much marketing")
    found = status(tape)
    assert [found[name]["state"] for name in names] == ["stale", "stale", "current"]
    assert causes(found[names[1]])[0][0] == "draft"


def test_the_prompt_that_an_evaluation_named_is_the_one_that_counts(tape: Tape) -> None:
    write_gold(tape.root)
    tape.answer = lambda _: completion({"capabilities": GOOD[:1]})
    tape.change_prompt("no marketing", "much marketing")
    (tape.root / "prompts/draft.jinja").rename(tape.root / "prompts/loud.jinja")
    asked = ("kilnwatch", "--prompt", "loud", "--base-url", tape.stub.url, "--model", "stub")
    tape.run("evaluate", "run", *asked, "--cassettes", "cassettes/loud")
    found = status(tape)["loud/kilnwatch"]
    assert (found["state"], found["prompt"]) == ("current", "loud")
    tape.change_prompt("much marketing", "no marketing", "loud")
    ((kind, text),) = causes(status(tape)["loud/kilnwatch"])
    assert (kind, text.partition(":")[0]) == ("prompt", "prompt loud changed (prompts/loud.jinja")


def test_the_project_s_own_cassettes_are_current_and_clean(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from capdraft.cli import main

    monkeypatch.chdir(ROOT)
    assert main(["cassettes", "status", "--diff"]) == 0, capsys.readouterr().out
    assert main(["cassettes", "scan"]) == 0, capsys.readouterr().out
    for path in (ROOT / "cassettes").rglob("*.yaml"):
        if path.parent.name != "tutorial":  # a walk, which asks with what was approved on its way
            assert note_of(path), f"{path} does not say what it was recorded from"


def test_what_was_fetched_is_unknown_where_it_is_not_kept(tape: Tape) -> None:
    text = tape.path.read_text()
    address = "https://example.org/ticket-reader.md"
    text = text.replace("source: ticket-reader.md", f"source: {address}\n    slug: ticket-reader")
    tape.path.write_text(text.replace("slug: ticket-reader", "name: Ticket reader", 1))
    assert status(tape)["ticket"]["state"] == "unknown"
    kept = tape.root / ".capdraft/documents"
    kept.mkdir(parents=True, exist_ok=True)
    note = note_of(tape.path)
    assert note
    shutil.copy(tape.root / "ticket-reader.md", kept / note.sources[0].documents[0].sha256)
    assert status(tape)["ticket"]["state"] == "current"


def test_a_note_from_somebody_else_reads_nothing_outside_of_the_repository(tape: Tape) -> None:
    elsewhere = tape.root.parent / "private.md"
    elsewhere.write_text("The key to the kiln is under the mat.\n")
    text = tape.path.read_text()
    tape.path.write_text(text.replace("source: ticket-reader.md", f"source: ../{elsewhere.name}"))
    asked = tape.asked
    assert status(tape)["ticket"]["state"] == "unknown"
    code, _, err = tape.record("ticket")
    assert (code, tape.asked) == (1, asked)
    assert "--fetch" in err
    assert status(tape, "--fetch")["ticket"]["state"] == "stale"
    tape.path.write_text(text.replace("  prompt: draft", "  prompts: ../..\n  prompt: draft"))
    assert "outside of the repository" in causes(status(tape)["ticket"])[0][1]
