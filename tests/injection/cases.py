"""The corpus: each document, and the answer of a model that did what the document says."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from capdraft.drafting import Brief, Prompts, draft_artifact, make_brief
from capdraft.drafting.asking import Terms
from capdraft.ledger import Ledger
from capdraft.reviewing import Review, Target, open_review
from capdraft.settings import Settings
from capdraft.workspace import StoredProposal, Workspace
from workspaces import Scripted, make_workspace

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """A document with its hostile answer and the finding that each hostile field must have."""

    document: Path
    answer: dict[str, Any]
    hostile: dict[tuple[str, str], tuple[str, str]]
    """By the capability's id and the field: the code and the severity."""


@dataclass(frozen=True)
class Drafted:
    """A case after drafting, in a workspace of its own."""

    case: Case
    workspace: Workspace
    brief: Brief
    messages: list[dict[str, str]]
    stored: StoredProposal

    @property
    def review(self) -> Review:
        return open_review(self.workspace, Target(self.brief.artifact.slug))


@cache
def names() -> list[str]:
    """Return the file names of the documents."""
    return sorted(path.name for path in (HERE / "documents").iterdir())


def draft_case(name: str, folder: Path) -> Drafted:
    """Draft a document of the corpus from its hostile answer, in a workspace in `folder`."""
    told = json.loads((HERE / "answers" / f"{name}.json").read_text(encoding="utf-8"))
    answer = {"capabilities": told["answer"]["capabilities"] * told.get("times", 1)}
    workspace = make_workspace(folder)
    source = Path(shutil.copy(HERE / "documents" / name, folder))
    drafted = draft_source(source, workspace, answer)
    hostile = {}
    for path, finding in told["hostile"].items():
        record, _, field = path.partition(".")
        capability = drafted.stored.proposal.capabilities[int(record)]
        code, severity = finding.split()
        hostile[capability.id, field] = code, severity
    case = Case(source, answer, hostile)
    return Drafted(
        case, *(getattr(drafted, n) for n in ("workspace", "brief", "messages", "stored"))
    )


def draft_source(source: Path, workspace: Workspace, answer: dict[str, Any]) -> Drafted:
    """Draft `source` from `answer` and store the proposal."""
    brief, _ = make_brief(source, workspace)
    endpoint = Scripted(answer)
    settings = Settings()
    proposal = asyncio.run(
        draft_artifact(
            brief,
            endpoint=endpoint,
            ledger=Ledger(workspace.root),
            terms=Terms("stub", "http://stub/v1"),
            prompts=Prompts.load(settings, workspace.root),
            settings=settings,
        )
    )
    stored = workspace.add_proposal(proposal)
    messages = endpoint.asked[0]["messages"]
    return Drafted(Case(source, answer, {}), workspace, brief, messages, stored)
