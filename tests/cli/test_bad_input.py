"""Everything a user can get wrong: a clear error, nothing written, the right exit status."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stub_endpoint import Answer, completion, problem, stub_endpoint
from workspaces import CARD, READ, drafted_workspace, make_workspace

CARD_NAME = "ticket-reader.md"
Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def nothing_is_written(run: Run, tmp_path: Path) -> Iterator[None]:
    make_workspace(tmp_path)
    yield
    assert not (tmp_path / "reviews").exists()


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a workspace inside of the first, with one drafted artifact."""
    folder = tmp_path / "drafted"
    folder.mkdir()
    drafted_workspace(folder)
    monkeypatch.chdir(folder)
    return folder


def draft(run: Run, tmp_path: Path, content: bytes | None, name: str) -> Any:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with stub_endpoint(completion({"capabilities": [READ]})) as stub:
        said = run("draft", name, "--base-url", stub.url)
        assert stub.requests == []
    return said


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.md", b"", "empty.md: the file is empty"),
        ("blank.md", b" \n\n", "the file is empty"),
        ("picture.md", b"\x89PNG\r\n\x1a\n\0\0", "binary"),
        ("missing.md", None, "missing.md: there is no such file"),
        ("polish.md", "To narzędzie sortuje pocztę według tematów.".encode("cp1250"), "not UTF-8"),
        ("broken.md", b"---\nname: [a\n---\n# A\n\nText.\n", "broken.md:"),
        ("card.odt", b"PK", "'.odt'"),
        ("card.pdf", b"%PDF-1.7", "this is no PDF"),
        ("http://example.org/card.md", None, "http is not read"),
        ("...md", b"# A\n\nText.\n", "is not a slug"),
    ],
)
def test_a_document_that_cannot_be_read(
    run: Run, tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    said = draft(run, tmp_path, content, name)
    assert said.status in (1, 2)
    assert told in said.err
    assert "next:" in said.err


def test_a_folder_without_documents(run: Run, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/picture.png").write_bytes(b"\x89PNG")
    with stub_endpoint() as stub:
        said = run("draft", "docs", "--base-url", stub.url)
    assert said.status == 1
    assert "none of the 1 files below this folder can be read" in said.err


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (completion("Sure, here are the capabilities:"), "the answer isn't JSON"),
        (completion([1, 2]), "the answer is a list"),
        (completion({"items": []}), "not an object with a list of 'capabilities'"),
        (completion({"capabilities": [{"name": "Read"}]}), "no record of the answer is valid"),
        (completion("{", finish_reason="length"), "cut off"),
        (completion(None, refusal="No."), "the model refused: No."),
        (completion(None, finish_reason="content_filter"), "content filter"),
        (Answer("<html>Welcome</html>", headers={"Content-Type": "text/html"}), "a web page"),
        (problem(401, "Incorrect API key provided"), "401: Incorrect API key provided"),
        (problem(404, "The model `x` does not exist"), "doesn't know the model 'stub' (404)"),
    ],
)
def test_an_answer_that_cannot_be_used(run: Run, answer: Answer, told: str) -> None:
    with stub_endpoint(answer) as stub:
        said = run("draft", CARD_NAME, "--base-url", stub.url)
    assert said.status == 1
    assert told in said.err
    assert "next:" in said.err
    assert "1 of 1 failed" in said.err


def test_without_key_endpoint_or_cassette_the_three_ways_are_told(run: Run) -> None:
    said = run("draft", CARD_NAME)
    assert said.status == 2
    for way in ("OPENAI_API_KEY", "--base-url", "--cassette"):
        assert way in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["draft", CARD_NAME, "--artifact", "../x", "--dry-run"],
        ["draft", CARD_NAME, "--artifact", "/etc/x", "--dry-run"],
        ["review", "show", "../x"],
        ["review", "approve", "..", "--as", "ada"],
        ["check", "../x"],
        ["merge", "a/../../x"],
        ["compare", "../x", "y"],
    ],
    ids=" ".join,
)
def test_a_slug_that_is_a_path(run: Run, arguments: list[str]) -> None:
    said = run(*arguments)
    assert said.status == 2
    assert "is not a slug" in said.err


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("schema = [", "capdraft.toml:1: isn't TOML"),
        ("[model]\nnam = 'x'\n", "capdraft.toml:2: model.nam: there is no such key"),
        ("[model]\nnam = 'x'\n", "Did you mean 'name'?"),
        ("[modle]\nname = 'x'\n", "Did you mean 'model'?"),
        ("[review]\napprovals = {descripton = 2}\n", "review.approvals.descripton: Input"),
        ("[rules]\nCD103 = 'loud'\n", "capdraft.toml:2: rules.CD103"),
        ("schema = 'capdraft/settings/9'\n", "capdraft.toml:1: is of format capdraft/settings/9"),
        ("[model.parameters]\nstream = true\n", "stream can't be set here"),
        ("[model.parameters]\nsince = 2026-01-01\n", "only what JSON can say"),
        ("[model]\nbase_url = 'http://[x'\n", "isn't an http or https address"),
        ("[model]\nbase_url = 'http://a:b/v1'\n", "isn't an http or https address"),
        ("[model]\nbase_url = 'localhost:11434'\n", "isn't an http or https address"),
    ],
)
def test_settings_that_are_wrong(run: Run, tmp_path: Path, settings: str, told: str) -> None:
    (tmp_path / "capdraft.toml").write_text(settings)
    said = run("draft", CARD_NAME)
    assert said.status == 2
    assert told in said.err


def test_no_workspace(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "capdraft.toml").unlink()
    said = run("check")
    assert said.status == 2
    assert "capdraft init" in said.err


