"""What a shell completes at Tab, asked as the shell asks and typed in a real one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from capdraft.cli.completing import EXPORTS
from capdraft.publishing.exports import FORMATS
from workspaces import drafted_workspace

ROOT = Path(__file__).parents[2]
HEAVY = {"pydantic", "openai", "jinja2", "httpx2", "yaml", "starlette", "sqlite3", "asyncio"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with the proposal 0001 of a ticket reader, which the catalog has too."""
    drafted_workspace(tmp_path)
    (tmp_path / "catalog").mkdir()
    entry = '{"artifact": {\n "type": "model"}, "capabilities": [{"id": "stamp-tickets"}]}'
    (tmp_path / "catalog/ticket-reader.json").write_text(entry)
    (tmp_path / "reviews/tea-kettle").mkdir()
    (tmp_path / "reviews/tea-kettle/0001.toml").write_text("")
    return tmp_path


def capdraft(where: Path, *before: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *before],
        cwd=where,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
        capture_output=True,
        text=True,
        check=True,
    )


def offered(where: Path, line: str) -> list[str]:
    """Return what bash is told at Tab behind `line`."""
    asked = {"_CAPDRAFT_COMPLETE": "bash_complete", "COMP_WORDS": line}
    done = capdraft(where, "-m", "capdraft", **asked)
    assert done.stderr == ""
    return [row.partition(",")[2] for row in done.stdout.split()]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("capdraft doc", ["doctor"]),
        ("capdraft review und", ["undo"]),
        ("capdraft merge t", ["tea-kettle", "ticket-reader"]),
        ("capdraft merge ticket-reader ", ["tea-kettle"]),
        ("capdraft compare t", ["ticket-reader"]),
        ("capdraft review show ti", ["ticket-reader", "ticket-reader/read-tickets"]),
        ("capdraft review show ticket-reader/", ["ticket-reader/read-tickets"]),
        (
            "capdraft review edit ticket-reader/read-tickets.u",
            ["ticket-reader/read-tickets.unique"],
        ),
        ("capdraft withdraw ticket-reader/s", ["ticket-reader/stamp-tickets"]),
        ("capdraft review show x --field u", ["unique"]),
        ("capdraft review reject x --reason d", ["duplicate"]),
        ("capdraft review approve ticket-reader --despite ", ["CD103"]),
        ("capdraft diff ticket-reader --since ", ["0001", "catalog"]),
        ("capdraft prompts show su", ["survey"]),
        ("capdraft rank --type ", ["model"]),
        ("capdraft export js", ["json", "json-ld", "jsonl"]),
        ("capdraft check --format=g", ["github"]),
        ("capdraft review show x --field=u", ["unique"]),
        ("capdraft draft --base-url http://h:1/v1 --artifact ti", ["ticket-reader"]),
        ("capdraft log 'ti", ["ticket-reader"]),
        ("capdraft review edit ticket-reader --cite ", []),  # numbers of passages, not of files
        ("capdraft draft tick", ["tick"]),  # of the type file: the shell looks itself
    ],
)
def test_names_of_the_workspace_are_completed(folder: Path, line: str, names: list[str]) -> None:
    assert offered(folder, line) == names


