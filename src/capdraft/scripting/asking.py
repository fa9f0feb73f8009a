"""Asking a model from a script or a command: which endpoint, and on what terms."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, cast

from capdraft.errors import CapdraftError, NoEndpoint, UsageProblem

if TYPE_CHECKING:
    from capdraft.client.cassettes import CassetteSession
    from capdraft.client.openai_endpoint import OpenAIEndpoint
    from capdraft.client.prices import Budget, Meter, ModelPrice
    from capdraft.drafting.asking import Terms
    from capdraft.drafting.shapes import Shape
    from capdraft.settings import EndpointSettings, Settings
    from capdraft.workspace import Workspace

Notify = Callable[[str], None]
RecordMode = Literal["none", "once", "rewrite"]
RECORD_MODES: tuple[RecordMode, ...] = ("none", "once", "rewrite")
MOST_AT_ONCE = 256
IN_A_COMMAND = """one of three ways:
    OPENAI_API_KEY=… capdraft {0} …                      ask OpenAI
    capdraft {0} … --base-url http://127.0.0.1:11434/v1  ask another endpoint (here Ollama)
    capdraft {0} … --cassette FILE                       replay a recorded exchange"""
IN_A_SCRIPT = (
    "Give api_key or set OPENAI_API_KEY to ask OpenAI; name another endpoint with base_url; "
    "or replay a recorded exchange with cassette."
)


class Asking(TypedDict, total=False):
    """How a script wants a model asked; each is what the option of `capdraft draft` is."""

    model: str | None
    """Else OPENAI_MODEL, else capdraft.toml's."""
    base_url: str | None
    """Else OPENAI_BASE_URL, else capdraft.toml's, else OpenAI's."""
    api_key: str | None
    """Else OPENAI_API_KEY. It never goes to an address that only capdraft.toml names."""
    max_cost: float | None
    """USD: stop before the call that could make the run cost more."""
    max_calls: int | None
    max_wait: float | None
    """Seconds: end instead of waiting longer before a retry."""
    at_once: int
    """Requests at once, of all artifacts and windows together; 4 unless said."""
    fresh: bool
    """Ask again, also for what was answered before."""
    cassette: Path | str | None
    """Record to or replay this file."""
    record_mode: RecordMode
    notify: Notify
    """Called with what the command line prints as notes: retries, what is left out, …"""


@dataclass(frozen=True)
class Asked:
    """How the model is asked. `command` is the one that asks; a script has none.

    Raises:
        UsageProblem: a limit is out of its range, or there is no such way to record.
    """

    model: str | None = None
    base_url: str | None = None
    cassette: Path | None = None
    record_mode: str = "once"
    at_once: int = 4
    fresh: bool = False
    max_calls: int | None = None
    max_cost: float | None = None
    max_wait: float | None = None
    command: str = "draft"
    api_key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        wrong = {
            "at_once": not 1 <= self.at_once <= MOST_AT_ONCE,
            "max_calls": self.max_calls is not None and self.max_calls < 0,
            "max_cost": self.max_cost is not None and not self.max_cost >= 0,
            "max_wait": self.max_wait is not None and not self.max_wait > 0,
            "record_mode": self.record_mode not in RECORD_MODES,
        }
        for name, is_wrong in wrong.items():
            if is_wrong:
                raise UsageProblem(f"{name} can't be {getattr(self, name)!r}", hint=_RANGES[name])

    @property
    def plays(self) -> bool:
        """Whether a cassette answers, and no endpoint."""
        return (
            self.cassette is not None and self.record_mode != "rewrite" and self.cassette.exists()
        )

    @property
    def environment(self) -> dict[str, str]:
        """The environment, with the key that was given."""
        given = {"OPENAI_API_KEY": self.api_key} if self.api_key else {}
        return {**os.environ, **given}


_RANGES = {
    "at_once": f"It is 1 to {MOST_AT_ONCE}.",
    "max_calls": "It is 0 or more, or None for any number.",
    "max_cost": "It is 0 USD or more, or None for no limit.",
    "max_wait": "It is more than 0 seconds, or None for what capdraft.toml says.",
    "record_mode": "It is none, once or rewrite.",
}


@contextmanager
def choosing(
    settings: Settings, asked: Asked, note: Notify
) -> Iterator[tuple[EndpointSettings, CassetteSession | None]]:
    """Give the endpoint that is asked, and the cassette in use; it is saved when the block ends.

    Raises:
        NoEndpoint: nothing says what to ask, or with which key.
    """
    from capdraft.settings import OPENAI_URL, choose_endpoint

    with _cassette(asked) as session:
        recorded = session.first_request() if session else None
        chosen = choose_endpoint(
            settings,
            asked.environment,
            model=asked.model or (recorded.model if recorded else None),
            base_url=asked.base_url or (recorded.base_url if recorded else None),
        )
        if recorded is None and not chosen.key and chosen.base_url == OPENAI_URL:
            hint = IN_A_COMMAND.format(asked.command) if asked.command else IN_A_SCRIPT
            raise NoEndpoint("there is no key to ask a model with", hint=hint)
        if recorded is None and not chosen.key and asked.environment.get("OPENAI_API_KEY"):
            note(
                f"{chosen.shown_url} is named by capdraft.toml alone, so it is asked without your "
                "key; --base-url or OPENAI_BASE_URL sends it there"
            )
        yield chosen, session


def _cassette(asked: Asked) -> AbstractContextManager[CassetteSession | None]:
    if asked.cassette is None:
        return nullcontext()
    from capdraft.client.cassettes import use_cassette

    return use_cassette(asked.cassette, cast("RecordMode", asked.record_mode))


@asynccontextmanager
async def opened(
    workspace: Workspace,
    settings: Settings,
    asked: Asked,
    chosen: EndpointSettings,
    meter: Meter,
    note: Notify,
) -> AsyncIterator[tuple[OpenAIEndpoint, Terms]]:
    """Give the endpoint and the terms of a run; its connections close when the block ends."""
    from capdraft.client.openai_endpoint import OpenAIEndpoint
    from capdraft.client.prices import ModelPrice
    from capdraft.client.waiting import answer_time
    from capdraft.drafting.asking import Terms

    endpoint = OpenAIEndpoint(
        chosen,
        timeout=answer_time(settings.model, chosen.base_url),
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
    from decimal import Decimal

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
    workspace: Workspace, settings: Settings, asked: Asked, note: Notify, at: tuple[str, str]
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
