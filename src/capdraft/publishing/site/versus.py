"""A comparison page of the site: what `capdraft compare` shows, with links to the site's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from capdraft import comparing
from capdraft.comparing import Comparison, compare
from capdraft.publishing.as_html import html_body
from capdraft.publishing.site import addresses
from capdraft.publishing.site.in_common import Pair
from capdraft.publishing.site.standings import Standing
from capdraft.records import CatalogEntry
from capdraft.records.alignments import Alignment


@dataclass(frozen=True, slots=True)
class Versus:
    """A comparison page as data."""

    pair: Pair
    comparison: Comparison
    body: str
    listed: bool
    """Whether a rule made the page; else somebody asked for it, and search engines pass by."""


def versus(
    entries: tuple[CatalogEntry, CatalogEntry],
    standings: tuple[Standing, Standing],
    said: Mapping[frozenset[str], Alignment],
    *,
    least: int,
    day: str,
    listed: bool,
) -> Versus:
    """Return the page of two artifacts; ages in their ranks are counted on `day`.

    `said` is what reviewers said of their capabilities.
    """
    pair = (entries[0].artifact.slug, entries[1].artifact.slug)
    ranks = [_as_data(standing) for standing in standings]
    comparison = compare(entries, ranks, said, least=least, ranked_for=day)
    return Versus(pair, comparison, html_body(comparison, _linking(pair)), listed)


def _linking(pair: Pair) -> Callable[[str, str], str]:
    page = addresses.pair_page(pair)

    def link_to(slug: str, capability: str) -> str:
        anchor = f"c-{capability}" if capability else ""
        return addresses.link(page, addresses.artifact_page(slug), anchor)

    return link_to


def _as_data(standing: Standing) -> comparing.Standing:
    parts: Sequence[comparing.StandingPart] = [
        comparing.StandingPart(
            name=part.name, value=part.value, weight=part.weight, points=part.points
        )
        for part in standing.parts
    ]
    return comparing.Standing(
        version=standing.version,
        total=standing.total,
        marks=standing.marks,
        parts=tuple(parts),
        matched=standing.matched,
    )
