"""`commands.md`: every command with its help, its options and its examples."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from capdraft.cli import cli
from generating.laying_out import code, indented, page, table

_TOLD = re.compile(r"^(capdraft .*?\S) {2,}(?!#)(\S.*)$", re.MULTILINE)
"""A typed line with what it does behind it."""
_INTRO = """\
Every command takes `--help`. Those that answer something take `--json`: one JSON document on
standard output, and nothing else there. Progress, warnings and notes go to standard error. What
the exit status says: [exit status](exit-status.md).

Commands work in the workspace around the current folder, or in `--workspace DIR`."""


def commands_page() -> str:
    """Return the page of all commands."""
    context = click.Context(cli, info_name="capdraft")
    found = list(_walk(cli, context))
    rows = [
        (f"[`{name}`](#{name.replace(' ', '-')})", item.get_short_help_str(200))
        for item, name in ((item, inside.command_path) for item, inside in found)
    ]
    parts = [part for item, inside in found for part in _command(item, inside)]
    return page("Commands", _INTRO, table(["command", "what it does"], rows), *parts)


def _walk(
    group: click.Group, context: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield each command below a group, in the order of `--help`."""
    for name in group.list_commands(context):
        item = group.get_command(context, name)
        if item is None or item.hidden:
            continue
        inside = click.Context(item, parent=context, info_name=name)
        yield item, inside
        if isinstance(item, click.Group):
            yield from _walk(item, inside)


def _command(item: click.Command, context: click.Context) -> Iterator[str]:
    level = "##" if context.command_path.count(" ") == 1 else "###"
    yield f"{level} {context.command_path}"
    yield _usage(item, context)
    yield from _help(item)
    arguments = [p for p in item.params if isinstance(p, click.Argument)]
    options = [p for p in item.params if isinstance(p, click.Option) and not p.hidden]
    known = [o for o in options if "--help" not in o.opts]
    yield table(["option", "meaning"], [(_names(option), _meaning(option)) for option in known])
    if not arguments and not known and isinstance(item, click.Group):
        yield f"Its commands: {', '.join(f'`{name}`' for name in item.list_commands(context))}."


def _usage(item: click.Command, context: click.Context) -> str:
    words = " ".join(item.collect_usage_pieces(context))
    return f"```text\n{context.command_path} {words}\n```"


def _help(item: click.Command) -> Iterator[str]:
    """Yield the paragraphs of a command's help; those behind `\\b` are typed lines."""
    text = inspect.cleandoc(item.help or "").partition("\f")[0]
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b\n"):
            yield indented(_TOLD.sub(r"\1    # \2", paragraph.removeprefix("\b\n")))
        elif paragraph:
            yield _plain(paragraph)


def _plain(text: str) -> str:
    """Return help as Markdown reads it: `<…>` and `*` are no markup there."""
    return text.replace("<", "&lt;").replace("*", "\\*")


def _names(option: click.Option) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    if option.is_flag or option.count:
        return code(names)
    if isinstance(option.type, click.Choice) and not option.metavar:
        return f"{code(names)} {', '.join(code(str(choice)) for choice in option.type.choices)}"
    values = (option.metavar or option.type.name.upper()).split("|")
    return " or ".join(code(f"{names} {value}") for value in values)


def _meaning(option: click.Option) -> str:
    told = _plain(option.help or "")
    several = " May be given more than once." if option.multiple else ""
    return f"{told}{several}{' Needed.' if option.required else ''}{_default(option)}"


def _default(option: click.Option) -> str:
    """Return the default where `--help` shows it."""
    shown = option.show_default and not option.required and not option.is_flag
    return f" Default: `{option.default}`." if shown else ""
