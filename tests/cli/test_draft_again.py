"""What `capdraft draft` says of a document that was drafted before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stub_endpoint import completion, stub_endpoint
from workspaces import CARD, READ

Run = Callable[..., Any]
PLAIN = {**READ, "unique": None, "vs_alternatives": None}
COUNT = {
    **PLAIN,
    "name": "Count tickets",
    "description": {"text": "Needs 2 GB of memory.", "passages": [2]},
}
BROKEN = {**PLAIN, "name": "Sort tickets", "description": {"text": "", "passages": []}}
DRAFT = ("draft", "ticket-reader.md", "--type", "model", "--model", "stub")


def test_a_run_tells_what_became_of_the_proposal_before(run: Run, tmp_path: Path) -> None:
    run("init")
    card = tmp_path / "ticket-reader.md"
    card.write_text(CARD)
    with stub_endpoint(
        completion({"capabilities": [PLAIN, COUNT]}), completion({"capabilities": []})
    ) as stub:
        draft = (*DRAFT, "--base-url", stub.url)
        assert "since" not in run(*draft).out
        run("review", "reject", "ticket-reader/count-tickets", "--reason", "style", "--as", "ann")
        card.write_text(CARD.replace("2 GB", "3 GB"))
        said = run(*draft)
        assert "since 0001: 1 carried over, 0 added, 0 changed, 1 text lost" in said.out
        assert "lost count-tickets.description: a passage that it cites has changed" in said.out
        card.write_text(CARD)
        stub.script.append(completion({"capabilities": [COUNT]}))
        said = run(*draft, "--json")
    (told,) = json.loads(said.out)["outcomes"]
    assert told["changes"]["since"] == "0002"
    assert [item["capability"] for item in told["not_again"]] == ["count-tickets"]


def test_an_unchanged_run_still_names_what_was_left_out(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "ticket-reader.md").write_text(CARD)
    with stub_endpoint(
        completion({"capabilities": [PLAIN, BROKEN]}), completion({"repairs": []})
    ) as stub:
        draft = (*DRAFT, "--base-url", stub.url)
        assert run(*draft).status == 1
        paid = len(stub.requests)
        said = run(*draft)
        assert (said.status, len(stub.requests)) == (1, paid)
    assert "unchanged  reviews/ticket-reader/0001.toml says the same" in said.out
    assert "left out 'Sort tickets'" in said.out
    assert "ask anew: --fresh" in said.out


def test_documents_that_differ_are_named(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "reader").mkdir()
    for name, size in (("a", 4), ("b", 8)):
        path = tmp_path / "reader" / f"{name}.md"
        path.write_text(f"The large reader needs {size} GB of memory.\n")
    with stub_endpoint(completion({"capabilities": []})) as stub:
        said = run("draft", "reader", "--model", "stub", "--base-url", stub.url)
    assert "the documents differ: The large reader needs 4 GB" in said.out


def test_boilerplate_alone_is_not_asked_about(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "ticket-reader.md").write_text("# Reader\n\n[More Information Needed]\n")
    assert "nothing to ask" in run("draft", "ticket-reader.md", "--dry-run").err
    with stub_endpoint() as stub:
        said = run(*DRAFT, "--base-url", stub.url)
        assert (said.status, stub.requests) == (0, [])
    assert "these documents hold boilerplate only; nothing was asked" in said.out


def test_a_merge_tells_of_each_artifact_once(run: Run, tmp_path: Path) -> None:
    """The two compare with each other: each is looked at again when the other was written."""
    run("init")
    for name in ("Ticket", "Slip"):
        (tmp_path / f"{name.lower()}-reader.md").write_text(CARD.replace("Ticket", name))
    draft = ("draft", "ticket-reader.md", "slip-reader.md", "--model", "stub", "-j", "1")
    with stub_endpoint(completion({"capabilities": [PLAIN]})) as stub:
        run(*draft, "--base-url", stub.url)
        for slug in ("ticket-reader", "slip-reader"):
            run("review", "approve", slug, "--as", "ann")
        run("merge")
        versus = {"text": "Both read 40 fields.", "passages": [1], "alternative_passages": [4]}
        stub.script[:] = [
            completion({"capabilities": [{**PLAIN, "vs_alternatives": {**versus, **name}}]})
            for name in ({"alternative": "Slip reader"}, {"alternative": "Ticket reader"})
        ]
        stub.requests.clear()
        assert run(*draft, "--base-url", stub.url, "--fresh").status == 0
    for slug in ("ticket-reader", "slip-reader"):
        run("review", "approve", slug, "--as", "ann")
    said = run("merge")
    assert (said.out.count("written"), said.out.count("catalog/")) == (2, 2)
    assert run("merge").out.count("unchanged") == 2
    data = json.loads((tmp_path / "catalog/slip-reader.json").read_text())
    assert [item["side"] for item in data["capabilities"][0]["vs_alternatives"]["evidence"]] == [
        "artifact",
        "alternative",
    ]
