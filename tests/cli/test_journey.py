"""The whole way by command line: a document becomes a comparison page."""

from __future__ import annotations

import json
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stub_endpoint import Answer, completion, problem, stub_endpoint
from workspaces import CARD, READ, drafted_workspace, make_workspace

Run = Callable[..., Any]
SLUG = "ticket-reader"
UNIQUE = [f"{SLUG}/read-tickets", "--field", "unique", "--as", "ada"]


def test_from_init_to_a_comparison(run: Run, tmp_path: Path) -> None:
    assert run("init").status == 0
    for name in (SLUG, "slip-reader"):
        (tmp_path / f"{name}.md").write_text(CARD.replace("Ticket", name.split("-")[0].title()))
    with stub_endpoint(completion({"capabilities": [READ]})) as stub:
        said = run("draft", f"{SLUG}.md", "slip-reader.md", "--base-url", stub.url)
    assert said.status == 0
    assert f"reviews/{SLUG}/0001.toml: 1 capability, 3 fields (3 with evidence)" in said.out
    assert "1 call, 100 + 20 tokens" in said.out

    said = run("check", SLUG)
    assert said.status == 1
    place, _, message = said.out.partition(": ")
    path, line = place.split(":")
    assert message.startswith("CD103 '3 GB' is in none of the cited passages")
    assert "3 GB" in (tmp_path / path).read_text().splitlines()[int(line) - 1]

    said = run("review", "show", f"{SLUG}/read-tickets")
    claim, quote = "Runs in 3 GB of memory.", "| It needs 2 GB of memory."
    assert said.out.index(claim) < said.out.index(quote) < said.out.index("CD103")

    for slug in (SLUG, "slip-reader"):
        said = run("review", "approve", slug, "--as", "Ada")
        assert said.status == 1
        assert f"approved {slug}/read-tickets.description as ada" in said.out
        assert f"not approved {slug}/read-tickets.unique: CD103" in said.out
    assert run("merge").out.count("1 record, 2 fields, written") == 2
    assert run("merge").out.count("unchanged") == 2

    said = run("compare", SLUG, "slip-reader")
    assert said.status == 0
    for told in ("Ticket reader vs Slip reader", " of 100", "In both:", "unknown", "[1]"):
        assert told in said.out
    assert claim not in said.out
    assert run("compare", SLUG, "slip-reader", "--format", "md").out.startswith("# Ticket reader")
    assert "<!doctype html>" in run("compare", SLUG, "slip-reader", "--format", "html").out.lower()
    told = json.loads(run("compare", SLUG, "slip-reader", "--json").out)
    assert told["schema"] == "capdraft/comparison/1"


def test_a_run_stops_before_the_call_that_would_pass_its_budget(run: Run, tmp_path: Path) -> None:
    run("init")
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.md").write_text(CARD)
    draft = ("draft", "a.md", "b.md", "c.md", "-j", "1")
    with stub_endpoint(completion({"capabilities": [READ]})) as stub:
        said = run(*draft, "--base-url", stub.url, "--model", "stub", "--max-calls", "2")
        assert (said.status, len(stub.requests)) == (1, 2)
        assert "c.md: the run's calls are used up" in said.err
        assert run(*draft, "--base-url", stub.url, "--model", "stub").status == 0
        assert len(stub.requests) == 3


def test_how_an_endpoint_takes_the_shape_is_found_out_once(run: Run, tmp_path: Path) -> None:
    """It refuses a JSON Schema and takes JSON mode."""

    def picky(body: dict[str, Any]) -> Answer:
        if body.get("response_format", {}).get("type") == "json_schema":
            return problem(400, "'response_format' of type json_schema is not supported")
        return completion({"capabilities": [READ]})

    run("init")
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.md").write_text(CARD)
    with stub_endpoint(picky) as stub:
        asked = ("--base-url", stub.url, "--model", "stub")
        said = run("draft", "a.md", "b.md", *asked)
        assert said.status == 0
        assert "takes the shape of answers by json_object" in said.err
        assert run("draft", "c.md", *asked).status == 0
        kinds = [body.get("response_format", {}).get("type", "tool_call") for body in stub.requests]
    assert set(kinds[:-1]) == {"json_schema", "tool_call"}
    assert kinds[-1] == "json_object"
    proposal = tomllib.loads((tmp_path / "reviews/c/0001.toml").read_text())
    assert proposal["run"]["parameters"]["structured_output"] == "json_object"
    (tmp_path / "capdraft.toml").write_text("[model]\nstructured_output = 'json_schema'\n")
    with stub_endpoint(picky) as stub:
        said = run("draft", "a.md", "--base-url", stub.url, "--model", "stub", "--fresh")
    assert (said.status, len(stub.requests)) == (1, 1)


