"""Plugins that break, and plugins that want the same: told by name, and the run goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from capdraft.plugins.log import LARGEST, PLACE
from capdraft.records import DocumentRef
from capdraft.reviewing.index.reading import Terms
from capdraft.sources import read_bytes
from capdraft.sources.addresses import keep, kept_file
from capdraft.workspace import Workspace
from desks import open_desk
from plugin_packages import HEAD, Said
from workspaces import READ, Scripted, draft_from, drafted_workspace

Run = Callable[..., Said]
Install = Callable[..., None]

RULE = """
class Check:
    contract = CONTRACT
    code, name, severity, summary = "AB101", "check", "error", "Finds."
    def check(self, claim):
        {body}
"""
NOT_LOADED = {
    "it can't be imported": ("import nowhere", ":Check", "ModuleNotFoundError: No module named"),
    "it isn't there": ("", ":Check", "AttributeError: module 'badge' has no attribute 'Check'"),
    "it ends the process": ("raise SystemExit(0)", ":Check", "SystemExit: 0 [badge.py:4]"),
    "it is for another contract": (
        "class Check:\n    contract = 9",
        ":Check",
        "this capdraft has contract 1; it is written for 9",
    ),
    "it does not say for which": ("class Check: ...", ":Check", "does not say for which"),
    "it lacks something": (
        "class Check:\n    contract = CONTRACT",
        ":Check",
        "code is missing; name is missing; severity is missing; summary is missing; check is",
    ),
    "it names no object": ("", "", "'badge' names a module; write MODULE:OBJECT"),
    "its code is none": (
        RULE.format(body="...").replace("AB101", "my101"),
        ":Check",
        "code: 'my101' must be two to eight capitals and three digits: 'EX101'",
    ),
    "its summary is none": (
        RULE.format(body="...").replace('"Finds."', "3"),
        ":Check",
        "summary is text, not 3",
    ),
    "its severity is none": (
        RULE.format(body="...").replace('"error"', "'grave'"),
        ":Check",
        "severity is 'error' or 'warning', not 'grave'",
    ),
    "its check is none": (
        RULE.format(body="...").replace("def check", "check = 3\n    def other"),
        ":Check",
        "check is no method, but 3",
    ),
    "its code is taken": (
        RULE.format(body="...").replace("AB101", "CD101"),
        ":Check",
        "code: codes that begin with CD are capdraft's own",
    ),
}
NONSENSE = {
    "it raises": ("raise KeyError('colour')", "KeyError: 'colour' [badge.py:9]"),
    "it yields and raises": (
        "yield Problem('A.')\n        claim.nothing",
        "AttributeError: 'Claim' object has no attribute 'nothing' [badge.py:10]",
    ),
    "it gives nothing to go through": ("return None", "TypeError: 'NoneType' object is not itera"),
    "it gives something else": ("return ['bad']", "TypeError: check gave 'bad', not a capdraft."),
    "it says nothing": ("return [Problem(' ')]", "ValueError: check gave a problem without a mess"),
    "its span is not in the text": (
        "return [Problem('A.', 3, 9999)]",
        "ValueError: check gave the span 3:9999 of a text of",
    ),
    "its span is half": ("return [Problem('A.', 3)]", "the span 3:None of a text"),
}


@pytest.fixture
def desk(run: Run) -> Path:
    """The workspace that `run` works in, with the ticket reader, whose `unique` is wrong."""
    drafted_workspace(Path())
    return Path.cwd()


@pytest.mark.parametrize(("code", "value", "why"), NOT_LOADED.values(), ids=NOT_LOADED)
def test_a_rule_that_can_not_be_loaded_is_told_and_the_others_check(
    code: str, value: str, why: str, desk: Path, run: Run, install: Install
) -> None:
    install("badge", code, rules={"check": value})
    said = run("check")
    assert f"warning: plugin 'check' (capdraft.rules, badge 0.1, badge{value}) broke" in said.err
    assert why in said.err
    assert "CD103 '3 GB'" in said.out
    (found,) = json.loads(run("plugins", "--json").out)["plugins"]
    assert found["state"] == "broken"
    assert why in found["why"]


@pytest.mark.parametrize(("body", "why"), NONSENSE.values(), ids=NONSENSE)
def test_a_rule_that_breaks_while_it_checks_is_told_once_with_its_traceback_in_the_log(
    body: str, why: str, desk: Path, run: Run, install: Install
) -> None:
    install("badge", RULE.format(body=body), rules={"check": ":Check"})
    (desk / "capdraft.toml").write_text('[rules]\nCD103 = "off"\n')
    said = run("check", "--json")
    answer = json.loads(said.out)
    (broken,) = answer["broken_plugins"]
    assert (said.status, answer["findings"]) == (1, [])
    assert why in broken["message"]
    assert "it checked ticket-reader/read-tickets.description" in broken["message"]
    assert (broken["times"], said.err.count("warning: ")) == (3, 1)
    log = (desk / PLACE).read_text()
    assert log.count("Traceback (most recent call last)") == 1
    assert why in log
    (desk / "capdraft.toml").write_text('[rules]\nCD103 = "off"\n[plugins]\noff = ["badge"]\n')
    said = run("check", "--json")
    assert (said.status, "broken_plugins" in json.loads(said.out)) == (0, False)
    assert "plugin" not in said.err


def test_a_code_under_rules_stays_valid_while_its_plugin_is_off_or_broken(
    desk: Path, run: Run, install: Install
) -> None:
    install("badge", "import nowhere", rules={"check": ":Check"})
    (desk / "capdraft.toml").write_text('[rules]\nAB101 = "warning"\n')
    assert run("check").status == 1
    (desk / "capdraft.toml").write_text('[rules]\nAB101 = "off"\n[plugins]\noff = ["check"]\n')
    assert "is no rule" not in run("check").err
    (desk / "capdraft.toml").write_text('[rules]\nCD999 = "off"\n')
    assert "'CD999' under [rules] is no rule" in run("check").err


def test_the_desk_shows_the_findings_of_a_plugin_s_rule_and_finds_them(
    desk: Path, run: Run, install: Install
) -> None:
    body = "return [Problem('says tickets', 14, 21)] if claim.field_name == 'description' else []"
    before = Terms.of(Workspace(desk), None, 0).key
    install("badge", RULE.format(body=body), rules={"check": ":Check"})
    assert Terms.of(Workspace(desk), None, 0).key != before  # what the index holds is read anew
    browser = open_desk(Workspace(desk))
    assert "Finds." in browser.get("/help").text
    assert "says tickets" in browser.get("/desk/ticket-reader/read-tickets/description").text
    assert "read-tickets" in browser.get("/?rule=AB101&reviewer=anyone").text


def test_the_name_of_a_plugin_is_words_and_hyphens(desk: Path, run: Run, install: Install) -> None:
    install("badge", RULE.format(body="return ()"), rules={"My_Check": ":Check"})
    assert "the name 'My_Check' must be lower-case words and hyphens" in run("check").err


def test_what_broke_at_work_is_listed_with_its_day_until_the_log_is_deleted(
    desk: Path, run: Run, install: Install
) -> None:
    install("badge", RULE.format(body="raise KeyError('colour')"), rules={"check": ":Check"})
    assert "broke" not in run("plugins").out
    run("check")
    said = run("plugins")
    assert said.status == 0
    told = r"last broke on \d{4}-\d\d-\d\d while it checked ticket-reader/\S+ KeyError: 'colour'"
    assert re.search(told, said.out)
    (desk / PLACE).unlink()
    assert json.loads(run("plugins", "--json").out)["plugins"][0]["last_broken"] == ""


def test_that_a_plugin_could_not_be_loaded_is_no_news_once_it_is(
    desk: Path, run: Run, install: Install, site: Path
) -> None:
    install("badge", "import nowhere", rules={"check": ":Check"})
    assert json.loads(run("plugins", "--json").out)["plugins"][0]["state"] == "broken"
    (site / "badge.py").write_text(HEAD + RULE.format(body="return ()"))
    (found,) = json.loads(run("plugins", "--json").out)["plugins"]
    assert (found["state"], found["last_broken"]) == ("loaded", "")


def test_a_plugin_is_told_of_its_settings_and_of_the_folder(
    desk: Path, run: Run, install: Install
) -> None:
    code = RULE.format(body="return [Problem(f'{self.setup.settings} {self.setup.folder}')]")
    code += "    def __init__(self, setup): self.setup = setup\n"
    install("badge", code, rules={"check": ":Check"})
    Path("capdraft.toml").write_text("[plugins.check]\nwords = ['best']\n")
    assert f"{{'words': ['best']}} {desk}" in run("check").out
    Path("capdraft.toml").write_text("[plugins]\nof = ['badge']\n")
    said = run("check")
    assert (said.status, "there is no key 'of'; a plugin's settings are a table" in said.err) == (
        2,
        True,
    )


def test_settings_that_no_plugin_reads_are_told(desk: Path, run: Run, install: Install) -> None:
    install("badge", RULE.format(body="return ()"), rules={"check": ":Check"})
    Path("capdraft.toml").write_text("[plugins.check]\na = 1\n[plugins.chek]\na = 1\n")
    said = run("plugins")
    assert "[plugins.check]: that plugin takes no settings" in said.err
    assert "[plugins] names 'chek', which is not installed here" in said.err


READER = """
class Reader:
    contract = CONTRACT
    suffixes, media_type = {suffixes}, "text/x-toy"
    def read(self, source, document):
        {body}
