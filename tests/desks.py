"""A desk to ask: the application on a workspace, its index read, and a browser at it."""

from __future__ import annotations

import html
import re

from starlette.applications import Starlette
from starlette.testclient import TestClient

from capdraft.web.access import Access
from capdraft.web.app import make_app
from capdraft.workspace import Workspace

HOST = "127.0.0.1:8400"


class Browser(TestClient):
    """Asks as a browser does, and sends forms with the token that the page holds."""

    def __init__(self, app: Starlette, address: str = "127.0.0.1") -> None:
        url = f"http://{HOST}"
        super().__init__(app, url, raise_server_exceptions=False, client=(address, 50_000))

    @property
    def token(self) -> str:
        """The token that forms of this session carry."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get("/help").text)
        return html.unescape(found.group(1)) if found else ""

    def submit(self, url: str, **fields: str | list[str]) -> str:
        """Send a form and return the page that it leads to."""
        answer = self.post(url, data={"csrf": self.token, **fields})
        return answer.text


def open_desk(
    workspace: Workspace,
    who: str = "ann",
    access: Access | None = None,
    *,
    address: str = "127.0.0.1",
    names: tuple[str, ...] = (),
) -> Browser:
    """Return a browser at the desk of `workspace`, whose index is read."""
    app = make_app(workspace, access or Access("s" * 32, (who,)), names=names, port=8400)
    app.state.house.refreshing.look()
    return Browser(app, address)
