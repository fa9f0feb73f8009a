"""How a change comes in: by POST, with the token of the session, as a form of limited size."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from capdraft.web.failures import Refused
from capdraft.web.safety import check_token

MOST_FIELDS = 1_000
SENT_WITHIN = 30
"""Seconds that a form may take to arrive."""

Change = Callable[[Request, FormData], Response]


def post(handler: Change) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of a change: `handler` gets the form once its token is checked."""

    async def change(request: Request) -> Response:
        form = await _sent(request)
        check_token(request, form)
        return await run_in_threadpool(handler, request, form)

    return change


async def _sent(request: Request) -> FormData:
    """Return the form of a request; it holds no files, so that nothing has to be closed."""
    try:
        async with asyncio.timeout(SENT_WITHIN):
            return await request.form(max_files=0, max_fields=MOST_FIELDS)
    except TimeoutError as error:
        raise Refused(
            408, "the form took too long to arrive", hint="Nothing was changed. Send it again."
        ) from error


def go(url: str) -> Response:
    """Send the browser on to `url` after a change."""
    return RedirectResponse(url, status_code=303)


def said(form: FormData, name: str) -> str:
    """Return a field of the form, empty where it isn't there; line ends are the browser's."""
    value = form.get(name, "")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""
