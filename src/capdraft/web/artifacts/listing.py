"""The list of all artifacts, and the last decisions over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from capdraft.errors import CapdraftError
from capdraft.records import Run
from capdraft.reviewing import Wanted
from capdraft.reviewing.index import IndexedArtifact, Taken
from capdraft.web.house import House
from capdraft.web.links import LONGEST_SEARCH, BadFilter
from capdraft.workspace import Workspace

PAGE = 50
MOST_REVIEWERS = 50
_MOST_HIDDEN = 1_000


@dataclass(frozen=True, slots=True)
class Listed:
    """An artifact of the list; `run` is that of its newest proposal, if that can be read."""

    artifact: IndexedArtifact
    run: Run | None


@dataclass(frozen=True, slots=True)
class ArtifactsPage:
    """A page of the list."""

    rows: tuple[Listed, ...]
    words: str
    broken: bool
    number: int
    of: int
    can_not_be_read: int

    @property
    def more(self) -> bool:
        """Whether another page follows."""
        return self.number * PAGE < self.of


def artifacts_page(house: House, words: str, number: int, *, broken: bool) -> ArtifactsPage:
    """Return the artifacts that hold all `words`, or those of them that can't be read.

    Raises:
        BadFilter: the search is too long.
    """
    if len(words) > LONGEST_SEARCH:
        raise BadFilter(f"a search is at most {LONGEST_SEARCH} letters long")
    index = house.index
    found = index.artifacts((number - 1) * PAGE, PAGE, words, broken=broken)
    return ArtifactsPage(
        rows=tuple(Listed(item, newest_run(house.workspace, item)) for item in found),
        words=words,
        broken=broken,
        number=number,
        of=index.count_artifacts(words, broken=broken),
        can_not_be_read=index.count_artifacts(words, broken=True),
    )


def newest_run(workspace: Workspace, item: IndexedArtifact) -> Run | None:
    """Return the run of an artifact's newest proposal; None where its file can't be read."""
    if not item.proposal:
        return None
    try:
        stored = workspace.store.read(f"reviews/{item.slug}/{item.proposal}.toml")
        return _run(workspace.root, item.slug, item.proposal, stored.sha256) if stored else None
    except CapdraftError:
        return None


@lru_cache(maxsize=5_000)
def _run(root: Path, slug: str, number: str, sha256: str) -> Run:  # noqa: ARG001 - read anew if another
    """Return the run of a proposal: it takes long to read, and only its run is shown here."""
    return Workspace(root).read_proposal(slug, number).proposal.run


@dataclass(frozen=True, slots=True)
class Recent:
    """A decision of the list; `hidden`: who asks is to decide on it without knowing it."""

    taken: Taken
    hidden: bool


@dataclass(frozen=True, slots=True)
class RecentPage:
    """A page of the last decisions, and what the last action of who asks was."""

    rows: tuple[Recent, ...]
    by: str
    reviewers: tuple[str, ...]
    number: int
    more: bool
    last: tuple[Taken, ...]


def recent_page(house: House, who: str, by: str, number: int) -> RecentPage:
    """Return the last decisions of `by`, or of everybody, as `who` may see them."""
    index = house.index
    found = index.recent(PAGE + 1, (number - 1) * PAGE, reviewer=by or None)
    hidden = _hidden(house, who, {taken.slug for taken in found})
    rows = tuple(
        Recent(
            taken,
            taken.reviewer != who and (taken.slug, taken.capability, taken.field) in hidden,
        )
        for taken in found[:PAGE]
    )
    return RecentPage(
        rows=rows,
        by=by,
        reviewers=tuple(_reviewers(house, by)),
        number=number,
        more=len(found) > PAGE,
        last=tuple(index.last_action(who)),
    )


def _hidden(house: House, who: str, slugs: set[str]) -> set[tuple[str, str, str]]:
    """Return the fields of `slugs` that wait for a second opinion by `who`."""
    if not house.review_settings().second_opinions:
        return set()
    return {
        (item.slug, item.capability, item.field)
        for slug in slugs
        for item in house.index.page(
            Wanted(artifact=slug, status="approved", reviewer=who), 0, _MOST_HIDDEN
        )
    }


def _reviewers(house: House, by: str) -> list[str]:
    """Return the reviewers that decided lately, and `by`."""
    lately = house.index.recent(10 * PAGE, 0)
    return sorted({taken.reviewer for taken in lately} | ({by} if by else set()))[:MOST_REVIEWERS]
