"""`capdraft serve`: what it prints, what it refuses, how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from capdraft.cli import main
from capdraft.workspace import Workspace


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run `capdraft serve` on a free port; it is stopped as Ctrl-C does."""
    command = [sys.executable, "-m", "capdraft", "serve", "--port", "0", *options]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            yield server
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(15)


def address(line: str) -> str:
    found = re.search(r"http://\S+", line)
    assert found, line
    return found.group()


def test_it_prints_the_address_answers_there_and_ends_with_ctrl_c(workspace: Workspace) -> None:
    with serving(workspace.root, "--as", "Ann Bo") as server:
        assert server.stdout is not None
        assert server.stderr is not None
        said = server.stdout.readline()
        assert "ann-bo" in said
        told = [server.stderr.readline() for _ in range(2)]
        assert told == ["Ctrl-C stops it.\n", "3 fields wait for ann-bo.\n"]
        with urllib.request.urlopen(address(said)) as answer:  # noqa: S310
            assert b"3 fields wait for you" in answer.read()
    assert server.returncode == 130


def test_what_changes_outside_shows_without_a_restart(workspace: Workspace) -> None:
    with serving(workspace.root, "--as", "ann") as server:
        assert server.stdout is not None
        url = address(server.stdout.readline())
        (workspace.root / "capdraft.toml").write_text('[review]\nreviewers = ["bo"]\n')
        limit = time.monotonic() + 20
        page = b""
        while b"Nothing waits for you" not in page and time.monotonic() < limit:
            time.sleep(0.2)
            with urllib.request.urlopen(url) as answer:  # noqa: S310
                page = answer.read()
        assert b"Nothing waits for you" in page


def test_json_is_one_document_with_a_link_for_each_reviewer(workspace: Workspace) -> None:
    options = ("--json", "--auth", "token", "--as", "ann", "--as", "bo", "--name", "desk.example")
    with serving(workspace.root, *options) as server:
        assert server.stdout is not None
        text = ""
        while not text.endswith("\n}\n"):
            text += server.stdout.readline()
        urls = {item["reviewer"]: item["url"] for item in json.loads(text)["urls"]}
        assert list(urls) == ["ann", "bo"]
        assert urls["ann"] != urls["bo"]
        here = urls["bo"].replace("desk.example", "127.0.0.1")
        with urllib.request.urlopen(here) as answer:  # noqa: S310
            assert "capdraft-" in answer.headers["Set-Cookie"]
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(here.partition("enter")[0])  # noqa: S310


def test_a_port_that_is_taken_is_told(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(workspace.root, "--as", "ann") as server:
        assert server.stdout is not None
        port = address(server.stdout.readline()).rpartition(":")[2].strip("/")
        where = ("--workspace", str(workspace.root))
        assert main(["serve", "--port", port, "--as", "bo", *where]) == 2
        assert "--port 0 takes a free one" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (["--host", "0.0.0.0"], "needs --auth"),  # noqa: S104
        (["--host", "192.0.2.7"], "--auth token"),
        (["--host", "desk.example"], "--auth header:NAME"),
        (["--host", "::", "--auth", "token"], "needs --name"),
        (["--as", "ann", "--as", "bo"], "--auth token"),
        (["--auth", "password"], "--auth token, or --auth header:"),
        (["--auth", "header"], "--auth header:X-Forwarded-User"),
        (["--auth", "open"], "is not known"),
        (["--auth", "header:X-User", "--as", "ann"], "the proxy says who it is"),
        (["--auth", "header:X User"], "is no name of a header"),
        (["--auth", "header:X-User", "--proxy", "proxy.example"], "the proxy's own"),
        (["--name", "desk.example"], "--auth token or --auth header:NAME"),
        (["--auth", "token", "--name", "https://desk.example"], "The host alone"),
        (["--auth", "token", "--name", "desk.example:80"], "The host alone"),
        (["--auth", "token", "--as", "../.."], "is not a slug"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_it_refuses_to_be_open_to_nobody_knows_whom(
    workspace: Workspace, options: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *options, "--workspace", str(workspace.root)]) == 2
    assert hint in capsys.readouterr().err


def test_broken_settings_are_told_before_anything_is_served(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace.root / "capdraft.toml").write_text("[review\n")
    assert main(["serve", "--workspace", str(workspace.root)]) == 2
    said = capsys.readouterr()
    assert "capdraft.toml:1: isn't TOML" in said.err
    assert "http://" not in said.out


def test_a_missing_extra_names_what_installs_it(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["serve", "--workspace", str(workspace.root)]) == 2
    assert "pip install 'capdraft[web]'" in capsys.readouterr().err


def test_local_state_that_came_by_git_is_refused(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    known = workspace.root / ".capdraft/web-secret"
    known.write_text("k" * 43)
    known.chmod(0o600)
    for words in (["init", "--quiet"], ["add", "--force", str(known)]):
        subprocess.run(["git", *words], cwd=workspace.root, check=True)
    assert main(["serve", "--as", "ann", "--workspace", str(workspace.root)]) == 1
    said = capsys.readouterr().err
    assert ".capdraft/web-secret" in said
    assert "git rm -r --cached .capdraft" in said
