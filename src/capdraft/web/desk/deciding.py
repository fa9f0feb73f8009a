"""Decisions on what was shown: accepted, rejected or edited; or the page again, and why not."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Literal, get_args

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from capdraft.errors import Busy, CapdraftError, ReviewRefused, TextChanged, UsageProblem
from capdraft.records import NO_NAMES, Evidence, Names
from capdraft.records.decisions import Reason
from capdraft.reviewing import (
    Judgement,
    approve,
    edit,
    find_version,
    refusal,
    reject,
)
from capdraft.reviewing.deciding import new_names
from capdraft.reviewing.judging import WITHOUT_EVIDENCE
from capdraft.reviewing.screens import Screen
from capdraft.reviewing.seeding import Seed, answer
from capdraft.text import clean
from capdraft.web.desk.addresses import onward_url, path_of_field, target_of, url_of
from capdraft.web.desk.citing import chosen
from capdraft.web.desk.differences import version_difference
from capdraft.web.desk.screen import screen_of
from capdraft.web.desk.showing import Alert, Typed, alert_of, desk_page
from capdraft.web.desk.walk import Planted, walk_of
from capdraft.web.house import house, reviewer, tell
from capdraft.web.routes import go, said

Verdict = Literal["accept", "edit", "reject"]
LONGEST = 24 * 3600.0
"""Seconds after which a page was forgotten, not read."""
DONE = {"accept": "accepted", "edit": "edited", "reject": "rejected"}


def accept(request: Request, form: FormData) -> Response:
    """Accept what was shown, as it is, despite findings, or as an editorial statement."""

    def decide(screen: Screen) -> None:
        # Only what the form named: another error may have come up since it was shown.
        despite = [str(code) for code in form.getlist("despite")]
        judgement = _judgement(screen, form, despite, "editorial" in form)
        if seed := _planted(screen, form):
            _answer(request, screen, seed, judgement, "accept")
            return
        taken, refused = approve(screen.review, judgement)
        if refused:
            raise refusal(screen.review.stored, refused[0])
        if not taken:
            raise ReviewRefused("you approved it before", hint="Undo that, edit or reject it.")

    mode = next((name for name in ("despite", "editorial") if name in form), "")
    return _decided(request, form, "accept", decide, Typed(mode, note=said(form, "note")))


def turn_down(request: Request, form: FormData) -> Response:
    """Reject what was shown, for a reason."""

    def decide(screen: Screen) -> None:
        reason = said(form, "reason")
        if reason not in get_args(Reason):
            raise ReviewRefused("no reason was given", hint="Choose one of the nine.")
        judgement = _judgement(screen, form)
        if seed := _planted(screen, form):
            _answer(request, screen, seed, judgement, "reject")
            return
        reject(screen.review, judgement, reason)

    return _decided(request, form, "reject", decide, Typed("reject", note=said(form, "note")))


def change(request: Request, form: FormData) -> Response:
    """Save another text, names or passages for what was shown; that accepts it."""
    text, cites, typed_names = clean(said(form, "text")), cites_of(form), names_of(form)
    mode = "cite" if said(form, "mode") == "cite" else "edit"
    typed = Typed(mode, text, said(form, "note"), cites, typed_names)

    def decide(screen: Screen) -> None:
        evidence, names = evidence_of(screen, cites), new_names(screen.state, typed_names)
        findings = screen.review.findings(
            screen.state, screen.severities, text.strip(), evidence, names
        )
        codes = {finding.code for finding in findings if finding.severity == "error"}
        despite = "despite" in form
        editorial = despite and bool(codes & WITHOUT_EVIDENCE)
        judgement = _judgement(screen, form, codes if despite else (), editorial)
        if seed := _planted(screen, form):
            _answer(request, screen, seed, judgement, "edit", text, evidence, names)
            return
        edit(screen.review, judgement, text, evidence, names)

    return _decided(request, form, "edit", decide, typed)


def _decided(
    request: Request,
    form: FormData,
    verdict: Verdict,
    decide: Callable[[Screen], None],
    typed: Typed,
) -> Response:
    """Take a decision and go on, or answer with the page again: why not, and what was typed."""
    here, who, target = house(request), reviewer(request), target_of(request)
    screen = screen_of(request)
    # Looked up before: a decision moves the field to another place of the queue.
    onward = onward_url(request, target)
    try:
        _check_shown(screen, form)
        decide(screen)
    except TextChanged as error:
        fresh = screen_of(request)
        alert = _what_changed(fresh, form, error)
        return desk_page(request, fresh, status=409, alert=alert, typed=typed)
    except (ReviewRefused, UsageProblem, Busy) as error:
        return desk_page(request, screen, status=422, alert=_plain(error), typed=typed)
    walk = walk_of(request)
    here.index.refresh_one(target.slug)
    here.index.release(target, who)
    if walk.planted:
        return go(url_of(request, target))
    walk.did(verdict, target)
    tell(request, f"{DONE[verdict]} {path_of_field(target)}", undo=True)
    return go(onward)


def _judgement(
    screen: Screen, form: FormData, codes: Collection[str] = (), editorial: bool = False
) -> Judgement:
    """Return how a decision is meant; `codes` are the errors that it is taken in spite of."""
    despite = set(codes) - WITHOUT_EVIDENCE if editorial else codes
    return Judgement(
        screen.who,
        screen.severities,
        clean(said(form, "note")).strip() or None,
        tuple(sorted(despite)),
        editorial,
        _seconds(form),
    )


def _seconds(form: FormData) -> float | None:
    """Return how long the page was shown, where it says when that began."""
    try:
        passed = time.time() - float(said(form, "shown"))
    except ValueError:
        return None
    return round(passed, 1) if 0 <= passed < LONGEST else None


def _shown(form: FormData) -> tuple[str, str]:
    return said(form, "text_sha256"), said(form, "evidence_sha256")


def _planted(screen: Screen, form: FormData) -> Seed | None:
    """Return the planted error that a form was made of, if it was."""
    return screen.seed if _shown(form) == screen.hashes else None


def _check_shown(screen: Screen, form: FormData) -> None:
    """Check that the form was made of what the field says now.

    Raises:
        TextChanged: it was not.
    """
    true = screen.true.text_sha256, screen.true.evidence_sha256
    if _shown(form) not in (screen.hashes, true):
        raise TextChanged(
            f"{path_of_field(screen.target)} reads differently than when you opened it",
            hint="Nothing was decided. Read it as it is now, and decide again.",
        )


def _what_changed(screen: Screen, form: FormData, error: CapdraftError) -> Alert:
    """Return what became of the text that a form was made of, and by whom."""
    state, hashes = screen.state, _shown(form)
    if hashes == screen.hashes:
        return _plain(error)
    before = find_version(
        screen.review.workspace, screen.review.slug, state.capability.id, state.name, hashes
    )
    by = f"{state.edit.reviewer} edited it meanwhile" if state.edit else "it was drafted again"
    message = f"{path_of_field(screen.target)} changed while you had it open: {by}."
    changed = version_difference("What changed", before, state.versions[-1]) if before else None
    hint = "Nothing was decided. Read it as it is now, and decide again."
    return Alert(message, hint, changed)


def _plain(error: CapdraftError) -> Alert:
    """Return what the page says, in its own words instead of the command line's."""
    alert = alert_of(error)
    if "--" in alert.message + alert.hint:
        needs = "needs a note" in alert.message
        message = "It needs a note that says why: readers see it." if needs else alert.message
        hint = "" if needs else "Edit or reject it, or accept it despite that, with a note."
        return Alert(message, hint)
    return alert


