"""What was recorded of the gold set: a worse prompt fails, a better one shows, a judge is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from capdraft.cli import main

ROOT = Path(__file__).parents[2]
PROMPTS = {
    "gold": ROOT,
    "gold-generous": ROOT / "evaluation/generous",
    "gold-careless": ROOT / "tests/careless",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Evaluate each prompt from its cassettes; return the result files."""
    found = {}
    for name, workspace in PROMPTS.items():
        found[name] = str(tmp_path_factory.mktemp("results") / f"{name}.json")
        replay = ["--cassettes", str(ROOT / "cassettes" / name), "--record-mode", "none"]
        gold = ["--against", str(ROOT / "evaluation/gold"), "--workspace", str(workspace)]
        judged = ["--judge", "--judge-model", "relay"] if name == "gold" else []
        said = main(["evaluate", "run", *gold, *replay, *judged, "--out", found[name]])
        assert said == 0
    return found


def contrast(capsys: pytest.CaptureFixture[str], one: str, two: str, *fail_on: str) -> Any:
    capsys.readouterr()
    status = main(["evaluate", "compare", one, two, *fail_on, "--json"])
    changes = {item["measure"]: item for item in json.loads(capsys.readouterr().out)["changes"]}
    return status, changes


def test_a_careless_prompt_is_worse_and_fails_a_build(
    results: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = results["gold"], results["gold-careless"]
    status, changes = contrast(capsys, one, two, "--fail-on", "supported")
    assert status == 1
    assert changes["supported"]["word"] == "worse"
    assert changes["supported"]["difference"] < -0.2
    assert changes["supported"]["losses"] == 13
    assert changes["coverage"]["word"] == "no difference shown"


def test_asking_for_the_fewest_passages_made_drafts_better_and_lost_nothing(
    results: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, changes = contrast(capsys, results["gold-generous"], results["gold"])
    assert status == 0
    assert changes["evidence-precision"]["word"] == "better"
    assert changes["evidence-precision"]["interval"]["low"] > 0
    assert not [name for name, item in changes.items() if item["word"] == "worse"]


def test_a_judge_doubts_little_of_what_the_packaged_prompt_brings(results: dict[str, str]) -> None:
    cases = json.loads(Path(results["gold"]).read_text())["cases"]
    shares = [case["shares"]["judged-supported"] for case in cases]
    assert sum(share["hits"] for share in shares) / sum(share["of"] for share in shares) > 0.95
    doubted = [said for case in cases for said in case["doubted"]]
    assert 0 < len(doubted) < 20
    assert all(said["reason"] for said in doubted)


def test_rules_and_judge_flag_what_is_unsupported_and_little_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    replay = ["--cassettes", str(ROOT / "cassettes/statements"), "--record-mode", "none", "--json"]
    assert main(["evaluate", "rules", "--judge", *replay]) in (0, 1)
    found = json.loads(capsys.readouterr().out)
    either = found["judge"]["together"]
    assert either["caught"]["value"] >= 0.9
    assert either["false_alarms"]["value"] <= 0.1
    assert found["overall"]["false_alarms"]["value"] <= 0.1
