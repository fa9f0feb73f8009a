"""What the documentation says is what the code does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from capdraft.checking import RULES
from capdraft.cli import cli

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
PAGES += [ROOT / "cassettes/README.md", ROOT / "examples/demo.sh"]


def commands_in(page: Path) -> Iterator[list[str]]:
    """Yield the words of each capdraft command line on a page."""
    for found in re.finditer(r"(?<![\w./-])capdraft (?=[a-z])([^`\n|;#>)]*)", page.read_text()):
        yield found[1].split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_a_page_exists_with_its_options(page: Path) -> None:
    context = click.Context(cli)
    for words in commands_in(page):
        command: click.Command | None = cli.get_command(context, words[0])
        if command is None:
            # Prose: "capdraft turns raw docs into …".
            assert not any(word.startswith("--") for word in words), words
            continue
        if isinstance(command, click.Group):
            names = words[1].split("|")
            for name in names:
                assert command.get_command(context, name), words
            command = command.get_command(context, names[0])
        assert command is not None
        known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
        used = {word.rstrip(".,:") for word in words if re.match(r"--?[a-z]", word)}
        assert used <= known, words


def test_the_rules_page_has_every_rule_as_the_code_has_it() -> None:
    page = (ROOT / "docs/rules.md").read_text()
    rows = re.findall(r"^\| (CD\d+) \| (.+?) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    assert rows == [(r.code, r.name, r.severity, r.summary) for r in RULES.values()]
    for rule in RULES.values():
        assert f"\n## {rule.code} {rule.name}\n" in page


def test_every_link_to_a_file_leads_somewhere() -> None:
    for page in (page for page in PAGES if page.suffix == ".md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_help_of_every_command_says_what_it_does() -> None:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        assert command.short_help
        commands = command.commands.values() if isinstance(command, click.Group) else [command]
        for item in commands:
            assert item.help, item.name