def cites_of(form: FormData) -> tuple[str, ...] | None:
    """Return the passages that a form chose; None where it was not made to choose."""
    if "citing" not in form:
        return None
    return tuple(value for value in form.getlist("cite") if isinstance(value, str))


def names_of(form: FormData) -> Names:
    """Return the names that a form gives, one intent a line; what it has no field for, it keeps."""
    given = {key: said(form, key) for key in ("name", "intents", "alternative") if key in form}
    intents = tuple(given.pop("intents").split("\n")) if "intents" in given else None
    return Names(**given, intents=intents)


def evidence_of(screen: Screen, cites: tuple[str, ...] | None) -> tuple[Evidence, ...] | None:
    """Return what `cites` stand for.

    Raises:
        TextChanged: one of them stands for nothing any more.
    """
    return None if cites is None else chosen(screen.review, screen.state, cites)


def _answer(
    request: Request,
    screen: Screen,
    seed: Seed,
    judgement: Judgement,
    verdict: Verdict,
    text: str | None = None,
    evidence: tuple[Evidence, ...] | None = None,
    names: Names = NO_NAMES,
) -> None:
    """Write down what was said of a planted error, and have the next page tell of it."""
    outcome = answer(
        screen.review, seed, judgement, verdict, text=text, evidence=evidence, names=names
    )
    cited_wrong = seed.state.evidence_sha256 != seed.true.evidence_sha256
    path = path_of_field(screen.target)
    walk_of(request).planted = Planted(
        path, seed.state.text, seed.truth, DONE[verdict], outcome.caught, cited_wrong
    )
