"""The ledger: an answer is on the disk before it is used, and a request is paid for once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from capdraft.errors import NotFound, StoreError
from capdraft.ledger import PLACE, Ledger, Paid, request_key

REQUEST: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
KEY = request_key("http://stub/v1", REQUEST)


def add(ledger: Ledger, body: str = "answer", key: str = KEY) -> int:
    paid = Paid("http://stub/v1", "card.md", REQUEST, 200, body, seconds=1.0, attempts=1)
    return ledger.add(key, paid)


def test_an_answer_is_found_by_its_request(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert ledger.find(KEY) is None
    assert not (tmp_path / PLACE).exists()
    number = add(ledger)
    entry = Ledger(tmp_path).find(KEY)
    assert entry is not None
    assert (entry.id, entry.body, entry.model) == (number, "answer", "m")


@pytest.mark.parametrize(
    ("endpoint", "changed"),
    [
        ("http://other/v1", {}),
        ("http://stub/v1", {"model": "n"}),
        ("http://stub/v1", {"temperature": 0}),
        ("http://stub/v1", {"messages": []}),
    ],
)
def test_another_endpoint_model_parameter_or_prompt_is_another_request(
    endpoint: str, changed: dict[str, Any]
) -> None:
    assert request_key(endpoint, {**REQUEST, **changed}) != KEY


def test_an_unusable_answer_is_kept_and_not_given_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    first = add(ledger, "half")
    ledger.mark_unusable(first, "cut off")
    assert ledger.find(KEY) is None
    assert (ledger.get(first).body, ledger.get(first).unusable) == ("half", "cut off")
    second = add(ledger, "whole")
    found = ledger.find(KEY)
    assert found is not None
    assert found.id == second
    with pytest.raises(NotFound, match="no answer 9"):
        ledger.get(9)


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    def write(who: int) -> None:
        for number in range(10):
            add(Ledger(tmp_path), key=f"{who}-{number}")

    threads = [threading.Thread(target=write, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Ledger(tmp_path).entries()) == 80


def test_answers_that_come_together_are_synced_together(tmp_path: Path) -> None:
    ledger, started = Ledger(tmp_path), threading.Barrier(16)
    add(ledger)
    commits: list[str] = []
    with ledger._database.open() as connection:
        connection.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)

    def write(number: int) -> None:
        started.wait()
        add(ledger, key=f"{number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    with ledger._database.open():
        time.sleep(0.2)  # all wait for the one connection
    for thread in threads:
        thread.join()
    assert len(ledger.entries()) == 17
    assert 1 <= len(commits) <= 3


def test_an_answer_that_cannot_be_written_takes_no_other_along(tmp_path: Path) -> None:
    ledger, errors = Ledger(tmp_path), list[Exception]()
    add(ledger, "first")

    def write(body: str) -> None:
        try:
            add(ledger, body, key=body[:1])
        except UnicodeEncodeError as error:
            errors.append(error)

    with ledger._database.open():
        threads = [threading.Thread(target=write, args=(body,)) for body in ("a", "\ud800", "b")]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    assert len(errors) == 1
    assert sorted(entry.body for entry in ledger.entries()) == ["a", "b", "first"]


def test_a_ledger_that_was_deleted_is_made_anew(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    add(ledger)
    shutil.rmtree(tmp_path / ".capdraft")
    assert ledger.find(KEY) is None
    add(ledger)
    assert len(Ledger(tmp_path).entries()) == 1


def test_answers_are_deleted_by_age_and_use(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert (ledger.prune(), ledger.size) == (0, 0)
    for number in range(4):
        entry = add(ledger, "x" * 100_000, key=f"{number}")
        if number % 2:
            ledger.mark_unusable(entry, "cut off")
    before = ledger.size
    assert ledger.prune(older_than_days=1) == 0
    assert ledger.prune(unusable=True) == 2
    assert ledger.size < before
    assert [entry.unusable for entry in ledger.entries()] == [None, None]
    assert ledger.prune() == 2
    assert ledger.entries() == []


KILLED = """
import os, signal, sys
sys.path[:0] = {path!r}
from test_ledger import add
from pathlib import Path
from capdraft.ledger import Ledger
add(Ledger(Path({folder!r})))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_an_answer_survives_the_process_that_wrote_it(tmp_path: Path) -> None:
    path = [str(Path(__file__).parent), *sys.path]
    code = KILLED.format(path=path, folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -signal.SIGKILL
    assert Ledger(tmp_path).find(KEY) is not None


def test_a_ledger_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / ".capdraft").mkdir()
    (tmp_path / PLACE).write_text("This is no database, and long enough to see that." * 40)
    with pytest.raises(StoreError, match="the ledger can't be used"):
        Ledger(tmp_path).find(KEY)
