"""A small workspace with one drafted artifact, for tests of what comes after drafting."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

from capdraft.client import Body, Reply
from capdraft.drafting import Catalog, Prompts, draft_artifact, look_back, make_brief
from capdraft.drafting.asking import Terms
from capdraft.ledger import Ledger
from capdraft.settings import Settings
from capdraft.workspace import StoredProposal, Workspace
from stub_endpoint import completion

CARD = """\
---
name: Ticket reader
type: model
---
# Ticket reader

Reads printed tickets of up to 40 fields.

It needs 2 GB of memory.

Version 1 read 12 fields.
"""

READ: dict[str, Any] = {
    "name": "Read tickets",
    "description": {"text": "Reads printed tickets with up to 40 fields.", "passages": [1]},
    "unique": {"text": "Runs in 3 GB of memory.", "passages": [2]},
    "vs_alternatives": {
        "text": "Reads 40 fields where version 1 read 12.",
        "alternative": "version 1",
        "passages": [1],
        "alternative_passages": [3],
    },
    "intents": ["read a train ticket"],
}
"""Its `unique` says 3 GB where the card says 2 GB."""


DEFAULTS = Settings()


class Scripted:
    """An endpoint without HTTP that gives its answers in order, or what a function says.

    The function gets a body and returns an answer.
    """

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), list[Body]()

    async def ask(self, body: Body) -> Reply:
        self.asked.append(body)
        first = self.answers[0] if self.answers else None
        answer = first(body) if callable(first) else self.answers[len(self.asked) - 1]
        if isinstance(answer, Exception):
            raise answer
        return Reply(200, completion(answer).body, 0.5, 1)


def make_workspace(folder: Path, card: str = CARD) -> Workspace:
    """Return a workspace in `folder` that holds `ticket-reader.md`."""
    (folder / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    (folder / "ticket-reader.md").write_text(card, encoding="utf-8")
    return Workspace(folder)


def draft(workspace: Workspace, *answers: Any, reuse: bool = True) -> StoredProposal:
    """Draft `ticket-reader.md` from `answers` and store the proposal."""
    return draft_from(workspace, Scripted(*answers), reuse=reuse)


def draft_from(
    workspace: Workspace,
    endpoint: Scripted,
    *,
    reuse: bool = True,
    source: str = "ticket-reader.md",
    settings: Settings = DEFAULTS,
) -> StoredProposal:
    """Draft `source` from `endpoint` and store the proposal."""
    brief, _ = make_brief(workspace.root / source, workspace)
    proposal = asyncio.run(
        draft_artifact(
            brief,
            endpoint=endpoint,
            ledger=Ledger(workspace.root),
            terms=Terms("stub", "http://stub/v1", reuse=reuse),
            prompts=Prompts.load(settings, workspace.root),
            settings=settings,
            past=look_back(workspace, brief.artifact.slug),
            catalog=Catalog.load(workspace),
        )
    )
    return workspace.add_proposal(proposal)


def drafted_workspace(folder: Path, *records: dict[str, Any]) -> Workspace:
    """Return a workspace whose ticket reader has the proposal 0001 with `records`."""
    workspace = make_workspace(folder)
    draft(workspace, {"capabilities": list(records or (READ,))})
    return workspace


def cloned(workspace: Workspace) -> Workspace:
    """Return a copy of a workspace, as another reviewer's clone is."""
    folder = workspace.root.with_name(f"{workspace.root.name}-clone")
    return Workspace(shutil.copytree(workspace.root, folder))


def pull_decisions(workspace: Workspace, clone: Workspace, who: str) -> None:
    """Take over what `who` decided in a clone, as git does: each reviewer has an own file."""
    name = f"reviews/ticket-reader/decisions/{who}.jsonl"
    (workspace.root / name).parent.mkdir(exist_ok=True)
    shutil.copy(clone.root / name, workspace.root / name)
