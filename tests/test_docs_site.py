"""The documentation site: every page in its navigation, no dead link, nothing from elsewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from docs_scripts import ROOT, script

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
FROM_ANOTHER = {"reference/http-api.md"}
"""Pages that the first one has no link to: another one leads there."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("docs") / "site"
    assert script("building").build(out) == 0
    return out


def named(nav: list[Any]) -> Iterator[str]:
    """Yield the pages of a navigation, from the top."""
    for item in nav:
        inner = list(item.values()) if isinstance(item, dict) else [item]
        for value in inner:
            yield from named(value) if isinstance(value, list) else [value]


def test_every_page_is_in_the_navigation_once() -> None:
    nav = tomllib.loads((ROOT / "zensical.toml").read_text())["project"]["nav"]
    assert sorted(named(nav)) == PAGES


def test_the_first_page_leads_to_every_other() -> None:
    first = (DOCS / "index.md").read_text("utf-8")
    linked = {"index.md", *re.findall(r"\]\(([^)#]+\.md)", first)}
    assert [name for name in PAGES if name not in linked and name not in FROM_ANOTHER] == []


def test_every_page_is_built_and_every_link_leads_somewhere(built: Path) -> None:
    for name in PAGES:
        assert (built / name).with_suffix(".html").is_file()
    for path in built.rglob("*.html"):
        page = LexborHTMLParser(path.read_text("utf-8"))
        for node in page.css("a[href]"):
            target = (node.attributes["href"] or "").partition("#")[0]
            if not re.match(r"[a-z]+:", target):
                assert (path.parent / target).resolve().exists(), f"{path.name}: {target}"


def test_pages_fetch_nothing_from_elsewhere(built: Path) -> None:
    for path in built.rglob("*.html"):
        page = LexborHTMLParser(path.read_text("utf-8"))
        loaded = [node.attributes["href"] for node in page.css("link[href]")]
        loaded += [node.attributes["src"] for node in page.css("[src]")]
        assert len(loaded) > 3
        assert [url for url in loaded if re.match(r"(?:https?:)?//", url or "")] == []


def shapes(html: str) -> Counter[str]:
    """Count what a page is made of."""
    page = LexborHTMLParser(html)
    return Counter({tag: len(page.css(tag)) for tag in ("pre", "li", "table", "td", "img", "h2")})


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_what_a_code_host_shows_of_it(name: str, built: Path) -> None:
    markdown = MarkdownIt().enable("table")
    page = LexborHTMLParser((built / name).with_suffix(".html").read_text("utf-8"))
    article = page.css_first("article")
    assert article
    assert shapes(article.html or "") == shapes(markdown.render((DOCS / name).read_text("utf-8")))


def test_the_search_knows_every_page(built: Path) -> None:
    said = json.loads((built / "search.json").read_text("utf-8"))
    known = {item["location"].partition("#")[0] for item in said["items"]}
    assert {str(Path(name).with_suffix(".html")) for name in PAGES} <= known


def small_project(folder: Path, text: str) -> Path:
    """Make a project whose documentation is one page."""
    (folder / "docs").mkdir()
    (folder / "docs/index.md").write_text(text)
    (folder / "docs/look.css").touch()
    (folder / "zensical.toml").write_text('[project]\nsite_name = "x"\nsite_dir = ".docs"\n')
    return folder


def test_a_link_to_a_file_of_the_project_brings_the_file(tmp_path: Path) -> None:
    project = small_project(tmp_path, "# One\n\n[two](../two.md#two) and [it](../src/it.py)\n")
    (project / "two.md").write_text("# Two\n\nBack to [one](docs/index.md#one).\n")
    (project / "src").mkdir()
    (project / "src/it.py").write_text("pass\n")
    out = tmp_path / "out"
    assert script("building").build(out, project) == 0
    assert (out / "project/src/it.py").read_text() == "pass\n"
    page = LexborHTMLParser((out / "index.html").read_text())
    links = {node.attributes.get("href") for node in page.css("article a")}
    assert {"project/two/#two", "project/src/it.py"} <= links


@pytest.mark.parametrize("link", ["gone.md", "index.md#gone", "../gone.md", "../../outside.md"])
def test_a_dead_link_stops_the_build_and_leaves_the_old_site(link: str, tmp_path: Path) -> None:
    project = small_project(tmp_path, f"# One\n\n[two]({link})\n")
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.html").touch()
    assert script("building").build(out, project) == 1
    assert [path.name for path in out.iterdir()] == ["old.html"]


def make_reference(docs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "reference.py", *arguments],
        cwd=docs,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_reference_is_what_the_code_gives() -> None:
    done = make_reference(DOCS, "--check")
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_a_reference_page_that_differs_is_named_and_made_anew(tmp_path: Path) -> None:
    for name in ("generating", "reference"):
        shutil.copytree(DOCS / name, tmp_path / name)
    shutil.copy(DOCS / "reference.py", tmp_path)
    make_reference(tmp_path)
    page = tmp_path / "reference/settings.md"
    page.write_text(page.read_text().replace("`timeout`", "`patience`"))
    (tmp_path / "reference/old.md").write_text("# Old\n")
    done = make_reference(tmp_path, "--check")
    names = re.findall(r"^docs/reference/(\S+):", done.stdout, re.MULTILINE)
    assert (done.returncode, names) == (1, ["old.md", "settings.md"])
    assert make_reference(tmp_path).returncode == 0
    assert make_reference(tmp_path, "--check").stdout == ""
