"""The workflow for users: its shape, pins and rights, its commands, and its steps as they run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from capdraft.cli import main
from capdraft.prompts import packaged_folder
from cassette_tape import Tape
from gold_set import GOOD, TIDE, write_gold
from stub_endpoint import Answer, completion
from test_docs import parse, words_of
from workspaces import READ

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples/ci/cassettes.yml"
LOADED = yaml.safe_load(FILE.read_text())
JOBS: dict[str, Any] = LOADED["jobs"]
TRIGGERS = LOADED[True]  # YAML 1.1 reads `on` so
PINNED = re.compile(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def test_github_would_take_it() -> None:
    check = ("-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(FILE))
    checked = subprocess.run([sys.executable, *check], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_actions_are_pinned_and_rights_are_the_least() -> None:
    uses = [line.strip(" -") for line in FILE.read_text().splitlines() if "uses:" in line]
    assert uses
    assert all(map(PINNED.fullmatch, uses))
    assert LOADED["permissions"] == {}
    assert JOBS["replay"]["permissions"] == {"contents": "read"}
    assert JOBS["record"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert "secrets." not in yaml.safe_dump(JOBS["replay"])
    assert "github.event_name != 'pull_request'" in JOBS["record"]["if"]
    assert "pull_request_target" not in TRIGGERS


def test_nothing_that_others_write_is_pasted_into_a_script() -> None:
    for job in JOBS.values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")


def test_every_command_in_it_can_be_parsed() -> None:
    lines = [line for job in JOBS.values() for step in job["steps"] for line in scripts(step)]
    commands = [found[1] for line in lines for found in re.finditer(r"\bcapdraft ([a-z].*)", line)]
    assert len(commands) > 6
    for command in commands:
        parse(words_of(re.split(r"\)? *\|\|?|\)$|\) ", command)[0].strip()))


def scripts(step: dict[str, Any]) -> list[str]:
    return str(step.get("run", "")).splitlines()


def answer(body: dict[str, Any]) -> Answer:
    asked = body["messages"][-1]["content"]
    kiln = GOOD if "Kilnwatch" in asked else TIDE
    return completion({"capabilities": [READ] if "Ticket" in asked else kiln})


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=ana", "-c", "user.email=ana@example.org")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


class Runner:
    """Runs the steps of a job in a clone, as a runner of GitHub Actions runs them."""

    def __init__(self, tape: Tape, folder: Path) -> None:
        self.clone, self.summary = folder / "work/clone", folder / "summary.md"
        self.origin = folder / "origin.git"
        commands = folder / "bin"
        commands.mkdir(parents=True)
        self._command(commands / "capdraft", f'exec {sys.executable} -m capdraft "$@"')
        self._command(commands / "gh", f'echo "$@" >> {folder / "gh.txt"}; [ "$2" = create ]')
        self.environment = {
            **os.environ,
            "PATH": f"{commands}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(folder),
            "BASE": "main",
            "GH_TOKEN": "none",
            "REPOSITORY": "ana/kilns",
            "OPENAI_BASE_URL": tape.stub.url,
            "OPENAI_MODEL": "stub",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{self.origin}.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://x-access-token:none@github.com/ana/kilns.git",
        }

    def _command(self, path: Path, line: str) -> None:
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)

    def check_out(self, root: Path) -> None:
        git(root, "init", "-q", "-b", "main")
        git(root, "add", ".")
        git(root, "commit", "-qm", "Begin")
        git(root, "clone", "-q", "--bare", ".", str(self.origin))
        git(root, "clone", "-q", str(self.origin), str(self.clone))

    def run(self, job: str, *only: str) -> dict[str, int]:
        """Return the exit status of each step by its name, but for those that install."""
        ended = {}
        for step in JOBS[job]["steps"]:
            name = step.get("name", "Install")
            if name != "Install" and name in (only or (name,)):
                done = subprocess.run(
                    ["bash", "-e", "-c", step["run"]],
                    cwd=self.clone,
                    env=self.environment,
                    check=False,
                    capture_output=True,
                    text=True,
                )
                ended[name] = done.returncode
                assert "Traceback" not in done.stderr, done.stderr
        return ended


@pytest.fixture
def runner(tape: Tape, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    tape.answer = answer
    write_gold(tape.root)
    (tape.root / ".gitignore").write_text(".capdraft/\n")
    endpoint = ("--base-url", tape.stub.url, "--model", "stub")
    assert main(["evaluate", "run", "--cassettes", "cassettes/gold", *endpoint]) == 0
    made = Runner(tape, tmp_path_factory.mktemp("runner"))
    made.check_out(tape.root)
    return made


@pytest.mark.skipif(not shutil.which("bash"), reason="the steps are for bash")
def test_a_pull_request_is_replayed_and_compared_and_a_stale_one_fails(runner: Runner) -> None:
    assert set(runner.run("replay").values()) == {0}
    assert "Two evaluations compared" in runner.summary.read_text()
    card = runner.clone / "ticket-reader.md"
    card.write_text(card.read_text().replace("40 fields", "44 fields"))
    check = "Every recording is what would be asked now"
    assert runner.run("replay", check) == {check: 1}


@pytest.mark.skipif(not shutil.which("bash"), reason="the steps are for bash")
def test_what_mends_recordings_that_are_stale_on_the_target_branch_passes(
    runner: Runner, tape: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the pull request that the second job opens can be merged."""
    own = runner.clone / "prompts/draft.jinja"
    own.parent.mkdir()
    packaged = (packaged_folder() / "draft.jinja").read_text(encoding="utf-8")
    own.write_text(packaged.replace("no marketing", "much marketing"), encoding="utf-8")
    git(runner.clone, "add", ".")
    git(runner.clone, "commit", "-qm", "Change the prompt alone")
    git(runner.clone, "push", "-q", "origin", "main")
    monkeypatch.chdir(runner.clone)
    assert tape.record()[0] == 0
    assert set(runner.run("replay").values()) == {0}
    assert "A drafted none of the documents" in runner.summary.read_text()


@pytest.mark.skipif(not shutil.which("bash"), reason="the steps are for bash")
def test_what_is_stale_is_recorded_and_proposed_once(runner: Runner, tape: Tape) -> None:
    assert set(runner.run("record").values()) == {0}
    assert not (runner.clone.parents[1] / "gh.txt").exists()
    card = runner.clone / "ticket-reader.md"
    card.write_text(card.read_text().replace("40 fields", "44 fields"))
    git(runner.clone, "commit", "-qam", "Read more fields")
    assert set(runner.run("record").values()) == {0}
    changed = git(runner.origin, "diff", "--name-only", "main", "record-cassettes").split()
    assert sorted(changed) == ["cassettes/ticket.yaml", "ticket-reader.md"]
    told = (runner.clone.parents[1] / "gh.txt").read_text()
    assert "pr create --head record-cassettes --base main" in told
    assert "recorded  ticket" in (runner.clone.parents[1] / "body.md").read_text()
