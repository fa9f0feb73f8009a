"""What is refused before a page is made, and the headers that each answer carries."""

from __future__ import annotations

import secrets
from functools import cache
from urllib.parse import urlsplit

from itsdangerous import Signer
from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from capdraft.web.api.problems import is_for_programs
from capdraft.web.failures import Refused, failure_page
from capdraft.web.rendering import STATIC, static

LARGEST_BODY = 128 * 1024
LARGEST_TEXT = 2 * 1024 * 1024
"""Bytes of a text that the API validates."""
_SAFE = ("GET", "HEAD", "OPTIONS")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With `no-referrer` browsers send `Origin: null` with forms, as strangers' pages can.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Guard:
    """Refuses requests for other hosts and changes from other sites; adds the headers."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self.app = app
        self.names = names
        """Hosts that the server answers for, in lower case, without ports."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(request, message)
            await send(message)

        problem = self._problem(request)
        app = failure_page(request, problem) if problem else self.app
        await app(scope, receive, send_with_headers)

    def _problem(self, request: Request) -> Refused | None:
        hosts = request.headers.getlist("host")
        host = hosts[0].lower() if len(hosts) == 1 else ""
        if _name(host) not in self.names:
            return Refused(
                400,
                f"this server does not answer for the host {host!r}",
                hint="Open the address that `capdraft serve` printed, or allow this one: --name.",
            )
        if request.method not in _SAFE and self._is_foreign(host, request.headers):
            return Refused(
                403,
                "this change was asked for by another site",
                hint="Nothing was changed. Open the desk itself and decide there.",
            )
        length = request.headers.get("content-length", "")
        programs = is_for_programs(request)
        most = LARGEST_TEXT if programs else LARGEST_BODY
        if length.isdecimal() and int(length) > most:
            return Refused(
                413,
                f"more was sent than the {most // 1024} KB that a form can hold",
                hint=""
                if programs
                else "Nothing was changed. Go back: what you typed is still there.",
            )
        return None

    def _is_foreign(self, host: str, headers: Headers) -> bool:
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return True
        origins = [origin.lower() for origin in headers.getlist("origin")]
        return any(not self._is_own(origin, host) for origin in origins)

    def _is_own(self, origin: str, host: str) -> bool:
        """Say whether `origin` is this server.

        A proxy may listen on another port than this server, but not under a loopback name: other
        servers on this machine have these too.
        """
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        if parts.scheme not in ("http", "https"):
            return False
        name = _name(parts.netloc)
        return parts.netloc == host or (name in self.names and name not in LOOPBACK)


def _name(host: str) -> str:
    """Return `host` without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _add_headers(request: Request, message: Message) -> None:
    headers = MutableHeaders(scope=message)
    headers.update(HEADERS)
    if request.url.path.startswith("/static/"):
        address = f"{request.url.path}?{request.url.query}"
        forever = message["status"] < 400 and address in _versioned()
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if forever else "no-cache"
        return
    headers.setdefault("Cache-Control", "no-store")
    if request.method == "POST" and message["status"] not in (301, 302, 303, 307, 308):
        headers["HX-Push-Url"] = "false"  # the address of a change can't be opened again


@cache
def _versioned() -> frozenset[str]:
    """Return the addresses whose content never changes: each names its file's hash."""
    files = (path for path in STATIC.rglob("*") if path.is_file())
    return frozenset(static(path.relative_to(STATIC).as_posix()) for path in files)


def new_session() -> str:
    """Return a name for a session that nobody can guess."""
    return secrets.token_urlsafe(18)


def token_for(session: str, secret: str) -> str:
    """Return what a form of this session has to carry."""
    return Signer(secret, salt="capdraft change").get_signature(session).decode()


def check_token(request: Request, form: FormData) -> None:
    """Refuse a change whose form does not carry the token of its session.

    Raises:
        Refused: it doesn't.
    """
    given = str(form.get("csrf") or request.headers.get("x-csrf-token", ""))
    if secrets.compare_digest(given.encode(), request.state.csrf.encode()):
        return
    raise Refused(
        403,
        "this page is older than your session, or the form is not ours",
        hint="Nothing was changed. Go back, reload the page and do it again.",
    )
