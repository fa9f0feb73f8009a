"""`capdraft cassettes`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from capdraft.cli.asking import BUDGET_OPTIONS, ENDPOINT_OPTIONS
from capdraft.cli.cassettes_run import Recorder, choose, standings, taken_by
from capdraft.cli.cassettes_text import (
    leak_data,
    standing_data,
    summary,
    tell_leak,
    tell_standing,
)
from capdraft.cli.frame import Frame, count, error_data, framed, load_settings
from capdraft.errors import CapdraftError, UsageProblem

fetch = click.option(
    "--fetch",
    is_flag=True,
    help="Read what lies elsewhere too: at an address, or outside of the repository.",
)


@click.group("cassettes", short_help="Tell which recordings are stale, and record them again.")
def command() -> None:
    """Recorded exchanges: which are stale and why, recorded again, searched for secrets.

    \b
    capdraft cassettes status
    capdraft cassettes record
    capdraft cassettes scan
    """


@command.command("status", short_help="Tell how each cassette stands.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--max-size",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    metavar="MB",
    help="Tell which cassettes are larger.",
)
@click.option("--diff", is_flag=True, help="Show the lines of a stale request that differ.")
@fetch
@framed
def status(frame: Frame, names: tuple[str, ...], max_size: float, diff: bool, fetch: bool) -> int:
    """Tell how each cassette stands against what would be asked now; nobody is asked.

    NAME is a cassette or folder; else all below cassettes/. Exit status 1 when one is stale or
    can't be read.

    \b
    capdraft cassettes status
    capdraft cassettes status gold/kilnwatch --diff
    """
    workspace = frame.workspace()
    settings = load_settings(workspace)
    large = int(max_size * 1_000_000)
    found = standings(workspace, settings, names, fetch=fetch, large=large)
    width = max((len(item.name) for item in found), default=0)
    shown: dict[tuple[str, ...], str] | None = {} if diff else None
    for item in found:
        tell_standing(frame, item, shown=shown, width=width)
    taking = taken_by(settings, [item for item in found if item.state == "stale"])
    frame.note(summary(found, taking))
    told = {"cassettes": [standing_data(item) for item in found]}
    frame.answer({**told, "recording": asdict(taking)})
    return 1 if any(item.failed for item in found) else 0


def _asking(function: Any) -> Any:
    for option in reversed((*ENDPOINT_OPTIONS, *BUDGET_OPTIONS)):
        function = option(function)
    return function


@command.command("record")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--stale", "stale_only", is_flag=True, help="Of the named ones just the stale.")
@click.option("--all", "everything", is_flag=True, help="Also those that are current.")
@click.option("--dry-run", is_flag=True, help="Print which would be recorded; ask nothing.")
@fetch
@_asking
@framed
def record(
    frame: Frame,
    names: tuple[str, ...],
    stale_only: bool,
    everything: bool,
    dry_run: bool,
    fetch: bool,
    **options: Any,
) -> int:
    """Record cassettes again: those named, else the stale ones.

    A cassette is replaced once all of it was answered and the answers are valid, and is as it was
    otherwise. Prints what the new answers say differently, and the cost. Exit status 1 when one
    could not be recorded.

    \b
    capdraft cassettes record
    capdraft cassettes record gold --stale --max-cost 2
    """
    if everything and (names or stale_only):
        raise UsageProblem("--all goes without names and --stale")
    workspace = frame.workspace()
    settings = load_settings(workspace)
    found = standings(workspace, settings, names, fetch=fetch)
    chosen = choose(found, named=bool(names) and not stale_only, everything=everything)
    recorder = Recorder(frame, workspace, settings, options, fetch=fetch)
    ended = recorder.dry_run(chosen) if dry_run else recorder.record(chosen)
    ended["failed"] += recorder.lost(found)
    frame.answer(ended)
    return 1 if ended["failed"] or ended["left"] else 0


@command.command("scan")
@click.argument("places", nargs=-1, metavar="[PATH]...")
@click.option("--emails", is_flag=True, help="Tell of e-mail addresses too.")
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    metavar="FINGERPRINT",
    help="Let a value be that is no secret; can be given several times.",
)
@framed
def scan(frame: Frame, places: tuple[str, ...], emails: bool, allowed: tuple[str, ...]) -> int:
    """Look for secrets in cassettes: keys, tokens, passwords, cookies. Values are not printed.

    PATH is a file, folder or cassette; else all below cassettes/. Exit status 1 when something is
    found.

    \b
    capdraft cassettes scan
    capdraft cassettes scan cassettes recorded.yaml --allow 3fa4c0de12ab
    """
    from capdraft.client.cassettes.scanning import scan as look
    from capdraft.recording.standing import find_cassettes

    paths = find_cassettes(frame.workspace(), places)
    leaks, failed = [], list[CapdraftError]()
    for path in paths:
        try:
            leaks += [leak for leak in look(path, emails=emails) if leak.fingerprint not in allowed]
        except CapdraftError as error:
            failed.append(error)
            frame.failed(error)
    for leak in leaks:
        tell_leak(frame, leak)
    frame.note(f"{count(len(paths), 'file')}, {count(len(leaks), 'secret')}")
    frame.answer(
        {"secrets": [leak_data(leak) for leak in leaks], "failed": list(map(error_data, failed))}
    )
    return 1 if leaks or failed else 0
