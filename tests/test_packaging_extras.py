"""Each extra of pyproject.toml: without it, what needs it names it, and nothing else is lost."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from capdraft.reviewing import Judgement, Target, approve, open_review, reject
from workspaces import drafted_workspace

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
NEEDED = {
    "docx": ("import", "page.docx"),
    "evaluate": ("evaluate", "rules"),
    "html": ("import", "page.html"),
    "hub": ("ground", "ticket-reader", "--with", "hf:org/reader"),
    "mcp": ("mcp",),
    "notebooks": ("import", "page.ipynb"),
    "pdf": ("import", "page.pdf"),
    "rst": ("import", "page.rst"),
    "web": ("serve", "--port", "0"),
}
"""A command that can do nothing without the extra."""

BARE = """
import sys
sys.modules.update(dict.fromkeys({hidden!r}))  # as if they weren't installed
from capdraft.cli import main
sys.exit(main({arguments!r}))
"""


def hidden() -> list[str]:
    """Return the modules that the extras bring."""
    wanted = {line.partition(">")[0] for lines in EXTRAS.values() for line in lines}
    return [
        module
        for module, brought in packages_distributions().items()
        if wanted & {name.lower().replace("_", "-") for name in brought}
    ]


def run_bare(folder: Path, *arguments: str) -> tuple[int, str]:
    script = BARE.format(hidden=hidden(), arguments=list(arguments))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    made = drafted_workspace(tmp_path)
    target = Target("ticket-reader", None, "description")
    approve(open_review(made, target), Judgement("ann", {}, seconds=2.0))
    reject(open_review(made, target), Judgement("bo", {}, seconds=2.0), "style")
    for suffix in ("docx", "html", "ipynb", "pdf", "rst"):
        (tmp_path / f"page.{suffix}").write_text("{}")
    return tmp_path


def test_every_extra_is_tried_here_and_in_all() -> None:
    named = {*EXTRAS["all"][0].partition("[")[2].strip("]").split(",")}
    assert named == {*NEEDED, "search", "stats"} == {*EXTRAS} - {"all"}


@pytest.mark.parametrize("extra", NEEDED)
def test_what_needs_an_extra_names_it_and_does_nothing(extra: str, workspace: Path) -> None:
    before = sorted(workspace.rglob("*.toml"))
    status, said = run_bare(workspace, *NEEDED[extra])
    assert f"pip install 'capdraft[{extra}]'" in said
    assert status == 2
    assert sorted(workspace.rglob("*.toml")) == before


def test_a_source_that_needs_one_fails_alone(workspace: Path) -> None:
    endpoint = ("--base-url", "http://127.0.0.1:9/v1", "--model", "none", "--dry-run")
    (workspace / "card.md").write_text("# A card\n\nIt reads.\n")
    status, said = run_bare(workspace, "draft", "page.pdf", "card.md", *endpoint)
    assert (status, "pip install 'capdraft[pdf]'" in said) == (1, True)


def test_search_and_figures_go_on_without_theirs(workspace: Path) -> None:
    with (workspace / "capdraft.toml").open("a") as settings:
        settings.write('\n[search]\nembeddings = "none"\n')
    status, said = run_bare(workspace, "search", "tickets")
    assert (status, "by words alone" in said) == (0, True)
    assert "pip install 'capdraft[search]'" in said
    status, said = run_bare(workspace, "review", "stats")
    assert (status, "pip install 'capdraft[stats]'" in said) == (1, True)


def test_the_installation_page_has_each_extra() -> None:
    page = (Path(__file__).parents[1] / "docs/how-to/install.md").read_text()
    told = re.findall(r"^\| `(\w+)` \| .+ \| \d+ \|$", page, re.MULTILINE)
    assert told == [*sorted({*EXTRAS} - {"all"}), "all"]
