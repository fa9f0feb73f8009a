"""Sources on their way to a prompt, and what would be sent: for `draft` and `prompts render`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from capdraft.cli.frame import Frame, error_data
from capdraft.errors import CapdraftError

if TYPE_CHECKING:
    from capdraft.drafting import Job, Prompts
    from capdraft.workspace import Workspace

CHARACTERS_A_TOKEN = 4
"""In English prose, by OpenAI's rule of thumb; other scripts have fewer."""


def make_job(
    frame: Frame,
    workspace: Workspace,
    source: Path,
    slug: str | None,
    name: str | None,
    artifact_type: str | None,
) -> Job:
    """Return the job for a source; what can't be read becomes its error."""
    from capdraft.drafting import Job, make_brief
    from capdraft.errors import BadSlug

    try:
        brief, skipped = make_brief(
            source, workspace, slug=slug, name=name, artifact_type=artifact_type
        )
    except BadSlug as error:
        if slug is not None:
            raise
        error.hint = "Name it with --artifact SLUG."
        return Job(str(source), error=error)
    except CapdraftError as error:
        return Job(str(source), error=error)
    for path in skipped:
        frame.note(f"{path}: left out, files of its kind are not read")
    if brief.artifact.type == "unknown":
        frame.note(f"{source}: type unknown, its docs don't tell; add --type model, dataset, …")
    return Job(str(source), brief)


def dry_run_jobs(frame: Frame, jobs: list[Job], prompts: Prompts) -> int:
    """Print what would be asked and its size; return the exit status."""
    from capdraft.drafting import draft_messages

    asked = []
    for job in jobs:
        if job.brief is None:
            continue
        messages = draft_messages(job.brief, prompts)
        size = sum(len(message["content"]) for message in messages)
        passages = sum(len(document.passages) for document in job.brief.documents)
        asked.append(
            {
                "source": job.source,
                "artifact": job.brief.artifact.slug,
                "passages": passages,
                "characters": size,
                "messages": messages,
            }
        )
        for message in messages:
            frame.say(f"--- {message['role']}\n{message['content']}\n")
        frame.note(
            f"{job.source}: {passages} passages, {size:,} characters, "
            f"about {size // CHARACTERS_A_TOKEN:,} tokens; nothing was asked"
        )
    failed = [job.error for job in jobs if job.error]
    for error in failed:
        frame.failed(error)
    frame.answer({"asked": asked, "failed": [error_data(error) for error in failed]})
    return 1 if failed else 0
