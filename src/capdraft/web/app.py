"""The whole application: who may ask, what is refused, where everything is."""

from __future__ import annotations

import os
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from capdraft.errors import CapdraftError
from capdraft.publishing.api import Library
from capdraft.reviewing.index import QueueIndex
from capdraft.web import artifacts, bulk, desk, help_page, queue
from capdraft.web.access import Access
from capdraft.web.api.problems import API
from capdraft.web.api.routes import make_routes
from capdraft.web.failures import Mishaps, complain, on_capdraft_error, on_http_error
from capdraft.web.house import House
from capdraft.web.refreshing import Refreshing
from capdraft.web.rendering import STATIC
from capdraft.web.safety import LARGEST_BODY, LOOPBACK, Guard
from capdraft.web.sessions import Sessions
from capdraft.workspace import Workspace


def make_app(
    workspace: Workspace, access: Access, *, names: Sequence[str] = (), port: int = 0
) -> Starlette:
    """Return the application for a workspace; `names` are hosts beside this machine's own."""
    index = QueueIndex(workspace)
    app = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(Guard, names=LOOPBACK | {name.lower() for name in names}),
            Middleware(Mishaps, folder=workspace.root / ".capdraft"),
            Middleware(Sessions, access=access, port=port),
            Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY),
        ],
        exception_handlers={CapdraftError: on_capdraft_error, HTTPException: on_http_error},
    )
    app.state.house = House(workspace, index, Refreshing(index))
    app.state.access = access
    app.state.library = Library(workspace, base=API, environment=os.environ, notify=complain)
    return app


def _routes() -> list[BaseRoute]:
    static = Mount("/static", StaticFiles(directory=STATIC))
    pages = (*queue.routes, *bulk.routes, *desk.routes, *artifacts.routes, *help_page.routes)
    return [*pages, *make_routes(), static]
