"""Build the site of a catalog, page by page: what did not change stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from capdraft.errors import Busy, CapdraftError
from capdraft.publishing.exports import check_target
from capdraft.publishing.phrases import plain
from capdraft.publishing.site import addresses, lists, machines, mirrors, profile
from capdraft.publishing.site.cards import by_type
from capdraft.publishing.site.finding import DATA, search_data
from capdraft.publishing.site.folder import SiteFolder, opened
from capdraft.publishing.site.in_common import Pair, related, rule
from capdraft.publishing.site.reading import Reader
from capdraft.publishing.site.rendering import ASSETS, asset, look, page_html
from capdraft.publishing.site.standings import Standing, Standings, as_of
from capdraft.publishing.site.versus import verdict_rules, versus
from capdraft.settings import RankSettings
from capdraft.text import sha256
from capdraft.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """How a site is built."""

    title: str = "Catalog"
    base: str = ""
    """The address that the site will have; without it there is no sitemap, feed or canonical."""
    least: int = 3
    """Capabilities that two artifacts need in common for a comparison page."""
    most: int = 5
    """Comparison pages of one artifact that the rule may make."""
    asked: tuple[Pair, ...] = ()
    """Pairs that get a page whatever they have in common; search engines pass them by."""
    day: datetime | None = None
    """The day on which ranks count ages; else it follows from the records."""


@dataclass
class Built:
    """What building a site did."""

    artifacts: int = 0
    comparisons: int = 0
    withdrawn: int = 0
    pages: int = 0
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[CapdraftError] = field(default_factory=list)
    ranked_for: str = ""


def build_site(
    workspace: Workspace, out: Path, settings: RankSettings, options: SiteOptions
) -> Built:
    """Write the pages of the catalog to the folder `out`, and say what was done.

    Catalog entries that can't be read are named in the answer; their pages stay as they were.

    Raises:
        UsageProblem: `out` holds something else, or a pair is not one.
        NotFound: a pair names an artifact without an approved record.
        Busy: another build of this workspace is at it.
        StoreError: a page can't be written.
    """
    from filelock import FileLock, Timeout

    check_target(workspace, out)
    lock = workspace.root / ".capdraft/site.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lock, blocking=False):
            return _Build(workspace, settings, options).run(out)
    except Timeout as error:
        raise Busy("another build of the site is at it", hint="Wait until it is done.") from error


class _Build:
    def __init__(self, workspace: Workspace, settings: RankSettings, options: SiteOptions) -> None:
        self._workspace, self._settings, self._options = workspace, settings, options
        self._reader = Reader(workspace)
        self._catalog = self._reader.catalog()
        self._cards = self._catalog.cards
        self._built = Built(artifacts=len(self._cards), failed=[*self._catalog.failed])
        self._standings: dict[str, Standing] = {}

    def run(self, out: Path) -> Built:
        built = self._built
        asked = self._reader.pairs(self._options.asked, self._catalog)
        pairs = self._catalog.common.pairs(self._options.least, self._options.most)
        day = self._options.day or as_of(card.newest for card in self._cards.values())
        built.ranked_for = f"{day:%Y-%m-%d}"
        ranks = Standings(self._workspace, self._settings, day)
        self._site = {
            "title": plain(self._options.title) or "Catalog",
            "base": self._options.base,
            "day": built.ranked_for,
            "rule": rule(self._options.least, self._options.most),
            "rules": verdict_rules(self._options.least),
        }
        self._inputs = [look(), self._site]
        with opened(out) as folder:
            self._artifacts(folder, ranks, related(pairs))
            built.failed += ranks.failed
            self._comparisons(folder, pairs, asked)
            self._withdrawn(folder)
            self._lists(folder, pairs)
            built.pages = sum(path.endswith(".html") for path in folder.kept)
            folder.remove_others()
            built.written, built.removed = folder.rewritten, folder.removed
        return built

    def _digest(self, *parts: object) -> str:
        return sha256(json.dumps([self._inputs, *parts], default=str, sort_keys=True))

    def _artifacts(
        self,
        folder: SiteFolder,
        ranks: Standings,
        near: dict[str, list[tuple[Pair, int]]],
    ) -> None:
        for slug, card in self._cards.items():
            standing = self._standings[slug] = ranks.of(slug)
            others = []
            for pair, count in near.get(slug, ()):
                other = self._cards[pair[1] if pair[0] == slug else pair[0]]
                others.append((addresses.pair_page(pair), other.name, count))
            page = addresses.artifact_page(slug)
            inputs = self._digest(card.sha256, asdict(standing), others)
            if all(folder.is_current(path, inputs) for path in (page, addresses.mirror(page))):
                continue
            entry = self._reader.entry(slug)
            shown = profile.capabilities(entry)
            facts = list(lists.facts(entry))
            base = self._options.base
            address = addresses.absolute(base, page) if base else ""
            html = self._html(
                "artifact",
                page,
                card=card,
                entry=entry,
                capabilities=shown,
                facts=facts,
                standing=standing,
                others=others,
                structured=machines.structured_data(entry, address),
                documents=lists.documents(entry),
            )
            owner = (slug, card.name, card.type)
            folder.write(page, html, inputs, owner)
            text = mirrors.artifact_markdown(entry, shown, standing, self._built.ranked_for, facts)
            folder.write(addresses.mirror(page), text, inputs)

    def _comparisons(
        self, folder: SiteFolder, pairs: dict[Pair, int], asked: Iterable[Pair]
    ) -> None:
        for pair in sorted({*pairs, *asked}):
            page = addresses.pair_page(pair)
            standings = (self._standings[pair[0]], self._standings[pair[1]])
            shared = self._catalog.common.of(pair)
            hashes = [self._cards[slug].sha256 for slug in pair]
            told = [*map(asdict, standings), *map(asdict, shared)]
            inputs = self._digest(hashes, told, pair in pairs)
            self._built.comparisons += 1
            if all(folder.is_current(path, inputs) for path in (page, addresses.mirror(page))):
                continue
            entries = (self._reader.entry(pair[0]), self._reader.entry(pair[1]))
            least = self._options.least
            found = versus(entries, standings, shared, least=least, listed=pair in pairs)
            folder.write(page, self._html("versus", page, found=found), inputs)
            text = mirrors.versus_markdown(page, found, self._site)
            folder.write(addresses.mirror(page), text, inputs)
        if self._catalog.unread:
            for path in [path for path in folder.files if path.startswith("compare/")]:
                folder.keep(path)

    def _withdrawn(self, folder: SiteFolder) -> None:
        """Leave a page where an artifact was; what can't be read now keeps the page it had."""
        for slug, name, kind in folder.artifacts().values():
            if slug in self._cards:
                continue
            page = addresses.artifact_page(slug)
            if slug in self._catalog.unread:
                folder.keep(page)
                folder.keep(addresses.mirror(page))
                continue
            self._built.withdrawn += 1
            html = self._html("gone", page, name=name, slug=slug)
            folder.write(page, html, artifact=(slug, name, kind))
            folder.write(addresses.mirror(page), mirrors.gone_markdown(name))

    def _lists(self, folder: SiteFolder, pairs: dict[Pair, int]) -> None:
        cards = list(self._cards.values())
        kinds = by_type(cards)
        for page in lists.list_pages(kinds, cards, pairs, self._cards):
            folder.write(page.path, self._html(page.template, page.path, **page.data))
            text = mirrors.list_markdown(page.path, page.title, page.items)
            folder.write(addresses.mirror(page.path), text)
        for name in ("search", "about"):
            folder.write(f"{name}.html", self._html(name, f"{name}.html"))
        for name in ASSETS:
            folder.write(f"assets/{name}", asset(name))
        folder.write(DATA, "".join(search_data(self._catalog.rows)))
        folder.write("llms.txt", machines.llms(str(self._site["title"]), kinds))
        base = self._options.base
        folder.write("robots.txt", machines.robots(base))
        if base:
            for name, text in machines.sitemap(base, self._indexed(pairs)).items():
                folder.write(name, text)
            folder.write("feed.xml", machines.feed(base, str(self._site["title"]), cards))

    def _indexed(self, pairs: Iterable[Pair]) -> list[tuple[str, str]]:
        """Return the pages for search engines, each with the day of its newest record."""
        day = {slug: f"{card.newest:%Y-%m-%d}" for slug, card in self._cards.items()}
        return [
            (addresses.INDEX, ""),
            (addresses.ABOUT, ""),
            *((addresses.artifact_page(slug), day[slug]) for slug in self._cards),
            *((addresses.pair_page(pair), max(day[slug] for slug in pair)) for pair in pairs),
        ]

    def _html(self, template: str, page: str, **data: Any) -> str:
        return page_html(template, page, self._site, **data)
