"""`capdraft draft`."""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.draft_text import failures, left_over, outcome_data, tell
from capdraft.cli.dry_run import CHARACTERS_A_TOKEN, dry_run_jobs, make_job
from capdraft.cli.frame import Frame, count, framed, load_settings
from capdraft.errors import CassetteError, EndpointError, NoEndpoint, UsageProblem

if TYPE_CHECKING:
    from capdraft.client.cassettes import CassetteSession
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
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
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
    sources: tuple[Path, ...],
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

    if len(sources) > 1 and (slug or name):
        raise UsageProblem("--artifact and --name go with one SOURCE", hint="Draft it by itself.")
    workspace = frame.workspace()
    settings = load_settings(workspace)
    prompts = Prompts.load(settings, workspace.root)
    jobs = [
        make_job(frame, workspace, source, slug, name, artifact_type)
        for source in dict.fromkeys(sources)
    ]
    _refuse_doubles(jobs)
    if dry_run:
        return dry_run_jobs(frame, jobs, prompts)
    outcomes = _run(frame, workspace, settings, prompts, jobs, Asked(**options))
    frame.answer({"outcomes": [outcome_data(outcome) for outcome in outcomes]})
    if any(outcome.error for outcome in outcomes):
        frame.note(failures(outcomes))
    if any(outcome.left for outcome in outcomes):
        frame.note(left_over(outcomes))
        return INTERRUPTED
    return 0 if all(outcome.state in ("drafted", "empty") for outcome in outcomes) else 1


def _refuse_doubles(jobs: list[Job]) -> None:
    """Two sources with one slug would be drafted as one artifact, one over the other."""
    first: dict[str, str] = {}
    for job in jobs:
        slug = job.brief.artifact.slug if job.brief else ""
        if slug and first.setdefault(slug, job.source) != job.source:
            raise UsageProblem(
                f"{first[slug]} and {job.source} would both be the artifact {slug!r}",
                hint="Draft them one by one with --artifact SLUG, or put them in one folder.",
            )


def _run(
    frame: Frame,
    workspace: Workspace,
    settings: Settings,
    prompts: Prompts,
    jobs: list[Job],
    asked: Asked,
) -> list[Outcome]:
    from capdraft.drafting import Outcome
    from capdraft.settings import choose_endpoint

    if not any(job.brief for job in jobs):
        outcomes = [Outcome(job.source, error=job.error) for job in jobs]
        for outcome in outcomes:
            tell(frame, outcome)
        return outcomes
    with ExitStack() as stack:
        session = stack.enter_context(_cassette(asked.cassette, asked)) if asked.cassette else None
        recorded = session.first_request() if session else None
        chosen = choose_endpoint(
            settings,
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
        outcomes = asyncio.run(_ask(frame, workspace, settings, prompts, jobs, chosen, asked))
        if session and any(isinstance(o.error, EndpointError | CassetteError) for o in outcomes):
            session.discard()
    return outcomes


def _cassette(path: Path, asked: Asked) -> AbstractContextManager[CassetteSession]:
    from typing import Literal, cast

    from capdraft.client.cassettes import use_cassette

    mode = cast("Literal['none', 'once', 'rewrite']", asked.record_mode)
    return use_cassette(path, mode)


def _answers_without_key(chosen: EndpointSettings) -> bool:
    from capdraft.settings import OPENAI_URL

    return chosen.base_url != OPENAI_URL


async def _ask(
    frame: Frame,
    workspace: Workspace,
    settings: Settings,
    prompts: Prompts,
    jobs: list[Job],
    chosen: EndpointSettings,
    asked: Asked,
) -> list[Outcome]:
    from capdraft.client.openai_endpoint import OpenAIEndpoint
    from capdraft.drafting import RunOptions, run_drafts
    from capdraft.drafting.asking import Budget, Terms

    endpoint = OpenAIEndpoint(
        chosen,
        timeout=settings.model.timeout,
        max_wait=asked.max_wait or settings.model.max_wait,
        notify=frame.note,
    )
    async with endpoint:
        model = chosen.model or await endpoint.only_model()
        terms = Terms(
            model=model,
            endpoint_url=chosen.shown_url,
            shape=_shape(workspace, settings, chosen.shown_url, model, asked),
            parameters=settings.model.parameters,
            budget=Budget(asked.max_calls),
            reuse=asked.cassette is None and not asked.fresh,
            played=asked.plays,
        )
        options = RunOptions(terms, settings, prompts, asked.at_once, frame.note)
        frame.note(_announcement(jobs, prompts, model, chosen, asked))
        return await run_drafts(
            jobs, workspace, endpoint, options, done=lambda outcome: tell(frame, outcome)
        )


def _shape(
    workspace: Workspace, settings: Settings, endpoint: str, model: str, asked: Asked
) -> Shape:
    """Return how the shape of an answer is told: as set, as learned, or to be found out."""
    from capdraft.drafting.shapes import WAYS, Shape
    from capdraft.ledger import Ledger

    way = settings.model.structured_output
    if way != "auto":
        return Shape(way, fixed=True)
    if asked.cassette is not None:
        return Shape(WAYS[0])  # a recording holds the way there too
    ledger = Ledger(workspace.root)

    def learn(taken: str) -> None:
        ledger.remember_shape(endpoint, model, taken)
        asking = "by the prompt alone" if taken == "none" else f"by {taken}"
        click.echo(f"{endpoint} takes the shape of answers {asking}; noted for next time", err=True)

    return Shape(ledger.shape(endpoint, model) or WAYS[0], learned=learn)


def _announcement(
    jobs: list[Job], prompts: Prompts, model: str, chosen: EndpointSettings, asked: Asked
) -> str:
    from capdraft.drafting import draft_messages

    briefs = [job.brief for job in jobs if job.brief]
    messages = [message for brief in briefs for message in draft_messages(brief, prompts)]
    size = sum(len(message["content"]) for message in messages) // CHARACTERS_A_TOKEN
    what = f"{count(len(briefs), 'artifact')}, about {size:,} tokens"
    if asked.cassette is None:
        return f"asking {model} at {chosen.shown_url} for {what} …"
    if asked.plays:
        return f"replaying {asked.cassette} for {what}: {model}, recorded at {chosen.shown_url}"
    return f"asking {model} at {chosen.shown_url} for {what}, recorded in {asked.cassette} …"
