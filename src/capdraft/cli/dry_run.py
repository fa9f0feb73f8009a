"""Sources on their way to a prompt, and what would be sent: for `draft` and `prompts render`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capdraft.cli.frame import Frame, count, error_data
from capdraft.errors import CapdraftError
from capdraft.text import estimate_tokens

if TYPE_CHECKING:
    from capdraft.drafting import Brief, Job, Prompts
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace

Messages = list[dict[str, str]]


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
    frame: Frame, workspace: Workspace, settings: Settings, prompts: Prompts, jobs: list[Job]
) -> int:
    """Print what would be asked first and its size; return the exit status.

    What is asked after a survey of many windows depends on the answers.
    """
    asked: list[dict[str, Any]] = []
    failed: list[CapdraftError] = []
    messages_for = _planner(workspace, settings, prompts)
    for job in jobs:
        try:
            brief = job.prepare()
            requests = messages_for(brief)
        except CapdraftError as error:
            failed.append(error)
            continue
        asked.append(_tell(frame, job.source, brief, requests))
    for problem in failed:
        frame.failed(problem)
    frame.answer({"asked": asked, "failed": [error_data(problem) for problem in failed]})
    return 1 if failed else 0


def _planner(
    workspace: Workspace, settings: Settings, prompts: Prompts
) -> Callable[[Brief], list[Messages]]:
    """Return what tells the first requests for a brief, by any model and none of an endpoint."""
    from capdraft.drafting import Catalog, first_messages, look_back, plan_work
    from capdraft.drafting.asking import Terms

    terms = Terms("", "", parameters=settings.model.parameters)
    catalog = Catalog.load(workspace)

    def plan(brief: Brief) -> list[Messages]:
        past = look_back(workspace, brief.artifact.slug)
        work = plan_work(brief, terms, prompts, past, catalog, settings.draft.records)
        if work.plan and not work.plan.asks:
            return []
        return first_messages(prompts, work.request, settings.draft.window)

    return plan


def _tell(frame: Frame, source: str, brief: Brief, requests: list[Messages]) -> dict[str, Any]:
    """Print the requests for one brief; return them as they stand in `--json` answers."""
    messages = [message for request in requests for message in request]
    for message in messages:
        frame.say(f"--- {message['role']}\n{message['content']}\n")
    texts = [message["content"] for message in messages]
    size, tokens = sum(map(len, texts)), sum(map(estimate_tokens, texts))
    passages = sum(len(document.passages) for document in brief.documents)
    if not requests:
        frame.note(f"{source}: nothing to ask, no passage says anything new")
    else:
        first = " first, more once they are answered" if len(requests) > 1 else ""
        frame.note(
            f"{source}: {count(passages, 'passage')}, {count(len(requests), 'request')}{first}, "
            f"{size:,} characters, about {tokens:,} tokens; nothing was asked"
        )
    return {
        "source": source,
        "artifact": brief.artifact.slug,
        "passages": passages,
        "requests": len(requests),
        "characters": size,
        "tokens": tokens,
        "messages": messages,
    }
