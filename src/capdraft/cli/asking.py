"""What every command has that asks a model: its options, the endpoint, and on what terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from capdraft.cli.frame import Frame
from capdraft.scripting import asking as scripting
from capdraft.scripting.asking import Asked, opened

if TYPE_CHECKING:
    from capdraft.client.cassettes import CassetteSession
    from capdraft.drafting.asking import Terms
    from capdraft.settings import EndpointSettings, Settings

__all__ = [
    "BUDGET_OPTIONS",
    "ENDPOINT_OPTIONS",
    "INTERRUPTED",
    "Asked",
    "announcement",
    "asking_options",
    "choosing",
    "opened",
]

INTERRUPTED = 130
"""128 and SIGINT's number, as shells count."""
F = TypeVar("F", bound=Callable[..., Any])


ENDPOINT_OPTIONS = (
    click.option(
        "--model", metavar="NAME", help="Model to ask; else OPENAI_MODEL or capdraft.toml."
    ),
    click.option(
        "--base-url", metavar="URL", help="Endpoint; else OPENAI_BASE_URL or capdraft.toml."
    ),
)
BUDGET_OPTIONS = (
    click.option(
        "--max-calls",
        type=click.IntRange(min=0),
        metavar="N",
        help="Ask for no more than N answers; retries of one that failed are not counted.",
    ),
    click.option(
        "--max-cost",
        type=click.FloatRange(min=0),
        metavar="USD",
        help="Stop before the call that could make the run cost more.",
    ),
    click.option(
        "--max-wait",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="End instead of waiting longer before a retry; else capdraft.toml's 120.",
    ),
)


def asking_options(at_once: str, *, by_case: bool = False) -> Callable[[F], F]:
    """Give a command the options of one that asks a model; `at_once` says what -j counts.

    `by_case` is for one that has a cassette for each case, in a folder, and no dry run.
    """
    options = [
        *ENDPOINT_OPTIONS,
        click.option(
            "--cassettes" if by_case else "--cassette",
            "cassette",
            type=click.Path(path_type=Path),
            metavar="DIR" if by_case else "FILE",
            help="Record to or replay the files in this folder, one a case."
            if by_case
            else "Record to or replay this file.",
        ),
        click.option(
            "--record-mode",
            type=click.Choice(["none", "once", "rewrite"]),
            default="once",
            show_default=True,
            help="none: replay only; once: record if the cassette isn't there; "
            "rewrite: record anew.",
        ),
        click.option(
            "-j",
            "at_once",
            type=click.IntRange(1, 256),
            default=4,
            show_default=True,
            metavar="N",
            help=at_once,
        ),
        *BUDGET_OPTIONS,
        click.option("--fresh", is_flag=True, help="Ask again, also for what was answered before."),
        click.option(
            "--dry-run", is_flag=True, help="Print what would be asked, and its size; ask nothing."
        ),
    ]

    def given(function: F) -> F:
        for option in reversed(options[:-1] if by_case else options):
            function = option(function)
        return function

    return given


@contextmanager
def choosing(
    frame: Frame, settings: Settings, asked: Asked
) -> Iterator[tuple[EndpointSettings, CassetteSession | None]]:
    """Give the endpoint that is asked, and the cassette in use; it is saved when the block ends.

    Raises:
        NoEndpoint: nothing says what to ask, or with which key.
    """
    with scripting.choosing(settings, asked, frame.note) as chosen:
        yield chosen


def announcement(asked: Asked, terms: Terms, what: str) -> str:
    """Return the line that tells which model is asked for what."""
    model, url = terms.model, terms.endpoint_url
    if asked.cassette is None:
        return f"asking {model} at {url} for {what} …"
    if asked.plays:
        return f"replaying {asked.cassette} for {what}: {model}, recorded at {url}"
    return f"asking {model} at {url} for {what}, recorded in {asked.cassette} …"
