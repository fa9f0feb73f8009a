"""What an evaluation asks a model: to draft a gold case, and to judge statements about one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from capdraft.client import Endpoint
from capdraft.drafting import Brief, Prompts, draft_artifact
from capdraft.drafting.asking import Asker, Cost, Terms
from capdraft.evaluating.reading import GoldCase
from capdraft.judging import Judged, Statement, judge_statements
from capdraft.ledger import Ledger
from capdraft.prompts import Prompt
from capdraft.records import Proposal
from capdraft.settings import Settings

Open = Callable[[str], AbstractAsyncContextManager[tuple[Endpoint, Terms]]]
"""Gives an endpoint and its terms for what is called so: a case may have its own cassette."""


@dataclass(frozen=True)
class Asking:
    """Asks about one case at a time. Nothing is written but the ledger of the workspace."""

    root: Path
    settings: Settings
    open: Open
    models: dict[str, None] = field(default_factory=dict)
    """Those that judged, in the order asked."""
    judging: Cost = field(default_factory=Cost)
    """What judging took."""

    async def draft(self, case: GoldCase, prompts: Prompts) -> Proposal:
        """Return the proposal for a case.

        Raises:
            CapdraftError: as `draft_artifact` does, or as its cassette can't be used.
        """
        async with self.open(case.gold.slug) as (endpoint, terms):
            return await draft_artifact(
                Brief(case.artifact, case.documents),
                endpoint=endpoint,
                ledger=Ledger(self.root),
                terms=terms,
                prompts=prompts,
                settings=self.settings,
            )

    async def judge(self, slug: str, statements: Sequence[Statement], prompt: Prompt) -> Judged:
        """Return what a model says of each statement about a case.

        Raises:
            CapdraftError: it could not be asked about all of them.
        """
        async with self.open(slug) as (endpoint, terms):
            self.models[terms.model] = None
            asker = Asker(endpoint, Ledger(self.root), terms, f"{slug}: judged")
            asker.cost = self.judging  # one bill for all cases
            judged = await judge_statements(statements, asker, prompt)
            for error in judged.errors:
                raise error
            return judged