def test_deciding_despite_a_finding_needs_a_note_that_readers_see(run: Run, tmp_path: Path) -> None:
    drafted_workspace(tmp_path)
    run("review", "approve", SLUG, "--as", "ada")
    said = run("review", "approve", *UNIQUE)
    assert said.status == 1
    assert "--despite CD103 --note TEXT" in said.err
    assert run("review", "approve", *UNIQUE, "--despite", "CD103").status == 2
    assert run("review", "approve", *UNIQUE, "--despite", "CD999", "--note", "x").status == 2
    assert run("review", "approve", *UNIQUE, "--despite", "CD103", "--note", "Seen.").status == 0
    assert run("check").status == 0
    run("merge")
    entry = json.loads((tmp_path / f"catalog/{SLUG}.json").read_text())
    (approval,) = entry["capabilities"][0]["unique"]["approved"]
    assert (approval["despite"], approval["note"]) == (["CD103"], "Seen.")


def write_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """Make $EDITOR a program that replaces `old` by `new` and keeps what it was shown."""
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\ncp \"$1\" '{tmp_path}/shown'\nsed -i 's/{old}/{new}/' \"$1\"\n")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.setenv("VISUAL", str(editor))


def test_editing_in_an_editor(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafted_workspace(tmp_path)
    write_editor(tmp_path, monkeypatch, "3 GB", "2 GB")
    said = run("review", "edit", *UNIQUE)
    told = f"edited and approved {SLUG}/read-tickets.unique as ada\n"
    assert (said.status, said.out) == (0, f"  Runs in [-3-]{{+2+}} GB of memory.\n{told}")
    shown = (tmp_path / "shown").read_text()
    assert shown.startswith("Runs in 3 GB of memory.\n")
    assert "# ---- everything below this line is left out ----" in shown
    assert "It needs 2 GB of memory." in shown
    assert "CD103" in shown
    said = run("review", "show", f"{SLUG}/read-tickets", "--field", "unique")
    assert "Runs in 2 GB of memory." in said.out
    assert "drafted as: Runs in 3 GB of memory." in said.out
    assert run("check").status == 0
    assert run("review", "undo", *UNIQUE).status == 0
    assert "pending" in run("review", "show", f"{SLUG}/read-tickets", "--field", "unique").out


def test_a_text_that_is_refused_is_not_lost(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted_workspace(tmp_path)
    write_editor(tmp_path, monkeypatch, "3 GB", "9 GB")
    said = run("review", "edit", *UNIQUE)
    assert said.status == 1
    assert "'9 GB' is in none of the cited passages" in said.err
    kept = tmp_path / said.err.rpartition("--from ")[2].strip()
    assert kept.read_text().strip() == "Runs in 9 GB of memory."
    said = run("review", "edit", *UNIQUE, "--from", str(kept), "--despite", "CD103", "--note", "x")
    assert said.status == 0


def test_one_field_is_edited_at_a_time(run: Run, tmp_path: Path) -> None:
    drafted_workspace(tmp_path)
    said = run("review", "edit", f"{SLUG}/read-tickets", "--as", "ada")
    assert said.status == 2
    assert "read-tickets.unique" in said.err


def test_rejecting_needs_a_reason_that_is_one(run: Run, tmp_path: Path) -> None:
    drafted_workspace(tmp_path)
    assert run("review", "reject", *UNIQUE).status == 2
    assert run("review", "reject", *UNIQUE, "--reason", "boring").status == 2
    assert run("review", "reject", *UNIQUE, "--reason", "contradicted").status == 0
    said = run("review", "list")
    assert run("check").status == 0
    assert "rejected    by ada: contradicted CD103" in said.out


def test_the_reasons_and_fields_of_the_command_line_are_those_of_the_records() -> None:
    from capdraft.cli.review_decide import REASON_CODES
    from capdraft.cli.review_options import FIELD_NAMES
    from capdraft.records import FIELDS, REASONS

    assert (tuple(FIELD_NAMES), tuple(REASON_CODES)) == (FIELDS, REASONS)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["review", "list"],
        ["review", "show", SLUG],
        ["review", "approve", SLUG, "--as", "ada"],
        ["review", "reject", SLUG, "--as", "ada", "--reason", "style"],
        ["review", "undo", SLUG, "--as", "nobody"],
        ["merge"],
        ["compare", SLUG, SLUG],
        ["prompts", "list"],
        ["prompts", "show", "draft"],
        ["prompts", "render", f"{SLUG}.md"],
        ["ledger", "show"],
        ["ledger", "show", "1"],
        ["ledger", "prune", "--unusable"],
        ["ledger", "prune"],
        ["draft", f"{SLUG}.md", "--dry-run"],
        ["draft", f"{SLUG}.md"],
        ["schema", "proposal"],
    ],
    ids=" ".join,
)
def test_every_command_answers_with_one_json_document(
    run: Run, tmp_path: Path, arguments: list[str]
) -> None:
    drafted_workspace(tmp_path)
    json.loads(run(*arguments, "--json").out)