def test_a_prompt_of_the_workspace_that_is_broken(run: Run, tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    for source, told in (
        ("{% block user %}{{ nam }}{% endblock %}", "'nam' is undefined"),
        ("one\ntwo {% if %}", "draft.jinja:2"),
        ("{% block user %}{{ 1 / 0 }}{% endblock %}", "division by zero"),
        ("{% block user %}{% include 'x' %}{% endblock %}", "no loader"),
        ("No block at all.", "nothing would be asked"),
        ("{% block user %}{{ ''.__class__.__mro__ }}{% endblock %}", "unsafe"),
    ):
        (tmp_path / "prompts/draft.jinja").write_text(source)
        said = run("draft", CARD_NAME, "--base-url", "http://127.0.0.1:9/v1", "--model", "m")
        assert said.status == 1
        assert told in said.err


def test_one_bad_document_does_not_stop_the_others(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "two"
    inside.mkdir()
    make_workspace(inside)
    monkeypatch.chdir(inside)
    with stub_endpoint(completion({"capabilities": [READ]})) as stub:
        said = run("draft", "missing.md", CARD_NAME, "--base-url", stub.url, "--json")
    assert said.status == 1
    data = json.loads(said.out)
    assert [outcome["state"] for outcome in data["outcomes"]] == ["failed", "drafted"]
    assert f"once mended: capdraft draft --base-url {stub.url} --json missing.md" in said.err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[artifact]", "[artifact", "0001.toml:3: isn't TOML"),
        ('name = "Ticket reader"', 'nam = "x"', "artifact.name: Field required"),
        ("capdraft/proposal/1", "capdraft/proposal/2", "is of format capdraft/proposal/2"),
        ('slug = "ticket-reader"', 'slug = "../x"', "is not a slug"),
        ('slug = "ticket-reader"', 'slug = "other"', "is about 'other'"),
    ],
)
def test_a_proposal_file_that_was_edited_into_something_else(
    run: Run, inside: Path, old: str, new: str, told: str
) -> None:
    path = inside / "reviews/ticket-reader/0001.toml"
    path.write_text(path.read_text().replace(old, new))
    for arguments in (["check"], ["review", "show", "ticket-reader"], ["merge"]):
        said = run(*arguments)
        assert said.status == 1
        assert "reviews/ticket-reader/0001.toml" in said.err
        assert told in said.err
    assert not (inside / "catalog").exists()


@pytest.mark.parametrize("key", ["sk-…", "sk-one two", "sk-\u00e4"])
def test_a_key_that_is_none_is_not_sent_and_not_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    said = run("draft", CARD_NAME)
    assert said.status == 2
    assert "OPENAI_API_KEY isn't a key" in said.err
    assert key not in said.err


def test_what_cannot_be_a_source(run: Run, tmp_path: Path) -> None:
    (tmp_path / "loop.md").symlink_to("loop.md")
    said = run("draft", "loop.md", "b\udcffd.md", "!!!.md", CARD_NAME, "--dry-run")
    assert said.status == 1
    assert "loop.md: can't be " in said.err
    assert "its name isn't UTF-8" in said.err
    assert "Reads printed tickets" in said.out
    assert run("draft", CARD_NAME, "--type", "Bad Type!").status == 2


def test_a_wrong_rule_code_in_the_settings_is_told(run: Run, inside: Path) -> None:
    (inside / "capdraft.toml").write_text("[rules]\nCD130 = 'off'\n")
    said = run("check")
    assert said.status == 2
    assert "'CD130' under [rules] is no rule" in said.err
    assert run("review", "approve", "ticket-reader", "--as", "").status == 2
    assert run("review", "reject", "ticket-reader/", "--as", "a", "--reason", "style").status == 2


def test_one_broken_proposal_hides_no_other(run: Run, inside: Path) -> None:
    (inside / "reviews/a").mkdir()
    (inside / "reviews/a/0001.toml").write_text("broken = [")
    for arguments in (["check"], ["review", "list"], ["merge"]):
        said = run(*arguments)
        assert said.status == 1
        assert "reviews/a/0001.toml:1: isn't TOML" in said.err
        assert "ticket-reader" in said.out


def test_nothing_that_a_terminal_obeys_is_printed(run: Run) -> None:
    evil = "\x1b]0;gone\x07\x1b[8m\x9b2J\u202e"
    with stub_endpoint(problem(401, f"Bad{evil}key")) as stub:
        said = run("draft", CARD_NAME, "--base-url", stub.url, "--name", f"A{evil}B", "--dry-run")
        said_of_error = run("draft", CARD_NAME, "--base-url", stub.url)
    for text in (said.err, said_of_error.err):
        assert not set(text) & {"\x07", "\x9b", "\u202e"}
        assert "\x1b[8m" not in text


def test_errors_are_one_json_document_with_json(run: Run) -> None:
    said = run("review", "show", "nothing", "--json")
    assert said.status == 2
    assert json.loads(said.out)["error"]["kind"] == "NotFound"
    said = run("check", "--bogus", "--json")
    assert (said.status, json.loads(said.out)["error"]["kind"]) == (2, "Usage")
    said = run("check", "nothing", "--format", "json")
    assert json.loads(said.out)["error"]["kind"] == "NotFound"


def test_usage(run: Run) -> None:
    assert "Did you mean 'draft'?" in run("darft").err
    assert run("draft").status == 2
    assert run("draft", CARD_NAME, CARD_NAME, "--artifact", "x").status == 2
    assert run("--help").status == 0


def test_the_card_of_these_tests_is_fine(run: Run) -> None:
    said = run("draft", CARD_NAME, "--dry-run")
    assert said.status == 0
    assert "Reads printed tickets of up to 40 fields." in said.out
    assert CARD.splitlines()[-1] in said.out
