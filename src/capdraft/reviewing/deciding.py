"""Taking decisions: what the rules allow, written down with the hash of what was judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from capdraft.errors import ReviewRefused, UsageProblem
from capdraft.records import JUDGED_WITH, NO_NAMES, Citation, Decision, Evidence, Names
from capdraft.records.evidence import evidence_hash
from capdraft.reviewing.judging import Judgement, Refusal, refusal
from capdraft.reviewing.review import Review
from capdraft.reviewing.states import FieldState
from capdraft.text import clean, normalise, one_line


def approve(review: Review, judgement: Judgement) -> tuple[list[Decision], list[Refusal]]:
    """Accept each selected field that the rules allow; return the decisions and the refusals.

    A field that the reviewer approved already is passed over, and one that they rejected where all
    of the artifact is approved. One that reads differently now than in `review` is refused.

    Raises:
        Busy: others keep deciding.
    """
    taken, refused = [], []
    with review.workspace.deciding():
        now = review.now()
        for shown in review.selected:
            state = now.state(shown.capability.id, shown.name)
            if state is None or _changed(shown, state):
                refused.append(_outdated(shown, state))
                continue
            if state.status != "stale" and _is_approved_by(state, judgement.reviewer):
                continue
            if is_left_rejected(review, state, judgement.reviewer):
                continue
            why = now.policy.may_approve(judgement.reviewer, state.authors)
            findings = now.findings(state, judgement.severities)
            against = judgement.open_errors(findings)
            if why or against:
                refused.append(Refusal(state, tuple(against), why))
            else:
                answers = judgement.answers(findings)
                taken.append(_decide(now, state, judgement, verdict="accept", **answers))
    return taken, refused


def reject(review: Review, judgement: Judgement, reason: str) -> list[Decision]:
    """Reject each selected field; none, if one of them reads differently now than in `review`.

    Raises:
        ReviewRefused: the reviewer is not one of the artifact's.
        TextChanged: somebody changed a text since `review` was opened.
        Busy: others keep deciding.
    """
    _check_reviewer(review, judgement.reviewer)
    with review.workspace.deciding():
        now = review.now()
        states = [_unchanged(now, shown) for shown in review.selected]
        return [_decide(now, state, judgement, verdict="reject", reason=reason) for state in states]


def edit(
    review: Review,
    judgement: Judgement,
    text: str,
    evidence: tuple[Evidence, ...] | None = None,
    names: Names = NO_NAMES,
) -> Decision:
    """Replace the text of the one selected field, or what it cites, and accept what it is then.

    `evidence` names documents by their ids in the proposal; None leaves it as it is. `names` are
    judged with the text: a description's name and intents, or what a comparison compares with.

    Raises:
        ReviewRefused: an error finding stands against the new text, nothing changed, or the
            reviewer is not one of the artifact's.
        UsageProblem: `names` don't belong to the field.
        TextChanged: somebody changed the text since `review` was opened.
        Busy: others keep deciding.
    """
    _check_reviewer(review, judgement.reviewer)
    (shown,) = review.selected
    text = clean(text).strip()
    if not text:
        raise ReviewRefused(f"the new text of {shown.path} is empty", hint="Reject it instead.")
    with review.workspace.deciding():
        now = review.now()
        state = _unchanged(now, shown)
        names = new_names(state, names)
        uris = now.stored.proposal.uris
        if evidence is not None and evidence_hash(evidence, uris) == state.evidence_sha256:
            evidence = None
        if evidence is None and not names and normalise(text) == normalise(state.text):
            raise ReviewRefused(
                f"the text of {shown.path} is unchanged", hint="Approve it instead."
            )
        findings = now.findings(state, judgement.severities, text, evidence, names)
        against = judgement.open_errors(findings)
        if against:
            raise refusal(now.stored, Refusal(state, tuple(against)))
        said = {**judgement.answers(findings), **names.model_dump(exclude_none=True)}
        if evidence is not None:
            said["evidence"] = tuple(_citation(item, uris) for item in evidence)
        return _decide(now, state, judgement, verdict="edit", text=text, **said)


def new_names(state: FieldState, given: Names) -> Names:
    """Return those of the `given` names that change a field, laid out as names are.

    Raises:
        UsageProblem: they don't belong to the field.
        ReviewRefused: a name is empty.
    """
    for key in given.model_dump(exclude_none=True).keys() - set(JUDGED_WITH[state.name]):
        belongs = next(name for name, keys in JUDGED_WITH.items() if key in keys)
        raise UsageProblem(
            f"the {_CALLED[key]} can't be changed with {state.path}",
            hint=f"It is judged with the {belongs} field: edit that one.",
        )
    written = {key: _laid_out(value) for key, value in given if value is not None}
    for key, value in written.items():
        if value == "":
            raise ReviewRefused(f"the new {_CALLED[key]} of {state.path} is empty")
    return Names(**written).differing(state.versions[-1].names) if written else given


_CALLED = {"name": "name", "intents": "intents", "alternative": "alternative's name"}


def _laid_out(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return one_line(clean(value))
    lines = (one_line(clean(item)) for item in value)
    return tuple(dict.fromkeys(filter(None, lines)))


def _citation(item: Evidence, uris: Mapping[str, str]) -> Citation:
    return Citation(**{**item.model_dump(), "document": uris[item.document]})


def _is_approved_by(state: FieldState, reviewer: str) -> bool:
    return any(decision.reviewer == reviewer for decision in state.approvals)


def is_left_rejected(review: Review, state: FieldState, reviewer: str) -> bool:
    """Tell whether approving the artifact leaves a field alone: `reviewer` rejected it."""
    return review.whole and any(decision.reviewer == reviewer for decision in state.rejections)


def _changed(shown: FieldState, now: FieldState) -> bool:
    return shown.versions[-1].hashes != now.versions[-1].hashes


def _unchanged(now: Review, shown: FieldState) -> FieldState:
    """Return a field's state now.

    Raises:
        TextChanged: it reads differently than it was shown.
    """
    state = now.state(shown.capability.id, shown.name)
    if state is None or _changed(shown, state):
        raise refusal(now.stored, _outdated(shown, state))
    return state


def _outdated(shown: FieldState, now: FieldState | None) -> Refusal:
    return Refusal(now or shown, why=_what_changed(shown, now), changed=True)


def _what_changed(shown: FieldState, now: FieldState | None) -> str:
    if now is None:
        return "is not in the newest proposal any more"
    what = "what it cites"
    if shown.text_sha256 != now.text_sha256:
        same = normalise(shown.text) == normalise(now.text)
        what = "its names" if same else "its text"
    if now.edit is not None and now.edit != shown.edit:
        return f"was edited by {now.edit.reviewer} since it was shown: {what} changed"
    return f"reads differently than it was shown: {what} changed"


def _check_reviewer(review: Review, reviewer: str) -> None:
    if why := review.policy.may_decide(reviewer):
        raise ReviewRefused(
            f"your decision would not count: {why}",
            where=review.stored.name,
            hint="See [review] in capdraft.toml.",
        )


def _decide(review: Review, state: FieldState, judgement: Judgement, **said: Any) -> Decision:
    """Write one decision down and return it."""
    decision = Decision.make(
        time=datetime.now(UTC),
        reviewer=judgement.reviewer,
        proposal=review.stored.number,
        capability=state.capability.id,
        field=state.name,
        text_sha256=state.text_sha256,
        evidence_sha256=state.evidence_sha256,
        note=judgement.note,
        seconds=judgement.seconds,
        bulk=judgement.bulk,
        **said,
    )
    review.workspace.append_decision(review.slug, decision)
    return decision
