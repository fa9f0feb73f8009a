"""What a run tells: how far it is, what failed and how to go on, and no line torn by the bar."""

from __future__ import annotations

import asyncio
import os
import pty
import shlex
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.cli import progress
from capdraft.cli.frame import Frame
from capdraft.cli.progress import Counted, Progress, usd
from capdraft.client.completions import Usage
from capdraft.client.prices import Meter
from stub_endpoint import Answer, completion, problem, stub_endpoint
from workspaces import CARD, READ, make_workspace

Run = Callable[..., Any]


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def counted(total: int = 40) -> tuple[Counted, Clock]:
    clock, meter = Clock(), Meter()
    meter.count(Usage(21_400, 3_200), Decimal("0.0123"))
    return Counted(total, meter, clock), clock


def test_rate_and_time_left_are_those_of_the_last_minute() -> None:
    """So what the ledger answers at once promises nothing for what is asked after it."""
    run, clock = counted(total=130)
    assert run.parts()["left"] == "0:00 so far"
    for _ in range(100):
        run.finished()
    for _ in range(10):
        clock.now += 10
        run.finished()
    assert run.parts()["rate"] == "7/min"
    assert run.parts()["left"] == "2:51 left"


def test_a_run_slower_than_one_a_minute_goes_by_all_of_it() -> None:
    run, clock = counted(total=4)
    clock.now += 1800
    run.finished()
    assert run.summary() == (
        "1 of 4 documents, 1 call, 21.4k + 3,200 tokens, $0.0123, 0/min, 1:30:00 left"
    )


def test_until_the_first_answer_comes_it_is_told_that_it_is_waited_for() -> None:
    clock = Clock()
    run = Counted(1, Meter(), clock)
    clock.now += 181
    assert "waiting" not in run.summary(), "it is still being read"
    run.meter.sends()
    assert run.summary() == "waiting for the first answer, 3:01 so far"
    assert run.fitting(80) == run.summary()
    assert run.fitting(40) == "$0.0000 · 3:01 so far"
    run.total = 4
    assert run.summary() == "0 of 4 documents, waiting for the first answer, 3:01 so far"
    run.meter.count(Usage(10, 10), None)
    assert run.summary() == ("0 of 4 documents, 1 call, 10 + 10 tokens, cost unknown, 3:01 so far")


def test_a_cost_that_is_unknown_reads_unknown() -> None:
    run, _ = counted()
    run.meter.count(Usage(), None)
    assert run.parts()["cost"] == "cost unknown"
    assert (usd(0.5), usd(1234.5)) == ("$0.5000", "$1,234.50")


@given(st.integers(20, 300), st.integers(1, 100_000))
def test_what_is_told_leaves_room_for_the_bar(width: int, total: int) -> None:
    run, _ = counted(total)
    text = run.fitting(width)
    assert len(f"{total}/{total} ") + progress.SHORTEST_BAR + len(text) <= width
    assert width < 90 or "tokens" in text
    assert width < 60 or "left" in text or "so far" in text


def test_a_run_that_says_nothing_for_long_tells_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "TICK", 0.001)
    run, clock = counted()

    async def silent_for(seconds: float) -> str:
        async with Progress(Frame(False, None), run, live=False) as shown:
            clock.now += 20
            shown.frame.note("drafted one")
            clock.now += seconds
            await asyncio.sleep(0.05)
        return capsys.readouterr().err

    assert asyncio.run(silent_for(29)) == "drafted one\n"
    assert asyncio.run(silent_for(31)) == f"drafted one\n{run.summary()}\n"


def on_screen(output: str) -> list[str]:
    """Return the lines that a terminal shows, with what a carriage return overwrote."""
    lines = []
    for line in output.replace("\r\n", "\n").split("\n"):
        shown = ""
        for part in line.split("\r"):
            shown = part + shown[len(part) :]
        lines.append(shown.rstrip())
    return lines


def test_lines_stand_whole_above_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(StringIO):
        encoding = "utf-8"

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(sys, "stdout", screen)
    run, _ = counted(total=3)

    async def three() -> list[str]:
        async with Progress(Frame(False, None), run, live=True) as shown:
            for number in range(3):
                run.meter.count(Usage(10, 10), Decimal(1))
                shown.finished(lambda above, n=number: above.say(f"drafted {n}"))  # type: ignore[misc]
                shown.frame.note(f"noted {number}")
            return on_screen(screen.getvalue())

    *lines, bar = asyncio.run(three())
    assert lines == [f"{word} {n}" for n in range(3) for word in ("drafted", "noted")]
    assert bar.startswith("3/3 █")
    assert bar.endswith("4 calls · 21.4k + 3,230 tokens · $3.0123 · 180000/min · 0:00 left")
    assert on_screen(screen.getvalue())[-1] == "", "the bar is gone at the end"


