"""What `capdraft draft` tells a newcomer: of the sources, of who is asked, of what it costs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stub_endpoint import completion, problem, stub_endpoint
from workspaces import CARD, READ

Run = Callable[..., Any]
PLAIN = {**READ, "unique": None, "vs_alternatives": None}
NO_FACTS = CARD.partition("---\n# ")[2]


@pytest.fixture(autouse=True)
def no_endpoint_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)


def test_the_readme_of_init_is_left_out_of_many_sources(run: Run, tmp_path: Path) -> None:
    run("init")
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(CARD)
    said = run("draft", "README.md", "a.md", "b.md", "--dry-run")
    assert (said.status, said.err.count("nothing was asked")) == (0, 2)
    assert said.err.count("README.md: left out, `capdraft init` wrote it") == 1
    alone = run("draft", "README.md", "--dry-run")
    assert (alone.status, "`capdraft init` wrote it" in alone.err) == (1, True)
    folder = run("draft", ".", "--dry-run")
    assert "one artifact from 2 documents: a.md, b.md; to draft each as its own" in folder.err


def test_what_was_chosen_is_told_where_a_person_may_know_better(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "READER_MODEL_CARD.md").write_text(f"# Reader Model Card\n{NO_FACTS}")
    (tmp_path / "whole.md").write_text(CARD.replace("type:", "license: mit\ntype:"))
    with stub_endpoint(completion({"capabilities": [PLAIN]})) as stub:
        asked = ("--model", "stub", "--base-url", stub.url)
        first, *said = run("draft", "READER_MODEL_CARD.md", *asked).out.splitlines()
        whole = run("draft", "whole.md", *asked).out
    assert first.startswith("drafted  reviews/reader/0001.toml: 1 capability, 1 field")
    assert said[1] == (
        "  name Reader, type unknown, licence unknown; to say otherwise: --name, --artifact, "
        "--type, or front matter (name, type, license)"
    )
    assert "to say otherwise" not in whole


def test_that_a_model_is_asked_is_told_only_if_it_is(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "reader.md").write_text(CARD)
    with stub_endpoint(completion({"capabilities": [PLAIN]})) as stub:
        draft = ("draft", "reader.md", "--model", "stub", "--base-url", stub.url)
        assert run(*draft).err.count("asking stub at") == 1
        again = run(*draft)
    assert "unchanged" in again.out
    assert "asking" not in again.err


def test_a_proposal_counts_the_seconds_of_all_attempts(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "reader.md").write_text(CARD)
    slow = problem(503, "warming up", retry_after_ms="120")
    with stub_endpoint(slow, completion({"capabilities": [PLAIN]})) as stub:
        said = run("draft", "reader.md", "--model", "stub", "--base-url", stub.url, "--json")
    (outcome,) = json.loads(said.out)["outcomes"]
    assert outcome["run"]["seconds"] >= 0.12


def test_a_dry_run_tells_what_the_first_requests_may_cost(run: Run, tmp_path: Path) -> None:
    run("init")
    settings = tmp_path / "capdraft.toml"
    (tmp_path / "reader.md").write_text(CARD)
    dry = ("draft", "reader.md", "--dry-run")
    (line,) = run(*dry).err.splitlines()
    assert re.fullmatch(
        r"reader.md: 3 passages, 1 request, [\d,]+ characters, about \$0\.\d{4} with gpt-5.4-mini, "
        r"about [\d,]+ tokens; nothing was asked",
        line,
    )
    (asked,) = json.loads(run(*dry, "--json").out)["asked"]
    assert asked["tokens"] > asked["characters"] / 4 + 200, "the schema of the answer counts too"
    assert 0 < asked["cost_usd"] < 0.1
    unknown = run(*dry, "--model", "m", "--base-url", "http://127.0.0.1:9/v1")
    assert re.search(r"characters, about [\d,]+ tokens; nothing was asked", unknown.err)
    settings.write_text("[model.prices]\ninput = 0\noutput = 1000\n[draft]\nwindow = 500\n")
    (tmp_path / "reader.md").write_text("Reads printed tickets, slowly.\n\n" * 100)
    many = run(*dry)
    (asked,) = json.loads(run(*dry, "--json").out)["asked"]
    assert asked["cost_usd"] == 2 * asked["requests"] > 2
    assert (
        f"about ${asked['cost_usd']:.4f} with gpt-5.4-mini for these first requests, " in many.err
    )
