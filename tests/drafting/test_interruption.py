"""A run that is killed or interrupted: nothing half-written, doubled or paid for twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capdraft.workspace import Workspace
from stub_endpoint import Answer, StubEndpoint, completion, stub_endpoint
from workspaces import CARD, READ, make_workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no POSIX signals")
AT_ONCE = 8


def slow(seconds: float) -> Callable[[dict[str, Any]], Answer]:
    """Return a script step that answers after `seconds`."""

    def answer(_: dict[str, Any]) -> Answer:
        time.sleep(seconds)
        return completion({"capabilities": [READ]})

    return answer


def make_documents(folder: Path, count: int) -> Workspace:
    workspace = make_workspace(folder)
    (folder / "ticket-reader.md").unlink()
    (folder / "docs").mkdir()
    for number in range(count):
        card = CARD.replace("Ticket reader", f"Ticket reader {number}")
        (folder / f"docs/reader-{number}.md").write_text(card)
    return workspace


def start(
    workspace: Workspace, stub: StubEndpoint, at_once: str = str(AT_ONCE)
) -> subprocess.Popen[str]:
    sources = sorted(path.as_posix() for path in (workspace.root / "docs").iterdir())
    command = ["draft", *sources, "--base-url", stub.url, "--model", "stub", "-j", at_once]
    return subprocess.Popen(
        [sys.executable, "-m", "capdraft", *command],
        cwd=workspace.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(stub: StubEndpoint, requests: int) -> None:
    deadline = time.monotonic() + 30
    while len(stub.requests) < requests and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    documents, kills = 40, 4
    workspace, chance = make_documents(tmp_path, documents), random.Random(7)
    with stub_endpoint(slow(0.1)) as stub:
        for kill in range(kills):
            run = start(workspace, stub)
            wait_for(stub, len(stub.requests) + 4)
            time.sleep(chance.uniform(0, 0.2))
            run.kill()
            run.communicate()
            for slug in workspace.artifacts():
                assert workspace.proposals(slug) == ["0001"], kill
                workspace.read_proposal(slug)
        last = start(workspace, stub)
        told = last.communicate()
        assert last.returncode == 0, told
        assert len(workspace.artifacts()) == documents
        assert len(stub.requests) <= documents + AT_ONCE * kills
        paid = len(stub.requests)
        again = start(workspace, stub)
        out, _ = again.communicate()
        assert (again.returncode, len(stub.requests)) == (0, paid)
        assert out.count("unchanged") == documents
    assert all(workspace.proposals(slug) == ["0001"] for slug in workspace.artifacts())


def test_an_interrupt_finishes_what_was_begun_and_says_what_is_left(tmp_path: Path) -> None:
    workspace = make_documents(tmp_path, 20)
    with stub_endpoint(slow(0.7)) as stub:
        run = start(workspace, stub)
        wait_for(stub, AT_ONCE)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate()
    assert run.returncode == 130
    begun = len(stub.requests)
    assert AT_ONCE <= len(workspace.artifacts()) == begun < 20, told
    assert f"Stopped with {20 - begun} of 20 left" in told


def test_a_second_interrupt_stops_at_once(tmp_path: Path) -> None:
    workspace = make_documents(tmp_path, 2)
    with stub_endpoint(slow(2)) as stub:
        run = start(workspace, stub)
        wait_for(stub, 2)
        started = time.monotonic()
        run.send_signal(signal.SIGINT)
        time.sleep(0.3)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate()
    assert run.returncode == 130
    assert time.monotonic() - started < 10
    assert "Traceback" not in told
    assert workspace.artifacts() == []


def test_two_runs_do_not_draft_the_same_artifact(tmp_path: Path) -> None:
    workspace = make_documents(tmp_path, 1)
    released = threading.Event()

    def held(body: dict[str, Any]) -> Answer:
        released.wait(60)
        return slow(0)(body)

    with stub_endpoint(held) as stub:
        first = start(workspace, stub)
        wait_for(stub, 1)
        second = start(workspace, stub)
        _, told = second.communicate()
        released.set()
        first.communicate()
        assert (first.returncode, second.returncode) == (0, 1)
        assert "another run is drafting 'reader-0'" in told
        assert len(stub.requests) == 1
    assert workspace.proposals("reader-0") == ["0001"]


def test_an_interrupt_asks_for_no_further_window_of_a_long_document(tmp_path: Path) -> None:
    workspace = make_documents(tmp_path, 1)
    (tmp_path / "capdraft.toml").write_text(
        'schema = "capdraft/settings/1"\n[draft]\nwindow = 500\n'
    )
    long = "\n\n".join(f"## Part {n}\n\nIt does task {n}. {CARD}" for n in range(40))
    (tmp_path / "docs/reader-0.md").write_text(long)
    empty = completion({"candidates": [], "alternatives": []})

    def survey(_: dict[str, Any]) -> Answer:
        time.sleep(0.7)
        return empty

    with stub_endpoint(survey) as stub:
        run = start(workspace, stub, "1")
        wait_for(stub, 1)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate()
        assert (run.returncode, len(stub.requests)) == (130, 1), told
        assert "Stopped with 1 of 1 left" in told
        assert workspace.artifacts() == []
        stub.script[:] = [empty]
        again = start(workspace, stub, "8")
        out, told = again.communicate()
        assert again.returncode == 0, told
    bodies = [str(body["messages"]) for body in stub.requests]
    assert len(bodies) == len(set(bodies)) > 3
    assert f"{len(bodies)} windows, {len(bodies) - 1} calls, 1 answer paid before" in out
