"""The pages of artifacts: what they are, what a run cost, who decided what, and what differs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from capdraft.publishing.as_html import is_web
from capdraft.sources import readable
from capdraft.text import slugify
from capdraft.web.artifacts.artifact import artifact_view
from capdraft.web.artifacts.differences import compared
from capdraft.web.artifacts.listing import artifacts_page, recent_page
from capdraft.web.artifacts.run import run_view
from capdraft.web.artifacts.story import Story
from capdraft.web.house import house, page, reviewer
from capdraft.web.links import BadFilter, Filters, page_number


def minute(moment: datetime) -> str:
    """Return when something happened, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def cost(usd: float | None) -> str:
    """Return what calls cost; a sum too small to be shown is not shown as nothing."""
    if usd is None:
        return "unknown"
    return f"${usd:,.2f}" if usd >= 0.1 or not usd else f"${usd:.4f}"


def seconds(number: float) -> str:
    """Return a duration in the units that people read."""
    if number < 90:
        return f"{number:.3g} s"
    minutes, rest = divmod(round(number), 60)
    return f"{minutes} min {rest} s"


_SHARED: dict[str, Any] = {
    "cost": cost,
    "minute": minute,
    "seconds": seconds,
    "is_web": is_web,
    "readable": readable,
    "Filters": Filters,
}


def artifacts(request: Request) -> Response:
    """Show all artifacts, or those that the search finds."""
    words = request.query_params.get("q", "").strip()
    broken = "broken" in request.query_params
    found = artifacts_page(house(request), words, page_number(request), broken=broken)
    return page(request, "artifacts.html.jinja", tab="artifacts", found=found, **_SHARED)


def artifact(request: Request) -> Response:
    """Show how an artifact stands."""
    view = artifact_view(house(request), request.path_params["slug"], reviewer(request))
    return page(request, "artifact.html.jinja", tab="artifacts", view=view, **_SHARED)


def proposal(request: Request) -> Response:
    """Show one run: what was asked of whom, what it cost, and what came of it."""
    slug, number = request.path_params["slug"], request.path_params["number"]
    view = run_view(house(request).workspace, slug, number)
    return page(request, "proposal.html.jinja", tab="artifacts", view=view, **_SHARED)


def artifact_history(request: Request) -> Response:
    """Show what happened to an artifact, newest first."""
    slug = request.path_params["slug"]
    story = Story(house(request), slug, reviewer(request))
    return page(
        request, "history.html.jinja", tab="artifacts", slug=slug, story=story.events(), **_SHARED
    )


def recent(request: Request) -> Response:
    """Show what was decided last over all artifacts."""
    given = request.query_params.get("by", "").strip()
    by = slugify(given) if given else ""
    found = recent_page(house(request), reviewer(request), by, page_number(request))
    return page(request, "recent.html.jinja", tab="history", found=found, **_SHARED)


def difference(request: Request) -> Response:
    """Show what the newest proposal says differently."""
    slug = request.path_params["slug"]
    since = request.query_params.get("since") or None
    view = compared(house(request).workspace, slug, since)
    return page(request, "diff.html.jinja", tab="artifacts", slug=slug, view=view, **_SHARED)


def stats(request: Request) -> Response:
    """Show how reviewers review."""
    from capdraft.reviewing.stats import QUICK, indexed_stats

    given = request.query_params.get("since", "")
    try:
        since = datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC) if given else None
    except ValueError:
        raise BadFilter(f"{given!r} is no day", hint="For example 2026-01-31") from None
    found = indexed_stats(house(request).index, since=since)
    return page(
        request,
        "stats.html.jinja",
        tab="stats",
        found=found,
        since=given,
        quick=QUICK,
        settings=house(request).review_settings(),
        **_SHARED,
    )


routes: list[BaseRoute] = [
    Route("/artifacts", artifacts),
    Route("/artifact/{slug}", artifact),
    Route("/artifact/{slug}/proposal/{number}", proposal),
    Route("/artifact/{slug}/history", artifact_history),
    Route("/artifact/{slug}/diff", difference),
    Route("/history", recent),
    Route("/stats", stats),
]
