"""`capdraft signals`."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, count, error_data, framed, one_by_one

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capdraft.ranking import Refreshed
    from capdraft.records import Signal, Signals


@click.group("signals", short_help="How much artifacts are used: downloads, likes, stars.")
def command() -> None:
    """How much artifacts are used elsewhere, in signals/SLUG.json, each with source and date.

    \b
    capdraft signals refresh paligemma
    capdraft signals show
    """


@command.command("refresh", short_help="Ask the hosts of the artifacts, and plugins.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@framed
def refresh(frame: Frame, slugs: tuple[str, ...]) -> int:
    """Ask the Hugging Face Hub and GitHub about the repositories that documents or links name.

    The signal sources of plugins are asked too. What was set by hand stays. HF_TOKEN and
    GITHUB_TOKEN are sent to their hosts.

    \b
    capdraft signals refresh paligemma
    """
    from capdraft.ranking import Hosts
    from capdraft.ranking import refresh as ask

    workspace, hosts, now = frame.workspace(), Hosts(), datetime.now(UTC)
    done: list[Refreshed] = []

    def one(slug: str) -> None:
        found = ask(workspace, slug, hosts, now)
        done.append(found)
        for error in found.failures:
            named = error.where.partition(",")[0].partition(":")[0] == slug
            frame.failed(error, str(error) if named else f"{slug}: {error}")
        if not found.asked and not found.failures:
            frame.note(f"{slug}: its documents and links name no repository to ask")
        for signal in found.gone:
            said = f"{signal.name} {signal.value:,} of {signal.retrieved:%Y-%m-%d}"
            frame.note(f"{slug}: {said} is gone: {signal.plugin} does not say it any more")
        for signal in found.signals.signals:
            frame.say(_line(slug, signal, found.signals, now))

    failed = one_by_one(frame, dict.fromkeys(slugs or workspace.catalog()), one)
    failures = [*failed, *(error for found in done for error in found.failures)]
    asked = sum(len(found.asked) for found in done)
    given = _given(done)
    repositories = asked - sum(len(found.plugins) for found in done)
    told = [f"{count(repositories, 'repository', 'repositories')} asked"]
    told += [f"{name} gave {count(number, 'signal')}" for name, number in given.items()]
    frame.note(", ".join([*told, f"{len(failures)} failed"]))
    frame.answer(
        {
            "artifacts": [
                {
                    **_data(found.slug, found.signals, now),
                    "asked": list(found.asked),
                    "gone": [
                        item.model_dump(mode="json", exclude_none=True) for item in found.gone
                    ],
                }
                for found in done
            ],
            "plugins": given,
            "failed": [error_data(error) for error in failures],
        }
    )
    return 1 if failures else 0


def _given(done: Iterable[Refreshed]) -> dict[str, int]:
    """Return how many signals each plugin gave of all artifacts."""
    given: Counter[str] = Counter()
    for found in done:
        given.update(found.plugins)
    return dict(given)


@command.command("set")
@click.argument("slug")
@click.argument("values", nargs=-1, required=True, metavar="NAME=NUMBER...")
@click.option("--source", metavar="URL", help="Where the numbers can be read.")
@click.option("--as", "who", metavar="WHO", help="Set as WHO instead of git's user.")
@framed
def set_(
    frame: Frame, slug: str, values: tuple[str, ...], source: str | None, who: str | None
) -> int:
    """Set signals by hand: they count before what hosts say. NAME= takes one away again.

    \b
    capdraft signals set paligemma downloads=1200 --source https://example.org
    """
    from capdraft.ranking import parse_values, set_signals
    from capdraft.reviewing import reviewer_slug

    workspace, now = frame.workspace(), datetime.now(UTC)
    wanted = parse_values(values)
    by = reviewer_slug(who, workspace.root)
    signals = set_signals(workspace, slug, wanted, source=source, who=by, now=now)
    for signal in signals.signals:
        frame.say(_line(slug, signal, signals, now))
    if not signals.signals:
        frame.note(f"{slug}: no signals")
    frame.answer(_data(slug, signals, now))
    return 0


@command.command("show", short_help="Show signals, their sources and dates.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@framed
def show(frame: Frame, slugs: tuple[str, ...]) -> int:
    """Show the signals of artifacts, their sources and dates; those over a year old are marked.

    \b
    capdraft signals show
    capdraft signals show paligemma
    """
    from capdraft.ranking import check_artifact, read_signals

    workspace, now = frame.workspace(), datetime.now(UTC)
    found: list[dict[str, Any]] = []

    def one(slug: str) -> None:
        check_artifact(workspace, slug)
        signals = read_signals(workspace, slug).signals
        if signals is None or not signals.signals:
            frame.note(f"{slug}: no signals")
            return
        found.append(_data(slug, signals, now))
        for signal in signals.signals:
            frame.say(_line(slug, signal, signals, now))

    failed = one_by_one(frame, dict.fromkeys(slugs or workspace.catalog()), one)
    frame.answer({"artifacts": found, "failed": [error_data(error) for error in failed]})
    return 1 if failed else 0


def _line(slug: str, signal: Signal, signals: Signals, now: datetime) -> str:
    name = click.style(slug, bold=True)
    words = f"{name}  {signal.name} {signal.value:,}  {signal.source}  {signal.retrieved:%Y-%m-%d}"
    return "  ".join([words, *_marks(signal, signals, now)])


def _marks(signal: Signal, signals: Signals, now: datetime) -> list[str]:
    from capdraft.ranking import is_old

    marks = ["old"] if is_old(signal.retrieved, now) else []
    if signals.counted[signal.name] is not signal:
        marks.append("not counted")
    return marks


def _data(slug: str, signals: Signals, now: datetime) -> dict[str, Any]:
    return {
        "artifact": slug,
        "signals": [
            {
                **signal.model_dump(mode="json", exclude_none=True),
                "old": "old" in (marks := _marks(signal, signals, now)),
                "counted": "not counted" not in marks,
            }
            for signal in signals.signals
        ],
    }
