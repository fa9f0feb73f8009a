"""The session of a browser: one signed cookie that names it and who entered with it."""

from __future__ import annotations

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from capdraft.web.access import Access
from capdraft.web.api.problems import is_for_programs
from capdraft.web.failures import failure_page
from capdraft.web.rendering import render
from capdraft.web.safety import new_session, token_for

LIFETIME = 14 * 24 * 60 * 60
ENTER = "/enter"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's session and, where links are needed, whose link opened it."""

    name: str
    entered: str = ""


class Sessions:
    """Gives each request its session, its form token and its reviewer, or answers 401."""

    def __init__(self, app: ASGIApp, access: Access, port: int) -> None:
        self.app = app
        self.access = access
        self.cookie = f"capdraft-{port}"  # cookies are shared by all ports of a host
        self.signer = URLSafeTimedSerializer(access.secret, salt="capdraft session")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        known = self._read(request)
        if is_for_programs(request):
            self._tell(
                request, known or Session("")
            )  # it asks who it is itself, and sets no cookie
            await self.app(scope, receive, send)
            return
        if known is None and _came_from_elsewhere(request) and scope["path"] != ENTER:
            await _again(request)(scope, receive, send)
            return
        session = known or Session(new_session())
        if scope["path"] == ENTER:
            who = self.access.reviewer_of(request.query_params.get("token", ""))
            session = Session(new_session(), who)
        self._tell(request, session)
        answer: ASGIApp = self.app
        if not request.state.reviewer:
            answer = failure_page(request, self.access.refusal())
        elif scope["path"] == ENTER:
            answer = HTMLResponse(render("enter.html.jinja", url="/"))
        await answer(scope, receive, send if session == known else self._setting(session, send))

    def _tell(self, request: Request, session: Session) -> None:
        request.state.session = session.name
        request.state.csrf = token_for(session.name, self.access.secret)
        request.state.reviewer = self.access.who(request, session.entered)

    def _read(self, request: Request) -> Session | None:
        try:
            name, entered = self.signer.loads(
                request.cookies.get(self.cookie, ""), max_age=LIFETIME
            )
        except (BadData, TypeError, ValueError):  # another version may have signed something else
            return None
        return Session(str(name), str(entered))

    def _setting(self, session: Session, send: Send) -> Send:
        value = str(self.signer.dumps([session.name, session.entered]))
        with_cookie = Response()
        with_cookie.set_cookie(
            self.cookie, value, max_age=LIFETIME, httponly=True, samesite="strict"
        )

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append(
                    "Set-Cookie", with_cookie.headers["Set-Cookie"]
                )
            await send(message)

        return sending


def _came_from_elsewhere(request: Request) -> bool:
    """Say whether another site's link led here: the browser then keeps a strict cookie back."""
    headers = request.headers
    return (
        request.method == "GET"
        and headers.get("sec-fetch-site") in ("cross-site", "same-site")
        and headers.get("sec-fetch-mode") == "navigate"
    )


def _again(request: Request) -> Response:
    """Return a page that opens the same address, now from here, so that the cookie is sent."""
    path = "/" + request.scope["raw_path"].decode("ascii", "replace").lstrip("/\\")  # not //host
    query = f"?{request.url.query}" if request.url.query else ""
    return HTMLResponse(render("enter.html.jinja", url=path + query))
