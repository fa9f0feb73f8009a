"""Plugins that end the process, or print: neither ends the run, and no answer is mixed up."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from capdraft.plugins.calling import calling
from capdraft.plugins.log import PLACE
from plugin_packages import Said
from workspaces import drafted_workspace

Run = Callable[..., Said]
Install = Callable[..., None]

ALL = """
class Reader:
    contract, suffixes, media_type = CONTRACT, (".toy",), "text/x-toy"
    def read(self, source, document):
        {body}

class Check:
    contract = CONTRACT
    code, name, severity, summary = "AB101", "check", "error", "Finds."
    def check(self, claim):
        {body}
        return ()

class Export:
    contract, summary = CONTRACT, "Mine."
    def write(self, entries):
        yield "half"
        {body}

class Source:
    contract, summary = CONTRACT, "Likes."
    def signals(self, artifact, documents):
        {body}
        return ()
"""
KINDS = {"readers": "Reader", "rules": "Check", "exporters": "Export", "signals": "Source"}
RUNS = {
    "readers": ("draft", "a.toy", "card.md", "--dry-run"),
    "rules": ("check",),
    "exporters": ("export", "mine"),
    "signals": ("signals", "refresh"),
}


@pytest.fixture
def desk(run: Run) -> Path:
    workspace = drafted_workspace(Path())
    (workspace.root / "a.toy").write_text("Hello world.")
    (workspace.root / "card.md").write_text("# Tram\n\nA tram has a bell.\n")
    (workspace.root / "capdraft.toml").write_text('[rules]\nCD103 = "off"\n')
    run("review", "approve", "ticket-reader", "--as", "ana")
    run("merge")
    return Path.cwd()


def put(install: Install, kind: str, body: str) -> None:
    install("badge", ALL.format(body=body), **{kind: {"mine": f":{KINDS[kind]}"}})


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("end", ["SystemExit", "SystemExit(0)", "RuntimeError('no')"])
def test_a_plugin_that_ends_the_process_is_broken_like_any_other(
    kind: str, end: str, desk: Path, run: Run, install: Install
) -> None:
    put(install, kind, f"raise {end}")
    said = run(*RUNS[kind])
    assert said.status == 1
    assert f"plugin 'mine' (capdraft.{kind}, badge 0.1, badge:{KINDS[kind]}) broke while" in (
        said.err
    )
    assert end.partition("(")[0] in said.err
    assert "Traceback" in (desk / PLACE).read_text()
    if kind == "readers":
        assert "card.md: 1 passage" in said.out + said.err
    if kind == "exporters":
        assert said.out == ""
        assert run(*RUNS[kind], "--out", "mine.txt").status == 1
        assert not Path("mine.txt").exists()


@pytest.mark.parametrize("kind", RUNS)
def test_ctrl_c_in_a_plugin_still_stops_the_run(
    kind: str, desk: Path, run: Run, install: Install
) -> None:
    put(install, kind, "raise KeyboardInterrupt")
    said = run(*RUNS[kind])
    assert said.status not in (0, 1, 2)
    assert not (desk / PLACE).exists()


@pytest.mark.parametrize("kind", RUNS)
def test_what_a_plugin_prints_is_no_part_of_the_answer(
    kind: str, desk: Path, run: Run, install: Install
) -> None:
    put(install, kind, "print('so far so good')")
    out = ("--out", "mine.txt") if kind == "exporters" else ()
    said = run(*RUNS[kind], *out, "--json")
    assert "so far so good" in said.err
    json.loads(said.out)


def test_what_is_printed_when_it_is_imported_is_none_either(
    desk: Path, run: Run, install: Install
) -> None:
    install("badge", "print('hello')\n" + ALL.format(body="pass"), rules={"mine": ":Check"})
    said = run("plugins", "--json")
    assert json.loads(said.out)["plugins"][0]["state"] == "loaded"
    assert "hello" in said.err


def test_what_others_print_meanwhile_is_an_answer_still(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with calling:
        click.echo("plugin")
        other = threading.Thread(target=click.echo, args=("answer",))
        other.start()
        other.join()
        with calling:
            click.echo("inner plugin")
        click.echo("plugin again")
    click.echo("after")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("answer\nafter\n", "plugin\ninner plugin\nplugin again\n")
