"""One run of the judge over proposals: which endpoint is asked, what is told, and what it adds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from capdraft.cli.asking import Asked, announcement, choosing, opened
from capdraft.cli.frame import Frame, count, error_data
from capdraft.errors import (
    BudgetReached,
    CapdraftError,
    CassetteError,
    EndpointError,
    UsageProblem,
)

if TYPE_CHECKING:
    from capdraft.judging import Added, JudgedArtifact, JudgeOptions
    from capdraft.settings import EndpointSettings, Settings
    from capdraft.workspace import Workspace

MOST_LINES = 10
_OPTIONS = Asked.__dataclass_fields__.keys() - {"command"} | {"dry_run"}


def refuse_without_judge() -> None:
    """Refuse options that say how the judge is asked where none is.

    Raises:
        UsageProblem: one of them is given.
    """
    context = click.get_current_context()
    for option in context.command.params:
        source = context.get_parameter_source(option.name or "")
        if option.name in _OPTIONS and source is ParameterSource.COMMANDLINE:
            raise UsageProblem(
                f"{option.opts[0]} goes with --judge", hint="Without it no model is asked."
            )


@dataclass(frozen=True)
class JudgeRun:
    """A run of the judge that has ended."""

    model: str
    endpoint: str
    prompt_sha256: str
    artifacts: list[JudgedArtifact]
    added: Added
    """What it adds to the rules; it is counted while their findings are told."""

    @property
    def errors(self) -> list[CapdraftError]:
        """What kept sentences from being judged, each once."""
        every = (error for ended in self.artifacts for error in ended.errors)
        return list({str(error): error for error in every}.values())

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before all was asked."""
        return any(ended.stopped for ended in self.artifacts)

    @property
    def failed(self) -> bool:
        """Whether sentences have no verdict."""
        return bool(self.errors or self.not_judged)

    @property
    def not_judged(self) -> list[dict[str, str]]:
        """The sentences that got no verdict."""
        return [
            {"capability": f"{ended.slug}/{item.capability}", "field": item.field, "text": text}
            for ended in self.artifacts
            for item, text in ended.not_judged
        ]

    def total(self, name: str) -> int:
        """Return how many calls, or answers of the ledger, there were."""
        return sum(getattr(ended.cost, name) for ended in self.artifacts)

    @property
    def cost_usd(self) -> float | None:
        """What was paid, or None where that is unknown."""
        costs = [ended.cost.cost_usd for ended in self.artifacts]
        return None if None in costs else round(sum(cost or 0 for cost in costs), 6)


def judge_options(workspace: Workspace, asked: Asked, terms: Any, note: Any) -> JudgeOptions:
    """Return how the judge is asked. A recording holds all requests, whatever was judged before."""
    from capdraft.judging import JudgeOptions
    from capdraft.prompts import load_prompt

    prompt = load_prompt("judge", workspace.root)
    again = asked.fresh or asked.cassette is not None
    return JudgeOptions(terms, prompt, asked.at_once, again, note)


def judge_proposals(
    frame: Frame, workspace: Workspace, settings: Settings, slugs: Sequence[str], asked: Asked
) -> JudgeRun:
    """Ask a model about the newest proposals of `slugs`, and keep what it says.

    Raises:
        NotFound: an artifact has no proposal; nothing was asked.
    """
    import asyncio

    for slug in slugs:
        if not workspace.proposals(slug):
            workspace.read_proposal(slug)  # tells what there is instead
    with choosing(frame, settings, asked) as (chosen, session):
        run = asyncio.run(_ask(frame, workspace, settings, slugs, asked, chosen))
        if session:
            from capdraft.recording.judged_texts import check_note

            session.note = check_note(workspace, asked.cassette or Path(), run.artifacts)
            if is_broken(run.errors, stopped=run.stopped):
                session.discard()
    return run


def is_broken(errors: Iterable[CapdraftError], *, stopped: bool) -> bool:
    """Tell whether a recording would lack answers: then an older cassette stays as it was."""
    lost = (EndpointError, CassetteError, BudgetReached)
    return stopped or any(isinstance(error, lost) for error in errors)