"""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("raise RuntimeError('no')", "RuntimeError: no [badge.py:9]"),
        (
            "document.keep(source.text()); document.cite(0, 5, 'Hallo')",
            "ValueError: text[0:5] is 'Hello', not the quote 'Hallo' [badge.py:9]",
        ),
        ("document.cite(0, 5, 'Hello')", "ValueError: keep(text) comes before cite()"),
        ("return ['Hello']", "TypeError: read gave ['Hello']: what it finds goes into `document`"),
        ("document.keep('a\\r\\nb')", "is not the one that SourceFile.text() gave"),
        ("document.passage('Hello', kind='song')", "ValueError: 'song' is no kind of passage"),
        (
            "document.passage('Hello'); document.front_matter = {'size': 3}",
            "TypeError: front matter holds strings, lists and dicts, not 3",
        ),
    ],
)
def test_a_reader_that_breaks_is_the_error_of_its_document_and_the_next_is_read(
    body: str, why: str, desk: Path, run: Run, install: Install
) -> None:
    code = READER.format(suffixes=(".toy",), body=body)
    install("badge", code, readers={"toy": ":Reader"})
    Path("a.toy").write_text("Hello world.")
    Path("b.md").write_text("# Tram\n\nA tram has a bell.\n")
    said = run("draft", "a.toy", "b.md", "--dry-run")
    assert said.status == 1
    assert "failed  a.toy: plugin 'toy' (capdraft.readers, badge 0.1, badge:Reader) broke" in (
        said.err
    )
    assert why in said.err
    assert "b.md: 1 passage" in said.out + said.err


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("'.toy'", "suffixes: it must be a tuple such as ('.csv', '.tsv'), not '.toy'"),
        ("('toy',)", "suffixes: 'toy' must be lower case and start with a dot: '.csv'"),
        ("('.TOY',)", "suffixes: '.TOY' must be lower case and start with a dot: '.csv'"),
        ("()", "suffixes: it must have at least one suffix"),
    ],
)
def test_suffixes_that_are_none_are_told_in_words(
    given: str, why: str, desk: Path, run: Run, install: Install
) -> None:
    install("badge", READER.format(suffixes=given, body="..."), readers={"toy": ":Reader"})
    (found,) = json.loads(run("plugins", "--json").out)["plugins"]
    assert found["why"] == why


def test_a_reader_that_finds_nothing_is_named(desk: Path, run: Run, install: Install) -> None:
    install("badge", READER.format(suffixes=[".toy"], body="..."), readers={"toy": ":Reader"})
    Path("a.toy").write_text("Hello world.")
    said = run("draft", "a.toy", "--dry-run")
    assert said.status == 1
    assert "a.toy: the reader badge:toy found no text to cite in this file" in said.err


def test_a_document_whose_reader_broke_or_is_gone_is_not_at_hand(
    desk: Path, run: Run, install: Install
) -> None:
    body = "document.passage(source.text())\n        if b'!' in source.data: 1 / 0"
    good = READER.format(suffixes=(".toy",), body=body)
    install("badge", good, readers={"toy": ":Reader"})
    Path("ticket.toy").write_text("Reads printed tickets of up to 40 fields.")
    workspace = drafted_workspace(desk)
    record = {**READ, "unique": None, "vs_alternatives": None}
    draft_from(workspace, Scripted({"capabilities": [record]}), source="ticket.toy")
    assert run("check", "ticket").status == 0
    Path("ticket.toy").write_text("Something else!")
    said = run("check", "ticket")
    assert (said.status, "CD104" in said.out) == (1, False)
    assert said.err.count("broke while it read ticket.toy: ZeroDivisionError") == 1
    (desk / "capdraft.toml").write_text('[plugins]\noff = ["toy"]\n')
    assert "CD104" not in run("check", "ticket").out
    assert "Not used: toy" in run("draft", "ticket.toy", "--dry-run").err


def test_what_came_from_an_address_is_read_by_its_suffix_then_and_later(
    desk: Path, run: Run, install: Install
) -> None:
    both = READER.format(suffixes=(".toy", ".toys"), body="document.passage(source.name)")
    install("badge", both, readers={"toy": ":Reader"})
    address = "https://example.org/list.toys?raw=1"
    for name, media_type, is_read in (
        ("list.toys", "text/plain", True),
        ("list", "text/x-toy; charset=utf-8", True),
        ("list.txt", "text/x-toy", False),
    ):
        document = read_bytes(b"Hello.", name, uri=address, media_type=media_type)
        assert (document.media_type == "text/x-toy") is is_read, name
        if is_read:
            keep(desk, b"Hello.")
            kept = kept_file(desk, DocumentRef.of(document, "d1"))
            assert kept == (f"{document.sha256}.toys", b"Hello.")


EXPORTER = """
class Export:
    contract, summary = CONTRACT, "Half of it."
    def write(self, entries):
        {body}
