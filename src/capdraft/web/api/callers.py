"""Who asks the API: somebody with a token, a session or a proxy's word, or a stranger."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address

from starlette.requests import Request

from capdraft.searching import Client
from capdraft.settings import ApiSettings
from capdraft.web.access import Access
from capdraft.web.failures import Refused

PACE, WINDOW = 60, 60.0
"""Requests of a stranger in so many seconds."""
MOST_KNOWN = 10_000
"""Strangers that are remembered; then all are forgotten at once."""


@dataclass(slots=True)
class Pace:
    """Counts the requests of each stranger in the present window."""

    clock: Callable[[], float] = time.monotonic
    _seen: dict[str, tuple[float, int]] = field(default_factory=dict)

    def check(self, address: str) -> None:
        """Count a request.

        Raises:
            Refused: there were too many.
        """
        now = self.clock()
        began, times = self._seen.get(address, (now, 0))
        if now - began > WINDOW:
            began, times = now, 0
        if len(self._seen) >= MOST_KNOWN:
            self._seen.clear()
        self._seen[address] = began, times + 1
        if times >= PACE:
            hint = f"Wait a minute. With a token there is no limit: {PACE} a minute is without one."
            raise Refused(429, "too many requests from this address", hint=hint)


def admit(request: Request, access: Access, settings: ApiSettings, pace: Pace) -> Client:
    """Return who asks, as the match graph counts clients.

    Raises:
        Refused: who it is has to be known, another site asks, or it asks too often.
    """
    _refuse_other_sites(request, settings)
    who = request.state.reviewer or _bearer(request, access)
    agent = request.headers.get("user-agent", "")
    if who and access.kind != "open":
        return Client(f"reviewer:{who}", agent)
    address = _address(request, access)
    if not who:
        if not settings.public or request.method == "POST":
            raise _unknown(access)
        pace.check(address)
    return Client(f"http:{address} {agent}", agent)


def _bearer(request: Request, access: Access) -> str:
    """Return whose link's token the request carries, or nothing."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if access.kind != "token" or scheme.lower() != "bearer":
        return ""
    who = access.reviewer_of(token.strip())
    return who if who in access.reviewers else ""


def _unknown(access: Access) -> Refused:
    hint = (
        "Send `Authorization: Bearer TOKEN`: the token in your link that `capdraft serve` prints."
    )
    if access.kind == "header":
        hint = f"Ask through the proxy, signed in: it has to send {access.header}."
    return Refused(401, "this API is not open to everybody", hint=hint)


def _address(request: Request, access: Access) -> str:
    """Return where the request comes from; of the proxy's, what it says last."""
    host = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    try:
        is_proxy = access.kind == "header" and ip_address(host) == ip_address(access.proxy)
    except ValueError:
        return host
    return forwarded if is_proxy and forwarded else host


def _refuse_other_sites(request: Request, settings: ApiSettings) -> None:
    """Refuse what a page of another site asks in the background, unless its origin is allowed.

    It could not read the answer, but each of its searches would be noted.
    """
    headers = request.headers
    site, mode = headers.get("sec-fetch-site"), headers.get("sec-fetch-mode")
    elsewhere = site in ("cross-site", "same-site") and mode != "navigate"
    if elsewhere and not allowed_origin(request, settings):
        hint = "[api] origins in capdraft.toml lists the sites whose pages may read the catalog."
        raise Refused(403, "pages of this site may not ask here", hint=hint)


def allowed_origin(request: Request, settings: ApiSettings) -> str:
    """Return the origin of the asking page if its scripts may read the answer, else nothing."""
    origin = request.headers.get("origin", "")
    if "*" in settings.origins:
        return "*"
    return origin if origin in settings.origins else ""
