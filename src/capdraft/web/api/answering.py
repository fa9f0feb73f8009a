"""From a request to an answer: read strictly, answered by a function below, cached by its hash."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from capdraft.errors import CapdraftError, SettingsError
from capdraft.publishing.api import Library
from capdraft.settings import ApiSettings
from capdraft.text import sha256
from capdraft.web.api.callers import Pace, admit, allowed_origin
from capdraft.web.api.endpoints import Endpoint
from capdraft.web.failures import Refused, on_capdraft_error
from capdraft.web.routes import SENT_WITHIN

JSON = "application/json"
Answered = Callable[[Request], Awaitable[Response]]


def answering(endpoint: Endpoint, pace: Pace) -> Answered:
    """Return what answers the requests for an endpoint."""

    async def answer(request: Request) -> Response:
        try:
            body = await _sent(request) if request.method == "POST" else b""
            return await run_in_threadpool(_answer, request, endpoint, pace, body)
        except CapdraftError as error:
            return on_capdraft_error(request, error)

    return answer


def _answer(request: Request, endpoint: Endpoint, pace: Pace, body: bytes) -> Response:
    """Answer in a thread. Pages of allowed origins may read errors too."""
    library: Library = request.app.state.library
    settings = ApiSettings()
    try:
        settings = library.settings().api
        found = _found(request, endpoint, settings, pace, body)
    except SettingsError as error:  # nobody who asks can mend it
        found = on_capdraft_error(request, Refused(500, str(error), hint=error.hint))
    except CapdraftError as error:
        found = on_capdraft_error(request, error)
    _allow(request, settings, endpoint, found)
    return found


def _found(
    request: Request, endpoint: Endpoint, settings: ApiSettings, pace: Pace, body: bytes
) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": methods_of(endpoint)})
    check_accept(request, JSON)
    client = admit(request, request.app.state.access, settings, pace)
    asked = (
        _posted(request, endpoint, body) if request.method == "POST" else _query(request, endpoint)
    )
    counted = None if request.method == "HEAD" else client
    found = endpoint.answer(request.app.state.library, asked, counted)
    text = found.model_dump_json(by_alias=True, exclude_none=True)
    if not endpoint.is_cached or request.method == "POST":
        return Response(text, media_type=JSON)
    return cached(request, text, JSON, is_public=settings.public)


def methods_of(endpoint: Endpoint) -> str:
    """Return what an endpoint allows, as the header says it."""
    return "OPTIONS, POST" if endpoint.method == "POST" else "GET, HEAD, OPTIONS"


def cached(request: Request, text: str, media_type: str, *, is_public: bool) -> Response:
    """Return an answer that is asked for again only where it changed."""
    tag = f'"{sha256(text)[:32]}"'
    who = "public" if is_public else "private"
    headers = {"ETag": tag, "Cache-Control": f"{who}, no-cache", "Vary": "Accept, Authorization"}
    known = [item.strip() for item in request.headers.get("if-none-match", "").split(",")]
    if any(item.removeprefix("W/") in (tag, "*") for item in known):
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type=media_type)


def check_accept(request: Request, media_type: str) -> None:
    """Refuse who takes nothing that there is.

    Raises:
        Refused: its Accept header rules out `media_type`.
    """
    accepted = request.headers.get("accept", "").strip() or "*/*"
    kinds = {media_type, f"{media_type.partition('/')[0]}/*", "*/*"}
    for item in accepted.split(","):
        kind, *parameters = (part.strip().lower() for part in item.split(";"))
        if kind in kinds and not any(_is_zero(parameter) for parameter in parameters):
            return
    raise Refused(406, f"there is only {media_type} here", hint=f"Accept: {media_type}")


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip().rstrip("0") in ("", "0.", ".")


def _query(request: Request, endpoint: Endpoint) -> BaseModel:
    """Return what the path and the query string ask.

    Raises:
        Refused: a parameter is unknown, given twice, or none that can be asked.
    """
    given: dict[str, Any] = {}
    allowed = endpoint.asks.model_fields.keys() - endpoint.in_path
    for name, value in request.query_params.multi_items():
        if name not in allowed:
            hint = f"There are: {', '.join(sorted(allowed))}" if allowed else "There is none."
            raise Refused(400, f"there is no parameter {name!r}", hint=hint)
        if name in given:
            raise Refused(400, f"the parameter {name!r} is given twice")
        given[name] = value
    try:
        return endpoint.asks.model_validate({**given, **request.path_params})
    except ValidationError as error:
        first = error.errors()[0]
        status = 404 if first["loc"] and first["loc"][0] in endpoint.in_path else 400
        raise Refused(status, _told(error), hint=_hint(endpoint)) from error


async def _sent(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        Refused: it is not called JSON, or took too long.
    """
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(' "')
    if kind.strip() != JSON or charset not in ("", "utf-8"):
        raise Refused(415, "only JSON can be sent here", hint=f"Content-Type: {JSON}")
    try:
        async with asyncio.timeout(SENT_WITHIN):
            return await request.body()
    except TimeoutError as error:
        raise Refused(408, "the body took too long to arrive", hint="Send it again.") from error
    except ClientDisconnect as error:
        raise Refused(400, "the body ended too early") from error


def _posted(request: Request, endpoint: Endpoint, body: bytes) -> BaseModel:
    """Return what the body asks.

    Raises:
        Refused: it isn't JSON, or not what is asked for; or a parameter is in the address.
    """
    if request.url.query:
        raise Refused(400, "there is no parameter here", hint="Put everything into the JSON body.")
    try:
        return endpoint.asks.model_validate_json(body)
    except ValidationError as error:
        status = 400 if error.errors()[0]["type"] == "json_invalid" else 422
        raise Refused(status, _told(error), hint=_hint(endpoint)) from error


def _told(error: ValidationError) -> str:
    told = (
        ": ".join(filter(None, [".".join(map(str, item["loc"])), _said(item["msg"])]))
        for item in error.errors(include_url=False, include_context=False, include_input=False)[:5]
    )
    return "; ".join(told)


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _hint(endpoint: Endpoint) -> str:
    return f"/api/v1/openapi.json says what {endpoint.path} takes."


def _allow(request: Request, settings: ApiSettings, endpoint: Endpoint, answer: Response) -> None:
    """Add what lets scripts of allowed origins read an answer; they may only GET."""
    origin = allowed_origin(request, settings) if endpoint.method == "GET" else ""
    if settings.origins and endpoint.method == "GET":
        answer.headers.add_vary_header("Origin")
    if not origin:
        return
    answer.headers["Access-Control-Allow-Origin"] = origin
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = "GET"
        answer.headers["Access-Control-Allow-Headers"] = "Authorization, If-None-Match"
        answer.headers["Access-Control-Max-Age"] = "600"
