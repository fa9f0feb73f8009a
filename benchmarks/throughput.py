"""Draft the same documents with capdraft, bare loops and peers, in one run; print the ratios.

    make bench-peers      (or: python -m benchmarks.throughput --peers)

The endpoint is a stub (benchmarks/stub.py): nothing here is about the quality of answers.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click

ROOT = Path(__file__).parent.parent
ENVIRONMENTS = ROOT / ".benchmarks"
FLOORS = ("bare_http", "bare_sdk")
PEERS = {
    "instructor_loop": "instructor",
    "pydantic_ai_loop": "pydantic-ai-slim[openai]",
    "langextract_loop": "langextract[openai]",
}
"""Each peer's script, and the package that it needs."""
_SUBJECTS = ("parser", "indexer", "sorter", "reader", "planner", "tagger", "scanner", "router")
_VERBS = ("reads", "sorts", "tags", "checks", "joins", "splits", "scans", "stores", "sends")
_OBJECTS = ("tickets", "invoices", "letters", "forms", "maps", "labels", "tables", "notes")


@dataclass(frozen=True)
class Measured:
    """What one run of a program took; `first` is the time from its start to its first request."""

    wall: float
    first: float
    cpu: float
    megabytes: float
    requests: int
    bytes_sent: int


def write_documents(folder: Path, count: int) -> list[Path]:
    """Write `count` different documents of 4 KB; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    chance, paths = random.Random(4), []  # noqa: S311 - the same texts each time
    for number in range(count):
        path = folder / f"tool-{number:04}.md"
        path.write_text(_document(number, chance), encoding="utf-8")
        paths.append(path)
    return paths


def _document(number: int, chance: random.Random) -> str:
    parts = [f"# Tool {number}", _sentences(chance, 3)]
    section = 0
    while sum(map(len, parts)) < 3900:
        section += 1
        parts += [f"## Part {section}", _sentences(chance, 3), _sentences(chance, 2)]
        if section % 2:
            parts.append("\n".join(f"- {_sentences(chance, 1)}" for _ in range(3)))
        else:
            rows = [f"| {chance.choice(_OBJECTS)} | {chance.randint(2, 900)} ms |" for _ in "123"]
            parts.append("\n".join(["| Input | Time |", "| --- | --- |", *rows]))
    return "\n\n".join(parts) + "\n"


def _sentences(chance: random.Random, count: int) -> str:
    def one() -> str:
        amount, size = chance.randint(2, 4000), chance.choice(("4 KB", "2 MB", "1.5 GB"))
        who, does, what = map(chance.choice, (_SUBJECTS, _VERBS, _OBJECTS))
        where = f"on {chance.randint(1, 64)} cores" if chance.random() < 0.5 else "without a `GPU`"
        return f"The **{who}** {does} {amount} {what} of up to {size} a second {where}."

    return " ".join(one() for _ in range(count))


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """Run the stub endpoint while the block runs; give its base URL."""
    stub = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.stub", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert stub.stdout
        yield stub.stdout.readline().strip()
    finally:
        stub.kill()
        stub.communicate()


def stats(url: str) -> dict[str, Any]:
    """Return what the stub has counted."""
    with urllib.request.urlopen(f"{url}/stats") as response:  # noqa: S310 - loopback
        counted: dict[str, Any] = json.load(response)
        return counted


def measure(command: list[str], folder: Path, url: str) -> Measured:
    """Run `command` in `folder`; it must end well."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    started, clock = time.time(), time.monotonic()
    with tempfile.TemporaryFile("w+") as told:
        program = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=told
        )
        _, status, used = os.wait4(program.pid, 0)
        wall = time.monotonic() - clock
        program.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        assert program.returncode == 0, told.read()[-3000:]
    counted = stats(url)
    kilobytes = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Measured(
        wall=wall,
        first=counted["first"] - started,
        cpu=used.ru_utime + used.ru_stime,
        megabytes=kilobytes / 1024,
        requests=counted["requests"],
        bytes_sent=counted["bytes"],
    )


def run(name: str, count: int, at_once: int, latency: float) -> Measured:
    """Measure one program on `count` documents, in a fresh workspace and with a fresh stub."""
    with serving("--latency", str(latency)) as url, tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
        names = [path.relative_to(folder) for path in write_documents(folder / "docs", count)]
        command = [_python(name), "-m", f"benchmarks.throughput_peers.{name}", url, str(at_once)]
        if name == "capdraft":
            asked = ("--base-url", url, "--model", "stub", "-j", str(at_once))
            command = [sys.executable, "-m", "capdraft", "draft", *asked, "--"]
        return measure([*command, *map(str, names)], folder, url)


