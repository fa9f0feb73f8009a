"""Build the site of a catalog, page by page: what did not change stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Any

from capdraft.comparing import everything_said, verdict_rules, word_lists
from capdraft.comparing.settling import by_artifacts
from capdraft.errors import Busy, CapdraftError
from capdraft.publishing.exports import check_target
from capdraft.publishing.phrases import plain
from capdraft.publishing.site import addresses, lists, machines, mirrors
from capdraft.publishing.site.artifacts import Artifacts
from capdraft.publishing.site.finding import DATA, search_data
from capdraft.publishing.site.folder import opened
from capdraft.publishing.site.in_common import Pair, Said, rule
from capdraft.publishing.site.keeping import KEPT, Kept
from capdraft.publishing.site.news import NewsPage, newest_news, news_pages, told_at
from capdraft.publishing.site.pages import Pages
from capdraft.publishing.site.pairing import Pairing
from capdraft.publishing.site.reading import Reader
from capdraft.publishing.site.rendering import ASSETS, asset
from capdraft.publishing.site.standings import Standings, as_of, standing_of
from capdraft.publishing.site.versions import Versions
from capdraft.publishing.site.versus import versus
from capdraft.settings import RankSettings
from capdraft.workspace import Workspace
from capdraft.workspace.local_database import Database
from capdraft.workspace.read_only import is_read_only


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
    report: str = ""
    """Template of the addresses at which readers tell of errors; without it there are none."""


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
    notes: list[str] = field(default_factory=list)
    """What is missing from the site for a reason that nobody did wrong."""
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
    try:
        if is_read_only(lock):  # what is kept between builds is not kept either: none can harm it
            return _Build(workspace, settings, options).run(out)
        lock.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(lock, blocking=False):
            return _Build(workspace, settings, options).run(out)
    except Timeout as error:
        raise Busy("another build of the site is at it", hint="Wait until it is done.") from error


class _Build:
    def __init__(self, workspace: Workspace, settings: RankSettings, options: SiteOptions) -> None:
        self._workspace, self._settings, self._options = workspace, settings, options
        self._reader = Reader(workspace)
        self._built = Built()

    def run(self, out: Path) -> Built:
        """Bring up to date what is kept, step by step, and then the pages."""
        options, built = self._options, self._built
        database = Database(self._workspace.root, KEPT)
        with database.writing() as rows:
            kept = Kept(rows)
            unread = self._reader.take_stock(kept)
            built.failed += unread.failed
            asked = self._reader.pairs(options.asked, kept)
        with database.writing() as rows, closing(Versions(self._workspace, Kept(rows))) as versions:
            built.notes = [*filter(None, [versions.bring_up_to_date()])]
        with database.writing() as rows:
            kept = Kept(rows)
            said = self._said(kept)
            Pairing(kept).bring_up_to_date(options.least, options.most, said)
            (newest,) = kept.one("select coalesce(max(newest), '') from artifacts where listed")
            day = options.day or as_of(newest)
            ranks = Standings(self._workspace, self._settings, day)
            ranks.bring_up_to_date(kept)
            built.failed += ranks.failed
        built.ranked_for = f"{day:%Y-%m-%d}"
        with (
            opened(out) as folder,
            database.writing() as rows,
            closing(Versions(self._workspace, Kept(rows))) as versions,
        ):
            versions.beside(folder, unread.slugs)
            self._write(Pages(folder, self._site()), Kept(rows), versions, asked, said)
        return built

    def _said(self, kept: Kept) -> Said:
        """Return what reviewers said of capabilities that are on the site."""
        try:
            found = everything_said(self._workspace)
        except CapdraftError as error:
            self._built.failed.append(error)
            return {}
        if found.others:
            many = f"alignments that don't count any more: {len(found.others)}"
            self._built.notes.append(f"{many}; see `capdraft align list`")
        grouped = {tuple(sorted(two)): said for two, said in by_artifacts(found.counting).items()}
        return {
            (one, two): said
            for (one, two), said in sorted(grouped.items())
            if kept.card(one) and kept.card(two)
        }

    def _site(self) -> dict[str, Any]:
        """Return what all pages share."""
        options = self._options
        return {
            "title": plain(options.title) or "Catalog",
            "base": options.base,
            "report": options.report,
            "day": self._built.ranked_for,
            "rule": rule(options.least, options.most),
            "rules": verdict_rules(options.least),
            "word_lists": word_lists(),
        }

    def _write(
        self, pages: Pages, kept: Kept, versions: Versions, asked: set[Pair], said: Said
    ) -> None:
        """Write all pages, and remove those that are none any more."""
        built, folder = self._built, pages.folder
        pairing = Pairing(kept)
        kept.rows.execute("delete from news")
        artifacts = Artifacts(pages, kept, versions, pairing, asked)
        for slug in kept.slugs():
            card = kept.card(slug)
            if card:
                artifacts.write(card)
                built.artifacts += 1
        self._gone(artifacts, versions)
        self._comparisons(pages, kept, pairing, asked, said)
        if versions.unread:
            folder.keep_like("compare/*")
        self._news(pages, kept, versions)
        self._lists(pages, kept, asked)
        folder.keep_like("artifacts/*/*")  # the pages of versions stay
        built.pages = folder.pages()
        folder.remove_others()
        built.written, built.removed = folder.rewritten, folder.removed

    def _gone(self, artifacts: Artifacts, versions: Versions) -> None:
        """Leave a page where an artifact was; what can't be read now keeps the page it had."""
        folder = artifacts.pages.folder
        known = {slug: (name, kind) for slug, name, kind in folder.artifacts()}
        for slug in sorted({*known, *versions.slugs()}):
            if artifacts.kept.card(slug):
                continue
            if slug in versions.unread:
                page = addresses.artifact_page(slug)
                folder.keep(page)
                folder.keep(addresses.mirror(page))
            elif artifacts.write_gone(slug, *known.get(slug, ("", ""))):
                self._built.withdrawn += 1

    def _comparisons(
        self, pages: Pages, kept: Kept, pairing: Pairing, asked: set[Pair], said: Said
    ) -> None:
        for pair, _ in groupby(merge(pairing.all(), sorted(asked))):
            listed = bool(kept.one("select 1 from pairs where one = ? and two = ?", *pair))
            self._built.comparisons += 1
            told = [
                kept.one(
                    "select sha256, standing from artifacts join ranks using (slug) where slug = ?",
                    slug,
                )
                for slug in pair
            ]
            words = said.get(pair, {})
            inputs = pages.digest("versus", told, listed, sorted(i.id for i in words.values()))
            page = addresses.pair_page(pair)
            if pages.are_current((page, addresses.mirror(page)), inputs):
                continue
            entries = (self._reader.entry(pair[0]), self._reader.entry(pair[1]))
            standings = (standing_of(told[0][1]), standing_of(told[1][1]))
            found = versus(
                entries,
                standings,
                words,
                least=self._options.least,
                day=self._built.ranked_for,
                listed=listed,
            )
            pages.folder.write(page, pages.html("versus", page, found=found), inputs)
            text = mirrors.versus_markdown(page, found)
            pages.folder.write(addresses.mirror(page), text, inputs)

    def _news(self, pages: Pages, kept: Kept, versions: Versions) -> None:
        for part in news_pages(kept):

            def data(part: NewsPage = part) -> dict[str, Any]:
                return {"news": part, "changes": [told_at(row, versions) for row in part.rows]}

            steps = [[asdict(step) for step in versions.steps(row[1])] for row in part.rows]
            inputs = pages.digest("news", asdict(part), steps)
            pages.write(part.path, "changes", inputs, data, mirrors.changes_markdown)
        base, title = self._options.base, str(pages.site["title"])
        if base:
            newest = [told_at(row, versions) for row in newest_news(kept, machines.NEWEST)]
            pages.folder.write("feed.xml", machines.feed(base, title, newest))

    def _lists(self, pages: Pages, kept: Kept, asked: set[Pair]) -> None:
        folder, base = pages.folder, self._options.base
        for found in lists.list_pages(kept, asked):

            def data(found: lists.ListPage = found) -> dict[str, Any]:
                return found.data

            def markdown(_: Mapping[str, Any], found: lists.ListPage = found) -> str:
                return mirrors.list_markdown(found.path, found.title, found.items)

            inputs = pages.digest(found.template, found.data, found.items)
            pages.write(found.path, found.template, inputs, data, markdown)
        for name in ("search", "about"):
            pages.write(f"{name}.html", name, pages.digest(name), dict)
        for name in ASSETS:
            folder.write(f"assets/{name}", asset(name))
        folder.write_pieces(DATA, lambda: search_data(kept))
        folder.write("llms.txt", machines.llms(str(pages.site["title"]), kept))
        folder.write("robots.txt", machines.robots(base))
        if base:
            for name, text in machines.sitemap(base, machines.indexed(kept)):
                folder.write(name, text)
