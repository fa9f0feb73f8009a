"""The field that an address names, as who asks is shown it."""

from __future__ import annotations

from starlette.requests import Request

from capdraft.reviewing.screens import Screen, open_screen
from capdraft.web.desk.addresses import target_of
from capdraft.web.house import house, reviewer


def screen_of(request: Request) -> Screen:
    """Return the field as it is shown now.

    Raises:
        NotFound: there is no such field.
    """
    here = house(request)
    return open_screen(here.workspace, here.settings(), target_of(request), reviewer(request))
