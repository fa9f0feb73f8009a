"""`capdraft draft`."""

from __future__ import annotations

import asyncio
import gc
import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from capdraft.cli.draft_text import failures, left_over, options_used, outcome_data, tell
from capdraft.cli.dry_run import dry_run_jobs, make_job
from capdraft.cli.frame import Frame, count, framed, load_settings
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

INTERRUPTED = 130
"""128 and SIGINT's number, as shells count."""


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


def _checked_type(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch("[a-z][a-z0-9-]*", value):
        raise click.BadParameter(f"{value!r} is not lower-case letters, digits and hyphens: model")
    return value


@click.command("draft", short_help="Draft the capabilities of artifacts from their docs.")
@click.argument("sources", nargs=-1, type=str)
@click.option(
    "--from",
    "listed",
    type=click.File(encoding="utf-8-sig", errors="surrogateescape"),
    metavar="FILE",
    help="Draft the sources that FILE lists, one a line; - is standard input.",
)
@click.option("--artifact", "slug", metavar="SLUG", help="Slug; else from the file's name.")
@click.option("--name", help="Name; else from the front matter or the first heading.")
@click.option(
    "--type",
    "artifact_type",
    metavar="TYPE",
    callback=_checked_type,
    help="model, dataset, repository, tool, …",
)
@click.option("--model", help="Model to ask; else OPENAI_MODEL or capdraft.toml.")
@click.option("--base-url", metavar="URL", help="Endpoint; else OPENAI_BASE_URL or capdraft.toml.")
@click.option("--cassette", type=click.Path(path_type=Path), help="Record to or replay this file.")
@click.option(
    "--record-mode",
    type=click.Choice(["none", "once", "rewrite"]),
    default="once",
    show_default=True,
    help="none: replay only; once: record if the cassette isn't there; rewrite: record anew.",
)
@click.option(
    "-j",
    "at_once",
    type=click.IntRange(1, 256),
    default=4,
    show_default=True,
    metavar="N",
    help="Artifacts at once.",
)
@click.option(
    "--max-calls",
    type=click.IntRange(min=0),
    metavar="N",
    help="Ask for no more than N answers; retries of one that failed are not counted.",
)
@click.option(
    "--max-cost",
    type=click.FloatRange(min=0),
    metavar="USD",
    help="Stop before the call that could make the run cost more.",
)
@click.option(
    "--max-wait",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="End instead of waiting longer before a retry; else capdraft.toml's 120.",
)
@click.option("--fresh", is_flag=True, help="Ask again, also for what was answered before.")
@click.option(
    "--dry-run", is_flag=True, help="Print what would be asked, and its size; ask nothing."
)
@framed
def command(
    frame: Frame,
    sources: tuple[str, ...],
    listed: IO[str] | None,
    slug: str | None,
    name: str | None,
    artifact_type: str | None,
    dry_run: bool,
    **options: Any,
) -> int:
    """Draft each SOURCE: a file is one artifact, a folder one artifact with many documents.

    \b
    capdraft draft paligemma.md
    capdraft draft docs/gemma-2 --artifact gemma-2 --type model
    """
    from capdraft.drafting import Prompts

    wanted = _wanted(sources, listed)
    if len(wanted) > 1 and (slug or name):
        raise UsageProblem("--artifact and --name go with one SOURCE", hint="Draft it by itself.")
    workspace = frame.workspace()
    settings = load_settings(workspace)
    prompts = Prompts.load(settings, workspace.root)

    def jobs(front: Frame) -> list[Job]:
        return [make_job(front, workspace, source, slug, name, artifact_type) for source in wanted]

    if dry_run:
        return dry_run_jobs(frame, workspace, settings, prompts, jobs(frame))
    work = _Work(frame, workspace, settings, prompts, len(wanted), jobs, Asked(**options))
    outcomes = _run(work)
    frame.answer({"outcomes": [work.data.get(o.source) or outcome_data(o) for o in outcomes]})
    again = options_used(click.get_current_context())
    if any(outcome.error for outcome in outcomes):
        frame.note(failures(outcomes, again))
    if any(outcome.state == "left" for outcome in outcomes):
        frame.note(left_over(outcomes, again))
        return INTERRUPTED
    return 0 if all(outcome.state in ("drafted", "empty") for outcome in outcomes) else 1


def _wanted(sources: tuple[str, ...], listed: IO[str] | None) -> list[str]:
    """Return the sources of the command line and of the list, each once."""
    lines = (line.strip() for line in listed or ())
    wanted = [*sources, *(line for line in lines if line and not line.startswith("#"))]
    if not wanted:
        raise UsageProblem(
            "no SOURCE is named",
            hint="Name files, folders or addresses, or a list of them with --from FILE.",
        )
    return list(dict.fromkeys(wanted))


@dataclass(frozen=True)
class _Work:
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


def _run(work: _Work) -> list[Outcome]:
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


async def _ask(work: _Work, chosen: EndpointSettings) -> list[Outcome]:
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


def _shape(work: _Work, note: Callable[[str], None], endpoint: str, model: str) -> Shape:
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


def _announcement(work: _Work, model: str, chosen: EndpointSettings) -> str:
    asked, what = work.asked, count(work.sources, "source")
    if asked.cassette is None:
        return f"asking {model} at {chosen.shown_url} for {what} …"
    if asked.plays:
        return f"replaying {asked.cassette} for {what}: {model}, recorded at {chosen.shown_url}"
    return f"asking {model} at {chosen.shown_url} for {what}, recorded in {asked.cassette} …"
