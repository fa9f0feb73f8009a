"""The command line: reads the request, calls one function below, shows the answer.

Only click and the errors are imported here; a command's module when it runs, what it needs in its
body.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import itertools
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capdraft import __version__
from capdraft.errors import CapdraftError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Name: (module, the line that --help shows, so that --help imports no command).
COMMANDS = {
    "init": ("init", "Make a workspace."),
    "doctor": ("doctor", "Check that all is there, and say how to mend it."),
    "draft": ("draft", "Draft the capabilities of artifacts from their docs."),
    "import": ("import_page", "Read a known comparison page into proposals."),
    "ground": ("ground", "Look for the passages that support existing texts."),
    "check": ("check", "Print what the rules find in proposals."),
    "review": ("review", "List, show and decide what waits."),
    "serve": ("serve", "Open the review desk in the browser."),
    "mcp": ("mcp", "Serve the catalog to language models, by MCP."),
    "merge": ("merge", "Write what was approved to the catalog."),
    "withdraw": ("withdraw", "Take an artifact or a record out of the catalog."),
    "restore": ("restore", "Bring back what was withdrawn."),
    "diff": ("diff", "Show what a proposal says differently."),
    "log": ("log", "Tell what happened to an artifact."),
    "compare": ("compare", "Compare artifacts of the catalog."),
    "align": ("align", "Say which capabilities of two artifacts are alike."),
    "rank": ("rank", "Rank the artifacts of the catalog, and say why."),
    "signals": ("signals", "How much artifacts are used: downloads, likes, stars."),
    "alternatives": ("alternatives", "List what to draft next, to prove comparisons."),
    "search": ("search", "Find capabilities by need."),
    "feedback": ("feedback", "Tell whether what was found did what was needed."),
    "site": ("site", "Write the catalog as a static site."),
    "export": ("export", "Write the catalog in other formats."),
    "prompts": ("prompts", "List and show the prompts, and what would be sent."),
    "evaluate": ("evaluate", "Measure drafts and rules against gold."),
    "cassettes": ("cassettes", "Tell which recordings are stale, and record them again."),
    "ledger": ("ledger", "Show or delete the answers that were paid for."),
    "plugins": ("plugins", "List the plugins that are installed."),
    "migrate": ("migrate", "Convert files that an older capdraft wrote."),
    "schema": ("schema", "Print the JSON Schema of a file."),
    "completion": ("completion", "Print what completes commands in your shell."),
}


class LazyGroup(click.Group):
    """Commands whose modules are imported when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"capdraft.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        if ctx.resilient_parsing:  # a shell asks what could come next
            from capdraft.cli.completing import offer_names

            offer_names(command)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = (name for name in COMMANDS if name.startswith(incomplete))
        found = [CompletionItem(name, help=COMMANDS[name][1]) for name in names]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            if near := get_close_matches(args[0], COMMANDS, n=1):
                ctx.fail(f"No such command {args[0]!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=LazyGroup, context_settings=HELP)
@click.version_option(__version__, prog_name="capdraft")
def cli() -> None:
    """A language model drafts catalog records from raw docs; rules check them; you decide.

    \b
    capdraft init                      make a workspace here
    capdraft doctor                    check key, endpoint, git and disk
    capdraft draft paligemma.md        draft an artifact
    capdraft review show paligemma     read the claims above their evidence
    capdraft review --help             the options of a command, and examples
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 something found or failed, 2 usage."""
    given = _given(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter
    if sys.stdin is None:  # closed by who started it: read as empty
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - as long as the program
    color = _colours()
    if "_CAPDRAFT_COMPLETE" in os.environ:  # a shell asks what could come next
        from capdraft.cli.shells import know_shells

        know_shells()
    try:
        status = cli.main(given, prog_name="capdraft", standalone_mode=False, color=color)
        return status if isinstance(status, int) else 0
    except CapdraftError as error:
        _show(error, as_json="--json" in given or "json" in _formats(given), color=color)
        return error.exit_status
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.message)
        return 0
    except click.ClickException as error:
        wrong = _with_meant(error)
        if "--json" in given:
            from capdraft.cli.frame import print_json

            print_json({"error": {"kind": "Usage", "message": wrong.format_message()}})
        wrong.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. What was answered is kept; repeat the command to go on.", err=True)
        return 130
    except SystemExit:
        return 0  # click's way to end when the reader of a pipe went away
    except OSError as error:
        _show_fault(error)
        return 1


def _given(arguments: Sequence[str] | None) -> list[str]:
    """Return the words of the command; a process of its own looks for garbage less often."""
    if arguments is not None:
        return list(arguments)
    gc.set_threshold(50_000, 20, 50)  # what is imported and read holds hardly any
    return sys.argv[1:]


def _colours() -> bool | None:
    """Return whether the environment wants colours; None leaves it to where the answer goes.

    As https://no-color.org and https://force-color.org have it; who wants none has the last word.
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def _show_fault(error: OSError) -> None:
    """Tell that a file can't be used, or, where none is named, that the answer can't be printed.

    What can't be printed is not lost: files are written before they are told of.
    """
    what = f"{error.filename}: can't be used" if error.filename else "the answer can't be printed"
    with contextlib.suppress(OSError):
        click.echo(f"error: {what}: {error.strerror}", err=True)
        if error.filename:
            click.echo("  next: Check that it can be written and the disk has room.", err=True)
    if not error.filename:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _with_meant(error: click.ClickException) -> click.ClickException:
    """Return an error of a value that is none of a few with what was meant, as click's of names."""
    if type(error) is not click.BadParameter or error.param is None:
        return error
    if not isinstance(error.param.type, click.Choice):
        return error
    from difflib import get_close_matches

    given = "".join(error.message.split("'")[1:2])
    near = get_close_matches(given, map(str, error.param.type.choices), n=1)
    said = f"{error.message} Did you mean {near[0]!r}?" if near else error.message
    return click.BadParameter(said, error.ctx, error.param, error.param_hint)


def _formats(given: Sequence[str]) -> set[str]:
    """Return what --format was given, in both ways to write it."""
    pairs = itertools.pairwise(given)
    behind = {value for option, value in pairs if option == "--format"}
    return behind | {word.partition("=")[2] for word in given if word.startswith("--format=")}


def _show(error: CapdraftError, *, as_json: bool, color: bool | None) -> None:
    if as_json:
        from capdraft.cli.frame import error_data, print_json

        print_json({"error": error_data(error)})
    from capdraft.text import printable

    told = printable(f"{click.style('error:', fg='red', bold=True)} {error}")
    click.echo(told, err=True, color=color)
    if error.hint:
        click.echo(printable(f"  next: {error.hint}"), err=True)
