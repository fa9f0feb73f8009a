"""What every handler works with: the workspace and its index, who asks, and pages to answer with.

A handler is a plain function of a request; Starlette runs it in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from capdraft.reviewing.index import Wanted
from capdraft.settings import ReviewSettings, Settings, parse_settings
from capdraft.web.links import Filters, artifact_url, desk_url, filters
from capdraft.web.notices import Notice, Notices
from capdraft.web.rendering import render
from capdraft.workspace import Workspace

if TYPE_CHECKING:
    from capdraft.reviewing.index import QueueIndex
    from capdraft.web.refreshing import Refreshing

__all__ = [
    "Filters",
    "House",
    "artifact_url",
    "desk_url",
    "filters",
    "house",
    "page",
    "query",
    "reviewer",
    "tell",
]


@dataclass
class House:
    """What one server serves; `app.state.house`."""

    workspace: Workspace
    index: QueueIndex
    refreshing: Refreshing
    notices: Notices = field(default_factory=Notices)

    def settings(self) -> Settings:
        """Return capdraft.toml as it is now.

        Raises:
            SettingsError: it can't be read.
        """
        stored = self.workspace.settings_text()
        return parse_settings(stored.text) if stored else Settings()

    def severities(self) -> Mapping[str, str]:
        """Return `[rules]` of capdraft.toml as it is now."""
        return self.settings().rules

    def review_settings(self) -> ReviewSettings:
        """Return `[review]` of capdraft.toml as it is now."""
        return self.settings().review


def house(request: Request) -> House:
    """Return what the server of `request` serves."""
    found: House = request.app.state.house
    return found


def reviewer(request: Request) -> str:
    """Return who is asking: access says so, never a form."""
    who: str = request.state.reviewer
    return who


def query(request: Request) -> Wanted:
    """Return what the query string asks for, as the index is asked.

    Raises:
        BadFilter: it asks for what there isn't.
    """
    return filters(request).wanted(reviewer(request))


def tell(request: Request, text: str, *, undo: bool = False) -> None:
    """Have the next page of this session say `text`, and offer to undo where that is so."""
    house(request).notices.put(request.state.session, Notice(text, undo))


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Return the page that `template` makes.

    Beside `context` it knows `who`, `csrf`, `tab`, `notice` and `mine`, how many fields wait for
    who asks.
    """
    here = house(request)
    who = reviewer(request)
    known = {
        "who": who,
        "csrf": request.state.csrf,
        "tab": "",
        "notice": here.notices.take(request.state.session),
        "mine": here.index.count(Wanted(reviewer=who)),
    }
    return HTMLResponse(render(template, **{**known, **context}), status)
