"""Every line of the tutorial is typed in an empty folder, and prints what the page says.

The model is a stub on loopback: its answers are in `tutorial_answers.jsonl`. On the page `…` stands
for what differs from run to run: within a line for anything, alone for any number of lines.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from stub_endpoint import Answer, completion, stub_endpoint

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/tutorial.md"
ANSWERS = {
    said["artifact"]: said["answer"]
    for said in map(json.loads, (ROOT / "tests/tutorial_answers.jsonl").read_text().splitlines())
}
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "=== next command ==="


class Step(NamedTuple):
    """What is typed, and what the page says that it prints."""

    command: str
    printed: str


def steps_of(page: str) -> list[Step]:
    """Return the commands of the page's console blocks; lines up to END belong to `<<'END'`."""
    found = []
    for block in BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, _, rest = part.partition("\n")
            if first.endswith("<<'END'"):
                typed, _, rest = rest.partition("END\n")
                first = f"{first}\n{typed}END"
            found.append(Step(first, rest))
    return found


STEPS = steps_of(PAGE.read_text(encoding="utf-8"))


def pattern_of(printed: str) -> str:
    """Return what the page says as a pattern: `…` stands for anything."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in printed.splitlines()
    ]
    return "".join(lines)


def answer(body: dict[str, Any]) -> Answer:
    """Answer for the artifact that the prompt is about, with a usage that fits its size."""
    asked = "\n".join(message["content"] for message in body["messages"])
    (name,) = re.findall(r"^The artifact: (.+)$", asked, re.MULTILINE)
    said = completion(ANSWERS[name])
    data = json.loads(said.body)
    data["usage"] = {"prompt_tokens": 1300, "completion_tokens": 200, "total_tokens": 1500}
    return Answer(json.dumps(data), headers=said.headers)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Type all lines into one shell, in an empty folder; return what each printed."""
    folder = tmp_path_factory.mktemp("tutorial")
    (folder / "bin").mkdir()
    program = folder / "bin/capdraft"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m capdraft "$@"\n')
    program.chmod(0o755)
    (folder / "empty").mkdir()
    script = f"\necho '{MARK}'\n".join(step.command for step in STEPS)
    with stub_endpoint(answer) as endpoint:
        done = subprocess.run(
            ["sh", "-s"],
            input=script,
            cwd=folder / "empty",
            env={
                "HOME": str(folder),
                "LANG": "C.UTF-8",
                "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT / "src"),
                "OPENAI_BASE_URL": endpoint.url,
                "OPENAI_MODEL": "stub",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        )
    return done.stdout.split(f"{MARK}\n")


@pytest.mark.parametrize("number", range(len(STEPS)), ids=lambda n: STEPS[n].command[:50])
def test_a_line_prints_what_the_page_says(number: int, typed: list[str]) -> None:
    assert len(typed) == len(STEPS)
    step, printed = STEPS[number], typed[number]
    if not re.fullmatch(pattern_of(step.printed), printed):
        pytest.fail(f"$ {step.command}\nthe page:\n{step.printed}\nprinted:\n{printed}", False)


def test_the_page_has_all_steps_from_a_document_to_a_page() -> None:
    commands = [step.command.split()[:2] for step in STEPS]
    for name in ("init", "draft", "check", "review", "merge", "site"):
        assert ["capdraft", name] in commands
