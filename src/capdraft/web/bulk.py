"""Several decisions as one: only on what was listed, seen once more, and undone as a whole."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from capdraft.errors import CapdraftError, UsageProblem
from capdraft.records import REASONS, Bulk, Decision
from capdraft.reviewing import FieldState, Judgement, Target, approve, reject
from capdraft.reviewing.seeding import answer
from capdraft.web.desk.walk import walk_of
from capdraft.web.house import House, house, page, reviewer, tell
from capdraft.web.queue import PAGE, shown_hash
from capdraft.web.rendering import count
from capdraft.web.routes import go, post, said
from capdraft.web.selection import Chosen, Picked, Selection, Verdict, selection

_DONE = {"accept": "accepted", "reject": "rejected"}
_MOST_TOLD = 3


@dataclass
class Result:
    """What became of a selection."""

    done: int = 0
    left: list[str] = field(default_factory=list)

    def told(self, verdict: Verdict) -> str:
        """Return it as one line."""
        text = f"{count(self.done, 'field')} {_DONE[verdict]}"
        if self.left:
            more = len(self.left) - _MOST_TOLD
            shown = "; ".join(self.left[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
            text += f". {len(self.left)} left as they are: {shown}"
        return text


def bulk(request: Request, form: FormData) -> Response:
    """Show a selection once more, and decide only what was shown so."""
    if said(form, "do") not in _DONE:
        raise UsageProblem("a selection can be accepted or rejected, nothing else")
    verdict = cast(Verdict, said(form, "do"))
    decide = said(form, "step") == "decide"
    found = selection(
        house(request),
        reviewer(request),
        verdict,
        [Picked.parse(str(key)) for key in form.getlist("row")[:PAGE]],
        _judged if decide else _listed,
    )
    if decide and verdict == "reject" and said(form, "reason") not in REASONS:
        return _confirm(request, form, verdict, found, problem="Choose a reason.")
    return (_decide if decide else _confirm)(request, form, verdict, found)


def _listed(state: FieldState) -> tuple[str, ...]:
    return (shown_hash(state.text),)


def _judged(state: FieldState) -> tuple[str, ...]:
    return (state.text_sha256, state.evidence_sha256)


def _confirm(
    request: Request, form: FormData, verdict: Verdict, found: Selection, problem: str = ""
) -> Response:
    return page(
        request,
        "bulk.html.jinja",
        status=422 if problem else 200,
        tab="queue",
        verdict=verdict,
        found=found,
        reasons=REASONS,
        reason=said(form, "reason"),
        note=said(form, "note"),
        back=_back(form),
        problem=problem,
    )


def _decide(request: Request, form: FormData, verdict: Verdict, found: Selection) -> Response:
    here, result = house(request), Result()
    result.left += [f"{item.picked.path} {item.why}" for item in found.left]
    if found.chosen:
        judgement = Judgement(
            reviewer(request),
            here.severities(),
            note=said(form, "note").strip() or None,
            bulk=Bulk(id=secrets.token_hex(6), size=len(found.chosen)),
        )
        reason = said(form, "reason") if verdict == "reject" else ""
        for group in found.by_artifact().values():
            for decision in _decide_artifact(here, group, judgement, reason, result):
                target = Target(group[0].review.slug, decision.capability, decision.field)
                walk_of(request).did(verdict, target)
    tell(request, result.told(verdict), undo=result.done > 0)
    return go(_back(form))


def _decide_artifact(
    here: House, group: Sequence[Chosen], judgement: Judgement, reason: str, result: Result
) -> Sequence[Decision]:
    """Decide on fields of one artifact; what can't be decided is told, and others go on."""
    taken: Sequence[Decision] = ()
    review = group[0].review
    for item in group:
        if item.seed:
            answer(review, item.seed, judgement, "reject" if reason else "accept")
            result.done += 1
    real = replace(review, selected=tuple(item.state for item in group if not item.seed))
    try:
        if reason:
            taken = reject(real, judgement, reason)
        else:
            taken, refused = approve(real, judgement)
            for refusal in refused:
                why = refusal.why or f"has error findings ({', '.join(refusal.codes)})"
                result.left.append(f"{review.slug}/{refusal.state.path} {why}")
    except CapdraftError as error:
        result.left.append(f"{review.slug}: {error}")
    result.done += len(taken)
    here.index.refresh_one(review.slug)
    return taken


def _back(form: FormData) -> str:
    """Return the list that the selection was made in; never another site's address."""
    given = said(form, "back")
    return given if given == "/" or given.startswith("/?") else "/"


routes: list[BaseRoute] = [Route("/bulk", post(bulk), methods=["POST"], name="bulk")]
