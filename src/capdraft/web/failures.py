"""Errors as pages: what is wrong, where, and what to do next."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from capdraft.errors import (
    BadSlug,
    CapdraftError,
    NotFound,
    ReviewRefused,
    TextChanged,
    UsageProblem,
)
from capdraft.text import one_line, printable
from capdraft.web.api.problems import is_for_programs, problem
from capdraft.web.links import BadFilter
from capdraft.web.rendering import render

LOG = "web.log"
TITLES = {
    400: "That can't be asked",
    401: "Who are you?",
    403: "Refused",
    404: "Not found",
    405: "That can't be done here",
    406: "There is no such form of it",
    408: "Too slow",
    409: "It changed meanwhile",
    413: "Too much at once",
    415: "That can't be read",
    422: "Not decided",
    429: "Too often",
    500: "Something is wrong here",
}
TITLES_FOR_PROGRAMS = {422: "Not what is asked for here"}
_STATUS: tuple[tuple[type[CapdraftError], int], ...] = (
    (BadFilter, 400),
    (NotFound, 404),
    (BadSlug, 404),
    (TextChanged, 409),
    (ReviewRefused, 422),
    (UsageProblem, 422),
)


class Refused(CapdraftError):
    """A request that is answered with a page that says why not."""

    def __init__(self, status: int, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


def status_of(error: CapdraftError) -> int:
    """Return the HTTP status that tells of `error`."""
    if isinstance(error, Refused):
        return error.status
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def failure_page(request: Request, error: CapdraftError) -> Response:
    """Return the page that tells of `error`. It reads nothing, so that it can't fail itself.

    Programs get problem details. Where on this machine the workspace is, is not told: the reader
    may sit at another.
    """
    status = status_of(error)
    told = {
        name: _from_workspace(request, getattr(error, name))
        for name in ("message", "where", "hint")
    }
    if is_for_programs(request):
        title = TITLES_FOR_PROGRAMS.get(status) or TITLES.get(status, "It did not work")
        return problem(request, status, title, error.kind, told)
    text = render(
        "error.html.jinja",
        who=getattr(request.state, "reviewer", ""),
        csrf="",
        tab="",
        notice=None,
        mine=None,
        status=status,
        title=TITLES.get(status, "It did not work"),
        error=told,
    )
    return HTMLResponse(text, status)


def _from_workspace(request: Request, text: str) -> str:
    """Return `text` with the paths in it as seen from the workspace's folder."""
    root: Path = request.app.state.house.workspace.root
    if root == root.parent:
        return text
    return text.replace(f"{root}{os.sep}", "").replace(str(root), ".")


def on_capdraft_error(request: Request, error: Exception) -> Response:
    """Answer a request that ended in an error that capdraft raised."""
    known = cast(CapdraftError, error)
    if status_of(known) >= 500:
        complain(f"{request.method} {request.url.path}: {error}")
    return failure_page(request, known)


def on_http_error(request: Request, error: Exception) -> Response:
    """Answer a request that Starlette refuses: no such page, too large, not by this method."""
    refused = cast(HTTPException, error)
    what = {
        404: f"there is no page {request.url.path}",
        405: f"{request.method} is not for {request.url.path}",
        413: "more was sent than a form can hold",
    }
    said = Refused(refused.status_code, what.get(refused.status_code, refused.detail))
    answer = failure_page(request, said)
    answer.headers.update(refused.headers or {})
    return answer


class Mishaps:
    """Answers a request that ended in what nobody foresaw, and keeps the traceback in a file."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self.app = app
        self.log = folder / LOG

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            request = Request(scope, receive)
            self._keep(request, error)
            said = CapdraftError(
                "capdraft made a mistake", where=f".capdraft/{LOG}", hint="The log tells where."
            )
            await failure_page(request, said)(scope, receive, send)

    def _keep(self, request: Request, error: Exception) -> None:
        what = f"{request.method} {request.url.path}: {type(error).__name__}: {error}"
        complain(f"{what} (see {self.log})")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {what}\n")
            file.writelines(traceback.format_exception(error))


def complain(text: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(f"error: {one_line(printable(text))}\n")