"""


def test_one_text_is_no_pieces_of_a_file(desk: Path, run: Run, install: Install) -> None:
    install("badge", EXPORTER.format(body="return 'whole'"), exporters={"half": ":Export"})
    said = run("export", "half")
    assert (said.status, said.out) == (1, "")
    assert "TypeError: write gave one text: it is to yield the pieces of the file" in said.err


def test_an_exporter_that_breaks_leaves_no_file_and_prints_nothing(
    desk: Path, run: Run, install: Install
) -> None:
    code = EXPORTER.format(body="yield 'half'; yield 7")
    install("badge", code, exporters={"half": ":Export"})
    said = run("export", "half", "--out", "half.txt")
    assert said.status == 1
    assert said.err.count("TypeError: write gave 7, neither text nor bytes") == 1
    assert not Path("half.txt").exists()
    assert not [path for path in Path().iterdir() if path.name.startswith(".half")]
    said = run("export", "half")
    assert (said.status, said.out) == (1, "")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("['many']", "TypeError: signals gave 'many'"),
        (
            "[Signal(name='likes', value=1, source='x', retrieved='2999-01-01T00:00:00Z')]",
            "a signal was read on 2999-01-01, which is yet to come",
        ),
        (
            "[Signal(name='likes', value=1, source='x', by='ana', retrieved=datetime.now(UTC))]",
            "a signal with `by` is one that a person set",
        ),
        (
            "[Signal(name='like', value=1, source='x', retrieved=datetime.now(UTC))]",
            "no Signal can be made: name: Input should be 'downloads', 'likes', 'stars', "
            "'dependents' or 'forks' [badge.py:9]",
        ),
    ],
)
def test_signals_that_are_none_are_refused(
    given: str, why: str, desk: Path, run: Run, install: Install
) -> None:
    code = f"""
    class Source:
        contract = CONTRACT
        summary = "Likes."
        def signals(self, artifact, documents):
            return {given}
    """
    install("badge", code, signals={"likes": ":Source"})
    said = run("signals", "refresh", "ticket-reader")
    assert said.status == 1
    assert why in said.err
    assert "failed  ticket-reader: plugin 'likes' (capdraft.signals, badge 0.1, " in said.err
    assert not Path("signals").exists()


def test_what_a_source_can_not_know_is_told_with_its_name(
    desk: Path, run: Run, install: Install
) -> None:
    code = """
    from capdraft.errors import SourceError
    class Source:
        contract, summary = CONTRACT, "Likes."
        def signals(self, artifact, documents):
            raise SourceError("the file is locked", where="likes.json")
    """
    install("badge", code, signals={"likes": ":Source"})
    said = run("signals", "refresh", "ticket-reader")
    assert said.status == 1
    assert "failed  ticket-reader: badge:likes: likes.json: the file is locked" in said.err
    assert "badge:likes gave 0 signals, 1 failed" in said.err


TWO = {"one": (".toy", ".one"), "two": (".toy", ".two")}


def test_two_plugins_that_want_the_same_are_both_out_until_one_is_preferred(
    desk: Path, run: Run, install: Install
) -> None:
    for name, suffixes in TWO.items():
        code = READER.format(suffixes=suffixes, body=f"document.passage('Read by {name}.')")
        install(name, code, readers={"toy": ":Reader"})
    Path("a.toy").write_text("Hello world.")
    said = run("draft", "a.toy", "--dry-run")
    assert "files with the suffix '.toy' are not read" in said.err
    assert ".toy, text/x-toy: plugin 'toy' (capdraft.readers, two 0.1, two:Reader) has it" in (
        said.err
    )
    assert said.err.count("warning: ") == 1
    assert 'prefer = ["one:toy"] or prefer = ["two:toy"].' in said.err
    for settings, reader in (('prefer = ["two:toy"]', "two"), ('off = ["two"]', "one")):
        Path("capdraft.toml").write_text(f"[plugins]\n{settings}\n")
        assert f"[1] Read by {reader}." in run("prompts", "render", "a.toy").out


def test_what_is_built_in_comes_first_unless_a_plugin_is_preferred(
    desk: Path, run: Run, install: Install
) -> None:
    code = READER.format(suffixes=(".md", ".toy"), body="document.passage('Read by a plugin.')")
    code += "class Export:\n    contract, summary = CONTRACT, 'Mine.'\n"
    code += "    def write(self, entries):\n        yield b'mine'\n"
    named = {"readers": {"toy": ":Reader"}, "exporters": {"csv": ":Export"}}
    install("badge", code, **named)
    Path("a.md").write_text("A tram has a bell.\n")
    assert "[1] A tram has a bell." in run("prompts", "render", "a.md").out
    assert run("export", "csv").out.startswith('"artifact"')
    reader, exporter = json.loads(run("plugins", "--json").out)["plugins"]
    assert (reader["state"], reader["claims"]) == ("loaded", [".toy", "text/x-toy"])
    assert exporter["state"] == "off"
    assert "csv: built in" in exporter["why"]
    Path("capdraft.toml").write_text('[plugins]\nprefer = ["Badge"]\n')
    assert "[1] Read by a plugin." in run("prompts", "render", "a.md").out
    assert run("export", "csv").out == "mine"


def test_names_under_plugins_that_are_not_installed_are_told(
    desk: Path, run: Run, install: Install
) -> None:
    Path("capdraft.toml").write_text('[plugins]\noff = ["nothing"]\n')
    said = run("plugins")
    assert said.status == 0
    assert "[plugins] names 'nothing', which is not installed here" in said.err


def test_a_log_that_can_not_be_written_stops_nothing_and_a_long_one_begins_anew(
    desk: Path, run: Run, install: Install
) -> None:
    install("badge", "import nowhere", rules={"check": ":Check"})
    log = desk / PLACE
    log.parent.mkdir(exist_ok=True)
    log.mkdir()
    assert "The traceback is in" not in run("check").err
    log.rmdir()
    log.write_text("x" * (LARGEST + 1))
    assert "The traceback is in" in run("check").err
    assert log.stat().st_size < LARGEST
    assert log.with_name("plugins.log.1").stat().st_size == LARGEST + 1
