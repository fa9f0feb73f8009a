"""What else changes something: skipping, holding an item, undoing; and checking, which does not."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from capdraft.errors import CapdraftError, NotFound
from capdraft.records import NO_NAMES
from capdraft.reviewing import Target, open_documents, undo_bulk
from capdraft.reviewing.deciding import new_names
from capdraft.reviewing.diffing import names_diff
from capdraft.reviewing.judging import UNANSWERABLE
from capdraft.reviewing.unsaid import unsaid_warning, unsaid_words
from capdraft.text import clean, normalise
from capdraft.web.desk import claim
from capdraft.web.desk.addresses import onward_url, path_of_field, target_of
from capdraft.web.desk.deciding import DONE, cites_of, evidence_of, names_of
from capdraft.web.desk.differences import difference
from capdraft.web.desk.screen import screen_of
from capdraft.web.desk.showing import fragment, holder
from capdraft.web.desk.walk import walk_of
from capdraft.web.house import desk_url, filters, house, reviewer, tell
from capdraft.web.routes import go, said

HELD = 150
"""Seconds that a claim on an item holds; an open page renews it every minute."""


def skip(request: Request, _: FormData) -> Response:
    """Put the item at the end of the walk, and go on."""
    target = target_of(request)
    walk_of(request).skip(target)
    house(request).index.release(target, reviewer(request))
    tell(request, f"skipped {path_of_field(target)}: it comes again at the end")
    return go(onward_url(request, target))


def again(request: Request, _: FormData) -> Response:
    """Go on with what was skipped."""
    walk_of(request).skipped.clear()
    return go(filters(request).url("/desk"))


def check(request: Request, form: FormData) -> Response:
    """Answer with what the rules say of a text and its citations; nothing is decided."""
    screen = screen_of(request)
    text = clean(said(form, "text")).strip()
    missing, evidence, names = "", screen.state.field.evidence, NO_NAMES
    try:
        evidence = evidence_of(screen, cites_of(form)) or ()
        names = new_names(screen.state, names_of(form))
    except CapdraftError as error:
        missing = error.message
    findings = screen.review.findings(screen.state, screen.severities, text, evidence, names)
    now = screen.state.versions[-1].names
    return fragment(
        "desk_checked.html.jinja",
        text=text,
        missing=missing,
        pieces=claim.marked_claim(text, findings),
        findings=claim.view_findings(findings),
        refused=any(finding.severity == "error" for finding in findings),
        unanswerable=any(finding.code in UNANSWERABLE for finding in findings),
        unsaid=unsaid_warning(unsaid_words(screen.review, screen.state, text, evidence, names)),
        difference=difference("", screen.state.text, text, names_diff(now, names.over(now))),
        changed=bool(names)
        or normalise(text) != normalise(screen.state.text)
        or evidence != screen.state.field.evidence,
        citations=claim.view_citations(
            open_documents(screen.review), evidence, screen.state.field.evidence
        ),
        comparison=screen.state.name == "vs_alternatives",
    )


def hold(request: Request, _: FormData) -> Response:
    """Say that the item is open here; answer with who else has it open."""
    here, who, target = house(request), reviewer(request), target_of(request)
    if not here.index.knows(target):
        raise NotFound("there is no such field", hint="Somebody may have drafted it anew.")
    other = here.index.claim(target, who, HELD)
    return fragment("desk_held.html.jinja", held_by=other or holder(here, target, who))


def undo(request: Request, _: FormData) -> Response:
    """Take my last action back as a whole, and go back to where it was taken."""
    here, who = house(request), reviewer(request)
    last = here.index.last_action(who)
    taken = undo_bulk(here.workspace, who, [(item.slug, item.id) for item in last])
    for slug in dict.fromkeys(item.slug for item in last):
        here.index.refresh_one(slug)
    if not taken:
        raise NotFound("you have no decision to take back", hint="Nothing was changed.")
    for item in last:
        walk_of(request).took_back(Target(item.slug, item.capability, item.field))
    first, among = last[0], filters(request) or walk_of(request).among
    path = path_of_field(Target(first.slug, first.capability, first.field))
    if len(last) > 1:
        tell(request, f"took back {len(last)} decisions")
        return go(among.url("/"))
    tell(request, f"took back: {DONE[first.verdict]} {path}")
    return go(desk_url(first.slug, first.capability, first.field, among))
