"""What is written at the head of a cassette: how to ask again for what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from capdraft import __version__
from capdraft.client.cassettes import By, Note, NotedDocument, NotedSource
from capdraft.client.cassettes.file import read_text
from capdraft.client.cassettes.format import NotACassette, read_note
from capdraft.drafting import Prompts
from capdraft.errors import CassetteInvalid
from capdraft.evaluating import GoldCase
from capdraft.evaluating.reading import GOLD_FILE
from capdraft.prompts import Prompt, load_prompt
from capdraft.records import Document, DocumentRef, Proposal
from capdraft.settings import Settings
from capdraft.sources import RECORDS_MEDIA_TYPE
from capdraft.sources.addresses import is_address
from capdraft.workspace import Workspace


def drafted_source(
    workspace: Workspace,
    source: str,
    proposal: Proposal,
    *,
    slug: str | None = None,
    name: str | None = None,
    artifact_type: str | None = None,
) -> NotedSource:
    """Return what a draft was made from: a path from the workspace, or an address.

    Slug, name and type are those of the command line. What was fetched can't be named anew from
    what is kept of it, so there the name is the draft's.
    """
    fetched = is_address(source)
    return NotedSource(
        source=source if fetched else workspace.uri(Path(source)),
        slug=slug or (proposal.artifact.slug if fetched else None),
        name=name or (proposal.artifact.name if fetched else None),
        type=artifact_type,
        documents=noted_documents(proposal.documents),
    )


def gold_source(workspace: Workspace, against: Path, case: GoldCase) -> NotedSource:
    """Return the folder of a case in the gold set `against`, or `against` if it is the case."""
    folder = case.documents[0].uri.partition("/")[0]
    place = against if (against / GOLD_FILE).is_file() else against / folder
    return NotedSource(source=workspace.uri(place), documents=noted_documents(case.documents))


def gold_note(
    workspace: Workspace, settings: Settings, source: NotedSource, command: str, *, judged: bool
) -> Note:
    """Return the note of a gold case as `evaluate run` or `evaluate rules --judge` asks for it."""
    if judged:
        by: By = "evaluate run --judge" if command == "evaluate run" else "evaluate rules --judge"
        return judge_note(by, [source], load_prompt("judge", workspace.root))
    prompts = Prompts.load(settings, workspace.root)
    return draft_note("evaluate run", [source], prompts, settings.draft.window)


def note_at_head(path: Path) -> Note | None:
    """Return the note of a cassette that breaks off or was merged by hand, or None."""
    try:
        head, found, _ = read_text(path).partition("\ninteractions:")
        return read_note(f"{head}\n") if found else None
    except (CassetteInvalid, NotACassette):
        return None


def noted_documents(documents: Iterable[Document | DocumentRef]) -> tuple[NotedDocument, ...]:
    """Return the documents of a source as a note names them; records of others are none."""
    return tuple(
        NotedDocument(uri=item.uri, sha256=item.sha256, media_type=item.media_type)
        for item in documents
        if item.media_type != RECORDS_MEDIA_TYPE
    )


def draft_note(
    by: By,
    sources: Sequence[NotedSource],
    prompts: Prompts,
    window: int,
    *,
    folder: str | None = None,
) -> Note:
    """Return the note of drafts; `folder` holds the prompts/ that are not the workspace's own."""
    used = (prompts.draft, prompts.repair, prompts.survey, prompts.consolidate)
    return Note(
        by=by,
        sources=tuple(sources),
        prompts=folder,
        prompt=prompts.draft.name,
        prompt_sha256=prompts.sha256,
        templates={prompt.name: prompt.sha256 for prompt in used},
        window=window,
        capdraft=__version__,
        when=datetime.now(UTC).date(),
    )


def judge_note(
    by: By, sources: Sequence[NotedSource], prompt: Prompt, *, folder: str | None = None
) -> Note:
    """Return the note of judgements; `folder` is as in `draft_note`."""
    return Note(
        by=by,
        sources=tuple(sources),
        prompts=folder,
        prompt=prompt.name,
        prompt_sha256=prompt.sha256,
        templates={prompt.name: prompt.sha256},
        capdraft=__version__,
        when=datetime.now(UTC).date(),
    )
