"""What the documentation says is what the code does."""

from __future__ import annotations

import re
import shlex
import shutil
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import BaseModel

from capdraft.checking import RULES
from capdraft.cli import cli, main
from capdraft.records import Changes
from capdraft.settings import Settings, parse_settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES += [ROOT / "cassettes/README.md", ROOT / "CHANGELOG.md"]

ENVIRONMENT = r"(?:[A-Z_]+=\S+ )*"
IN_LINE = re.compile(rf"`{ENVIRONMENT}capdraft ([^`]+)`")
ON_A_LINE = re.compile(rf"^ +(?:\$ )?{ENVIRONMENT}capdraft (.+)$", re.MULTILINE)
IN_A_SCRIPT = re.compile(r"^ *(?:run|capdraft) ([a-z].+)$", re.MULTILINE)
SNIPPET = re.compile(r"^ {4}\[[a-z.]+\]\n(?: {4}(?!```).*\n)*", re.MULTILINE)
CHANGES = re.compile(r"^ {4}\[changes\]\n(?: {4}.*\n|\n)*", re.MULTILINE)
NAMED_SETTING = re.compile(r"`\[(\w+(?:\.\w+)*)\](?: (\w+)[^`]*)?`")
PLACEHOLDER = re.compile(r"[A-Z]+|…")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def commands_in(page: Path) -> Iterator[list[str]]:
    """Yield the words of each capdraft command line on a page, in code or between backticks."""
    text = page.read_text()
    for found in (*IN_LINE.finditer(text), *ON_A_LINE.finditer(text)):
        yield from alternatives(words_of(found[1]))


def words_of(line: str) -> list[str]:
    """Return the words of a command line up to a pipe, a redirection or a comment."""
    return shlex.split(re.split(r"\s(?:[|#&]|\d?>)|;\s", line)[0])


def alternatives(words: list[str]) -> Iterator[list[str]]:
    """Yield `review list` and `review show` for `review list|show`."""
    places = [place for place, word in enumerate(words) if re.fullmatch(r"\w+(\|\w+)+", word)]
    if not places:
        yield words
        return
    for name in words[places[0]].split("|"):
        yield [*words[: places[0]], name, *words[places[0] + 1 :]]


def parse(words: list[str]) -> None:
    """Parse a command line as click does before it runs it.

    Raises:
        click.UsageError: there is no such command or option, or a value is none.
    """
    command: click.Command = cli
    context = click.Context(cli, info_name="capdraft")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, found, words = command.resolve_command(context, words)
        assert found is not None
        command, context = found, click.Context(found, parent=context, info_name=name)
    given, left, _ = command.make_parser(context).parse_args(list(words))
    if left:
        raise click.UsageError(f"unexpected: {shlex.join(left)}", context)
    for parameter in command.params:
        value = given.get(parameter.name or "")
        # A placeholder stands for a value, and a list for a file that isn't there.
        stands_for_itself = isinstance(value, str) and not PLACEHOLDER.fullmatch(value)
        if stands_for_itself and not isinstance(parameter.type, click.File):
            parameter.type_cast_value(context, value)


@each_page
def test_every_command_on_a_page_can_be_parsed(page: Path) -> None:
    for words in commands_in(page):
        try:
            parse(words)
        except click.UsageError as error:
            pytest.fail(f"capdraft {shlex.join(words)}: {error.format_message()}")


def test_every_command_of_the_demo_can_be_parsed() -> None:
    lines = IN_A_SCRIPT.findall((ROOT / "examples/demo.sh").read_text())
    assert len(lines) > 8
    for line in lines:
        parse(words_of(line))


@pytest.mark.parametrize(
    "line",
    [
        "draft a.md --max-costs 2",
        "draft a.md -j many",
        "drafts a.md",
        "merge --fresh",
        "ledger cut",
    ],
)
def test_a_command_that_does_not_exist_is_found(line: str) -> None:
    with pytest.raises(click.UsageError):
        parse(words_of(line))


@each_page
def test_every_settings_snippet_is_valid(page: Path) -> None:
    for snippet in SNIPPET.findall(page.read_text()):
        if not snippet.lstrip().startswith("[changes]"):  # a proposal's
            parse_settings(textwrap.dedent(snippet), page.name)


