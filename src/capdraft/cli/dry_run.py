"""Sources on their way to a prompt, and what would be sent: for `draft` and `prompts render`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capdraft.cli.frame import Frame, count, error_data
from capdraft.cli.progress import usd
from capdraft.errors import CapdraftError

if TYPE_CHECKING:
    from decimal import Decimal

    from capdraft.cli.asking import Asked
    from capdraft.client import Body
    from capdraft.drafting import Brief, Job, Prompts
    from capdraft.drafting.asking import Terms
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace


def make_job(
    frame: Frame,
    workspace: Workspace,
    source: Path | str,
    slug: str | None,
    name: str | None,
    artifact_type: str | None,
) -> Job:
    """Return the job for a source, whose notes go to `frame`.

    Raises:
        BadSlug: the slug given isn't one.
    """
    from capdraft.scripting.drafting import make_job as job

    return job(workspace, source, frame.note, slug=slug, name=name, artifact_type=artifact_type)


def dry_run_jobs(
    frame: Frame,
    workspace: Workspace,
    settings: Settings,
    prompts: Prompts,
    jobs: list[Job],
    asked: Asked | None = None,
) -> int:
    """Print what would be asked first, its size and likely cost; return the exit status.

    What is asked after a survey of many windows depends on the answers.
    """
    told: list[dict[str, Any]] = []
    failed: list[CapdraftError] = []
    terms = _terms(settings, asked)
    requests_for = _planner(workspace, settings, prompts)
    for job in jobs:
        try:
            brief = job.prepare()
            requests = requests_for(brief)
        except CapdraftError as error:
            failed.append(error)
            continue
        told.append(_tell(frame, job.source, brief, requests, terms))
    for problem in failed:
        frame.failed(problem)
    frame.answer({"asked": told, "failed": [error_data(problem) for problem in failed]})
    return 1 if failed else 0


def _terms(settings: Settings, asked: Asked | None) -> Terms:
    """Return on what terms it would be asked: whom, and at what price. No key is needed."""
    from capdraft.client.prices import ModelPrice
    from capdraft.drafting.asking import Terms
    from capdraft.settings import choose_endpoint

    environment = {key: os.environ.get(key, "") for key in ("OPENAI_BASE_URL", "OPENAI_MODEL")}
    model, base_url = (asked.model, asked.base_url) if asked else (None, None)
    chosen = choose_endpoint(settings, environment, model=model, base_url=base_url)
    priced = chosen.model and not (asked and asked.plays)
    price = ModelPrice(chosen.model or "", chosen.base_url, settings.model.prices)
    return Terms(
        chosen.model or "",
        chosen.shown_url,
        parameters=settings.model.parameters,
        price=price if priced else None,
    )


def _planner(
    workspace: Workspace, settings: Settings, prompts: Prompts
) -> Callable[[Brief], list[Body]]:
    """Return what tells the first requests for a brief, by any model and none of an endpoint."""
    from capdraft.drafting import Catalog, first_requests, look_back, plan_work
    from capdraft.drafting.asking import Terms
    from capdraft.drafting.shapes import WAYS, Shape

    way = settings.model.structured_output
    shape = Shape(WAYS[0] if way == "auto" else way)
    terms = Terms("", "", shape, parameters=settings.model.parameters)
    catalog = Catalog.load(workspace)

    def plan(brief: Brief) -> list[Body]:
        past = look_back(workspace, brief.artifact.slug)
        work = plan_work(brief, terms, prompts, past, catalog, settings.draft.records)
        if work.plan and not work.plan.asks:
            return []
        return first_requests(prompts, work.request, terms, settings.draft.window)

    return plan


def _tell(
    frame: Frame, source: str, brief: Brief, requests: list[Body], terms: Terms
) -> dict[str, Any]:
    """Print the requests for one brief; return them as they stand in `--json` answers."""
    from capdraft.client.completions import prompt_size

    messages = [message for request in requests for message in request["messages"]]
    for message in messages:
        frame.say(f"--- {message['role']}\n{message['content']}\n")
    sizes = [prompt_size(request) for request in requests]
    tokens, size = sum(size[0] for size in sizes), sum(size[1] for size in sizes)
    cost = _cost(terms, tokens, len(requests))
    passages = sum(len(document.passages) for document in brief.documents)
    if not requests:
        frame.note(f"{source}: nothing to ask, no passage says anything new")
    else:
        first = " first, more once they are answered" if len(requests) > 1 else ""
        frame.note(
            f"{source}: {count(passages, 'passage')}, {count(len(requests), 'request')}{first}, "
            f"{size:,} characters, {_costing(cost, terms, len(requests))}about {tokens:,} tokens; "
            "nothing was asked"
        )
    return {
        "source": source,
        "artifact": brief.artifact.slug,
        "passages": passages,
        "requests": len(requests),
        "characters": size,
        "tokens": tokens,
        "cost_usd": None if cost is None else round(float(cost), 6),
        "messages": messages,
    }


def _cost(terms: Terms, tokens: int, requests: int) -> Decimal | None:
    """Return USD for prompts of so many tokens and their likely answers; None if it is unknown."""
    from capdraft.client.completions import Usage

    answers = requests * terms.meter.likely_answer(terms.parameters)
    return terms.cost(Usage(tokens, answers))


def _costing(cost: Decimal | None, terms: Terms, requests: int) -> str:
    if cost is None or not requests:
        return ""
    first = " for these first requests" if requests > 1 else ""
    return f"about {usd(cost)} with {terms.model}{first}, "