@pytest.mark.parametrize("kind", ["proposal", "decision", "catalog", "settings", "comparison"])
def test_each_schema_names_its_version(run: Run, kind: str) -> None:
    schema = json.loads(run("schema", kind).out)
    assert f"capdraft/{kind}/1" in json.dumps(schema["properties"]["schema"])
    assert schema["additionalProperties"] is False


def test_a_prompt_is_shown_as_it_would_be_sent(run: Run, tmp_path: Path) -> None:
    make_workspace(tmp_path)
    listed = run("prompts", "list").out
    assert "draft       packaged" in listed
    assert "draft the capabilities of one artifact" in listed
    rendered = run("prompts", "render", f"{SLUG}.md")
    assert rendered.out == run("draft", f"{SLUG}.md", "--dry-run").out
    assert "[1] Reads printed tickets of up to 40 fields." in rendered.out
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/draft.jinja").write_text(run("prompts", "show", "draft").out)
    assert "draft       prompts/draft.jinja" in run("prompts", "list").out
    assert run("prompts", "render", f"{SLUG}.md").out == rendered.out
    assert run("prompts", "show", "nothing").status == 1


def test_init_leaves_what_is_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("build")
    run("init")
    written = (tmp_path / "capdraft.toml").read_text()
    assert tomllib.loads(written)["schema"] == "capdraft/settings/1"
    (tmp_path / "capdraft.toml").write_text(written + "# mine\n")
    assert "nothing to do" in run("init").out
    assert (tmp_path / ".gitignore").read_text() == "build\n.capdraft/\n"
    assert (tmp_path / "capdraft.toml").read_text().endswith("# mine\n")


def test_check_annotates_a_pull_request(run: Run, tmp_path: Path) -> None:
    drafted_workspace(tmp_path)
    said = run("check", "--format", "github")
    assert said.out.startswith(f"::error file=reviews/{SLUG}/0001.toml,line=")
    assert "title=CD103 read-tickets.unique::'3 GB' is in none" in said.out


def test_severities_come_from_the_settings(run: Run, tmp_path: Path) -> None:
    drafted_workspace(tmp_path)
    (tmp_path / "capdraft.toml").write_text("[rules]\nCD103 = 'warning'\n")
    said = run("check")
    assert (said.status, "0 errors, 1 warning" in said.err) == (0, True)
    assert run("review", "approve", *UNIQUE).status == 0
