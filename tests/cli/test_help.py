"""What every command and every group of them says with --help."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import click
import pytest

from capdraft.cli import COMMANDS, cli

Run = Callable[..., Any]

LONGEST = 80
"""Columns of a terminal as it opens: an example is on one line there, to be pasted."""


class Found(NamedTuple):
    """A command or group, and the words that lead to it."""

    words: str
    command: click.Command
    context: click.Context


def below(found: Found) -> Iterator[Found]:
    """Yield a command and all that are below it."""
    yield found
    if isinstance(found.command, click.Group):
        for name in found.command.list_commands(found.context):
            command = found.command.get_command(found.context, name)
            assert command is not None
            context = click.Context(command, parent=found.context, info_name=name)
            yield from below(Found(f"{found.words} {name}", command, context))


EVERY = list(below(Found("capdraft", cli, click.Context(cli, info_name="capdraft"))))
each = pytest.mark.parametrize("found", EVERY, ids=lambda found: found.words)


@each
def test_help_has_an_example_to_type(found: Found) -> None:
    example = re.compile(rf"^\s*(?:eval \"\$\()?{found.words}\b", re.MULTILINE)
    assert example.search(found.command.get_help(found.context).partition("\n")[2])


@each
def test_help_fits_a_terminal_and_says_in_one_line_what_a_command_is_for(found: Found) -> None:
    help_ = found.command.get_help(found.context)
    assert max(map(len, help_.splitlines())) <= LONGEST
    if isinstance(found.command, click.Group):
        rows = help_.partition("\nCommands:\n")[2].splitlines()
        assert rows
        assert [row for row in rows if row.endswith("...") or not row.endswith(".")] == []


@each
def test_every_option_says_what_it_does_and_what_it_takes(found: Found) -> None:
    for option in found.command.params:
        if not isinstance(option, click.Option):
            continue
        assert option.help, option.opts
        takes_a_value = not option.is_flag and not option.count
        if takes_a_value and not isinstance(option.type, click.Choice):
            assert option.metavar, option.opts
        if takes_a_value and isinstance(option.default, int | float | str) and option.default != "":
            assert option.show_default, option.opts


def test_the_list_of_commands_says_of_each_what_the_command_itself_says() -> None:
    for name, (_, told) in COMMANDS.items():
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert command.name == name
        assert told.endswith(".")


def test_the_program_or_a_group_alone_prints_its_help(run: Run) -> None:
    for words in ([], ["review"], ["prompts"]):
        alone, asked = run(*words), run(*words, "--help")
        assert (alone.status, alone.out) == (0, asked.out)
    assert run("--version").out.startswith("capdraft, version ")


def test_what_is_missing_is_named_with_what_it_could_be(run: Run) -> None:
    said = run("completion")
    assert said.status == 2
    assert "Missing argument 'bash|zsh|fish'" in said.err
    assert "zsh" in said.err.rpartition("Missing argument 'bash|zsh|fish'")[2]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reviw", "'review'"),
        ("docter", "'doctor'"),
        ("review shw", "'show'"),
        ("prompts lst", "'list'"),
        ("merge --chek", "'--check'"),
        ("review approve a/b --feild unique", "'--field'"),
        ("review reject a/b --reason duplicat", "'duplicate'"),
        ("check --format gihub", "'github'"),
        ("schema proposl", "'proposal'"),
    ],
)
def test_a_typo_is_answered_with_what_was_meant(run: Run, typed: str, meant: str) -> None:
    said = run(*typed.split())
    assert said.status == 2
    assert "id you mean" in said.err
    assert meant in said.err
