"""The desk as a page: the claim, its documents, where the walk is, and what can be decided."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from capdraft.errors import CapdraftError, TextChanged
from capdraft.records import NO_NAMES, REASONS, Evidence, Names
from capdraft.reviewing import Target, open_documents
from capdraft.reviewing.screens import Screen
from capdraft.web.desk import claim
from capdraft.web.desk.accepting import accepting, idle_keys, to_you
from capdraft.web.desk.addresses import onward_url, url_of
from capdraft.web.desk.citing import chosen, suggestions
from capdraft.web.desk.differences import Difference, differences
from capdraft.web.desk.document import Asked, view_document
from capdraft.web.desk.walk import walk_of
from capdraft.web.house import House, filters, house, page
from capdraft.web.links import path_of
from capdraft.web.rendering import LABELS, render

SAID_OF_REASONS = {
    "unsupported": "the passages don't say it",
    "contradicted": "the document says otherwise",
    "source-is-wrong": "the document itself is wrong",
    "duplicate": "another capability says it",
    "wrong-artifact": "it is about something else",
    "not-a-capability": "it is nothing that it can do",
    "comparison-unproven": "the other side is not shown",
    "outdated": "it is true no more",
    "style": "it reads badly",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a reviewer typed and chose, and nothing has taken yet."""

    mode: str = ""
    """Which part of the page is open: edit, cite, reject, despite or editorial."""
    text: str | None = None
    note: str = ""
    cites: tuple[str, ...] | None = None
    names: Names = NO_NAMES


@dataclass(frozen=True, slots=True)
class Alert:
    """Why a decision was not taken, and what became of the text meanwhile."""

    message: str
    hint: str = ""
    difference: Difference | None = None


def fragment(template: str, **context: Any) -> Response:
    """Answer with a part of a page, which takes no notice away from the next page."""
    return HTMLResponse(render(template, **context))


def desk_page(
    request: Request,
    screen: Screen,
    *,
    status: int = 200,
    alert: Alert | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the desk for what `screen` shows, with what was typed on it."""
    typed = typed or Typed()
    findings = screen.findings
    found = accepting(screen, findings)
    walk = _walk_context(request, screen)
    documents = documents_context(request, screen, typed.cites)
    return page(
        request,
        "desk.html.jinja",
        status=status,
        tab="queue",
        alert=alert,
        typed=typed,
        screen=screen,
        names=screen.state.versions[-1].names,
        new_names=typed.names.over(screen.state.versions[-1].names),
        state=screen.state,
        label=LABELS[screen.state.name],
        pieces=claim.marked_claim(screen.state.text, findings),
        findings=claim.view_findings(findings),
        accepting=found,
        cannot=idle_keys(
            found,
            first=not walk["back"],
            undone=not walk["can_undo"],
            cites=any(item.place for item in documents["citations"]),
        ),
        standing=claim.standing_line(screen),
        why=claim.why(screen.state),
        authors=claim.authors(screen.state),
        differences=list(differences(screen)),
        others=claim.others(screen.review, screen.true, filters(request)),
        comparison=screen.state.name == "vs_alternatives",
        reasons=[(n, reason, SAID_OF_REASONS[reason]) for n, reason in enumerate(REASONS, 1)],
        own=to_you(
            screen.who, screen.review.policy.may_approve(screen.who, {screen.who: "edited it"})
        ),
        shown_at=f"{time.time():.3f}",
        **walk,
        **documents,
    )


def _walk_context(request: Request, screen: Screen) -> dict[str, Any]:
    here: House = house(request)
    who, among, target = screen.who, filters(request), screen.target
    wanted = among.wanted(who)
    walk_of(request).among = among
    before = here.index.before(target, wanted)
    onward = onward_url(request, target)
    place, of = here.index.position(target, wanted)
    parts = (screen.review.slug, screen.state.capability.id, screen.state.name)
    return {
        "among": among,
        "query": among.query(),
        "at": path_of("desk", *parts),
        "claim_url": path_of("claim", *parts),
        "among_pairs": parse_qsl(among.query().removeprefix("?")),
        "place": place,
        "of": of,
        "back": url_of(request, before.target) if before else "",
        "onward": onward,
        "at_end": onward == url_of(request, None),
        "held_by": holder(here, target, who),
        "can_undo": bool(here.index.last_action(who)),
    }


def holder(here: House, target: Target, who: str) -> str:
    """Return who else has `target` open, or nothing."""
    held = (item.who for item in here.index.claims() if item.target == target)
    return next((other for other in held if other != who), "")


def documents_context(
    request: Request, screen: Screen, values: tuple[str, ...] | None
) -> dict[str, Any]:
    """Return what the documents are shown with; `values` are what a form has chosen, if it has."""
    given = request.query_params
    opened = open_documents(screen.review)
    evidence = screen.state.field.evidence
    cited = evidence if values is None else _still_chosen(screen, values)
    citations = claim.view_citations(opened, evidence)
    now = citations if cited == evidence else claim.view_citations(opened, cited, evidence)
    suggested = suggestions(opened, screen.state.text) if not cited else []
    asked = Asked(
        comparison=screen.state.name == "vs_alternatives",
        checked=frozenset(item.value for item in now),
        words=given.get("find", "")[:200],
        whole="whole" in given,
        raw="raw" in given,
        citations=claim.numbers_by_passage(now, "stands"),
        instead=claim.numbers_by_passage(citations, "gone"),
        suggested=frozenset(suggested),
    )
    present = screen.review.present
    views = [view_document(item, asked, away=present.get(item.ref.uri) is None) for item in opened]
    return {
        "citations": now,
        "documents": views,
        "asked": asked,
        "suggested": suggested,
        "documents_at": path_of(
            "desk", screen.review.slug, screen.state.capability.id, screen.state.name, "documents"
        ),
        "is_long": any(view.shown < view.passages for view in views),
        "some_cited": any(view.cited for view in views),
    }


def _still_chosen(screen: Screen, values: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the evidence of those `values` that still stand for some."""
    found: list[Evidence] = []
    for value in values:
        try:
            found += chosen(screen.review, screen.state, [value])
        except TextChanged:
            continue
    return tuple(item for place, item in enumerate(found) if item not in found[:place])


def alert_of(error: CapdraftError) -> Alert:
    """Return what the page says of a decision that was not taken."""
    return Alert(error.message, error.hint)
