"""`capdraft draft --cassette`: record, replay without a key, and never lose a recording."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stub_endpoint import completion, problem, stub_endpoint
from workspaces import CARD, READ, make_workspace

Run = Callable[..., Any]
CARD_NAME = "ticket-reader.md"
RECORD = ("draft", CARD_NAME, "--cassette", "tapes/card.yaml")


@pytest.fixture
def cassette(run: Run, tmp_path: Path) -> Path:
    """Record a cassette, with a key in the environment."""
    make_workspace(tmp_path)
    with stub_endpoint(completion({"capabilities": [READ]}), models=["stub-7b"]) as stub:
        said = run(*RECORD, "--base-url", stub.url)
    assert said.status == 0
    assert "recorded in tapes/card.yaml" in said.err
    return tmp_path / "tapes/card.yaml"


def dead_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/v1"


def test_a_replay_needs_no_key_endpoint_or_model(cassette: Path, run: Run, tmp_path: Path) -> None:
    said = run(*RECORD, "--record-mode", "none")
    assert said.status == 0
    assert "replaying tapes/card.yaml for 1 source: stub-7b, recorded at" in said.err
    assert "unchanged  reviews/ticket-reader/0001.toml says the same" in said.out
    assert not (tmp_path / "reviews/ticket-reader/0002.toml").exists()


def test_a_changed_document_is_told_as_the_changed_line(
    cassette: Path, run: Run, tmp_path: Path
) -> None:
    (tmp_path / CARD_NAME).write_text(CARD.replace("40 fields", "50 fields"))
    said = run(*RECORD)
    assert said.status == 1
    assert "-[1] Reads printed tickets of up to 40 fields." in said.err
    assert "+[1] Reads printed tickets of up to 50 fields." in said.err
    assert "--record-mode rewrite" in said.err
    assert not (tmp_path / "reviews/ticket-reader/0002.toml").exists()


@pytest.mark.parametrize("status", [0, 401, 404])
def test_a_recording_that_fails_leaves_the_old_one(cassette: Path, run: Run, status: int) -> None:
    before = cassette.read_bytes()
    with stub_endpoint(problem(status or 500, "No.")) as stub:
        url = stub.url if status else dead_url()
        said = run(*RECORD, "--record-mode", "rewrite", "--base-url", url, "--model", "stub-7b")
    assert said.status == 1
    assert cassette.read_bytes() == before
    assert [path.name for path in cassette.parent.iterdir()] == [cassette.name]


def test_a_bad_answer_is_kept_on_the_cassette(run: Run, tmp_path: Path) -> None:
    make_workspace(tmp_path)
    with stub_endpoint(completion("No JSON today.")) as stub:
        assert run(*RECORD, "--base-url", stub.url).status == 1
    said = run(*RECORD, "--record-mode", "none")
    assert (said.status, "isn't JSON" in said.err) == (1, True)


def test_a_secret_in_a_document_is_never_recorded(run: Run, tmp_path: Path) -> None:
    secret = "sk-proj-" + "a1B2" * 12
    make_workspace(tmp_path, CARD + f"\nSet the key to {secret} first.\n")
    with stub_endpoint(completion({"capabilities": [READ]})) as stub:
        said = run(*RECORD, "--base-url", stub.url)
    assert said.status == 1
    assert "holds an API key" in said.err
    assert secret not in said.err
    assert not (tmp_path / "tapes/card.yaml").exists()


def test_the_key_is_in_no_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_workspace(tmp_path)
    key = "0123456789-the-key-of-this-test"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with stub_endpoint(completion({"capabilities": [READ]})) as stub:
        url = stub.url.replace("http://", "http://user:hunter2@")
        assert run(*RECORD, "--base-url", url).status == 0
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert key.encode() not in path.read_bytes(), path
            assert b"hunter2" not in path.read_bytes(), path


def test_a_cassette_that_is_not_there_or_none_is_told(run: Run, tmp_path: Path) -> None:
    make_workspace(tmp_path)
    said = run(*RECORD, "--record-mode", "none")
    assert (said.status, "there is no such cassette" in said.err) == (1, True)
    (tmp_path / "tapes").mkdir()
    (tmp_path / "tapes/card.yaml").write_text("interactions: [\n")
    said = run(*RECORD)
    assert said.status == 1
    assert "tapes/card.yaml:" in said.err


def test_what_a_cassette_plays_never_stands_in_for_an_endpoint(
    cassette: Path, run: Run, tmp_path: Path
) -> None:
    """A cassette may come from somebody else and claim any address."""
    (tmp_path / ".capdraft/ledger.sqlite3").unlink()
    for _ in range(3):
        assert run(*RECORD, "--record-mode", "none").status == 0
    assert run("ledger", "show").out.count(CARD_NAME) == 1
    with stub_endpoint(completion({"capabilities": []})) as stub:
        text = cassette.read_text()
        recorded = re.search(r"http://127\.0\.0\.1:\d+/v1", text)
        assert recorded
        cassette.write_text(text.replace(recorded[0], stub.url))
        assert run(*RECORD, "--record-mode", "none").status == 0
        run("draft", CARD_NAME, "--base-url", stub.url, "--model", "stub-7b")
        assert len(stub.requests) == 1
