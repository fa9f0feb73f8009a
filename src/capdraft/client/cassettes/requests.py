"""What of an exchange is recorded, and when two requests are the same."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from capdraft.client.cassettes.bodies import body_key

# vcrpy has no types: a request is a vcr.request.Request, a response its mapping.
Request = Any
Response = dict[str, Any]

CHAT = "/chat/completions"
_OPERATION = re.compile(r"/(?:chat/completions|completions|embeddings|responses|models)(?=/|$).*")
_SECRET_PARAMETER = re.compile("key|token|sig|secret|passw|auth|cred|session", re.IGNORECASE)
_REQUEST_HEADERS = {"content-type"}
# content-encoding is gone by then, unless vcrpy could not decode the body.
_RESPONSE_HEADERS = {"content-type", "retry-after", "content-encoding"}
_TRANSIENT = {408, 409, 425, 429}


def operation(request: Request) -> str:
    """Return what a request asks for: its path without that of the base URL."""
    found = _OPERATION.search(request.path)
    return found[0] if found else str(request.path)


def same_method(now: Request, recorded: Request) -> bool:
    """Tell whether both use one HTTP method. A vcrpy matcher, as the next two."""
    return bool(now.method == recorded.method)


def same_path(now: Request, recorded: Request) -> bool:
    """Tell whether both ask for the same, whatever base URL they are sent to."""
    return operation(now) == operation(recorded)


def same_json(now: Request, recorded: Request) -> bool:
    """Tell whether both bodies are the same JSON, or else the same bytes."""
    return _key(now) == _key(recorded)


def is_same(now: Request, recorded: Request) -> bool:
    """Tell whether the answer to `recorded` answers `now`."""
    return same_method(now, recorded) and same_path(now, recorded) and same_json(now, recorded)


def _key(request: Request) -> str:
    # Kept on the request: it is compared with every other one in the cassette.
    if not hasattr(request, "capdraft_key"):
        request.capdraft_key = body_key(request.body)
    return str(request.capdraft_key)


def is_for_endpoint(request: Request) -> bool:
    """Tell whether a model endpoint is asked. What fetches documents meanwhile is not recorded."""
    if request.method == "GET":
        return str(request.path).rstrip("/").endswith("/models")
    return _OPERATION.search(request.path) is not None


def without_secrets(request: Request) -> Request | None:
    """Return `request` without user, password, secret parameters and most headers.

    None, which is neither recorded nor played, for one that is not for a model endpoint.
    """
    if not is_for_endpoint(request):
        return None
    parts = urlsplit(request.uri)
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _SECRET_PARAMETER.search(name)
    ]
    host = parts.netloc.rpartition("@")[2]
    request.uri = urlunsplit((parts.scheme, host, parts.path, urlencode(query), ""))
    request.headers = {
        name.lower(): value
        for name, value in request.headers.items()
        if name.lower() in _REQUEST_HEADERS
    }
    return request


def worth_recording(response: Response) -> Response | None:
    """Return `response` with the few headers a replay needs; None for a passing failure.

    A recorded 429 would make every replay wait. A redirect is left out because the answer it led to
    is recorded for the same request.
    """
    code = response["status"]["code"]
    if code in _TRANSIENT or 300 <= code < 400 or code >= 500:
        return None
    headers = {
        name.lower(): values
        for name, values in response["headers"].items()
        if name.lower() in _RESPONSE_HEADERS
    }
    return {**response, "headers": headers}
