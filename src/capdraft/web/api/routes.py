"""Where the API is: its endpoints, its OpenAPI document, and a page that shows how to ask."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from capdraft.web.access import Access
from capdraft.web.api.answering import JSON, answering, cached, check_accept
from capdraft.web.api.callers import Pace
from capdraft.web.api.endpoints import ENDPOINTS, Endpoint
from capdraft.web.api.openapi import openapi
from capdraft.web.api.problems import API
from capdraft.web.rendering import render
from capdraft.web.safety import LARGEST_TEXT

Text = tuple[tuple[str, bool], ...]
"""Pieces of a text, and whether each is code."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An endpoint as the page shows it."""

    endpoint: Endpoint
    description: Text
    curl: str
    parameters: tuple[tuple[str, Text, str], ...]
    """Name, what it is, and what it may be."""


def show_document(request: Request) -> Response:
    """Answer with the OpenAPI document; it tells no secrets, and is open to all."""
    check_accept(request, JSON)
    return cached(request, json.dumps(openapi(), ensure_ascii=False), JSON, is_public=True)


def show_page(request: Request) -> Response:
    """Show what can be asked, with commands that ask it."""
    access: Access = request.app.state.access
    base = f"{request.url.scheme}://{request.headers['host']}{API}"
    page = render(
        "api.html.jinja",
        who=request.state.reviewer,
        csrf="",
        tab="api",
        notice=None,
        mine=None,
        base=API,
        access=access.kind,
        endpoints=[_shown(base, item, access) for item in ENDPOINTS],
    )
    return cached(request, page, "text/html", is_public=False)


def _shown(base: str, item: Endpoint, access: Access) -> Shown:
    schema = item.asks.model_json_schema()
    required = schema.get("required", ())
    parameters = tuple(
        (name, _text(node.get("description", "")), _values(node, is_needed=name in required))
        for name, node in schema["properties"].items()
    )
    return Shown(item, _text(item.description), _curl(base, item, access), parameters)


def _text(said: str) -> Text:
    return tuple((piece, place % 2 == 1) for place, piece in enumerate(said.split("`")) if piece)


def _values(node: dict[str, Any], *, is_needed: bool) -> str:
    """Return what a parameter may be, in words."""
    inner = next((one for one in node.get("anyOf", ()) if one.get("type") != "null"), node)
    told = ["required"] if is_needed else []
    if "enum" in inner:
        told.append(" or ".join(inner["enum"]))
    if "minimum" in inner:
        told.append(f"{inner['minimum']} to {inner['maximum']:,}")
    if node.get("default") is not None:
        told.append(f"{node['default']} if it is not given")
    return ", ".join(told)


def _curl(base: str, item: Endpoint, access: Access) -> str:
    """Return a command that asks with the examples that the request's fields have."""
    fields = item.asks.model_fields
    given = {name: field.examples[0] for name, field in fields.items() if field.examples}
    words = ["curl"]
    if access.kind == "token":
        words += ["-H", '"Authorization: Bearer $TOKEN"']
    if item.method == "POST":
        data = json.dumps(_example(item.asks.__name__) | given)
        words += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(data)]
        return " ".join([*words, f"{base}{item.path}"])
    path = item.path.format(**{name: given[name] for name in item.in_path})
    query = {name: given[name] for name, field in fields.items() if field.is_required()}
    told = urlencode({name: query[name] for name in query if name not in item.in_path}, safe=",")
    return " ".join([*words, shlex.quote(f"{base}{path}" + (f"?{told}" if told else ""))])


def _example(name: str) -> dict[str, Any]:
    return {"FeedbackRequest": {"verdict": "success"}, "ValidateRequest": {"kind": "settings"}}[
        name
    ]


def _to_page(_: Request) -> Response:
    return RedirectResponse(f"{API}/", status_code=308)


def _route(endpoint: Endpoint, pace: Pace) -> Route:
    # The limit of forms is raised here, for texts to validate.
    larger = [Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_TEXT)]
    return Route(
        endpoint.path,
        answering(endpoint, pace),
        methods=[endpoint.method, "OPTIONS"],
        middleware=larger if endpoint.path == "/validate" else None,
    )


def make_routes() -> list[BaseRoute]:
    """Return the routes of the API, with a pace for strangers of their own."""
    pace = Pace()
    inner = [_route(endpoint, pace) for endpoint in ENDPOINTS]
    pages = [Route("/openapi.json", show_document), Route("/", show_page)]
    return [Route(API, _to_page), Mount(API, routes=[*inner, *pages])]