def _python(name: str) -> str:
    """Return the interpreter that a program runs in."""
    folder = "Scripts" if os.name == "nt" else "bin"
    return str(ENVIRONMENTS / name / folder / "python") if name in PEERS else sys.executable


def make_environment(name: str, *packages: str) -> None:
    """Install packages and click in an environment of their own, unless that was done before."""
    folder, installed = ENVIRONMENTS / name, ENVIRONMENTS / name / "installed"
    if installed.exists():
        return
    click.echo(f"making .benchmarks/{name} …", err=True)
    ENVIRONMENTS.mkdir(exist_ok=True)
    (ENVIRONMENTS / ".gitignore").write_text("*\n")
    folder_of_programs = "Scripts" if os.name == "nt" else "bin"
    python = folder / folder_of_programs / "python"
    if uv := shutil.which("uv"):
        subprocess.run([uv, "venv", "-q", "--clear", folder], check=True)
        subprocess.run([uv, "pip", "install", "-q", "-p", python, *packages, "click"], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", *packages, "click"], check=True)
    installed.touch()


@dataclass(frozen=True)
class Summary:
    """The medians of a program's runs."""

    wall: float
    first: float
    cpu_each: float
    megabytes: float
    kilobytes_sent: float


def summary(many: list[Measured], one: list[Measured], count: int) -> Summary:
    """Return medians; the CPU of a document is what it adds to a run with a single one."""
    start_up = median(run.cpu for run in one)
    return Summary(
        wall=median(run.wall for run in many),
        first=median(run.first for run in many),
        cpu_each=(median(run.cpu for run in many) - start_up) / (count - 1),
        megabytes=median(run.megabytes for run in many),
        kilobytes_sent=many[0].bytes_sent / count / 1000,
    )


@click.command()
@click.option("--documents", "count", default=200, show_default=True)
@click.option("--latency", default=0.2, show_default=True, help="Of the stub, in seconds.")
@click.option("--runs", default=3, show_default=True, help="Medians of so many runs, in turns.")
@click.option("--peers", is_flag=True, help="Measure the peers too (downloads them once).")
@click.option("--memory", is_flag=True, help="Peak memory at ten times as many documents too.")
def main(count: int, latency: float, runs: int, *, peers: bool, memory: bool) -> None:
    """Print what each program takes, and ratios to the bare SDK at the same concurrency."""
    programs = [(name, 32) for name in (*FLOORS, "capdraft", *(PEERS if peers else ()))]
    programs += [("bare_sdk", 256), ("capdraft", 256)]
    for name in PEERS if peers else ():
        make_environment(name, PEERS[name])
    many: dict[tuple[str, int], list[Measured]] = {program: [] for program in programs}
    one: dict[tuple[str, int], list[Measured]] = {program: [] for program in programs}
    for _ in range(runs):
        for name, at_once in programs:
            one[name, at_once].append(run(name, 1, at_once, latency))
            many[name, at_once].append(run(name, count, at_once, latency))
    click.echo(f"{count} documents of 4 KB, {latency * 1000:.0f} ms latency, medians of {runs}")
    click.echo(
        f"{'':<21}start to first    wall  of SDK   ms a document  of SDK     MB  KB sent each"
    )
    done = {key: summary(many[key], one[key], count) for key in programs}
    for (name, at_once), taken in done.items():
        floor = done["bare_sdk", at_once]
        click.echo(
            f"{name:<16} {at_once:>3} {taken.first * 1000:>11.0f} ms {taken.wall:>6.2f}s"
            f"{taken.wall / floor.wall:>8.2f}{taken.cpu_each * 1000:>16.1f}"
            f"{taken.cpu_each / floor.cpu_each:>8.1f}{taken.megabytes:>7.0f}"
            f"{taken.kilobytes_sent:>14.1f}"
        )
    for name in ("bare_sdk", "capdraft") if memory else ():
        ten = run(name, 10 * count, 32, latency)
        ratio = ten.megabytes / done[name, 32].megabytes
        click.echo(f"{name}: {ten.megabytes:.0f} MB at {10 * count} documents, {ratio:.2f} times")


if __name__ == "__main__":
    main()
