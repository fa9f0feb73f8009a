"""The help page: the keys, the states and the rules, told from the code that knows them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from capdraft.checking import RULES
from capdraft.web.house import house, page
from capdraft.web.keys import KEYS

STATES = {
    "pending": "nobody decided on it, or it needs more approvals",
    "stale": "it was approved, and then its text or a passage that it cites changed",
    "conflicting": "reviewers decided differently; an adjudicator can settle it",
    "approved": "capdraft merge may put it into the catalog",
    "rejected": "it stays out of the catalog",
}


def show_help(request: Request) -> Response:
    """Show the keys, and what states and findings mean."""
    severities = house(request).severities()
    rules = [(rule, severities.get(rule.code, rule.severity)) for rule in RULES.values()]
    return page(request, "help.html.jinja", tab="help", keys=KEYS, states=STATES, rules=rules)


routes: list[BaseRoute] = [Route("/help", show_help, name="help")]