def test_the_workspace_is_found_from_below_and_by_its_option(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    assert offered(folder / "reviews", "capdraft log ti") == ["ticket-reader"]
    (folder / "a b").mkdir()
    for there in (folder, f"~/{folder.name}", f"$HOME/{folder.name}", f"'{folder}/a b'"):
        for line in (f"--workspace {there} ti", f"--workspace={there} ti"):
            assert offered(Path("/"), f"capdraft log {line}") == ["ticket-reader"]


def test_outside_of_a_workspace_and_over_broken_files_nothing_is_offered_and_nothing_said(
    folder: Path,
) -> None:
    assert offered(Path("/"), "capdraft review show ") == []
    (folder / "reviews/ticket-reader/0001.toml").write_text("[[capabilities")
    assert offered(folder, "capdraft review show ticket-reader/") == []
    assert offered(folder, "capdraft review list ti") == ["ticket-reader"]
    assert offered(folder, "capdraft review show ../../etc/") == []
    assert offered(folder, "capdraft reviw show ") == []


def test_the_formats_offered_are_those_that_there_are() -> None:
    assert EXPORTS == FORMATS


def test_what_a_file_says_never_becomes_a_command_of_the_shell(folder: Path) -> None:
    proposal = '[[capabilities]]\nid = "$(touch${IFS}owned)"\n[[capabilities]]\nid = "good"\n'
    (folder / "reviews/ticket-reader/0001.toml").write_text(proposal)
    names = offered(folder, "capdraft review show ticket-reader/")
    assert names == ["ticket-reader/good"]


@pytest.mark.parametrize(
    "line", ["capdraft ", "capdraft review approve ticket-reader/", "capdraft draft --artifact "]
)
def test_a_tab_imports_nothing_heavy(folder: Path, line: str) -> None:
    code = (
        "import sys; from capdraft.cli import main; main([]);"
        "print('|'.join(sys.modules), file=sys.stderr)"
    )
    asked = {"_CAPDRAFT_COMPLETE": "bash_complete", "COMP_WORDS": line}
    done = capdraft(folder, "-c", code, **asked)
    assert done.stdout
    assert not set(done.stderr.split("|")) & HEAVY


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_ends_with_how_to_install_it(tmp_path: Path, shell: str) -> None:
    printed = capdraft(tmp_path, "-m", "capdraft", "completion", shell).stdout
    *_, last = printed.splitlines()
    if shell == "fish":  # a file below a folder that a new user lacks
        assert "mkdir -p" in last
    assert last.startswith("# ")
    assert f"capdraft completion {shell}" in last
    assert "_CAPDRAFT_COMPLETE=" in printed
    assert (printed.splitlines()[0] == "#compdef capdraft") == (shell == "zsh")
    answer = json.loads(capdraft(tmp_path, "-m", "capdraft", "completion", shell, "--json").stdout)
    assert answer["script"].rstrip() in printed


@pytest.fixture(params=["bash", "zsh", "fish"])
def shell(request: pytest.FixtureRequest, folder: Path) -> Iterator[pexpect.spawn[str]]:
    """A shell in the workspace, with capdraft on its path and its completion installed."""
    name, commands = request.param, folder / ".bin"
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"no {name} here")
    commands.mkdir()
    (commands / "capdraft").write_text(f'#!/bin/sh\nexec {sys.executable} -m capdraft "$@"\n')
    (commands / "capdraft").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{commands}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "HOME": str(folder),
        "TERM": "dumb",
        "PS1": "> ",
    }
    bare = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}[name]
    typed = {
        "bash": 'eval "$(capdraft completion bash)"',
        "zsh": 'autoload -Uz compinit; compinit -u; eval "$(capdraft completion zsh)"',
        "fish": "capdraft completion fish | source",
    }[name]
    child = pexpect.spawn(
        program,
        bare,
        cwd=folder,
        env=environment,
        encoding="utf-8",
        timeout=20,
        dimensions=(24, 120),
    )
    child.sendline(f"{typed}; echo rea''dy")
    child.expect("ready\r?\n")
    yield child
    child.close(force=True)


def test_tab_completes_in_the_shell_itself(shell: pexpect.spawn[str]) -> None:
    shell.send("capdraft review expl\t")
    shell.expect_exact("ain ")
    shell.send("tick\t")
    shell.expect_exact("et-reader")
    shell.send("/re\t")
    shell.expect_exact("ad-tickets")


def test_tab_completes_behind_an_equals_sign_and_says_no_error(
    shell: pexpect.spawn[str], folder: Path
) -> None:
    (folder / "odd place").mkdir()
    shell.send("capdraft reviw show \tx\x15")  # a typing error, taken back with Ctrl-U
    shell.send("capdraft log --workspace=od\t")
    shell.expect_exact("d\\ place/")
    assert "No such command" not in str(shell.before)
    shell.send(" tick\t")
    shell.expect_exact("et-reader")
    shell.send("\x15capdraft check --workspace=. --format=gi\t")
    shell.expect_exact("thub")


def test_zsh_needs_no_other_line_than_the_one_that_is_told(folder: Path) -> None:
    zsh = shutil.which("zsh")
    if zsh is None:
        pytest.skip("no zsh here")
    typed = capdraft(folder, "-m", "capdraft", "completion", "zsh").stdout
    child = pexpect.run(
        f"{zsh} -f -i -c 'eval \"$SCRIPT\"; print -r -- ${{_comps[capdraft]}}'",
        env={**os.environ, "SCRIPT": typed, "HOME": str(folder), "TERM": "dumb"},
        encoding="utf-8",
    )
    assert str(child).strip().endswith("_capdraft_completion")
