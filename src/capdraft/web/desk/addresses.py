"""Which field an address is about, and where the walk goes on."""

from __future__ import annotations

from typing import cast

from starlette.requests import Request

from capdraft.errors import NotFound
from capdraft.records import FIELDS, FieldName
from capdraft.reviewing import Target
from capdraft.web.desk.walk import next_target, walk_of
from capdraft.web.house import desk_url, filters, house, reviewer
from capdraft.web.rendering import LABELS


def target_of(request: Request) -> Target:
    """Return the field that the address names.

    Raises:
        NotFound: it is none of the fields.
    """
    parts = request.path_params
    if parts["field"] not in FIELDS:
        known = ", ".join(FIELDS)
        raise NotFound(f"there is no field {parts['field']!r}", hint=f"The fields: {known}")
    return Target(parts["slug"], parts["capability"], cast(FieldName, parts["field"]))


def url_of(request: Request, target: Target | None) -> str:
    """Return where the walk goes on: at `target`, or at its end."""
    among = filters(request)
    if target is None or target.capability is None or target.field is None:
        return among.url("/desk/finished")
    return desk_url(target.slug, target.capability, target.field, among)


def onward_url(request: Request, target: Target) -> str:
    """Return where the walk goes on after `target`."""
    who = reviewer(request)
    wanted = filters(request).wanted(who)
    found = next_target(house(request).index, walk_of(request), wanted, who, target)
    return url_of(request, found)


def path_of_field(target: Target) -> str:
    """Return which field it is, for messages: as the pages call it."""
    return f"{target.slug} / {target.capability} / {LABELS[target.field or 'description']}"


def query_of(request: Request) -> str:
    """Return the filters of this request as a query string."""
    return filters(request).query()