def test_what_a_new_proposal_tells_of_the_earlier_one_is_shown_as_it_is_written() -> None:
    (shown,) = CHANGES.findall((ROOT / "docs/drafting.md").read_text())
    changes = Changes.model_validate(tomllib.loads(textwrap.dedent(shown))["changes"])
    assert all(changes.model_dump().values())


@each_page
def test_every_setting_that_a_page_names_exists(page: Path) -> None:
    for table, key in NAMED_SETTING.findall(page.read_text()):
        model: Any = Settings
        for name in filter(None, [*table.split("."), key]):
            if not (isinstance(model, type) and issubclass(model, BaseModel)):
                break  # what stands below is free: [model.parameters], [rules]
            assert name in model.model_fields, f"[{table}] {key}"
            model = model.model_fields[name].annotation


def test_the_pages_have_every_setting_with_its_default() -> None:
    names = ("api", "drafting", "extending", "ranking", "reviewing", "searching", "site")
    pages = [f"docs/{name}.md" for name in names]
    page = "\n".join((ROOT / name).read_text() for name in pages)
    rows = re.findall(r"^\| `\[(\w+)\] (\w+)` \| (.*?) ?\| .+ \|$", page, re.MULTILINE)
    told = {(table, key): shown.strip("`").replace(",", "") for table, key, shown in rows}
    defaults = Settings().model_dump(exclude={"schema_", "rules"})
    assert told == {
        (table, key): "" if value in (None, (), {}) else str(value).lower()
        for table, keys in defaults.items()
        for key, value in keys.items()
    }


def test_what_the_readme_quotes_of_the_demo_is_what_it_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme, demo = (ROOT / "README.md").read_text(), (ROOT / "examples/demo.sh").read_text()
    shutil.copytree(ROOT / "examples", tmp_path, dirs_exist_ok=True)
    (tmp_path / "cassettes").symlink_to(ROOT / "cassettes")
    monkeypatch.chdir(tmp_path)
    main(["init"])
    quoted = re.findall(r"^ {4}\$ capdraft (.+)\n {4}(.+)\n", readme, re.MULTILINE)
    assert len(quoted) == 2
    for command, line in quoted:
        assert main(shlex.split(command)) == 0
        assert line in capsys.readouterr().out.splitlines()
    edited, text = (
        re.findall(pattern, demo)[-1] for pattern in (r"edited=(\S+)", r'echo "(.+)" \|')
    )
    (tmp_path / "edit.txt").write_text(text)
    words = [
        "review",
        "edit",
        f"paligemma/{edited}",
        "--field",
        "description",
        "--from",
        "edit.txt",
    ]
    assert main([*words, "--as", "demo"]) == 1
    (finding,) = re.findall(r"`(CD103 .+?)`", readme)
    assert finding in capsys.readouterr().err


def test_the_rules_page_has_every_rule_as_the_code_has_it() -> None:
    page = (ROOT / "docs/rules.md").read_text()
    rows = re.findall(r"^\| (CD\d+) \| (.+?) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    assert rows == [(r.code, r.name, r.severity, r.summary) for r in RULES.values()]
    for rule in RULES.values():
        assert f"\n## {rule.code} {rule.name}\n" in page


def test_the_page_for_developers_has_every_room_of_the_house() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    told = re.findall(r"^\| [^|]*\| (`[^|]+) \| .+ \|$", page, re.MULTILINE)
    house = {path.stem for path in (ROOT / "src/capdraft").glob("[!_]*") if path.suffix != ".typed"}
    assert {name for cell in told for name in re.findall(r"`(\w+)`", cell)} == house


@each_page
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(#[^)]+)?\)", page.read_text()):
        path = page.parent / target if target else page
        assert path.exists(), target
        assert not anchor or anchor[1:] in anchors(path), f"{target}{anchor}"


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_help_of_every_command_says_what_it_does() -> None:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        assert command.short_help
        commands = command.commands.values() if isinstance(command, click.Group) else [command]
        for item in commands:
            assert item.help, item.name
