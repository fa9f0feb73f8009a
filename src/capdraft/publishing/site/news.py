"""What changed on the whole site: pages, newest first, and the steps that the feed tells of.

Pages are counted from the first change on, so that a page of old changes stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from capdraft.publishing.site import addresses
from capdraft.publishing.site.changing import Change
from capdraft.publishing.site.keeping import Kept
from capdraft.publishing.site.versions import Step, Versions

EACH = 50
"""Changes on a page of old ones; on the first page there are up to twice as many."""


Row = tuple[str, str, int, str]
"""A row of the news: when, the artifact's slug, which of its steps, and its name."""


@dataclass(frozen=True, slots=True)
class Told:
    """A step of an artifact as pages tell it."""

    slug: str
    name: str
    step: Step
    change: Change
    page: str
    """The page of the version, else that of the artifact."""
    nth: int
    """1, or how often the entry came to read so."""

    @property
    def anchor(self) -> str:
        """The change's place on the artifact's own page of changes."""
        mark = self.step.version or "removed"
        return f"v-{mark}" + (f".{self.nth}" if self.nth > 1 else "")


@dataclass(frozen=True, slots=True)
class NewsPage:
    """A page of changes: which rows of the news it tells, and the pages beside it."""

    path: str
    rows: tuple[Row, ...]
    newer: str
    older: str


def told(slug: str, name: str, steps: Sequence[Step], versions: Versions) -> Iterator[Told]:
    """Yield what became of an artifact, newest first."""
    for place in reversed(range(len(steps))):
        yield _told(slug, name, steps, place, versions)


def told_at(row: Row, versions: Versions) -> Told:
    """Return what a row of the news tells."""
    _, slug, place, name = row
    return _told(slug, name, versions.steps(slug), place, versions)


def _told(slug: str, name: str, steps: Sequence[Step], place: int, versions: Versions) -> Told:
    step = steps[place]
    own = addresses.version_page(slug, step.version)
    page = own if step.version else addresses.artifact_page(slug)
    nth = sum(earlier.version == step.version for earlier in steps[: place + 1])
    return Told(slug, name, step, versions.change(slug, steps, place), page, nth)


def add_news(kept: Kept, slug: str, name: str, steps: Sequence[Step]) -> None:
    """Take up the steps of an artifact, those whose day is known."""
    for place, step in enumerate(steps):
        if step.dated:
            row = (step.at, slug, place, name)
            kept.rows.execute("insert into news values (?, ?, ?, ?)", row)


def news_pages(kept: Kept) -> Iterator[NewsPage]:
    """Yield the pages of the news: the old ones, oldest first, and then the newest."""
    count = kept.count("news")
    old = max(count // EACH - 1, 0)
    rows = kept.all("select at, slug, place, name from news order by at, slug, place")
    for number in range(1, old + 1):
        part = tuple(islice(rows, EACH))
        newer = addresses.older_changes(number + 1) if number < old else addresses.CHANGES
        older = addresses.older_changes(number - 1) if number > 1 else ""
        yield NewsPage(addresses.older_changes(number), part[::-1], newer, older)
    older = addresses.older_changes(old) if old else ""
    yield NewsPage(addresses.CHANGES, tuple(rows)[::-1], "", older)


def newest_news(kept: Kept, most: int) -> Iterator[Row]:
    """Yield the newest rows of the news."""
    query = "select at, slug, place, name from news order by at desc, slug desc, place desc limit ?"
    yield from kept.all(query, most)
