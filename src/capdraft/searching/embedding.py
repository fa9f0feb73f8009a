"""The embeddings of records and needs, where an endpoint serves them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from capdraft.searching.vectors import Vectors, has_numpy
from capdraft.settings import OPENAI_URL, EndpointSettings, Settings, choose_endpoint

if TYPE_CHECKING:
    from capdraft.client.embeddings import Vector

AT_ONCE, BATCH = 4, 64
"""Requests in flight, and texts in one of them."""
LONGEST = 4_000
"""Characters of a text that are embedded: what small models read."""
NEEDS_KEPT = 256
"""Needs whose vectors are remembered while a program runs; none is written down."""

Kept = Callable[[Sequence[str], Sequence["Vector"]], None]


class Embedder:
    """Asks one model for the embeddings of texts."""

    def __init__(self, endpoint: EndpointSettings, model: str, settings: Settings) -> None:
        self.endpoint, self.model, self._settings = endpoint, model, settings
        self._needs: OrderedDict[str, Vector] = OrderedDict()

    def vectors(self, root: Path) -> Vectors:
        """Return where the vectors of this model are kept in a workspace."""
        return Vectors(root, self.endpoint.shown_url, self.model)

    def need(self, text: str) -> Vector:
        """Return the embedding of a need.

        Raises:
            EndpointError: the endpoint doesn't answer with one.
            AnswerError: what it answers is none.
        """
        known = self._needs.get(text)
        if known is None:
            found: list[Vector] = []
            self.texts([text], lambda _, vectors: found.extend(vectors))
            known = self._needs[text] = found[0]
            if len(self._needs) > NEEDS_KEPT:
                self._needs.popitem(last=False)
        return known

    def texts(self, texts: Sequence[str], keep: Kept) -> None:
        """Ask for the embeddings of `texts`; `keep` gets those of each answer as it comes.

        Raises:
            EndpointError: the endpoint doesn't answer with them.
            AnswerError: what it answers are none.
        """
        import asyncio

        try:
            asyncio.run(self._ask(texts, keep))
        except BaseExceptionGroup as group:
            raise _first(group) from group

    async def _ask(self, texts: Sequence[str], keep: Kept) -> None:
        import asyncio

        from capdraft.client.embeddings import EmbeddingEndpoint, embed

        model = self._settings.model
        free = asyncio.Semaphore(AT_ONCE)
        asked = EmbeddingEndpoint(self.endpoint, timeout=model.timeout, max_wait=model.max_wait)
        async with asked as endpoint, asyncio.TaskGroup() as group:

            async def one(batch: Sequence[str]) -> None:
                async with free:
                    cut = [text[:LONGEST] for text in batch]
                    keep(batch, await embed(endpoint, self.model, cut))

            for place in range(0, len(texts), BATCH):
                group.create_task(one(texts[place : place + BATCH]))


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return what the first request to fail failed of: it ended the others."""
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


def choose_embedder(
    settings: Settings, environment: Mapping[str, str]
) -> tuple[Embedder | None, str | None]:
    """Return what embeds, else None and the reason why nothing does.

    Raises:
        SettingsError: the base URL or the key isn't one.
    """
    model = settings.search.embeddings
    if model is None:
        return None, "no [search] embeddings is set"
    if not has_numpy():
        return None, "numpy is not installed (pip install 'capdraft[search]')"
    endpoint = choose_endpoint(settings, environment)
    if endpoint.base_url == OPENAI_URL and not endpoint.key:
        return None, "there is no key to ask for embeddings with"
    return Embedder(endpoint, model, settings), None