async def _ask(
    frame: Frame,
    workspace: Workspace,
    settings: Settings,
    slugs: Sequence[str],
    asked: Asked,
    chosen: EndpointSettings,
) -> JudgeRun:
    from capdraft.cli.progress import Counted, Progress, is_live
    from capdraft.client.prices import Meter
    from capdraft.judging import Added, judge_artifacts, judge_hash

    counted = Counted(len(slugs), Meter())
    progress = Progress(frame, counted, live=is_live(frame))
    note = progress.frame.note
    async with opened(workspace, settings, asked, chosen, counted.meter, note) as (endpoint, terms):
        options = judge_options(workspace, asked, terms, note)
        note(announcement(asked, terms, count(len(slugs), "proposal")))
        async with progress:
            ended = await judge_artifacts(
                workspace,
                slugs,
                endpoint,
                options,
                done=lambda _: progress.finished(lambda _: None),
            )
        judge = judge_hash(options.prompt)
        return JudgeRun(terms.model, terms.endpoint_url, judge, ended, Added())


def tell_judged(frame: Frame, run: JudgeRun, failed: Sequence[CapdraftError]) -> None:
    """Print what has no verdict and why, and what the judge adds; `failed` was told before."""
    from capdraft.cli.progress import usd

    for item in run.not_judged[:MOST_LINES]:
        frame.note(f"not judged: {item['capability']}.{item['field']}: {item['text']}")
    if len(run.not_judged) > MOST_LINES:
        frame.note(f"… and {len(run.not_judged) - MOST_LINES} more; --json lists them all")
    told_before = {str(error) for error in failed}
    for error in run.errors:
        if str(error) not in told_before:
            frame.failed(error)
    added = run.added
    told = f"the judge, {run.model}: {count(added.sentences, 'sentence')}, "
    told += f"{added.not_supported} not supported"
    if added.not_supported:
        told += f" ({added.contradicted} contradicted), of which the rules had found "
        told += str(added.rules_too)
    if run.not_judged:
        told += f"; {len(run.not_judged)} not judged"
    calls = count(run.total("calls"), "call")
    cost = f", {usd(run.cost_usd)}" if run.total("calls") else ", nothing was paid"
    frame.note(f"{told}; {calls}{cost}")


def judge_data(run: JudgeRun) -> dict[str, Any]:
    """Return a run of the judge as it stands in `--json` answers."""
    added = run.added
    return {
        "model": run.model,
        "endpoint": run.endpoint,
        "prompt_sha256": run.prompt_sha256,
        "sentences": added.sentences,
        "unsupported": added.unsupported,
        "contradicted": added.contradicted,
        "found_by_rules_too": added.rules_too,
        "found_by_rules_alone": added.rules_alone,
        "not_judged": run.not_judged,
        "fields_asked": sum(len(ended.asked) for ended in run.artifacts),
        "fields_judged_before": sum(ended.kept for ended in run.artifacts),
        "calls": run.total("calls"),
        "from_ledger": run.total("from_ledger"),
        "cost_usd": run.cost_usd,
        "errors": [error_data(error) for error in run.errors],
    }


def dry_run_judge(
    frame: Frame,
    workspace: Workspace,
    settings: Settings,
    asked: Asked,
    requests: Callable[[str, JudgeOptions], list[list[dict[str, str]]]],
    slugs: Sequence[str],
) -> int:
    """Print what the judge would be asked, and its size; return the exit status."""
    from capdraft.drafting.asking import Terms
    from capdraft.settings import choose_endpoint
    from capdraft.text import estimate_tokens

    chosen = choose_endpoint(settings, os.environ, model=asked.model, base_url=asked.base_url)
    terms = Terms(chosen.model or "", "")
    options = judge_options(workspace, asked, terms, frame.note)
    data = []
    for slug in slugs:
        asks = requests(slug, options)
        messages = [message for request in asks for message in request]
        for message in messages:
            frame.say(f"--- {message['role']}\n{message['content']}\n")
        tokens = sum(estimate_tokens(message["content"]) for message in messages)
        size = sum(len(message["content"]) for message in messages)
        frame.note(
            f"{slug}: {count(len(asks), 'request')}, {size:,} characters, "
            f"about {tokens:,} tokens; nothing was asked"
        )
        data.append(
            {
                "artifact": slug,
                "requests": len(asks),
                "characters": size,
                "tokens": tokens,
                "messages": messages,
            }
        )
    frame.answer({"asked": data})
    return 0
