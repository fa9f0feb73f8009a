"""Start-up of each command as a ratio to a bare click program, taken in one run.

    make bench            (or: python benchmarks/startup.py --runs 31)

Machines are noisy: the programs take turns, and the medians are compared.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

HERE = Path(__file__).parent
PROGRAMS = {
    "bare click --help": [str(HERE / "bare_click.py"), "--help"],
    "capdraft --help": ["-m", "capdraft", "--help"],
    "capdraft check": ["-m", "capdraft", "check"],
    "capdraft review list": ["-m", "capdraft", "review", "list"],
    "capdraft merge": ["-m", "capdraft", "merge"],
    "import openai": ["-c", "import openai; openai.AsyncOpenAI"],
    "bare Python": ["-c", "pass"],
    "import capdraft": ["-c", "import capdraft"],
    "its functions": ["-c", "from capdraft import Workspace, read_document, render"],
}
LIMIT = 1.3
"""What `capdraft --help` and the public functions may take, in bare click programs, and what
`import capdraft` may, in bare Python."""


@click.command()
@click.option("--runs", type=click.IntRange(min=3), default=21, show_default=True)
def main(runs: int) -> None:
    """Print each program's median, and its ratio to the bare click program."""
    seconds: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "capdraft.toml").touch()
        for _ in range(runs + 1):
            for name, arguments in PROGRAMS.items():
                started = time.perf_counter()
                subprocess.run(
                    [sys.executable, *arguments], cwd=folder, capture_output=True, check=True
                )
                seconds[name].append(time.perf_counter() - started)
    # The first round fills caches.
    medians = {name: statistics.median(taken[1:]) for name, taken in seconds.items()}
    floor = medians["bare click --help"]
    for name, median in medians.items():
        click.echo(f"{name:<22} {median * 1000:7.0f} ms   {median / floor:5.2f}")
    ratio = medians["capdraft --help"] / floor
    click.echo(f"capdraft --help takes {ratio:.2f} bare click programs; at most {LIMIT} is allowed")
    bare, imported = medians["bare Python"], medians["import capdraft"]
    functions = medians["its functions"] / floor
    click.echo(
        f"import capdraft takes {imported / bare:.2f} of bare Python, its functions "
        f"{functions:.2f} bare click programs; at most {LIMIT} each is allowed"
    )
    sys.exit(0 if max(ratio, imported / bare, functions) <= LIMIT else 1)


if __name__ == "__main__":
    main()
