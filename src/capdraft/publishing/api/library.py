"""A workspace's catalog, kept at hand for many requests. Threads may share it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

from capdraft.publishing.api.directory import Directory
from capdraft.publishing.api.watching import SHARE, Watch
from capdraft.ranking import Rank, Ranking
from capdraft.searching import Matches, Search, choose_embedder
from capdraft.settings import RankSettings, Settings, parse_settings
from capdraft.workspace import Workspace

RANKED_FOR = timedelta(hours=1)
"""After so long ages are counted anew."""
CHEAP = 0.25
"""Seconds that ranks may take without being spared."""


class Library:
    """What requests share: settings, search index, match graph, directory and ranks.

    `base` is what addresses in answers begin with.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        base: str,
        environment: Mapping[str, str],
        notify: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.workspace, self.base = workspace, base
        self._environment, self._notify = environment, notify
        self._lock = threading.Lock()
        self._read: tuple[str | None, Settings] = (None, Settings())
        self._searching: tuple[Settings | None, Search, Watch] | None = None
        self._ranks = _Ranks(workspace)
        self._directory = Directory(workspace)
        self._listing = Watch(workspace.root / "catalog", self._directory.refresh)

    def url(self, slug: str) -> str:
        """Return where an artifact's record is read."""
        return f"{self.base}/artifacts/{quote(slug, safe='')}"

    def settings(self) -> Settings:
        """Return capdraft.toml as it is now.

        Raises:
            SettingsError: it can't be read.
        """
        stored = self.workspace.settings_text()
        text = stored.text if stored else None
        known, settings = self._read
        if text != known or text is None:
            settings = parse_settings(text) if text is not None else Settings()
            self._read = text, settings
        return settings

    def search(self) -> Search:
        """Return what searches the catalog as it is now.

        Raises:
            SettingsError: capdraft.toml can't be read, or names no endpoint.
            StoreError: the index can't be written.
        """
        settings = self.settings()
        with self._lock:
            if self._searching is None or self._searching[0] is not settings:
                chosen = choose_embedder(settings, self._environment)
                search = Search(self.workspace, *chosen, notify=self._notify)
                watch = Watch(self.workspace.root / "catalog", search.refresh)
                self._searching = settings, search, watch
            _, search, watch = self._searching
        watch.look()
        return search

    def matches(self) -> Matches:
        """Return the match graph."""
        return Matches(self.workspace.root, keep_queries=self.settings().matches.keep_queries)

    def directory(self) -> Directory:
        """Return the directory of the catalog as it is now.

        Raises:
            StoreError: it can't be written.
        """
        self._listing.look()
        return self._directory

    def rank(self, slug: str) -> tuple[Rank, datetime]:
        """Return the rank of an artifact, and when ages in it were counted.

        Raises:
            NotFound: the catalog has no such artifact.
            FileInvalid: one of its files isn't what its schema says.
        """
        generation = self.directory().generation
        return self._ranks.of(slug, self.settings().rank, self.matches(), generation)


class _Ranks:
    """Ranks artifacts; who names whom costs a look at every entry, and is kept.

    It is looked up anew when the catalog changed. Where that takes long it may take no more than
    one part in twenty of the time: in a large catalog a change counts after minutes.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._free_at = 0.0

    def of(
        self, slug: str, settings: RankSettings, matches: Matches, generation: int
    ) -> tuple[Rank, datetime]:
        kept = self._kept
        if kept is None or kept.settings != settings:
            self._lock.acquire()
        elif not self._is_due(kept, generation) or not self._lock.acquire(blocking=False):
            # Where another thread looks, what was known before will do.
            return kept.ranking.rank(slug), kept.since
        try:
            if self._kept is kept or self._kept is None:
                return self._anew(slug, settings, matches, generation)
            return self._kept.ranking.rank(slug), self._kept.since
        finally:
            self._lock.release()

    def _is_due(self, kept: _Kept, generation: int) -> bool:
        changed = kept.generation != generation or datetime.now(UTC) - kept.since > RANKED_FOR
        return changed and time.monotonic() > self._free_at

    def _anew(
        self, slug: str, settings: RankSettings, matches: Matches, generation: int
    ) -> tuple[Rank, datetime]:
        now, began = datetime.now(UTC).replace(microsecond=0), time.monotonic()
        ranking = Ranking(self._workspace, settings, now, matches)
        rank = ranking.rank(slug)
        cost = time.monotonic() - began
        self._kept = _Kept(ranking, now, settings, generation)
        self._free_at = time.monotonic() + (SHARE * cost if cost > CHEAP else 0)
        return rank, now


class _Kept(NamedTuple):
    """What ranks, since when, and for which settings and state of the catalog."""

    ranking: Ranking
    since: datetime
    settings: RankSettings
    generation: int
