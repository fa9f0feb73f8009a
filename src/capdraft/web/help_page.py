"""The help page: the keys, the states and the rules, told from the code that knows them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from capdraft.checking import RULES
from capdraft.web.house import house, page

STATES = {
    "pending": "nobody decided on it, or it needs more approvals",
    "stale": "it was approved, and then its text or a passage that it cites changed",
    "conflicting": "reviewers decided differently; an adjudicator can settle it",
    "approved": "capdraft merge may put it into the catalog",
    "rejected": "it stays out of the catalog",
}
KEYS = {
    "Everywhere": (
        ("u", "undo your last action as a whole"),
        ("q", "to the queue"),
        ("?", "the keys of the page"),
        ("Esc", "leave what is open"),
    ),
    "In the queue": (
        ("j k", "next and previous row"),
        ("Enter o", "open the row"),
        ("space s", "select the row; with shift all from the last one on"),
        ("A X", "accept or reject what is selected"),
        ("n p", "next and previous page"),
        ("/", "search"),
    ),
    "At the desk": (
        ("j k", "next and previous claim"),
        ("a", "accept"),
        ("d", "accept despite a finding, with a note that readers see"),
        ("s", "accept as an editorial statement, with a note that readers see"),
        ("x", "reject; a digit then says why"),
        ("e", "edit in place; Ctrl Enter saves and accepts"),
        ("c", "cite other passages by clicking them"),
        ("] [", "next and previous cited passage"),
        ("space", "skip"),
        ("/", "search the document"),
        ("r", "the passages as they stand in the file"),
    ),
}


def show_help(request: Request) -> Response:
    """Show the keys, and what states and findings mean."""
    severities = house(request).severities()
    rules = [(rule, severities.get(rule.code, rule.severity)) for rule in RULES.values()]
    return page(request, "help.html.jinja", tab="help", keys=KEYS, states=STATES, rules=rules)


routes: list[BaseRoute] = [Route("/help", show_help, name="help")]
