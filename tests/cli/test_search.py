"""`capdraft search` and `capdraft feedback`, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from capdraft.records import CatalogEntry
from capdraft.searching import Matches
from capdraft.workspace import Workspace

QUOTE = "It reads the total of a handwritten invoice."
Run = Any


def a_record(name: str, text: str) -> dict[str, Any]:
    approval = {"by": "ann", "at": "2026-03-01T09:30:00Z", "decision": "0" * 12}
    cited = {"document": "d1", "passage": 1, "start": 0, "end": len(QUOTE), "quote": QUOTE}
    field = {"text": text, "proposal": "0001", "evidence": [cited], "approved": [approval]}
    return {
        "id": name.lower().replace(" ", "-"),
        "name": name,
        "intents": ["automate bookkeeping"],
        "drafted_by": "stub",
        "description": field,
    }


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    workspace = Workspace(tmp_path)
    document = {
        "id": "d1",
        "uri": "docs/pen.md",
        "sha256": "a" * 64,
        "retrieved": "2026-03-01T09:30:00Z",
        "media_type": "text/markdown",
        "passages": 1,
    }
    entry = CatalogEntry.model_validate(
        {
            "artifact": {"slug": "pen", "name": "Pen", "type": "model"},
            "documents": [document],
            "capabilities": [
                a_record("Read invoices", "Returns the total of scanned invoices."),
                a_record("Read cheques", "Returns the sum on a cheque."),
            ],
        }
    )
    workspace.write_entry(entry, workspace.read_entry("pen"))
    return workspace


def test_a_search_explains_itself_and_takes_feedback(run: Run, workspace: Workspace) -> None:
    said = run("search", "read", "handwriten", "invoces")
    assert said.status == 0
    lines = [line.strip() for line in said.out.splitlines()]
    assert lines[:3] == [
        "1. Read invoices  pen/read-invoices (model)",
        "Returns the total of scanned invoices.",
        "words: read, invoices (for 'invoces')",
    ]
    assert f"“{QUOTE}”  docs/pen.md" in lines
    assert said.err.count("by words alone: no [search] embeddings is set") == 1
    match = said.err.split("match ")[1].split()[0]
    done = run("feedback", match, "success", "--result", "1")
    assert (done.status, done.out) == (0, "pen/read-invoices: success\n")
    assert Matches(workspace.root).counts("pen") == (1, 1, 1, 0)


def test_the_answer_is_one_json_document(run: Run) -> None:
    said = run("search", "scanned invoices", "--json", "--choose", "1")
    answer = json.loads(said.out)
    assert answer["schema"] == "capdraft/search/1"
    assert answer["ways"] == ["words"]
    assert answer["why_words_alone"] == "no [search] embeddings is set"
    assert answer["results"][0]["passage"]["uri"] == "docs/pen.md"
    assert answer["chosen"]["capability"] == "read-invoices"
    told = json.loads(run("feedback", answer["match"], "failure", "--json").out)
    assert (told["artifact"], told["verdict"], told["counted"]) == ("pen", "failure", True)


def test_choosing_after_looking_counts_as_one_search(run: Run, workspace: Workspace) -> None:
    run("search", "read invoices")
    said = run("search", "read invoices", "--choose", "2")
    assert "result 2 is noted as yours" in said.err
    assert Matches(workspace.root).capability_counts("pen")["read-cheques"] == (1, 1, 0, 0)


def test_what_is_not_found_is_no_error(run: Run) -> None:
    said = run("search", "zzzz", '"*(^:')
    assert (said.status, said.out) == (0, "")
    assert "nothing in the catalog" in said.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("search", " "), "no need is named"),
        (("search", "read invoices", "--choose", "9"), "has no result 9"),
        (("feedback", "0123456789ab", "success"), "there is no match '0123456789ab'"),
        (("search", "read", "--limit", "0"), "--limit"),
        (("feedback", "0123456789ab", "maybe"), "maybe"),
    ],
)
def test_wrong_use_is_told(run: Run, arguments: tuple[str, ...], told: str) -> None:
    said = run(*arguments)
    assert said.status == 2
    assert told in said.err


def test_queries_are_kept_only_where_the_settings_say_so(run: Run, workspace: Workspace) -> None:
    run("search", "secret need")
    assert Matches(workspace.root, keep_queries=True).kept_needs() == []
    with (workspace.root / "capdraft.toml").open("a") as file:
        file.write("[matches]\nkeep_queries = true\n")
    run("search", "another need")
    assert Matches(workspace.root, keep_queries=True).kept_needs() == ["another need"]
