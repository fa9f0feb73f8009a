"""The pages of the desk: a field, where to begin, and the end of the walk."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from capdraft.web.desk.addresses import query_of, url_of
from capdraft.web.desk.screen import screen_of
from capdraft.web.desk.showing import Typed, desk_page, documents_context, fragment
from capdraft.web.desk.walk import next_target, walk_of
from capdraft.web.house import filters, house, page, reviewer
from capdraft.web.routes import go


def show(request: Request) -> Response:
    """Answer with the desk for one field, or first with what was planted in the last one."""
    walk = walk_of(request)
    if walk.planted:
        planted, walk.planted = walk.planted, None
        return page(
            request,
            "desk_planted.html.jinja",
            tab="queue",
            planted=planted,
            onward=request.url.path + query_of(request),
        )
    screen = screen_of(request)
    mode = request.query_params.get("mode", "")
    return desk_page(request, screen, typed=Typed(mode))


def start(request: Request) -> Response:
    """Send the reviewer to the first field that waits."""
    target = next_target(
        house(request).index,
        walk_of(request),
        filters(request).wanted(reviewer(request)),
        reviewer(request),
        None,
    )
    return go(url_of(request, target))


def finished(request: Request) -> Response:
    """Answer with what was decided in this walk, and what comes next."""
    who, among = reviewer(request), filters(request)
    walk, index = walk_of(request), house(request).index
    walk.among, walk.ended = among, True
    waiting = index.count(among.wanted(who))
    held = sorted({held.who for held in index.claims() if held.who != who})
    return page(
        request,
        "desk_finished.html.jinja",
        tab="queue",
        among=among,
        walk=walk,
        slugs=walk.slugs(),
        waiting=waiting,
        skipped=len(walk.skipped),
        held=held,
    )


def documents(request: Request) -> Response:
    """Answer with the documents alone: searched, whole or raw, with what a form has chosen."""
    screen = screen_of(request)
    given = request.query_params
    cites = tuple(given.getlist("cite")) if "citing" in given else None
    return fragment("desk_documents.html.jinja", **documents_context(request, screen, cites))
