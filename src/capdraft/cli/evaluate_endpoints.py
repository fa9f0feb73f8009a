"""The endpoints of one evaluation: which one drafts a case, and which one judges it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from capdraft.cli.asking import Asked, choosing, opened
from capdraft.cli.frame import Frame, count
from capdraft.cli.progress import usd
from capdraft.errors import NoEndpoint

if TYPE_CHECKING:
    from capdraft.client import Endpoint
    from capdraft.client.cassettes import Note
    from capdraft.client.prices import Budget
    from capdraft.drafting.asking import Terms
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace

WAYS = (
    "Set OPENAI_API_KEY, name another endpoint with --base-url, or replay recorded exchanges "
    "with --cassettes DIR."
)


class Opened:
    """Endpoints while it is entered: one for all cases, or one for each cassette.

    What may be spent is shared by all of them.
    """

    def __init__(
        self,
        frame: Frame,
        workspace: Workspace,
        settings: Settings,
        asked: Asked,
        judge_model: str | None = None,
        noted: Callable[[str, bool], Note] | None = None,
    ) -> None:
        from capdraft.client.prices import Meter

        self._frame, self._workspace = frame, workspace
        self._settings, self._asked = settings, asked
        self._judge_model, self._meter = judge_model, Meter()
        self._noted = noted
        self._budget: Budget | None = None
        self._stack = AsyncExitStack()
        self._shared: tuple[Endpoint, Terms] | None = None

    @property
    def spent(self) -> str:
        """What was paid for how many answers, replayed ones too; nothing where nothing was."""
        calls, cost = self._meter.calls, self._meter.cost
        return f"{count(calls, 'answer')}, {usd(cost)}" if calls and cost != 0 else ""

    @property
    def at_once(self) -> int:
        """How many cases are asked about at once: a cassette answers for the whole process."""
        return 1 if self._asked.cassette else self._asked.at_once

    async def __aenter__(self) -> Self:
        if self._asked.cassette is None:
            self._shared = await self._stack.enter_async_context(self._open(self._asked))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @asynccontextmanager
    async def draft(self, name: str) -> AsyncIterator[tuple[Endpoint, Terms]]:
        """Give the endpoint that drafts a case, and its terms."""
        if self._shared:
            yield self._shared
            return
        note = self._noted(name, False) if self._noted else None
        async with self._open(self._recorded(name), note) as found:
            yield found

    @asynccontextmanager
    async def judge(self, name: str) -> AsyncIterator[tuple[Endpoint, Terms]]:
        """Give the endpoint that judges a case, and its terms."""
        if self._shared:
            endpoint, terms = self._shared
            yield endpoint, self._of_judge(terms)
            return
        asked = self._recorded(f"{name}.judge")
        model = self._judge_model or asked.model
        note = self._noted(name, True) if self._noted else None
        async with self._open(replace(asked, model=model), note) as found:
            yield found

    def _recorded(self, name: str) -> Asked:
        return replace(self._asked, cassette=(self._asked.cassette or Path()) / f"{name}.yaml")

    def _of_judge(self, terms: Terms) -> Terms:
        from capdraft.client.prices import ModelPrice

        model = self._judge_model
        if model is None:
            return terms
        price = ModelPrice(model, terms.endpoint_url, self._settings.model.prices)
        return replace(terms, model=model, price=price)

    @asynccontextmanager
    async def _open(
        self, asked: Asked, noted: Note | None = None
    ) -> AsyncIterator[tuple[Endpoint, Terms]]:
        note = self._frame.note
        with ExitStack() as stack:
            try:
                chosen, session = stack.enter_context(choosing(self._frame, self._settings, asked))
            except NoEndpoint as error:
                error.hint = WAYS
                raise
            if session:
                session.note = noted
            async with opened(
                self._workspace, self._settings, asked, chosen, self._meter, note
            ) as (endpoint, terms):
                if asked.plays:
                    yield endpoint, terms  # nothing is paid: it has no part in the budget
                    return
                self._budget = self._budget or terms.budget
                yield endpoint, replace(terms, budget=self._budget)
