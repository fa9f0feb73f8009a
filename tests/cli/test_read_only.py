"""A workspace that can't be written: what reads works there, what writes says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from small_catalog import entry, record
from workspaces import drafted_workspace

ROOT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0
# Root may write everything, unless it gives that up.
WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]
pytestmark = pytest.mark.skipif(AS_ROOT and not shutil.which("setpriv"), reason="root may write")

READING = [
    "check",
    "compare pen quill",
    "ledger show",
    "merge --check",
    "rank --explain",
    "review next",
    "search written invoices",
    "site {out}",
]
WRITING = [
    "feedback 3f6c01a9d2e4 success",
    "ground ticket-reader --with ticket-reader.md",
    "merge ticket-reader",
    "review approve ticket-reader --as ana",
    "search written invoices --choose 1",
]
WAY_OUT = "  next: Make the workspace writable, or work in a copy of it that is"


def typed(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder` as somebody who may write only where the rights say so."""
    return ran(folder, "-m", "capdraft", *line.split())


def ran(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*(WITHOUT_RIGHTS if AS_ROOT else []), sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which somebody searched: its index and its matches are there."""
    folder = tmp_path_factory.mktemp("searched")
    workspace = drafted_workspace(folder)
    for slug in ("pen", "quill"):
        said = entry(slug, record("Read invoices", "Reads the total of hand-written invoices."))
        workspace.write_entry(said, workspace.read_entry(slug))
    decided = typed(folder, "review approve ticket-reader/read-tickets.description --as ana")
    assert decided.returncode == 0, decided.stderr
    assert typed(folder, "search written invoices --choose 1").returncode == 0
    assert typed(folder, "review next").returncode == 0
    return folder


@pytest.fixture(scope="module", params=["with local state", "without"])
def twin(
    request: pytest.FixtureRequest, searched: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Its copy, which can be written."""
    folder = shutil.copytree(searched, tmp_path_factory.mktemp("twin") / "here")
    if request.param == "without":
        shutil.rmtree(folder / ".capdraft")
    return folder


@pytest.fixture(scope="module")
def read_only(twin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same without the right to write."""
    folder = shutil.copytree(twin, tmp_path_factory.mktemp("read-only") / "here")
    places = [folder, *folder.rglob("*")]
    for place in places:
        place.chmod(place.stat().st_mode & ~0o222)
    yield folder
    for place in places:
        place.chmod(place.stat().st_mode | 0o200)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("line", READING)
def test_what_reads_says_the_same_and_changes_nothing(
    line: str, read_only: Path, twin: Path, tmp_path: Path
) -> None:
    before = files(read_only)
    done = typed(read_only, line.format(out=tmp_path / "site"))
    shutil.rmtree(tmp_path / "site", ignore_errors=True)
    as_ever = typed(twin, line.format(out=tmp_path / "site"))
    assert (done.stdout, done.returncode) == (as_ever.stdout, as_ever.returncode)
    told = "this search is not noted: the workspace is read-only"
    assert done.stderr.count(told) == line.startswith("search")
    assert "match " not in done.stderr
    assert files(read_only) == before


@pytest.mark.parametrize("line", WRITING)
def test_what_writes_says_so_and_what_to_do(line: str, read_only: Path) -> None:
    before = files(read_only)
    done = typed(read_only, line)
    assert done.returncode == 1
    assert done.stdout == ""
    said = [item for item in done.stderr.splitlines() if "can't be written" in item]
    assert len(said) == 1
    assert WAY_OUT in done.stderr
    assert files(read_only) == before


def test_an_assistant_or_a_page_that_searches_is_answered_without_a_match(read_only: Path) -> None:
    code = """
from pathlib import Path
from capdraft.publishing.api.finding import search
from capdraft.publishing.api.library import Library
from capdraft.publishing.api.requests import SearchRequest
from capdraft.searching import local_client
from capdraft.workspace import Workspace
library = Library(Workspace(Path()), base="", environment={})
found = search(library, SearchRequest(need="written invoices"), local_client())
print(len(found.results), found.match)
"""
    assert ran(read_only, "-c", code).stdout == "2 None\n"


def test_nothing_is_left_behind(
    read_only: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert typed(read_only, "search written invoices").returncode == 0
    assert list(tmp_path.iterdir()) == []
