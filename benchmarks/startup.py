"""Start-up of programs as ratios to a bare click program, taken in one run.

    make bench            (or: python -m benchmarks.startup)
    python -m benchmarks.startup --commands --peers --runs 15
    python -m benchmarks.startup --commands --beside ../earlier    # beside another checkout

Machines are noisy: the programs take turns, and the medians are compared.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import click
from benchmarks.throughput import ENVIRONMENTS, make_environment

HERE = Path(__file__).parent
FLOOR, BARE, IMPORTED = "bare click --help", "bare Python", "import capdraft"
FUNCTIONS = "its functions"
PROGRAMS = {
    FLOOR: [sys.executable, str(HERE / "bare_click.py"), "--help"],
    BARE: [sys.executable, "-c", "pass"],
    IMPORTED: [sys.executable, "-c", "import capdraft"],
    FUNCTIONS: [sys.executable, "-c", "from capdraft import Workspace, read_document, render"],
    "import openai": [sys.executable, "-c", "import openai; openai.AsyncOpenAI"],
}
READING = (
    "check",
    "review list",
    "review show paligemma",
    "merge --check",
    "diff paligemma --since catalog",
    "log paligemma",
    "compare paligemma gemma-2",
    "search caption",
    "rank",
    "site {out}",
    "export json",
    "draft examples/paligemma.md --dry-run",
    "prompts list",
    "ledger show",
    "doctor --offline",
)
"""Commands that ask nobody, in a workspace of the project's own six examples."""
FOUND = {"diff paligemma --since catalog", "doctor --offline"}
"""Those whose exit status may say that they found something."""
PEERS = "startup"
PACKAGES = ("llm", "fava", "huggingface-hub")
PEERS_START = ("llm --help", "llm models", "fava --help", "fava --version", "hf --help")
LIMIT = 1.3
"""What each `--help` and the public functions may take, in bare click programs."""
BESIDE = ", beside"
IMPORT_LIMIT = 0.030
"""Seconds that `import capdraft` may take beyond bare Python."""


def capdraft(line: str) -> list[str]:
    """Return how a command line of capdraft is run."""
    return [sys.executable, "-m", "capdraft", *line.split()]


def each_help() -> dict[str, list[str]]:
    """Return `--help` of each command."""
    from capdraft.cli import COMMANDS

    return {f"capdraft {name} --help": capdraft(f"{name} --help") for name in COMMANDS}


def each_reading(out: Path) -> dict[str, list[str]]:
    """Return a real run of each command that only reads."""
    return {
        f"capdraft {line.format(out='OUT')}": capdraft(line.format(out=out)) for line in READING
    }


def each_peer() -> dict[str, list[str]]:
    """Return what peers do at their start, in an environment that is made once."""
    make_environment(PEERS, *PACKAGES)
    commands = ENVIRONMENTS / PEERS / ("Scripts" if os.name == "nt" else "bin")
    words = (line.split() for line in PEERS_START)
    return {
        line: [str(commands / name), *rest]
        for line, (name, *rest) in zip(PEERS_START, words, strict=True)
    }


def make_workspace(folder: Path) -> None:
    """Copy the project's own workspace to `folder`."""
    for name in ("catalog", "reviews", "examples", "capdraft.toml"):
        there = HERE.parent / name
        copy = shutil.copytree if there.is_dir() else shutil.copy
        copy(there, folder / name)


def measured(
    programs: Mapping[str, list[str]], folder: Path, runs: int, beside: Path | None = None
) -> dict[str, float]:
    """Return the median seconds of each program, run in turns in `folder`.

    Each command of capdraft is also run from the checkout `beside`, right after its own.
    """
    seconds: dict[str, list[float]] = {}
    environment = {**os.environ, "HOME": str(folder), "NO_COLOR": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # the first round fills caches
    other = {**environment, "PYTHONPATH": str(beside / "src")} if beside else {}
    for _ in range(runs + 1):
        for name, words in programs.items():
            seconds.setdefault(name, []).append(timed(name, words, folder, environment))
            if beside and name.startswith("capdraft "):
                took = timed(name, words, folder, other)
                seconds.setdefault(f"{name}{BESIDE}", []).append(took)
    return {name: statistics.median(taken[1:]) for name, taken in seconds.items()}


def timed(name: str, words: list[str], folder: Path, environment: Mapping[str, str]) -> float:
    """Run a program once; return the seconds that it took."""
    started = time.perf_counter()
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True)
    took = time.perf_counter() - started
    may_find = name.removeprefix("capdraft ") in FOUND
    assert done.returncode in ((0, 1) if may_find else (0,)), (name, done.stderr)
    return took


@click.command()
@click.option("--runs", type=click.IntRange(min=3), default=21, show_default=True)
@click.option("--commands", is_flag=True, help="Each command's --help, and those that read too.")
@click.option("--peers", is_flag=True, help="The peers too (downloads them once).")
@click.option(
    "--beside",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    metavar="DIR",
    help="Time the commands of this checkout too, in turns.",
)
def main(runs: int, *, commands: bool, peers: bool, beside: Path | None) -> None:
    """Print each program's median, and its ratio to the bare click program."""
    programs = {**PROGRAMS, "capdraft --help": capdraft("--help")}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "workspace")
        folder.mkdir()
        make_workspace(folder)
        programs |= each_peer() if peers else {}
        programs |= each_help() | each_reading(Path(temporary, "out")) if commands else {}
        medians = measured(programs, folder, runs, beside)
    width = max(map(len, medians))
    for name, median in medians.items():
        click.echo(f"{name:<{width}} {median * 1000:7.0f} ms   {median / medians[FLOOR]:5.2f}")
    sys.exit(0 if told(medians) else 1)


def is_help(name: str) -> bool:
    """Tell whether a program is a `--help` of this capdraft."""
    return name.startswith("capdraft ") and name.endswith("--help")


def told(medians: Mapping[str, float]) -> bool:
    """Print what is limited; return whether all is within its limit."""
    helped = max(taken for name, taken in medians.items() if is_help(name)) / medians[FLOOR]
    functions = medians[FUNCTIONS] / medians[FLOOR]
    beyond = medians[IMPORTED] - medians[BARE]
    click.echo(
        f"capdraft's --help takes up to {helped:.2f} bare click programs, the public functions "
        f"{functions:.2f}; at most {LIMIT} each is allowed"
    )
    click.echo(
        f"import capdraft takes {beyond * 1000:.1f} ms more than bare Python; "
        f"at most {IMPORT_LIMIT * 1000:.0f} is allowed"
    )
    return max(helped, functions) <= LIMIT and beyond <= IMPORT_LIMIT


if __name__ == "__main__":
    main()
