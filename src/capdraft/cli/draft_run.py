"""One run of `capdraft draft`: which endpoint is asked, on what terms, and what is shown."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capdraft.cli.draft_text import outcome_data, tell
from capdraft.cli.frame import Frame, count
from capdraft.cli.progress import Counted, Progress, is_live
from capdraft.errors import CapdraftError, CassetteError, EndpointError, NoEndpoint, UsageProblem

if TYPE_CHECKING:
    from capdraft.client.cassettes import CassetteSession
    from capdraft.client.prices import Budget, ModelPrice
    from capdraft.drafting import Job, Outcome, Prompts
    from capdraft.drafting.shapes import Shape
    from capdraft.settings import EndpointSettings, Settings
    from capdraft.workspace import Workspace

THREE_WAYS = """one of three ways:
    OPENAI_API_KEY=… capdraft draft …                      ask OpenAI
    capdraft draft … --base-url http://127.0.0.1:11434/v1  ask another endpoint (here Ollama)
    capdraft draft … --cassette FILE                       replay a recorded exchange"""


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

    @property
    def plays(self) -> bool:
        """Whether a cassette answers, and no endpoint."""
        return (
            self.cassette is not None and self.record_mode != "rewrite" and self.cassette.exists()
        )


@dataclass(frozen=True)
class Work:
    """A run: where, with what, and the jobs, which print on the frame that they are given."""

    frame: Frame
    workspace: Workspace
    settings: Settings
    prompts: Prompts
    sources: int
    jobs: Callable[[Frame], list[Job]]
    asked: Asked
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What `--json` says of each source that ended: the outcomes don't keep their proposals."""

    def ended(self, front: Frame, outcome: Outcome) -> None:
        """Tell how one source ended."""
        tell(front, outcome)
        if self.frame.as_json:
            self.data[outcome.source] = outcome_data(outcome)


def run_work(work: Work) -> list[Outcome]:
    """Draft what `work` names and return how each source ended."""
    from capdraft.settings import choose_endpoint

    asked, frame = work.asked, work.frame
    with ExitStack() as stack:
        session = stack.enter_context(_cassette(asked.cassette, asked)) if asked.cassette else None
        recorded = session.first_request() if session else None
        chosen = choose_endpoint(
            work.settings,
            os.environ,
            model=asked.model or (recorded.model if recorded else None),
            base_url=asked.base_url or (recorded.base_url if recorded else None),
        )
        if recorded is None and not chosen.key and not _answers_without_key(chosen):
            raise NoEndpoint("there is no key to ask a model with", hint=THREE_WAYS)
        if recorded is None and not chosen.key and os.environ.get("OPENAI_API_KEY"):
            frame.note(
                f"{chosen.shown_url} is named by capdraft.toml alone, so it is asked without your "
                "key; --base-url or OPENAI_BASE_URL sends it there"
            )
        _collect_less()
        outcomes = asyncio.run(_ask(work, chosen))
        if session and any(isinstance(o.error, EndpointError | CassetteError) for o in outcomes):
            session.discard()
    return outcomes


def _collect_less() -> None:
    """Look for cycles less often: a run makes many objects, hardly any in cycles.

    It saved 8 of 35 ms a document.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _cassette(path: Path, asked: Asked) -> AbstractContextManager[CassetteSession]:
    from typing import Literal, cast

    from capdraft.client.cassettes import use_cassette

    mode = cast("Literal['none', 'once', 'rewrite']", asked.record_mode)
    return use_cassette(path, mode)


def _answers_without_key(chosen: EndpointSettings) -> bool:
    from capdraft.settings import OPENAI_URL

    return chosen.base_url != OPENAI_URL


async def _ask(work: Work, chosen: EndpointSettings) -> list[Outcome]:
    from capdraft.client.openai_endpoint import OpenAIEndpoint
    from capdraft.client.prices import Meter, ModelPrice
    from capdraft.drafting import RunOptions, run_drafts
    from capdraft.drafting.asking import Terms

    asked, settings = work.asked, work.settings
    counted = Counted(work.sources, Meter())
    progress = Progress(work.frame, counted, live=is_live(work.frame))
    note = progress.frame.note
    endpoint = OpenAIEndpoint(
        chosen,
        timeout=settings.model.timeout,
        max_wait=asked.max_wait or settings.model.max_wait,
        notify=note,
    )
    async with endpoint:
        model = chosen.model or await endpoint.only_model()
        price = ModelPrice(model, chosen.base_url, settings.model.prices)
        terms = Terms(
            model=model,
            endpoint_url=chosen.shown_url,
            shape=_shape(work, note, chosen.shown_url, model),
            parameters=settings.model.parameters,
            budget=_budget(asked, price),
            reuse=asked.cassette is None and not asked.fresh,
            played=asked.plays,
            price=price,
            meter=counted.meter,
            notify=note,
            by=_runner(work.workspace),
        )
        alone = asked.cassette is not None
        options = RunOptions(terms, settings, work.prompts, asked.at_once, alone, note)
        note(_announcement(work, model, chosen))
        async with progress:
            outcomes = await run_drafts(
                work.jobs(progress.frame),
                work.workspace,
                endpoint,
                options,
                done=lambda outcome: progress.finished(lambda front: work.ended(front, outcome)),
            )
    if work.sources > 1:
        work.frame.note(counted.ended())
    return outcomes


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


def _shape(work: Work, note: Callable[[str], None], endpoint: str, model: str) -> Shape:
    """Return how the shape of an answer is told: as set, as learned, or to be found out."""
    from capdraft.drafting.shapes import WAYS, Shape
    from capdraft.ledger import Ledger

    way = work.settings.model.structured_output
    if way != "auto":
        return Shape(way, fixed=True)
    if work.asked.cassette is not None:
        return Shape(WAYS[0])  # a recording holds the way there too
    ledger = Ledger(work.workspace.root)

    def learn(taken: str) -> None:
        ledger.remember_shape(endpoint, model, taken)
        asking = "by the prompt alone" if taken == "none" else f"by {taken}"
        note(f"{endpoint} takes the shape of answers {asking}; noted for next time")

    return Shape(ledger.shape(endpoint, model) or WAYS[0], learned=learn)


def _announcement(work: Work, model: str, chosen: EndpointSettings) -> str:
    asked, what = work.asked, count(work.sources, "source")
    if asked.cassette is None:
        return f"asking {model} at {chosen.shown_url} for {what} …"
    if asked.plays:
        return f"replaying {asked.cassette} for {what}: {model}, recorded at {chosen.shown_url}"
    return f"asking {model} at {chosen.shown_url} for {what}, recorded in {asked.cassette} …"
