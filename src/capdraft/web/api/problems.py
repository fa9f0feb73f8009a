"""Errors for programs: RFC 9457 problem details with capdraft's message, where and hint."""

from __future__ import annotations

from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

API = "/api/v1"
MEDIA_TYPE = "application/problem+json"
WAIT = "60"
"""Seconds after which one that asked too often may ask again."""
_HEADERS = {401: {"WWW-Authenticate": 'Bearer realm="capdraft"'}, 429: {"Retry-After": WAIT}}


class ProblemDetails(BaseModel):
    """Why a request was not answered (RFC 9457)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str = Field(description="about:blank: the status says what kind of problem it is.")
    title: str
    status: int
    detail: str = Field(description="What is wrong.")
    instance: str = Field(description="The path that was asked for.")
    kind: str = Field(description="Stable name of the error: NotFound, BadSlug, FileInvalid, …")
    where: str | None = Field(default=None, description="File and line, where a file is wrong.")
    hint: str | None = Field(default=None, description="What to do next.")


def is_for_programs(request: Request) -> bool:
    """Tell whether a request is for the API, so that its errors are no pages."""
    return request.url.path == API or request.url.path.startswith(f"{API}/")


def problem(request: Request, status: int, title: str, kind: str, told: dict[str, str]) -> Response:
    """Return the answer that tells of an error; `told` is its message, where and hint."""
    details = ProblemDetails(
        type="about:blank",
        title=title,
        status=status,
        detail=_writable(told["message"]),
        instance=quote(_writable(request.url.path)),
        kind=kind,
        where=_writable(told["where"]) or None,
        hint=_writable(told["hint"]) or None,
    )
    text = details.model_dump_json(exclude_none=True)
    return Response(text, status, dict(_HEADERS.get(status, {})), MEDIA_TYPE)


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
