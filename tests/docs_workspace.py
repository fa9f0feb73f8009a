"""A git repository with what the pages of docs/ name, at every stage, made once and copied."""

from __future__ import annotations

import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docs_cards import CARDS, NEW_PALIGEMMA, PAGE, PEBBLE_PAGE
from docs_typist import Typist
from page_steps import ROOT

SLUGS = ("paligemma", "gemma-2", "blip-2", "llava-1-6", "the-stack-v2")
PREPARING = (
    "git init -q -b main && git config user.name ana && git config user.email ana@example.org"
    " && git init -q --bare -b main ../origin.git && git remote add origin ../origin.git",
    f"capdraft draft {' '.join(f'cards/{slug}.md' for slug in SLUGS)}",
    "capdraft draft examples/ticket.md --model small-model"
    " --cassette cassettes/examples/ticket.yaml",
    "capdraft evaluate run --cassettes cassettes/gold --record-mode once --out before.json",
    "capdraft prompts show draft > short && mkdir -p prompts && mv short prompts/short.jinja",
    *(f"capdraft review approve {slug}" for slug in SLUGS),
    "capdraft import pebbles.txt",
    "capdraft review approve pebble-2 --editorial --despite CD101 --note 'As it was.'",
    "capdraft merge",
    "git add . && git commit -qm Begin && git push -q -u origin main",
)


def prepare(folder: Path, endpoint: str) -> None:
    """Make `workspace`, a git repository with artifacts at every stage, and its `origin.git`."""
    typist = Typist(folder, endpoint)
    program = folder / "bin/capdraft"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m capdraft "$@"\n')
    program.chmod(0o755)
    typist.here.mkdir()
    (folder / "catalog").symlink_to("workspace")
    typist.must("capdraft init")
    for name, text in {**CARDS, "page.txt": PAGE, "pebbles.txt": PEBBLE_PAGE}.items():
        path = typist.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    shutil.copytree(ROOT / "examples/plugin", typist.here / "examples/plugin")
    for command in PREPARING:
        typist.must(command)
    (typist.here / "cards/paligemma.md").write_text(NEW_PALIGEMMA, "utf-8")
    typist.must("capdraft draft cards/paligemma.md --fresh")
    typist.must("capdraft review approve paligemma/captioning")


@contextmanager
def sitting_down(prepared: Path, folder: Path, endpoint: str) -> Iterator[Typist]:
    """Give a page a copy of the prepared workspace of its own."""
    shutil.copytree(prepared, folder, symlinks=True)
    typist = Typist(folder, endpoint)
    try:
        yield typist
    finally:
        typist.leave()


def move_to_a_clone(typist: Typist) -> None:
    """Work on as somebody else, where everything that was pushed is."""
    typist.must("git clone -q ../origin.git ../clone")
    typist.here = typist.folder / "clone"
    typist.must("git config user.name bo && git config user.email bo@example.org")


def install_the_example(typist: Typist) -> None:
    """Install examples/plugin as its package would be, with a rule that breaks."""
    example, site = ROOT / "examples/plugin", typist.folder / "site"
    code = site / "capdraft_example"
    shutil.copytree(example / "src" / code.name, code)
    rule = code / "promotional.py"
    text = rule.read_text("utf-8")
    rule.write_text(text.replace("for found in", "{}['colour']\n        for found in"), "utf-8")
    project = tomllib.loads((example / "pyproject.toml").read_text("utf-8"))["project"]
    told = site / f"{code.name}-{project['version']}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    lines = []
    for kind, named in project["entry-points"].items():
        lines += [f"[{kind}]", *(f"{key} = {value}" for key, value in named.items())]
    (told / "entry_points.txt").write_text("\n".join(lines))
    typist.site = str(site)
