"""What every command has: `--json`, `--workspace`, and one place that prints."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capdraft.errors import CapdraftError, NoWorkspace, UsageProblem
from capdraft.text import printable

if TYPE_CHECKING:
    from capdraft.plugins.running import Trouble
    from capdraft.records import Finding
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace


@dataclass(frozen=True)
class Frame:
    """Where a command works and how it answers."""

    as_json: bool
    folder: Path | None

    def workspace(self) -> Workspace:
        """Return the workspace that the command works in."""
        from capdraft.plugins.running import use
        from capdraft.workspace import Workspace

        if self.folder is not None and not self.folder.is_dir():
            raise NoWorkspace(f"there is no folder {self.folder}")
        workspace = Workspace.find(self.folder)
        use(workspace.root, self.note)
        return workspace

    def say(self, text: str = "") -> None:
        """Print a line of the answer; nothing with --json."""
        if not self.as_json:
            click.echo(printable(text))

    def note(self, text: str) -> None:
        """Print progress, a warning or a note to standard error."""
        click.echo(printable(text), err=True)

    def failed(self, error: CapdraftError, said: str = "") -> None:
        """Print what failed (`said`, else the error's own words) and what to do next."""
        self.note(f"{click.style('failed', fg='red')}  {said or error}")
        if error.hint:
            self.note(f"  next: {error.hint}")

    def answer(self, data: dict[str, Any]) -> None:
        """Print the one JSON document of a command; nothing without --json."""
        if self.as_json:
            print_json(data | _plugins_data())


def print_json(data: dict[str, Any]) -> None:
    """Print `data` as the one JSON document on standard output."""
    import json

    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def _plugin_troubles() -> list[Trouble]:
    """Return how plugins broke in this run; where nothing loaded the module, none could."""
    module = sys.modules.get("capdraft.plugins.running")
    return module.in_use().troubles if module else []


def _plugins_data() -> dict[str, Any]:
    troubles = _plugin_troubles()
    told = [{"message": t.message, "hint": t.hint, "times": t.times} for t in troubles]
    return {"broken_plugins": told} if told else {}


def error_data(error: CapdraftError) -> dict[str, str]:
    """Return an error as it stands in `--json` answers."""
    return {
        "kind": error.kind,
        "message": error.message,
        "where": error.where,
        "hint": error.hint,
    }


def framed(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """Give a command `--json` and `--workspace`, passed on as its first argument `frame`."""

    @click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
    @click.option(
        "--workspace",
        "folder",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Work in this workspace instead of the one around the current folder.",
    )
    @functools.wraps(function)
    def run(*args: Any, as_json: bool, folder: Path | None, **options: Any) -> int | None:
        status = function(Frame(as_json, folder), *args, **options)
        return status or (1 if _plugin_troubles() else 0)

    return run


def load_settings(workspace: Workspace) -> Settings:
    """Return the settings of a workspace."""
    from capdraft.settings import Settings, parse_settings

    stored = workspace.settings_text()
    return parse_settings(stored.text) if stored else Settings()


def count(number: int, one: str, many: str = "") -> str:
    """Return `number` with its noun in the right form."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def one_by_one(
    frame: Frame, names: Iterable[str], work: Callable[[str], None]
) -> list[CapdraftError]:
    """Do `work` for each name; print the errors of those that fail, and return them.

    Raises:
        UsageProblem: a name is wrong, which is no failure of its files.
    """
    failed = []
    for name in names:
        try:
            work(name)
        except UsageProblem:
            raise
        except CapdraftError as error:
            failed.append(error)
            frame.failed(error, f"{name}: {error}")
    return failed


def severity_mark(severity: str) -> str:
    """Return a severity, coloured where the terminal has colours."""
    return click.style(severity, fg="red" if severity == "error" else "yellow")


def finding_data(finding: Finding, where: str) -> dict[str, Any]:
    """Return a finding as it stands in `--json` answers."""
    return {**finding.model_dump(exclude_none=True), "where": where}
