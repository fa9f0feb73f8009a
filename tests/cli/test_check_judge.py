"""`capdraft check --judge` and `capdraft ground --judge`, as they are typed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stub_endpoint import Answer, completion, problem, stub_endpoint
from workspaces import drafted_workspace

Run = Callable[..., Any]
PRICES = "\n[model]\nprices = {input = 1.0, output = 10.0}\n"
SECOND = "Counts pebbles in a photo by their outlines."
PAGE = """\
Pebble 2 vs Shingle Set
| Feature | Pebble 2 | Shingle Set |
|---|---|---|
| Type | Model | Dataset |
Pebble 2 Capabilities
Says how many stones lie on a beach. It needs 50 photos of a beach.
Unique: Rather quietly
Shingle Set Capabilities
Holds photos.
Verdict
Neither is ranked.
"""


def judge(body: dict[str, Any]) -> Answer:
    """Contradict what has 3 GB, find 50 unsupported, and support the rest by the last passage."""
    verdicts = []
    for block in body["messages"][-1]["content"].split("== claim")[1:]:
        (own,) = re.findall(r"rests on: (.*)", block)
        last = int(own.split(", ")[-1])
        for number, text in re.findall(r"^(\d+)\. (.*)$", block, re.MULTILINE):
            verdict = "contradicted" if "3 GB" in text else "supported"
            verdict = "unsupported" if "50" in text else verdict
            told = {"reason": "As it stands there.", "verdict": verdict}
            verdicts.append({"sentence": int(number), "passages": [last], **told})
    return completion({"verdicts": verdicts})


@pytest.fixture
def drafted(run: Run, tmp_path: Path) -> Run:
    drafted_workspace(tmp_path)
    return run


def last(text: str) -> str:
    return str(text.splitlines()[-1])


def test_findings_are_printed_and_what_the_judge_adds(drafted: Run, tmp_path: Path) -> None:
    with (tmp_path / "capdraft.toml").open("a") as settings:
        settings.write(PRICES)
    with stub_endpoint(judge) as stub:
        said = drafted("check", "--judge", "--base-url", stub.url, "--max-cost", "1")
        assert said.status == 1
        assert "CD103 '3 GB' is in none" in said.out
        assert "CD111 [2] 'It needs 2 GB of memory.' says otherwise" in said.out
        assert last(said.err) == (
            "the judge, stub: 3 sentences, 1 not supported (1 contradicted), "
            "of which the rules had found 1; 1 call, $0.0003"
        )
        again = drafted("check", "--judge", "--base-url", stub.url, "--json")
        assert len(stub.requests) == 1
    told = json.loads(again.out)["judge"]
    assert (told["sentences"], told["contradicted"], told["found_by_rules_too"]) == (3, 1, 1)
    assert (told["calls"], told["cost_usd"], told["fields_judged_before"]) == (0, 0, 3)
    assert "CD111" in drafted("check").out, "it is shown without paying"


def test_a_proposal_that_cannot_be_read_is_told_once(drafted: Run, tmp_path: Path) -> None:
    (tmp_path / "reviews/torn").mkdir()
    (tmp_path / "reviews/torn/0001.toml").write_text("schema = 1")
    with stub_endpoint(judge) as stub:
        said = drafted("check", "--judge", "--base-url", stub.url)
    assert said.err.count("reviews/torn/0001.toml") == 1
    assert "CD111" in said.out


def test_a_dry_run_asks_nothing(drafted: Run) -> None:
    said = drafted("check", "--judge", "--dry-run")
    assert said.status == 0
    assert "It rests on: 2" in said.out
    assert "ticket-reader: 1 request, " in said.err
    (asked,) = json.loads(drafted("check", "--judge", "--dry-run", "--json").out)["asked"]
    assert asked["requests"] == 1


def test_options_of_the_judge_go_with_it_only(drafted: Run) -> None:
    said = drafted("check", "--max-cost", "1")
    assert said.status == 2
    assert "--max-cost goes with --judge" in said.err


def test_without_a_key_the_ways_to_ask_are_told(drafted: Run) -> None:
    said = drafted("check", "--judge")
    assert said.status == 2
    assert "OPENAI_API_KEY=… capdraft check --judge …" in said.err


def test_what_could_not_be_judged_is_told_and_the_rules_stand(drafted: Run) -> None:
    with stub_endpoint(problem(400, "the prompt is too long")) as stub:
        said = drafted("check", "--judge", "--base-url", stub.url)
    assert said.status == 1
    assert "CD103" in said.out
    assert "not judged: ticket-reader/read-tickets.unique: Runs in 3 GB of memory." in said.err
    assert "the prompt is too long" in said.err
    assert "0 sentences, 0 not supported; 3 not judged" in last(said.err)


def test_a_recorded_judge_needs_no_key(drafted: Run, tmp_path: Path) -> None:
    record = ("check", "--judge", "--cassette", "tapes/judge.yaml")
    with stub_endpoint(judge) as stub:
        assert "CD111" in drafted(*record, "--base-url", stub.url).out
    for file in (tmp_path / "reviews/ticket-reader/judgements").iterdir():
        file.unlink()
    said = drafted(*record, "--record-mode", "none")
    assert "CD111" in said.out
    assert "replaying tapes/judge.yaml for 1 proposal" in said.err
    (kept,) = (tmp_path / "reviews/ticket-reader/judgements").iterdir()
    assert json.loads(kept.read_text().splitlines()[0])["replayed"] is True


@pytest.fixture
def imported(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "card.md").write_text(f"# Pebble 2\n\nBoils tea.\n\n{SECOND}\n", encoding="utf-8")
    assert run("import", "page.txt").status == 0
    return run


GROUND = ("ground", "pebble-2", "--with", "card.md", "--judge")


def test_the_judge_decides_on_what_words_alone_do_not_find(imported: Run, tmp_path: Path) -> None:
    page = PAGE.replace("stones lie on a beach", "stones a photo has")
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    assert imported("import", "page.txt").status == 0
    assert "supported  " not in imported(*GROUND[:-1]).out
    with stub_endpoint(judge) as stub:
        said = imported(*GROUND, "--base-url", stub.url)
        assert said.status == 1
        assert f"card.md [2] {SECOND}\n" in said.out
        assert "judged: As it stands there." in said.out
        assert "by words alone: " in said.out
        assert imported("check", "pebble-2").out.count("CD110") == 1
        told = json.loads(imported(*GROUND, "--base-url", stub.url, "--json").out)
        assert len(stub.requests) == 1
    first, second, third = told["sentences"]
    assert "judged" not in third, "no passage shares a word with it"
    assert (first["verdict"], first["judged"]["agree"]) == ("supported", False)
    assert [item["text"] for item in first["passages"]] == [SECOND]
    assert (second["verdict"], second["judged"]["agree"]) == ("partly", True)
    assert told["proposal"] is None, "the same again is nothing new"
    assert told["judge"]["otherwise_than_by_words"] == 1


def test_a_passage_that_the_judge_names_is_attached(imported: Run, tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text(
        "# Pebble 2\n\nGives the number of stones on any shore.\n", encoding="utf-8"
    )
    with stub_endpoint(judge) as stub:
        imported(*GROUND, "--base-url", stub.url)
        shown = imported("review", "show", "pebble-2").out
        assert "| Gives the number of stones on any shore." in shown
        before = len(stub.requests)
        checked = imported("check", "pebble-2", "--judge", "--base-url", stub.url)
        assert len(stub.requests) == before, "what was judged while grounding is not asked again"
    assert "1 not supported" in checked.err


def test_where_the_judge_gives_nothing_usable_the_words_decide(imported: Run) -> None:
    with stub_endpoint(completion({"verdicts": []})) as stub:
        said = imported(*GROUND, "--base-url", stub.url)
    assert said.status == 1
    assert "not judged: there the words decide; 2 calls" in said.err
    assert "contradicted" not in said.out


def test_a_dry_run_of_ground_asks_and_writes_nothing(imported: Run, tmp_path: Path) -> None:
    said = imported(*GROUND, "--dry-run")
    assert said.status == 0
    assert "pebble-2: 1 request" in said.err
    assert not (tmp_path / "reviews/pebble-2/0002.toml").exists()
