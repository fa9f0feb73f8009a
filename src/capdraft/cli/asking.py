"""What every command has that asks a model: its options, the endpoint, and on what terms."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from capdraft.cli.frame import Frame
from capdraft.errors import CapdraftError, NoEndpoint, UsageProblem

if TYPE_CHECKING:
    from capdraft.client.cassettes import CassetteSession
    from capdraft.client.openai_endpoint import OpenAIEndpoint
    from capdraft.client.prices import Budget, Meter, ModelPrice
    from capdraft.drafting.asking import Terms
    from capdraft.drafting.shapes import Shape
    from capdraft.settings import EndpointSettings, Settings
    from capdraft.workspace import Workspace

INTERRUPTED = 130
"""128 and SIGINT's number, as shells count."""
F = TypeVar("F", bound=Callable[..., Any])
THREE_WAYS = """one of three ways:
    OPENAI_API_KEY=… capdraft {0} …                      ask OpenAI
    capdraft {0} … --base-url http://127.0.0.1:11434/v1  ask another endpoint (here Ollama)
    capdraft {0} … --cassette FILE                       replay a recorded exchange"""


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


@dataclass(frozen=True)
class Asked:
    """How the command line wants the model asked."""

    model: str | None
    base_url: str | None
    cassette: Path | None
    record_mode: str
    at_once: int
    fresh: bool
    max_calls: int | None
    max_cost: float | None
    max_wait: float | None
    command: str = "draft"

    @property
    def plays(self) -> bool:
        """Whether a cassette answers, and no endpoint."""
        return (
            self.cassette is not None and self.record_mode != "rewrite" and self.cassette.exists()
        )


@contextmanager
def choosing(
    frame: Frame, settings: Settings, asked: Asked
) -> Iterator[tuple[EndpointSettings, CassetteSession | None]]:
    """Give the endpoint that is asked, and the cassette in use; it is saved when the block ends.

    Raises:
        NoEndpoint: nothing says what to ask, or with which key.
    """
    from contextlib import nullcontext

    from capdraft.settings import OPENAI_URL, choose_endpoint

    with _cassette(asked) if asked.cassette else nullcontext() as session:
        recorded = session.first_request() if session else None
        chosen = choose_endpoint(
            settings,
            os.environ,
            model=asked.model or (recorded.model if recorded else None),
            base_url=asked.base_url or (recorded.base_url if recorded else None),
        )
        if recorded is None and not chosen.key and chosen.base_url == OPENAI_URL:
            hint = THREE_WAYS.format(asked.command)
            raise NoEndpoint("there is no key to ask a model with", hint=hint)
        if recorded is None and not chosen.key and os.environ.get("OPENAI_API_KEY"):
            frame.note(
                f"{chosen.shown_url} is named by capdraft.toml alone, so it is asked without your "
                "key; --base-url or OPENAI_BASE_URL sends it there"
            )
        yield chosen, session


def _cassette(asked: Asked) -> Any:
    from typing import Literal, cast

    from capdraft.client.cassettes import use_cassette

    mode = cast("Literal['none', 'once', 'rewrite']", asked.record_mode)
    return use_cassette(asked.cassette or Path(), mode)


@asynccontextmanager
async def opened(
    workspace: Workspace,
    settings: Settings,
    asked: Asked,
    chosen: EndpointSettings,
    meter: Meter,
    note: Callable[[str], None],
) -> AsyncIterator[tuple[OpenAIEndpoint, Terms]]:
    """Give the endpoint and the terms of a run; its connections close when the block ends."""
    from capdraft.client.openai_endpoint import OpenAIEndpoint
    from capdraft.client.prices import ModelPrice
    from capdraft.drafting.asking import Terms

    endpoint = OpenAIEndpoint(
        chosen,
        timeout=settings.model.timeout,
        max_wait=asked.max_wait or settings.model.max_wait,
        notify=note,
    )
    async with endpoint:
        model = chosen.model or await endpoint.only_model()
        price = ModelPrice(model, chosen.base_url, settings.model.prices)
        yield (
            endpoint,
            Terms(
                model=model,
                endpoint_url=chosen.shown_url,
                shape=_shape(workspace, settings, asked, note, (chosen.shown_url, model)),
                parameters=settings.model.parameters,
                budget=_budget(asked, price),
                reuse=asked.cassette is None and not asked.fresh,
                played=asked.plays,
                price=price,
                meter=meter,
                notify=note,
                by=_runner(workspace),
            ),
        )


def _runner(workspace: Workspace) -> str | None:
    from capdraft.reviewing import reviewer_slug

    try:
        return reviewer_slug(None, workspace.root)
    except CapdraftError:
        return None  # nobody that git knows: then nobody is kept from approving


def _budget(asked: Asked, price: ModelPrice) -> Budget:
    """Return what may be asked and spent."""
    from capdraft.drafting.asking import Budget

    if asked.max_cost is None or asked.plays:
        return Budget(asked.max_calls)
    if not price.known:
        raise UsageProblem(
            f"--max-cost needs a price, and that of {price.model} is unknown",
            hint="Set it in capdraft.toml, in USD for a million tokens: [model] prices = "
            "{input = 0.5, output = 2.0}; or limit the calls with --max-calls.",
        )
    return Budget(asked.max_calls, Decimal(str(asked.max_cost)))


def _shape(
    workspace: Workspace,
    settings: Settings,
    asked: Asked,
    note: Callable[[str], None],
    at: tuple[str, str],
) -> Shape:
    """Return how the shape of an answer is told: as set, as learned, or to be found out.

    `at` is the endpoint and the model.
    """
    from capdraft.drafting.shapes import WAYS, Shape
    from capdraft.ledger import Ledger

    way = settings.model.structured_output
    if way != "auto":
        return Shape(way, fixed=True)
    if asked.cassette is not None:
        return Shape(WAYS[0])  # a recording holds the way there too
    ledger = Ledger(workspace.root)

    def learn(taken: str) -> None:
        ledger.remember_shape(*at, taken)
        asking = "by the prompt alone" if taken == "none" else f"by {taken}"
        note(f"{at[0]} takes the shape of answers {asking}; noted for next time")

    return Shape(ledger.shape(*at) or WAYS[0], learned=learn)


def announcement(asked: Asked, terms: Terms, what: str) -> str:
    """Return the line that tells which model is asked for what."""
    model, url = terms.model, terms.endpoint_url
    if asked.cassette is None:
        return f"asking {model} at {url} for {what} …"
    if asked.plays:
        return f"replaying {asked.cassette} for {what}: {model}, recorded at {url}"
    return f"asking {model} at {url} for {what}, recorded in {asked.cassette} …"