def in_a_terminal(folder: Path, *arguments: str, **environment: str) -> str:
    """Return what `capdraft ARGUMENTS` writes to a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "capdraft", *arguments]
    clean = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR")}
    given = {**clean, "TERM": "xterm", **environment}
    done = subprocess.Popen(command, cwd=folder, stdout=theirs, stderr=theirs, env=given)
    os.close(theirs)
    output = b""
    while True:
        try:
            output += os.read(ours, 65536)
        except OSError:  # Linux's way to say that nobody writes any more
            break
    done.wait()
    os.close(ours)
    return output.decode()


@pytest.mark.parametrize(("environment", "live"), [({}, True), ({"CI": "true"}, False)])
def test_the_bar_is_for_a_terminal_that_a_person_looks_at(
    tmp_path: Path, environment: dict[str, str], live: bool
) -> None:
    make_workspace(tmp_path)
    with stub_endpoint(completion({"capabilities": [READ]})) as stub:
        asked = ("draft", "ticket-reader.md", "--base-url", stub.url, "--model", "stub")
        output = in_a_terminal(tmp_path, *asked, **environment)
    assert ("0/1" in output) is live
    assert any(line.endswith("0001.toml: 1 capability, 3 fields (3 with evidence), 1 finding")
               for line in map(str.strip, on_screen(output)))  # fmt: skip


# How a run ends.


def too_long(body: dict[str, Any]) -> Answer:
    if "Slip" in str(body["messages"]):
        return problem(422, "the prompt is too long")
    return completion({"capabilities": [READ]})


def test_failures_are_listed_by_reason_with_the_command_that_retries_them(
    run: Run, tmp_path: Path
) -> None:
    make_workspace(tmp_path)
    for name in ("slip one.md", "-slip.md"):
        (tmp_path / name).write_text(CARD.replace("Ticket", "Slip"))
    sources = ("no-1.md", "slip one.md", "ticket-reader.md", "no-2.md", "-slip.md")
    with stub_endpoint(too_long) as stub:
        options = ("--base-url", stub.url, "--model", "stub", "-j", "1", "--type", "model")
        said = run("draft", *options, "--", *sources)
        assert said.status == 1
        told = said.err[said.err.index("4 of 5 failed:") :].splitlines()
        assert told[1:3] == ["  there is no such file", "    no-1.md"]
        assert told[3] == "    no-2.md"
        assert told[4].endswith("answered 422: the prompt is too long")
        assert told[5:7] == ["    slip one.md", "    -slip.md"]
        again = shlex.split(told[7].removeprefix("once mended: "))
        assert again[:2] == ["capdraft", "draft"]
        assert set(options) < set(again)
        for name in ("no-1.md", "no-2.md"):
            (tmp_path / name).write_text(CARD)
        assert "2 of 4 failed:" in run(*again[1:]).err


def test_the_command_that_retries_shows_no_secret(run: Run, tmp_path: Path) -> None:
    make_workspace(tmp_path)
    with stub_endpoint(problem(422, "no")) as stub:
        secret = stub.url.replace("http://", "http://user:hunter2@")
        said = run("draft", "ticket-reader.md", "--base-url", secret)
    assert f"--base-url {stub.url}" in said.err
    assert "hunter2" not in said.err


def test_sources_come_from_a_list_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(tmp_path)
    (tmp_path / "other.md").write_text(CARD)
    (tmp_path / "list").write_text("# overnight\n\n  other.md  \nticket-reader.md\r\n#no.md\n")
    said = run("draft", "--from", "list", "ticket-reader.md", "--dry-run")
    assert said.status == 0
    assert said.err.count("nothing was asked") == 2
    (tmp_path / "empty").write_text("# nothing yet\n")
    said = run("draft", "--from", "empty")
    assert (said.status, "no SOURCE is named" in said.err) == (2, True)
    monkeypatch.setattr(sys, "stdin", StringIO("other.md\n"))
    assert run("draft", "--from", "-", "--dry-run").err.count("nothing was asked") == 1
    with stub_endpoint(problem(422, "no")) as stub:
        said = run("draft", "--from", "list", "--base-url", stub.url, "--model", "m")
    retry = f"once mended: capdraft draft --model m --base-url {stub.url} other.md ticket-reader.md"
    assert retry in said.err


# What it may cost.


def test_a_run_keeps_to_what_it_may_cost(run: Run, tmp_path: Path) -> None:
    make_workspace(tmp_path)
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.md").write_text(CARD)
    toml = "[model]\nprices = {input = 0, output = 10}\n[model.parameters]\nmax_tokens = 100\n"
    (tmp_path / "capdraft.toml").write_text(toml)
    with stub_endpoint(completion({"capabilities": [READ]})) as stub:
        asked = ("draft", *(f"{n}.md" for n in "abcd"), "--base-url", stub.url, "--model", "stub")
        said = run(*asked, "--max-cost", "0.0012")
    assert (said.status, len(stub.requests)) == (1, 2)
    assert "$0.0004 of --max-cost 0.0012 is spent and the next call could cost $0.0010" in said.err
    end = said.err[said.err.index("2 of 4 failed:") :]
    assert end.count("the run's budget is used up") == 1, "one reason"
    assert "1 call, 100 + 20 tokens, $0.0002" in said.out


def test_a_limit_without_a_price_is_refused(run: Run, tmp_path: Path) -> None:
    make_workspace(tmp_path)
    with stub_endpoint() as stub:
        asked = ("draft", "ticket-reader.md", "--base-url", stub.url, "--model", "stub")
        said = run(*asked, "--max-cost", "1")
        assert (said.status, stub.requests) == (2, [])
        assert "[model] prices" in said.err
        assert run(*asked, "--max-calls", "1").status == 0
