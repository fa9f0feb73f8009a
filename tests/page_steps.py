"""The commands of a page, typed in an empty folder: what each prints, to hold against the page.

The model is a server on loopback that gives the recorded answers of a cassette. Unlike `--cassette`
it is asked as a live endpoint is: with the catalog, and with answers going to the ledger.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from capdraft.client.cassettes import Mode, mismatch, use_cassette
from stub_endpoint import Answer, problem, stub_endpoint

ROOT = Path(__file__).parents[1]
MARK = "=== exit status "
MODES: dict[str, Mode] = {"none": "none", "once": "once", "all": "rewrite"}
"""By the values of `--record-mode`, as `conftest.py` gives them to tests."""


class Step(NamedTuple):
    """What is typed, and what the page says that it prints."""

    command: str
    printed: str


class Typed(NamedTuple):
    """What a command printed, on both streams, and its exit status."""

    printed: str
    status: int


@dataclass
class Endpoint:
    """Where the recorded model is asked, its name, and what was asked that isn't recorded."""

    url: str
    model: str
    problems: list[str] = field(default_factory=list)


def steps_in(block: str) -> list[Step]:
    """Return the commands of a block, each behind `$`; lines up to END belong to `<<'END'`."""
    found = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        first, _, rest = part.partition("\n")
        if first.endswith("<<'END'"):
            typed, _, rest = rest.partition("END\n")
            first = f"{first}\n{typed}END"
        found.append(Step(first, rest))
    return found


def prints(step: Step, printed: str) -> bool:
    """Tell whether this is what the page says: `…` is anything in a line, alone any lines."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in step.printed.splitlines()
    ]
    return re.fullmatch("".join(lines), printed) is not None


def type_all(commands: Sequence[str], folder: Path, endpoint: Endpoint) -> list[Typed]:
    """Type all commands into one shell, in a folder of its own; return what each printed."""
    program = folder / "bin/capdraft"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m capdraft "$@"\n')
    program.chmod(0o755)
    (folder / "empty").mkdir()
    done = subprocess.run(
        ["sh", "-s"],
        input="".join(f'{command}\necho "{MARK}$?"\n' for command in commands),
        cwd=folder / "empty",
        env={
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "src"),
            "OPENAI_BASE_URL": endpoint.url,
            "OPENAI_MODEL": endpoint.model,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    parts = re.split(rf"^{MARK}(\d+)\n", done.stdout, flags=re.MULTILINE)
    return [Typed(*found) for found in zip(parts[::2], map(int, parts[1::2]), strict=False)]


@contextmanager
def recorded_endpoint(cassette: Path, mode: Mode = "none") -> Iterator[Endpoint]:
    """Serve what `cassette` holds; to record it, ask what OPENAI_BASE_URL names and pass it on.

    Nothing is saved if the endpoint refused anything.
    """
    base_url = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1")
    key = os.environ.get("OPENAI_API_KEY", "")
    with use_cassette(cassette, mode) as session:
        recorded = session.first_request()
        model = recorded.model if recorded else os.environ["OPENAI_MODEL"]

        def answer(body: dict[str, Any]) -> Answer:
            try:
                said = httpx2.post(
                    f"{base_url}/chat/completions",
                    json=body,
                    headers={"Authorization": f"Bearer {key}"} if key else {},
                    timeout=3600,
                )
            except Exception as error:
                endpoint.problems.append(str(mismatch(error) or error))
                return problem(400, "not recorded")
            if said.status_code != httpx2.codes.OK:
                endpoint.problems.append(said.text)
            return Answer(said.text, said.status_code, {"Content-Type": "application/json"})

        with stub_endpoint(answer, models=[model]) as stub:
            endpoint = Endpoint(stub.url, model)
            yield endpoint
        if endpoint.problems:
            session.discard()
