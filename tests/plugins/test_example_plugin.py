"""The example package, installed for real and used from the command line; and its page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest

from capdraft.workspace import Workspace
from plugin_packages import capdraft
from workspaces import READ, drafted_workspace, make_workspace

ROOT = Path(__file__).parents[2]
PRAISED = {"text": "Reads printed tickets seamlessly, up to 40 fields.", "passages": [1]}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The ticket reader, whose description praises."""
    return drafted_workspace(tmp_path, {**READ, "description": PRAISED})


def test_what_is_installed_is_listed_and_works_outside_of_a_workspace_too(
    tmp_path: Path, example: Path
) -> None:
    said = capdraft(tmp_path, "plugins", "--json", site=example)
    found = json.loads(said.out)["plugins"]
    assert [(item["kind"], item["name"], item["claims"]) for item in found] == [
        ("readers", "tables", [".csv", ".tsv", "text/csv"]),
        ("rules", "promotional-word", ["EX101"]),
        ("exporters", "opml", ["opml"]),
        ("signals", "download-counter", ["download-counter"]),
    ]
    told = {(item["distribution"], item["version"], item["state"]) for item in found}
    assert (said.status, told) == (0, {("capdraft-example", "1.0", "loaded")})


def test_nothing_is_listed_where_nothing_is_installed(tmp_path: Path) -> None:
    said = capdraft(tmp_path, "plugins", site=tmp_path)
    assert (said.status, said.out) == (0, "")
    assert said.err.startswith("no plugins are installed\n")


def test_the_reader_reads_its_files_alone_and_among_others(tmp_path: Path, example: Path) -> None:
    make_workspace(tmp_path)
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text("# Trams\n\nA tram has a bell.\n")
    (docs / "sizes.CSV").write_text('size,name\nsmall,"Tram, 2*3*4"\n')
    shown = capdraft(tmp_path, "prompts", "render", "docs", site=example).out
    assert "(columns: | size | name |)" in shown
    assert "[2] small | Tram, 2*3*4" in shown
    without = capdraft(tmp_path, "draft", "docs/sizes.CSV", "--dry-run", site=tmp_path)
    assert without.status == 1
    assert "files with the suffix '.csv' are not read" in without.err


def test_a_damaged_file_is_the_file_s_fault(tmp_path: Path, example: Path) -> None:
    make_workspace(tmp_path)
    (tmp_path / "bad.csv").write_text('a,b\n"open\n')
    said = capdraft(tmp_path, "draft", "bad.csv", "--dry-run", site=example)
    assert "failed  bad.csv: this is no table: unexpected end of data" in said.err
    assert "plugin" not in said.err


def test_the_rule_is_a_rule_like_any_other(workspace: Workspace, example: Path) -> None:
    settings = workspace.root / "capdraft.toml"
    said = capdraft(workspace.root, "check", site=example)
    line = "'seamlessly' praises and says nothing [warning: read-tickets.description]"
    assert re.search(rf"^reviews/\S+:\d+: EX101 {re.escape(line)}$", said.out, re.MULTILINE)
    settings.write_text('[rules]\nEX101 = "error"\nCD103 = "off"\n')
    said = capdraft(workspace.root, "check", "--format", "github", site=example)
    assert said.status == 1
    assert re.search(r"^::error file=reviews/\S+?,line=\d+,title=EX101", said.out, re.MULTILINE)
    refused = capdraft(workspace.root, *APPROVE, site=example)
    assert refused.status == 1
    assert "EX101" in refused.err
    capdraft(workspace.root, *APPROVE, "--despite", "EX101", "--note", "Ours.", site=example)
    capdraft(workspace.root, "merge", site=example)
    entry = workspace.read_entry("ticket-reader").entry
    assert entry is not None
    assert entry.capabilities[0].description.approved[0].despite == ("EX101",)


APPROVE = ["review", "approve", "ticket-reader/read-tickets", "--field", "description"]
APPROVE += ["--as", "ana"]


def test_a_rule_of_the_settings_that_is_not_installed_is_told_and_the_others_check(
    workspace: Workspace,
) -> None:
    settings = workspace.root / "capdraft.toml"
    settings.write_text('[rules]\nEX101 = "warning"\nCD103 = "off"\n')
    said = capdraft(workspace.root, "check", site=workspace.root)
    assert said.status == 1
    assert said.err.count("EX101 under [rules] is not checked: no plugin that is installed") == 1
    assert 'next: Install the package that brings it, or do without it: EX101 = "off".' in said.err
    assert "proposal checked" in said.err
    settings.write_text('[rules]\nEX101 = "off"\nCD103 = "off"\n')
    said = capdraft(workspace.root, "check", site=workspace.root)
    assert (said.status, "EX101" in said.err) == (0, False)
    settings.write_text('[rules]\nEX101 = "off"\nEX1 = "off"\n')
    said = capdraft(workspace.root, "check", site=workspace.root)
    assert (said.status, "'EX1' under [rules] is no rule" in said.err) == (2, True)


