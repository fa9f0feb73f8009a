"""Recordings of `check --judge` and `ground --judge`: what they note, how they stand, and again."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from capdraft.client.cassettes import Note
from capdraft.client.cassettes.file import note_of
from cassette_tape import Tape
from stub_endpoint import Answer, completion, problem

AGAIN = "Reads printed tickets of trains."


def judge(body: dict[str, Any]) -> Answer:
    """Say supported of each sentence, by the last passage of its claim; draft as before."""
    asked = body["messages"][-1]["content"]
    verdicts = []
    for claim in asked.split("== claim ")[1:]:
        (own,) = re.findall(r"It rests on: (.*)", claim)
        for number in re.findall(r"^(\d+)\. ", claim, re.MULTILINE):
            told = {"passages": [int(own.split(", ")[-1])], "reason": "So.", "verdict": "supported"}
            verdicts.append({"sentence": int(number), **told})
    return completion({"verdicts": verdicts})


@pytest.fixture
def checked(tape: Tape) -> Tape:
    """A workspace in which `check --judge` and `ground --judge` were recorded."""
    tape.answer = judge
    asked = ("--base-url", tape.stub.url, "--model", "stub")
    _, _, err = tape.run("check", "--judge", "--cassette", "cassettes/check.yaml", *asked)
    assert "3 sentences, 0 not supported; 1 call" in err
    (tape.root / "page.txt").write_text(PAGE, encoding="utf-8")
    (tape.root / "pebble.md").write_text(CARD, encoding="utf-8")
    assert tape.run("import", "page.txt")[0] == 0
    code, _, err = tape.run(*GROUND, "--cassette", "cassettes/ground.yaml", *asked)
    assert "judged otherwise" in err, (code, err)
    return tape


GROUND = ("ground", "pebble-2", "--with", "pebble.md", "--judge")
CARD = "# Pebble 2\n\nBoils tea.\n\nCounts pebbles in a photo by their outlines.\n"
PAGE = """\
Pebble 2 vs Shingle Set
| Feature | Pebble 2 | Shingle Set |
|---|---|---|
| Type | Model | Dataset |
Pebble 2 Capabilities
Counts the stones in a photo.
Unique: By their outlines
Shingle Set Capabilities
Holds photos.
Verdict
Neither is ranked.
"""


def note(tape: Tape, name: str) -> Note:
    found = note_of(tape.root / f"cassettes/{name}.yaml")
    assert found
    return found


def standing(tape: Tape, name: str) -> tuple[str, list[tuple[str, str]]]:
    asked = tape.asked
    _, out, _ = tape.run("cassettes", "status", name, "--json")
    assert tape.asked == asked
    (item,) = json.loads(out)["cassettes"]
    return item["state"], [(cause["kind"], cause["text"]) for cause in item["causes"]]


def test_the_note_tells_whose_texts_were_judged_and_against_what(checked: Tape) -> None:
    found = note(checked, "check")
    assert (found.by, found.prompt, found.prompts) == ("check --judge", "judge", None)
    assert [(s.source, s.slug) for s in found.sources] == [
        ("reviews/ticket-reader/0001.toml", "ticket-reader")
    ]
    found = note(checked, "ground")
    assert (found.by, found.prompt) == ("ground --judge", "judge")
    texts, card = found.sources
    assert (texts.source, texts.slug) == ("reviews/pebble-2/0001.toml", "pebble-2")
    assert texts.texts
    assert (card.source, card.texts) == ("pebble.md", None)
    assert [document.uri for document in card.documents] == ["pebble.md"]
    assert "check --judge reviews/ticket-reader/0001.toml" in checked.run("cassettes", "status")[1]


def test_what_was_just_recorded_is_current_also_after_ground_attached_passages(
    checked: Tape,
) -> None:
    assert (checked.root / "reviews/pebble-2/0002.toml").exists()
    assert standing(checked, "check") == ("current", [])
    assert standing(checked, "ground") == ("current", [])


def test_an_edited_sentence_makes_the_judgement_stale_and_names_the_proposal(checked: Tape) -> None:
    (checked.root / "new.txt").write_text(AGAIN)
    edit = ("review", "edit", "ticket-reader/read-tickets", "--field", "description")
    assert checked.run(*edit, "--from", "new.txt", "--as", "ana")[0] == 0
    state, causes = standing(checked, "check")
    told = "the sentences in reviews/ticket-reader/0001.toml, or what they cite, changed"
    assert (state, causes) == ("stale", [("texts", told)])
    assert standing(checked, "ground")[0] == "current"
    status, _, err = checked.run(
        "check", "--judge", "--cassette", "cassettes/check.yaml", "--record-mode", "none"
    )
    assert (status, AGAIN in err) == (1, True)


def test_a_changed_document_counts_where_it_is_read(checked: Tape) -> None:
    """`check --judge` reads the quotes in the proposal, `ground --judge` the document."""
    card = checked.root / "ticket-reader.md"
    card.write_text(card.read_text().replace("40 fields", "44 fields"))
    assert standing(checked, "check")[0] == "current"
    pebble = checked.root / "pebble.md"
    pebble.write_text(CARD.replace("pebbles", "wet pebbles"))
    assert standing(checked, "ground") == ("stale", [("document", "pebble.md changed")])
    pebble.unlink()
    assert standing(checked, "ground")[0] == "stale"


def test_a_changed_judge_prompt_makes_both_stale_and_they_are_recorded_anew(checked: Tape) -> None:
    checked.change_prompt("Readers will rely", "Many will rely", "judge")
    before = {path: path.read_bytes() for path in checked.root.rglob("reviews/**/*")
              if path.is_file()}  # fmt: skip
    for name in ("check", "ground"):
        state, ((kind, text),) = standing(checked, name)
        assert (state, kind) == ("stale", "prompt")
        assert text.startswith("prompt judge changed (prompts/judge.jinja:")
    asked = checked.asked
    status, out, err = checked.record()
    assert status == 0, err
    assert "check: 0 gained, 0 lost, 0 texts reworded" in out
    assert checked.asked == asked + 2
    assert checked.run("cassettes", "status")[0] == 0
    assert note(checked, "ground").sources[1].source == "pebble.md"
    assert {path: path.read_bytes() for path in before} == before, "nothing is judged for good"


def test_a_new_proposal_is_what_would_be_judged_also_if_only_its_quotes_are_new(
    checked: Tape,
) -> None:
    card = checked.root / "ticket-reader.md"
    card.write_text(card.read_text().replace("40 fields", "44 fields"))
    checked.answer = None
    asked = ("--base-url", checked.stub.url, "--model", "stub")
    assert checked.run("draft", "ticket-reader.md", *asked)[0] == 0
    ((kind, text),) = standing(checked, "check")[1]
    assert (kind, "reviews/ticket-reader/0002.toml" in text) == ("texts", True)
    checked.answer = judge
    assert checked.record("check")[0] == 0
    assert note(checked, "check").sources[0].source == "reviews/ticket-reader/0002.toml"
    assert standing(checked, "check") == ("current", [])


def test_a_file_without_a_note_gets_it_from_a_replay(checked: Tape) -> None:
    for name, command in (("check", ("check", "ticket-reader", "--judge")), ("ground", GROUND)):
        path = checked.root / f"cassettes/{name}.yaml"
        text = path.read_text()
        head = text[text.index("recorded:") : text.index("interactions:")]
        path.write_text(text.replace(head, ""))
        assert standing(checked, name)[0] == "unused"
        checked.run(*command, "--cassette", str(path))
        assert standing(checked, name)[0] == "current"


@pytest.mark.parametrize("command", [("check", "ticket-reader", "--judge"), GROUND])
def test_what_is_not_answered_leaves_the_old_recording(
    checked: Tape, command: tuple[str, ...]
) -> None:
    path = checked.root / f"cassettes/{command[0]}.yaml"
    before = path.read_text()
    asked = ("--cassette", str(path), "--record-mode", "rewrite", "--base-url", checked.stub.url)
    checked.answer = lambda _: problem(400, "the prompt is too long")
    assert checked.run(*command, *asked)[0] == 1
    assert path.read_text() == before
    checked.answer = judge
    checked.run(*command, *asked, "--max-calls", "0")
    assert path.read_text() == before


def test_a_proposal_that_is_gone_is_told(checked: Tape) -> None:
    (checked.root / "reviews/ticket-reader/0001.toml").unlink()
    state, ((kind, text),) = standing(checked, "check")
    assert (state, kind) == ("stale", "document")
    assert "no proposal for 'ticket-reader'" in text


def test_a_note_of_somebody_else_reads_no_texts_outside_of_the_repository(checked: Tape) -> None:
    path = checked.root / "cassettes/check.yaml"
    text = path.read_text()
    path.write_text(text.replace("source: reviews/", "source: ../elsewhere/reviews/"))
    assert standing(checked, "check")[0] == "unknown"
    path.write_text(text.replace("slug: ticket-reader", "slug: ../../ticket-reader"))
    assert standing(checked, "check")[0] in ("stale", "unreadable")
