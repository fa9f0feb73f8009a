"""Addresses of pages, and the filters that their query strings carry."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any, cast, get_args
from urllib.parse import quote, urlencode

from starlette.requests import Request

from capdraft.errors import UsageProblem
from capdraft.records import FieldName
from capdraft.reviewing import Status
from capdraft.reviewing.index import Wanted
from capdraft.text import is_slug

LONGEST_SEARCH = 200
_RULE = re.compile(r"[A-Z]{2,8}\d{3}")


class BadFilter(UsageProblem): ...


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; its fields are the keys of the query string."""

    artifact: str = ""
    rule: str = ""
    field: str = ""
    state: str = ""
    reviewer: str = "me"
    """`me`: what waits for who asks; `anyone`: all that waits; else what waits for them."""
    q: str = ""

    def wanted(self, who: str) -> Wanted:
        """Return what the index is asked for by `who`."""
        return Wanted(
            artifact=self.artifact or None,
            rule=self.rule or None,
            field=cast("FieldName | None", self.field or None),
            status=cast("Status | None", self.state or None),
            reviewer={"me": who, "anyone": None}.get(self.reviewer, self.reviewer),
            words=self.q or None,
        )

    def __bool__(self) -> bool:
        """Say whether anything is narrowed beyond what waits for who asks."""
        return self != Filters()

    def without(self, *names: str) -> Filters:
        """Return the filters with these as they are when nothing is chosen."""
        none = Filters()
        return replace(self, **{name: getattr(none, name) for name in names})

    def query(self, **others: Any) -> str:
        """Return the query string with its question mark; empty where nothing is narrowed."""
        none = Filters()
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        said = {name: value for name, value in said.items() if value != getattr(none, name)}
        text = urlencode(said | {name: value for name, value in others.items() if value})
        return f"?{text}" if text else ""

    def url(self, path: str = "/", **changes: Any) -> str:
        """Return `path` under these filters, with some of them changed; `page` may be given."""
        number = changes.pop("page", None)
        return path + replace(self, **changes).query(page=number)


def filters(request: Request) -> Filters:
    """Return the filters of the query string.

    Raises:
        BadFilter: it asks for what there isn't.
    """
    given = request.query_params
    found = Filters(**{f.name: given[f.name].strip() for f in fields(Filters) if f.name in given})
    found = replace(found, reviewer=found.reviewer or "me")
    allowed = {
        "field": ("", *get_args(FieldName)),
        "state": ("", *get_args(Status)),
    }
    for name, values in allowed.items():
        if getattr(found, name) not in values:
            known = ", ".join(value for value in values if value)
            raise BadFilter(f"there is no {name} {getattr(found, name)!r}", hint=f"One of: {known}")
    if not is_slug(found.reviewer):
        raise BadFilter(
            f"{found.reviewer!r} is no reviewer", hint="Me, anyone, or how decisions name them: ann"
        )
    if found.rule and not _RULE.fullmatch(found.rule):
        raise BadFilter(f"{found.rule!r} is not the code of a rule", hint="For example CD103")
    if len(found.q) > LONGEST_SEARCH:
        raise BadFilter(f"a search is at most {LONGEST_SEARCH} letters long")
    return found


def page_number(request: Request) -> int:
    """Return `page` of the query string, 1 if there is none.

    Raises:
        BadFilter: it is no number from 1 on.
    """
    given = request.query_params.get("page", "1")
    if not (given.isascii() and given.isdigit() and len(given) < 8 and int(given)):
        raise BadFilter(f"there is no page {given!r}")
    return int(given)


def path_of(*parts: str) -> str:
    """Return an address whose parts are quoted, so that any letter can stand in them."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def desk_url(slug: str, capability: str, field: str, among: Filters | None = None) -> str:
    """Return where a field is decided; the filters say what comes next."""
    return path_of("desk", slug, capability, field) + (among.query() if among else "")


def artifact_url(slug: str, *more: str) -> str:
    """Return an artifact's page, or one below it: `artifact_url(slug, "history")`."""
    return path_of("artifact", slug, *more)
