"""The queue: what waits, the riskiest first, narrowed by filters, fifty to a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from capdraft.checking import RULES
from capdraft.errors import CapdraftError
from capdraft.reviewing import Review, Target, open_review
from capdraft.reviewing.index import Facets, Waiting, Wanted
from capdraft.reviewing.sampling import draw
from capdraft.reviewing.seeding import Planter
from capdraft.text import sha256
from capdraft.web.house import Filters, House, desk_url, filters, house, page, reviewer
from capdraft.web.links import page_number
from capdraft.web.rendering import render

PAGE = 50
LONGEST_WHY = 80
"""Letters: the desk says all of it."""
MOST_BROKEN = 20
"""Artifacts that can't be read: so many are told of."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the list, as it is shown."""

    item: Waiting
    text: str
    url: str
    codes: tuple[tuple[str, str, str], ...]
    """Code, severity and what the rule is about."""
    status: str
    why: str
    """Why it stands so, in short."""
    claimed: str
    """Who else has it open."""

    @property
    def key(self) -> str:
        """Which field it is and what it said: what a selection sends back."""
        item = self.item
        return "/".join((item.slug, item.capability, item.field, shown_hash(self.text)))


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, with what it would leave."""

    value: str
    label: str
    number: int


def shown_hash(text: str) -> str:
    """Return what tells whether a text is the one that was listed."""
    return sha256(text)[:16]


def show_queue(request: Request) -> Response:
    """Show one page of what waits."""
    here, who, look = house(request), reviewer(request), filters(request)
    wanted = look.wanted(who)
    total = here.index.count(wanted)
    last = max(1, -(-total // PAGE))
    number = min(page_number(request), last)
    items = here.index.page(wanted, (number - 1) * PAGE, PAGE)
    return page(
        request,
        "queue.html.jinja",
        tab="queue",
        rows=_rows(here, who, items, look),
        look=look,
        total=total,
        number=number,
        last=last,
        first=(number - 1) * PAGE + 1,
        choices=_choices(here.index.facets(wanted), look),
        for_whom=_for_whom(here, who, look),
        anything=bool(items) or here.index.count(Wanted()) > 0,
        drafted=bool(items) or here.index.count_artifacts() > 0,
        broken=here.index.artifacts(0, MOST_BROKEN, broken=True),
        broken_count=here.index.count_artifacts(broken=True),
        progress=here.refreshing,
    )


def _for_whom(here: House, who: str, look: Filters) -> list[tuple[str, str, int]]:
    """Return whose decision can be asked for: value, label, and how many fields wait for it."""
    policy = here.review_settings()
    team = (*policy.reviewers, *(name for owners in policy.owners for name in owners.reviewers))
    named = dict.fromkeys((*team, *filter(None, (policy.adjudicator,)), look.reviewer))
    others = [name for name in named if name not in (who, "me", "anyone")]
    labels = {"me": "for you", "anyone": "for anyone"} | {name: f"for {name}" for name in others}
    return [
        (value, label, here.index.count(replace(look, reviewer=value).wanted(who)))
        for value, label in labels.items()
    ]


def show_progress(request: Request) -> Response:
    """Tell how far the index is: a piece of the queue's page, which asks for it again."""
    here = house(request)
    answer = HTMLResponse(render("queue_progress.html.jinja", progress=here.refreshing))
    if here.refreshing.ready and request.query_params.get("empty"):
        answer.headers["HX-Refresh"] = "true"
    return answer


def shorten_why(why: str) -> str:
    """Return the reason for a state, cut between words."""
    return shorten(why, LONGEST_WHY, placeholder="…")


def _rows(here: House, who: str, items: Sequence[Waiting], look: Filters) -> list[Row]:
    settings = here.settings()
    texts = _planted_texts(here, Planter.of(here.workspace, settings, who), items)
    claimed = {c.target: c.who for c in here.index.claims() if c.who != who}
    rows = []
    for item in items:
        # The desk hides what others decided on such a field; the list must not tell it either.
        hidden = draw(*_hashed(item)) < settings.review.second_opinions
        row = Row(
            item,
            texts.get(item.target, item.text),
            desk_url(item.slug, item.capability, item.field, look),
            tuple(_codes(item.codes, settings.rules)),
            "pending" if hidden else item.status,
            "" if hidden else shorten_why(item.why),
            claimed.get(item.target, ""),
        )
        rows.append(row)
    return rows


def _hashed(item: Waiting) -> tuple[str, str, str, str, str]:
    hashes = item.text_sha256, item.evidence_sha256
    return item.slug, item.capability, item.field, *hashes


def _codes(codes: Iterable[str], severities: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for code in codes:
        rule = RULES[code]
        yield code, severities.get(code, rule.severity), rule.summary


def _planted_texts(here: House, planter: Planter, items: Sequence[Waiting]) -> dict[Target, str]:
    """Return the texts that the desk would show instead: a list that differs would tell."""
    drawn = [item for item in items if planter.may_plant(_hashed(item))]
    reviews = {slug: _opened(here, slug) for slug in dict.fromkeys(item.slug for item in drawn)}
    found = {}
    for item in drawn:
        review = reviews[item.slug]
        state = review.state(item.capability, item.field) if review else None
        seed = planter.seed(review, state) if review and state else None
        if seed:
            found[item.target] = seed.state.text
    return found


def _opened(here: House, slug: str) -> Review | None:
    try:
        return open_review(here.workspace, Target(slug))
    except CapdraftError:
        return None  # the list tells what is broken


def _choices(facets: Facets, look: Filters) -> dict[str, list[Choice]]:
    """Return what each filter can be set to; what is chosen stays, with nothing left too."""
    found: dict[str, Mapping[str, int]] = {
        "artifact": facets.artifacts,
        "rule": facets.rules,
        "field": facets.fields,
        "state": facets.states,
    }
    choices = {}
    for name, numbers in found.items():
        chosen: Any = getattr(look, name)
        known = dict(numbers) if not chosen or chosen in numbers else {**numbers, chosen: 0}
        choices[name] = [Choice(value, _label(name, value), n) for value, n in known.items()]
    return choices


def _label(name: str, value: str) -> str:
    if name == "rule" and value in RULES:
        return f"{value} {RULES[value].name}"
    return "comparison" if value == "vs_alternatives" else value


routes: list[BaseRoute] = [
    Route("/", show_queue, name="queue"),
    Route("/progress", show_progress, name="progress"),
]
