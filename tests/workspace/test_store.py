"""The files of a workspace: never half-written, never overwritten unseen, never outside of it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from capdraft.errors import FileChanged, FileInvalid, StoreError
from capdraft.text import sha256
from capdraft.workspace import FileStore
from capdraft.workspace.store import TEMPORARY


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def test_what_was_written_is_read(store: FileStore) -> None:
    store.replace("reviews/a/0001.toml", "one", if_sha256=None)
    stored = store.read("reviews/a/0001.toml")
    assert stored is not None
    assert (stored.text, stored.sha256) == ("one", sha256("one"))
    assert store.list("reviews/a") == ["0001.toml"]
    assert store.read("reviews/b/0001.toml") is None
    assert store.list("reviews/b") == []


def test_a_save_names_what_it_replaces(store: FileStore) -> None:
    store.replace("a.json", "one", if_sha256=None)
    store.replace("a.json", "two", if_sha256=sha256("one"))
    for outdated in (None, sha256("one")):
        with pytest.raises(FileChanged):
            store.replace("a.json", "three", if_sha256=outdated)
    stored = store.read("a.json")
    assert stored is not None
    assert stored.text == "two"


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.replace("a.json", "one", if_sha256=None)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match=r"a\.json: can't be written: No space left"):
        store.replace("a.json", "two", if_sha256=sha256("one"))
    assert (tmp_path / "a.json").read_text() == "one"
    assert list((tmp_path / TEMPORARY).iterdir()) == []
    assert [path.name for path in tmp_path.iterdir() if path.name != ".capdraft"] == ["a.json"]


KILLED = """
import os, sys
from pathlib import Path
from capdraft.workspace import FileStore
os.fsync = lambda handle: os.kill(os.getpid(), 9)
FileStore(Path(sys.argv[1])).replace("reviews/a/0001.toml", "one", if_sha256=None)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_killed_save_leaves_nothing_that_the_next_one_does_not_clear(
    store: FileStore, tmp_path: Path
) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert done.returncode == -9
    assert store.list("reviews/a") == []
    (left_over,) = (tmp_path / TEMPORARY).iterdir()
    store.append("log.jsonl", "one")
    assert left_over.exists()  # it could be another program's, that writes it now
    os.utime(left_over, (1, 1))
    store.append("log.jsonl", "two")
    assert not left_over.exists()


def test_of_many_who_make_one_file_one_does(store: FileStore) -> None:
    made = []

    def make(who: int) -> None:
        with suppress(FileChanged):
            store.replace("reviews/a/0001.toml", str(who), if_sha256=None)
            made.append(str(who))

    threads = [threading.Thread(target=make, args=(who,)) for who in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = store.read("reviews/a/0001.toml")
    assert stored is not None
    assert made == [stored.text]


def test_a_folder_on_another_file_system_is_written_to_as_well(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def refuse_to_cross(source: Path, target: Path) -> Path:
        if source.parent != target.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(source, target)

    def refuse_to_link(target: Path, source: Path) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, "replace", refuse_to_cross)
    monkeypatch.setattr(Path, "hardlink_to", refuse_to_link)
    store.replace("reviews/a/0001.toml", "one", if_sha256=None)
    assert store.list("reviews/a") == ["0001.toml"]
    assert list((tmp_path / TEMPORARY).iterdir()) == []


def test_many_writers_lose_no_line(store: FileStore) -> None:
    def write(who: int) -> None:
        for number in range(20):
            store.append("log.jsonl", f"{who}-{number}")

    threads = [threading.Thread(target=write, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = store.read("log.jsonl")
    assert stored is not None
    assert sorted(stored.text.split()) == sorted(f"{w}-{n}" for w in range(8) for n in range(20))


def test_a_line_cut_off_by_a_crash_does_not_swallow_the_next(
    store: FileStore, tmp_path: Path
) -> None:
    (tmp_path / "log.jsonl").write_text("one\ntw")
    store.append("log.jsonl", "three")
    assert (tmp_path / "log.jsonl").read_text() == "one\ntw\nthree\n"


@pytest.mark.parametrize("name", ["../out", "reviews/../../out", "/etc/passwd", "", "link/out"])
def test_no_name_leads_out_of_the_workspace(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "workspace"
    inside.mkdir()
    (inside / "link").symlink_to(tmp_path)
    store = FileStore(inside)
    with pytest.raises(StoreError, match="leads out of the workspace"):
        store.read(name)
    with pytest.raises(StoreError, match="leads out of the workspace"):
        store.append(name, "x")
    with pytest.raises(StoreError, match="leads out of the workspace"):
        store.replace(name, "x", if_sha256=None)
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_utf8_is_named_with_its_line(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"ok\nk\xe4se\n")
    with pytest.raises(FileInvalid, match=r"a\.toml:2: isn't UTF-8"):
        store.read("a.toml")