def test_the_exporter_writes_a_file_that_others_read(workspace: Workspace, example: Path) -> None:
    capdraft(workspace.root, *APPROVE, site=example)
    capdraft(workspace.root, "merge", site=example)
    said = capdraft(
        workspace.root, "export", "opml", "--out", "catalog.opml", "--json", site=example
    )
    assert json.loads(said.out)["records"] == 1
    root = ElementTree.parse(workspace.root / "catalog.opml")  # noqa: S314 - just written
    told = [item.get("text") for item in root.iter("outline")]
    assert told == ["Ticket reader", "Read tickets", f"description: {PRAISED['text']}"]
    said = capdraft(workspace.root, "export", "opm", site=example)
    assert said.status == 2
    assert "Did you mean 'opml'?" in said.err


@pytest.fixture
def counter() -> Iterator[tuple[str, dict[str, bytes]]]:
    """The address of a server, and what it answers by path: else 404."""
    answers: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.get(self.path, b"")
            self.send_response(200 if body else 404 if answers else 503)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", answers
        server.shutdown()


def test_the_signal_source_is_asked_and_what_it_said_stays_until_it_says_otherwise(
    workspace: Workspace, example: Path, counter: tuple[str, dict[str, bytes]]
) -> None:
    url, answers = counter

    def refresh(site: Path = example) -> tuple[int, list[tuple[int, str, str]]]:
        arguments = ("signals", "refresh", "ticket-reader", "--json")
        said = capdraft(workspace.root, *arguments, site=site)
        (found,) = json.loads(said.out)["artifacts"]
        told = [(item["value"], item["source"], item["plugin"]) for item in found["signals"]]
        return said.status, told

    settings = workspace.root / "capdraft.toml"
    table = f'[plugins.download-counter]\nurl = "{url}"\n'
    settings.write_text(table)
    answers["/ticket-reader.json"] = b'{"last_30_days": 1200}'
    known = (1200, f"{url}/ticket-reader.json", "capdraft-example:download-counter")
    assert refresh() == (0, [known])
    settings.write_text('[plugins]\noff = ["download-counter"]\n')
    assert refresh() == (0, [])
    settings.write_text(table)
    assert refresh() == (0, [known])
    settings.write_text("")
    assert refresh() == (1, [known])  # the settings name no server
    settings.write_text(table)
    answers.clear()
    assert refresh() == (1, [known])  # it answers 503
    assert refresh(workspace.root) == (0, [known])  # a machine without the plugin
    answers["/other.json"] = b"{}"
    said = capdraft(workspace.root, "signals", "refresh", "ticket-reader", site=example)
    gone = r"ticket-reader: downloads 1,200 of \S+ is gone: capdraft-example:download-counter does"
    assert said.status == 0
    assert re.search(gone, said.err)
    assert refresh() == (0, [])
    answers["/ticket-reader.json"] = b'{"last_30_days": "many"}'
    said = capdraft(workspace.root, "signals", "refresh", "ticket-reader", site=example)
    assert said.status == 1
    assert "plugin 'download-counter'" in said.err
    assert "broke while it was asked about ticket-reader" in said.err


def test_only_the_kind_that_is_needed_is_loaded(workspace: Workspace, example: Path) -> None:
    probe = workspace.root / "sitecustomize.py"
    probe.write_text(
        "import atexit, sys\n"
        "show = lambda: print(*(m for m in sys.modules if m.startswith('capdraft_example.')),"
        "file=sys.stderr)\natexit.register(show)\n"
    )
    path = f"{workspace.root}:{example}"
    for arguments, loaded in (
        (["check"], "capdraft_example.promotional"),
        (["export", "opml"], "capdraft_example.outline"),
        (["export", "json"], ""),
        (["compare", "--help"], ""),
    ):
        said = capdraft(workspace.root, *arguments, site=Path(path))
        assert said.err.splitlines()[-1] == loaded, arguments


PAGE = ROOT / "docs/extending.md"
FENCE = re.compile(r"\]\(\.\./(examples/plugin/[^)]+)\)[^\n]*\n\n```\w+\n(.*?)```\n", re.DOTALL)


def test_the_page_shows_the_example_package_as_it_is() -> None:
    shown = dict(FENCE.findall(PAGE.read_text()))
    assert PAGE.read_text().count("\n```python") == sum(name.endswith(".py") for name in shown)
    for name, text in shown.items():
        assert text == (ROOT / name).read_text(), name
    modules = {str(path.relative_to(ROOT)) for path in ROOT.glob("examples/plugin/src/*/[a-z]*.py")}
    assert modules <= set(shown)
    assert {"examples/plugin/pyproject.toml", "examples/plugin/tests/test_plugins.py"} <= set(shown)


def test_the_tests_of_the_example_package_pass(tmp_path: Path, example: Path) -> None:
    tests = ROOT / "examples/plugin/tests"
    done = subprocess.run(
        [*f"{sys.executable} -m pytest -q -p no:cacheprovider -c {os.devnull}".split(), tests],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(example)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "6 passed" in done.stdout, done.stdout
