"""A file of another number is refused by every reader, which says what to do."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from capdraft.checking.judgements import read_judgements
from capdraft.cli import main
from capdraft.client.cassettes.format import NotACassette, deserialize
from capdraft.comparing.settling import read_said
from capdraft.errors import CapdraftError, StoreError
from capdraft.evaluating.reading import read_gold, read_pairs
from capdraft.evaluating.results import read_evaluation
from capdraft.evaluating.rule_results import read_rules_measured
from capdraft.migrating import look
from capdraft.migrating.places import KINDS, files
from capdraft.ranking import read_signals
from capdraft.reviewing.seeding.outcomes import outcomes
from capdraft.searching.matches import Matches
from capdraft.settings import parse_settings
from capdraft.workspace import Workspace

SLUG = "quay-clock"
READERS: dict[str, Callable[[Workspace], Any]] = {
    "settings": lambda workspace: parse_settings((workspace.root / "capdraft.toml").read_text()),
    "proposal": lambda workspace: workspace.read_proposal(SLUG),
    "decision": lambda workspace: workspace.decisions(SLUG),
    "withdrawal": lambda workspace: workspace.withdrawals(SLUG),
    "judgement": lambda workspace: read_judgements(workspace, SLUG),
    "seed": outcomes,
    "alignment": read_said,
    "signals": lambda workspace: read_signals(workspace, SLUG),
    "catalog": lambda workspace: workspace.read_entry(SLUG),
    "gold": lambda workspace: read_gold(workspace.root / f"evaluation/gold/{SLUG}"),
    "pairs": lambda workspace: read_pairs(workspace.root / "evaluation/gold/pairs.toml"),
    "evaluation": lambda workspace: read_evaluation(workspace.root / "evaluation/result.json"),
    "rules-measured": lambda workspace: read_rules_measured(
        workspace.root / "evaluation/rules.json"
    ),
}


def renumber(workspace: Workspace, kind: str, before: int, after: int) -> None:
    """Say in each file of a kind that it is of another number."""
    for name in [name for name, found in files(workspace.root) if found == kind]:
        path = workspace.root / name
        said, says = (f"capdraft/{kind}/{number}" for number in (before, after))
        path.write_text(path.read_text().replace(said, says))


@pytest.mark.parametrize("kind", KINDS)
def test_every_reader_says_what_another_number_needs(samples: Workspace, kind: str) -> None:
    READERS[kind](samples)
    for number, needs in ((0, "`capdraft migrate`"), (2, "pip install --upgrade capdraft")):
        renumber(samples, kind, 1, number)
        with pytest.raises(CapdraftError) as told:
            READERS[kind](samples)
        read = f"is of format capdraft/{kind}/{number}, this capdraft reads capdraft/{kind}/1"
        assert told.value.message == read
        assert needs in told.value.hint
        (state,) = {found.state for found in look(samples).files if found.kind == kind}
        assert state == ("newer" if number else "unreadable")
        renumber(samples, kind, number, 1)


def set_form(path: Path, form: int) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"pragma user_version = {form}")


def test_newer_databases_and_cassettes_are_told(samples: Workspace) -> None:
    local = samples.root / ".capdraft"
    for name in ("ledger", "matches"):
        set_form(local / f"{name}.sqlite3", 7)
    cassette = samples.root / "cassettes/quay-clock.yaml"
    cassette.write_text(cassette.read_text().replace("version: 1", "version: 2", 1))
    newer = {found.kind: found.format for found in look(samples).problems}
    assert newer == {"cassette": "cassette version 2", "ledger": "form 7", "matches": "form 7"}
    with pytest.raises(StoreError) as told:
        Matches(samples.root).counts(SLUG)
    assert "pip install --upgrade capdraft" in told.value.hint
    with pytest.raises(NotACassette, match="version is 2, not 1: a newer capdraft wrote it"):
        deserialize(cassette.read_text())


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("capdraft.toml", "[model", "isn't TOML"),
        (f"reviews/{SLUG}/0001.toml", 'schema = "capdraft/catalog/1"', "not of proposal"),
        (f"reviews/{SLUG}/decisions/ben.jsonl", "{}\n[1]\n", "line 1: id: Field required"),
        (f"catalog/{SLUG}.json", "[]", "should be a valid dictionary"),
        (f"signals/{SLUG}.json", '{"schema": 1}', "schema is 1, not of signals"),
        ("evaluation/gold/pairs.toml", "pairs = 1", "schema: Field required"),
        ("cassettes/quay-clock.yaml", "a: [", "expected node content"),
        (".capdraft/ledger.sqlite3", "none", "file is not a database"),
    ],
)
def test_what_can_not_be_read_is_told_and_left(
    samples: Workspace, capsys: pytest.CaptureFixture[str], name: str, text: str, why: str
) -> None:
    (samples.root / name).write_text(text)
    assert main(["migrate", "--workspace", str(samples.root), "--json"]) == 1
    found = {item["file"]: item for item in json.loads(capsys.readouterr().out)["files"]}
    assert found[name]["state"] == "unreadable"
    assert why in found[name]["why"]
    assert (samples.root / name).read_text() == text


def test_an_unknown_key_may_be_a_newer_versions(samples: Workspace) -> None:
    path = samples.root / f"reviews/{SLUG}/0001.toml"
    path.write_text(f"tone = 1\n{path.read_text()}")
    with pytest.raises(CapdraftError) as told:
        samples.read_proposal(SLUG)
    assert "`capdraft migrate --check`" in told.value.hint
    assert "newer" in told.value.hint
