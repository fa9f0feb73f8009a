"""Kill runs of 100 documents at 200 random instants; check that nothing is lost or paid twice.

    python -m benchmarks.kills [--kills 200] [--seed 7]

The same command goes on in the same workspace until all is drafted, then in a fresh one. The
endpoint is a stub (benchmarks/stub.py).
"""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import click
from benchmarks.throughput import serving, stats, write_documents

from capdraft.ledger import Ledger
from capdraft.records import Proposal

LATENCY = 0.1


@dataclass
class Trial:
    """One workspace: its runs, and the proposals that were there after each."""

    root: Path
    url: str
    documents: int
    at_once: int
    kills: int = 0
    proposals: dict[Path, str] = field(default_factory=dict)
    first_end: float = 0.0

    def start(self) -> subprocess.Popen[str]:
        """Start the command, always the same."""
        sources = sorted(path.as_posix() for path in (self.root / "docs").iterdir())
        asked = ["--base-url", self.url, "--model", "stub", "-j", str(self.at_once)]
        return subprocess.Popen(
            [sys.executable, "-m", "capdraft", "draft", *asked, "--", *sources],
            cwd=self.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def paid(self) -> int:
        """Requests that the endpoint took."""
        return int(stats(self.url)["requests"])

    def check(self) -> None:
        """Check the files: all readable, none lost or changed, one for each artifact."""
        files = sorted((self.root / "reviews").glob("*/*"))
        found = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        for path, digest in found.items():
            assert path.name == "0001.toml", f"doubled or left over: {path}"
            if path not in self.proposals:
                Proposal.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
            assert self.proposals.get(path, digest) == digest, f"changed: {path}"
        assert self.proposals.keys() <= found.keys(), "a proposal is lost"
        self.proposals = found
        allowed = self.documents + self.at_once * self.kills
        assert self.paid <= allowed, f"{self.paid} calls, {allowed} allowed"

    def instants(self, started: float) -> tuple[float, float]:
        """Return the span to kill in: from before the first request to the end of a run."""
        asked, ended = float(stats(self.url)["first"]) - started, self.first_end - started
        return 0.7 * asked, ended

    def finish(self) -> None:
        """Run to the end, and once more, which must ask for nothing."""
        self._to_the_end()
        assert len(self.proposals) == self.documents
        assert len(Ledger(self.root).entries()) >= self.documents
        self.first_end, paid = time.time(), self.paid
        self._to_the_end()
        assert self.paid == paid, "an unchanged run asked again"
        # A temporary file that is younger than an hour could be somebody's who writes it now.
        left_over = list(self.root.glob(".capdraft/tmp/*"))
        assert len(left_over) <= self.kills * self.at_once, left_over

    def _to_the_end(self) -> None:
        run = self.start()
        _, told = run.communicate()
        assert run.returncode == 0, told[-2000:]
        self.check()


@click.command()
@click.option("--kills", default=200, show_default=True)
@click.option("--documents", default=100, show_default=True)
@click.option("-j", "at_once", default=8, show_default=True)
@click.option("--seed", default=7, show_default=True, help="Of the random instants.")
def main(kills: int, documents: int, at_once: int, seed: int) -> None:
    """Kill, check, go on; print the figures."""
    chance = random.Random(seed)  # noqa: S311 - the same instants each time
    left, workspaces, paid = kills, 0, 0
    instants = (0.0, 0.0)  # the first workspace only tells how long a run takes
    while left or not workspaces:
        with tempfile.TemporaryDirectory() as folder, serving("--latency", str(LATENCY)) as url:
            root = Path(folder)
            (root / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
            write_documents(root / "docs", documents)
            trial = Trial(root, url, documents, at_once)
            if instants[1]:
                left -= _kill(trial, left, instants, chance)
            started = time.time()
            trial.finish()
            if not instants[1]:
                instants = trial.instants(started)
                continue
            workspaces, paid = workspaces + 1, paid + trial.paid
            click.echo(
                f"workspace {workspaces}: killed {trial.kills} times, {trial.paid} calls for "
                f"{documents} documents, at most {documents + at_once * trial.kills} allowed"
            )
    click.echo(
        f"{kills} kills in {workspaces} workspaces: every file readable, no proposal lost or "
        f"doubled, {paid} calls for {workspaces * documents} documents "
        f"({(paid - workspaces * documents) / kills:.2f} paid again for each kill, "
        f"{at_once} allowed), 0 calls in unchanged runs"
    )


def _kill(trial: Trial, most: int, instants: tuple[float, float], chance: random.Random) -> int:
    """Kill runs of `trial` until all is drafted; return how many were killed."""
    while trial.kills < most:
        run = trial.start()
        # Half of them early: a run that goes on where another was has less left to do.
        earliest, latest = instants
        early = chance.random() < 0.5
        time.sleep(chance.uniform(earliest, earliest + (latest - earliest) * (0.3 if early else 1)))
        ended = run.poll() is not None
        run.kill()
        _, told = run.communicate()
        trial.kills += not ended
        trial.check()
        assert not ended or run.returncode == 0, told[-2000:]
        if ended or len(trial.proposals) == trial.documents:
            break
    return trial.kills


if __name__ == "__main__":
    main()
