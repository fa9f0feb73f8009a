"""`capdraft evaluate` as it is typed: record, replay, compare, and measure the rules."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capdraft.cli import main
from capdraft.prompts import packaged_folder
from gold_set import GOOD, POOR, TIDE, record, write_gold
from stub_endpoint import Answer, completion, problem, stub_endpoint
from workspaces import make_workspace

Run = Callable[..., Any]
TAPES = ("--cassettes", "tapes")


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run `capdraft evaluate ARGUMENTS` in a workspace with a gold set."""
    make_workspace(tmp_path)
    write_gold(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(["evaluate", *arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    return command


def drafts(kilnwatch: list[dict[str, Any]]) -> Callable[[dict[str, Any]], Answer]:
    """Answer drafts by what is asked about, and call all judged sentences supported but one."""

    def answer(body: dict[str, Any]) -> Answer:
        asked = body["messages"][-1]["content"]
        if "== claim 1 ==" in asked:
            return completion({"verdicts": verdicts(asked)})
        return completion({"capabilities": kilnwatch if "Kilnwatch" in asked else TIDE})

    return answer


def verdicts(asked: str) -> list[dict[str, Any]]:
    """Say supported of each sentence with the claim's first passage, except of plans."""
    found = []
    for claim in asked.split("== claim ")[1:]:
        passage = int(re.findall(r"It rests on: (\d+)", claim)[0])
        for number, text in re.findall(r"^(\d+)\. (.+)$", claim, re.MULTILINE):
            told = "unsupported" if "cone tables" in text else "supported"
            cited = [passage] if told == "supported" else []
            found.append(
                {"sentence": int(number), "passages": cited, "reason": "So.", "verdict": told}
            )
    return found


def recorded(run: Run, kilnwatch: list[dict[str, Any]], out: str, tapes: str = "tapes") -> None:
    with stub_endpoint(drafts(kilnwatch), models=["stub-7b"]) as stub:
        status, _, err = run("run", "--cassettes", tapes, "--base-url", stub.url, "--out", out)
    assert status == 0, err


def test_a_run_is_measured_recorded_and_replayed_the_same(run: Run, tmp_path: Path) -> None:
    prices = "[model.prices]\ninput = 1.0\noutput = 10.0\n"
    with (tmp_path / "capdraft.toml").open("a") as settings:
        settings.write(prices)
    recorded(run, GOOD, "one.json")
    assert {path.name for path in (tmp_path / "tapes").iterdir()} == {
        "kilnwatch.yaml",
        "tidewords.yaml",
    }
    status, out, _ = run("run", *TAPES, "--record-mode", "none", "--json")
    assert status == 0
    one, two = json.loads((tmp_path / "one.json").read_text()), json.loads(out)
    assert two["replayed"]
    assert [case["shares"] for case in one["cases"]] == [case["shares"] for case in two["cases"]]
    shares = one["cases"][0]["shares"]
    assert shares["coverage"] == {"hits": 2, "of": 2}
    for data in (one, two):
        assert data["cases"][0]["amounts"]["prompt_tokens"] == 100
        assert data["cases"][0]["amounts"]["cost_usd"] == 0.0003
    assert not (tmp_path / "reviews").exists()


def test_a_live_run_pays_once(run: Run) -> None:
    with stub_endpoint(drafts(GOOD), models=["stub-7b"]) as stub:
        for _ in range(2):
            status, _, err = run("run", "kilnwatch", "--base-url", stub.url, "--model", "stub-7b")
            assert status == 0, err
        assert len(stub.requests) == 1


def test_a_case_that_fails_is_told_and_stops_no_other(run: Run) -> None:
    def answer(body: dict[str, Any]) -> Answer:
        if "Kilnwatch" in body["messages"][-1]["content"]:
            return completion("Nothing today.")
        return completion({"capabilities": TIDE})

    with stub_endpoint(answer, models=["stub-7b"]) as stub:
        status, out, err = run("run", "--base-url", stub.url, "--model", "stub-7b", "--json")
    assert status == 1
    data = json.loads(out)
    assert [case["slug"] for case in data["cases"]] == ["tidewords"]
    assert [case["slug"] for case in data["failed"]] == ["kilnwatch"]
    assert "kilnwatch" in err


def test_without_key_or_cassette_it_says_what_to_set(run: Run) -> None:
    status, _, err = run("run")
    assert status == 2
    assert "--cassettes DIR" in err


def test_an_endpoint_that_refuses_everything_is_one_error(run: Run) -> None:
    with stub_endpoint(problem(401, "No."), models=["stub-7b"]) as stub:
        status, out, err = run("run", "--base-url", stub.url, "--model", "stub-7b")
    assert status == 1
    assert out == ""
    assert "error:" in err


def test_the_judge_counts_sentences_and_is_recorded_beside_the_draft(
    run: Run, tmp_path: Path
) -> None:
    with stub_endpoint(drafts(POOR), models=["stub-7b"]) as stub:
        status, out, err = run("run", *TAPES, "--base-url", stub.url, "--judge", "--json")
    assert status == 0, err
    data = json.loads(out)
    assert data["judge"] == "stub-7b"
    assert "the judge, stub-7b: 2 requests" in err
    assert data["cases"][0]["shares"]["judged-supported"] == {"hits": 2, "of": 3}
    assert (tmp_path / "tapes/kilnwatch.judge.yaml").exists()
    replay = ("run", *TAPES, "--record-mode", "none", "--judge")
    status, out, _ = run(*replay, "--json")
    again = json.loads(out)
    assert status == 0
    assert [case["shares"] for case in again["cases"]] == [c["shares"] for c in data["cases"]]
    told = "kilnwatch/stoneware-cones.description: Has cone tables for stoneware. (unsupported: So)"
    assert told in " ".join(run(*replay, "--format", "md")[1].replace("\\", "").split())


def test_recorded_drafts_are_judged_by_another_model_and_only_that_is_paid_for(
    run: Run, tmp_path: Path
) -> None:
    """Where drafts are replayed, the limits hold for the judge alone."""
    prices = "[model.prices]\ninput = 1.0\noutput = 10.0\n"
    with (tmp_path / "capdraft.toml").open("a") as settings:
        settings.write(prices)
    recorded(run, GOOD, "drafts.json")
    judge = ("run", *TAPES, "--judge", "--judge-model", "stub-70b", "--json")
    with stub_endpoint(drafts(GOOD), models=["stub-7b"]) as stub:
        asked = (*judge, "--base-url", stub.url)
        status, _, err = run(*asked, "--max-cost", "0.00001")
        assert status == 1
        assert stub.requests == []
        assert "kilnwatch, judged: " in err
        assert "--max-cost" in err
        status, out, err = run(*asked, "--max-calls", "1")
        assert status == 1
        assert "tidewords, judged: the run's calls are used up" in err
        assert [path.name for path in tmp_path.glob("tapes/*.judge.yaml")] == [
            "kilnwatch.judge.yaml"
        ]
        status, out, err = run(*asked)
        assert status == 0, err
    assert [body["model"] for body in stub.requests] == ["stub-70b"] * 2
    data = json.loads(out)
    assert (data["model"], data["judge"]) == ("stub-7b", "stub-70b")


def test_sentences_without_a_citation_are_not_supported_and_those_without_a_verdict_are_told(
    run: Run,
) -> None:
    uncited = record("Glazes", "Knows every glaze.", 99)

    def answer(body: dict[str, Any]) -> Answer:
        asked = body["messages"][-1]["content"]
        if "== claim 1 ==" in asked:
            return completion({"verdicts": verdicts(asked)[:1]})
        return completion({"capabilities": [*GOOD[:2], uncited]})

    with stub_endpoint(answer, models=["stub-7b"]) as stub:
        asked = ("run", "kilnwatch", "--judge", "--base-url", stub.url, "--model", "stub-7b")
        status, out, err = run(*asked, "--json")
    assert status == 0, err
    (case,) = json.loads(out)["cases"]
    assert case["shares"]["judged-supported"] == {"hits": 2, "of": 3}
    assert [item["text"] for item in case["doubted"]] == ["Knows every glaze."]
    with stub_endpoint(lambda body: silent(body, answer), models=["stub-7b"]) as stub:
        asked = ("run", "kilnwatch", "--judge", "--base-url", stub.url, "--model", "stub-7b")
        status, out, err = run(*asked, "--json", "--fresh")
    assert status == 1
    assert "kilnwatch, judged: no usable verdict on 2 of its sentences, such as: Predicts" in err
    (case,) = json.loads(out)["cases"]
    assert case["shares"]["judged-supported"] == {"hits": 0, "of": 1}


def silent(body: dict[str, Any], answer: Callable[[dict[str, Any]], Answer]) -> Answer:
    """Give no verdicts; draft as `answer` does."""
    judging = "== claim 1 ==" in body["messages"][-1]["content"]
    return completion({"verdicts": []}) if judging else answer(body)


def test_a_worse_prompt_is_shown_by_its_losses(run: Run) -> None:
    recorded(run, GOOD, "good.json")
    recorded(run, POOR, "poor.json", "other-tapes")
    status, out, _ = run("compare", "good.json", "poor.json")
    assert status == 0  # two documents are too few to fail on
    assert "too few to tell" in out
    assert "Worst losses: kilnwatch" in out
    assert "Lost" in out
    assert "Predicts a firing's peak temperature" in out
    status, out, _ = run("compare", "good.json", "good.json", "--json")
    assert status == 0
    assert json.loads(out)["losses"] == []


PRICED = "[model.prices]\ninput = 1.0\noutput = 10.0\n"


def test_one_command_says_whether_it_is_better_what_is_stale_and_what_that_costs(
    run: Run, tmp_path: Path
) -> None:
    with (tmp_path / "capdraft.toml").open("a") as settings:
        settings.write(PRICED)
    recorded(run, GOOD, "before.json", "cassettes/gold")
    change_prompt(tmp_path)
    with stub_endpoint(drafts(POOR), models=["stub-7b"]) as stub:
        asked = ("run", "--base-url", stub.url, "--model", "stub-7b", "--since", "before.json")
        status, out, err = run(*asked, "--fail-on", "coverage")
        assert status == 0, err  # two documents are too few to fail on
        status, told, _ = run(*asked, "--json")
        assert len(stub.requests) == 2
    said = " ".join(out.split())
    assert "2 documents are too few to tell" in said
    assert "2 of 2 cassettes would not replay now." in said
    assert "about 2 calls, 200 tokens in, 40 tokens out, $0.0006" in said
    assert "gold/kilnwatch: prompt draft changed (prompts/draft.jinja:" in said
    assert "Worst losses: kilnwatch" in said
    assert "2 answers, $0.0006" in err
    data = json.loads(told)
    assert data["recording"]["cost_usd"] == 0.0006
    assert [item["name"] for item in data["stale"]] == ["gold/kilnwatch", "gold/tidewords"]
    assert data["since"]["changes"][0]["measure"] == "coverage"


def change_prompt(root: Path) -> None:
    text = (packaged_folder() / "draft.jinja").read_text(encoding="utf-8")
    own = root / "prompts/draft.jinja"
    own.parent.mkdir()
    own.write_text(text.replace("no marketing", "much marketing"), encoding="utf-8")


def test_another_gold_is_told_before_anybody_is_asked(run: Run, tmp_path: Path) -> None:
    recorded(run, GOOD, "before.json")
    card = tmp_path / "evaluation/gold/kilnwatch/card.md"
    card.write_text(f"{card.read_text()}\nIt is blue.\n")
    with stub_endpoint(drafts(GOOD), models=["stub-7b"]) as stub:
        asked = ("run", "--base-url", stub.url, "--model", "stub-7b")
        status, _, err = run(*asked, "--since", "before.json")
        assert (status, stub.requests) == (2, [])
    assert "the gold of kilnwatch was another one" in err
    assert run("run", "--fail-on", "coverage")[0] == 2


def test_two_cases_of_one_slug_are_told(run: Run, tmp_path: Path) -> None:
    gold = tmp_path / "evaluation/gold"
    shutil.copytree(gold / "kilnwatch", gold / "other")
    for command in ("run", "rules"):
        status, _, err = run(command)
        assert status == 1
        assert "other/gold.toml:2: the slug 'kilnwatch' is that of" in err


def test_a_measure_that_is_none_is_refused(run: Run) -> None:
    status, _, err = run("compare", "a.json", "b.json", "--fail-on", "beauty")
    assert status == 2
    assert "coverage" in err


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": "capdraft/pairs/1"}'])
def test_a_file_that_is_no_result_is_told(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    status, _, err = run("compare", "bad.json", "bad.json")
    assert status == 1
    assert "bad.json: is no result of an evaluation" in err
    assert "evaluate run --out" in err


def test_the_rules_are_measured_and_a_change_is_told(run: Run, tmp_path: Path) -> None:
    status, out, _ = run("rules", "--out", "before.json")
    assert status == 0
    assert "Missed: unsupported, and not flagged (1)" in out
    assert "They are planned." in out
    settings = tmp_path / "capdraft.toml"
    settings.write_text(f'{settings.read_text()}\n[rules]\nCD103 = "off"\n')
    status, out, _ = run("rules", "--since", "before.json", "--json")
    assert status == 0
    (turned,) = json.loads(out)["since"]["turned"]
    assert turned["statement"]["id"] == "s2"


def test_a_judge_joins_the_rules(run: Run) -> None:
    with stub_endpoint(drafts(GOOD), models=["stub-7b"]) as stub:
        status, out, err = run("rules", *TAPES, "--base-url", stub.url, "--judge", "--json")
    assert status == 0, err
    judge = json.loads(out)["judge"]
    assert judge["model"] == "stub-7b"
    assert (judge["together"]["caught"]["hits"], judge["together"]["caught"]["of"]) == (2, 2)
    status, _, _ = run("rules", *TAPES, "--record-mode", "none", "--judge")
    assert status == 0


def test_a_case_that_is_not_there_names_those_that_are(run: Run) -> None:
    status, _, err = run("rules", "kiln")
    assert status == 2
    assert "kilnwatch, tidewords" in err


HOSTILE = '</svg><script>alert(1)</script>" onload="x'


def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(run: Run) -> None:
    recorded(run, [*GOOD, record(HOSTILE, f"It says {HOSTILE}.", 1)], "one.json")
    recorded(run, POOR, "two.json", "other")
    for arguments in (("show", "one.json"), ("compare", "one.json", "two.json"), ("rules",)):
        _, page, _ = run(*arguments, "--format", "html")
        assert "<script" not in page
        assert not re.search(r"\b(?:src|href)=|url\(|@import", page)
        assert "default-src 'none'" in page
        assert "<svg" in page
    _, text, _ = run("show", "one.json", "--format", "md")
    assert not re.search(r"(?<!\\)<", text)
