"""Taking decisions: what the rules allow, written down with the hash of what was judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from capdraft.errors import NotFound, ReviewRefused, TextChanged, UsageProblem
from capdraft.records import Bulk, Citation, Decision, Evidence, Finding
from capdraft.records.evidence import evidence_hash
from capdraft.reviewing.review import Review
from capdraft.reviewing.states import FieldState, standing_decisions
from capdraft.text import clean, normalise
from capdraft.workspace import StoredProposal, Workspace

WITHOUT_EVIDENCE = frozenset({"CD101", "CD201"})
"""Findings that `editorial` answers: the text is a reviewer's statement, and shown as that."""
UNANSWERABLE = frozenset({"CD104"})
"""Findings that no decision answers: what was quoted is gone, and has to be drafted again."""
_SAME = ("reviewer", "proposal", "capability", "field", "text_sha256", "evidence_sha256")
"""What an undo has in common with what it takes back."""


@dataclass(frozen=True)
class Judgement:
    """How a decision is meant: who takes it, and despite what."""

    reviewer: str
    severities: Mapping[str, str]
    note: str | None = None
    despite: tuple[str, ...] = ()
    editorial: bool = False
    seconds: float | None = None
    bulk: Bulk | None = None

    def __post_init__(self) -> None:
        if (self.despite or self.editorial) and not (self.note or "").strip():
            option = "--despite" if self.despite else "--editorial"
            raise UsageProblem(
                f"{option} needs a note that says why", hint="Add --note TEXT; readers see it."
            )

    def open_errors(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the error findings that this judgement does not answer."""
        answered = {*self.despite, *(WITHOUT_EVIDENCE if self.editorial else ())} - UNANSWERABLE
        return [f for f in findings if f.severity == "error" and f.code not in answered]

    def answers(self, findings: Sequence[Finding]) -> dict[str, Any]:
        """Return what a decision says of `findings`: only what was found is answered."""
        found = {finding.code for finding in findings}
        return {
            "despite": tuple(code for code in dict.fromkeys(self.despite) if code in found),
            "editorial": self.editorial and bool(found & WITHOUT_EVIDENCE),
        }


@dataclass(frozen=True)
class Refusal:
    """A field, as it is now, that was not approved: what stands against that."""

    state: FieldState
    findings: tuple[Finding, ...] = ()
    why: str = ""
    changed: bool = False
    """Whether it reads differently now than it was shown; `why` says what changed."""

    @property
    def codes(self) -> list[str]:
        """The codes that --despite would have to name."""
        return sorted({finding.code for finding in self.findings})


def approve(review: Review, judgement: Judgement) -> tuple[list[Decision], list[Refusal]]:
    """Accept each selected field that the rules allow; return the decisions and the refusals.

    A field that the reviewer approved already is passed over, one that reads differently now than
    in `review` is refused.

    Raises:
        Busy: others keep deciding.
    """
    taken, refused = [], []
    with review.workspace.deciding():
        now = review.now()
        for shown in review.selected:
            state = now.state(shown.capability.id, shown.name)
            if state is None or _changed(shown, state):
                why = _what_changed(shown, state)
                refused.append(Refusal(state or shown, why=why, changed=True))
                continue
            if state.status != "stale" and _is_approved_by(state, judgement.reviewer):
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
) -> Decision:
    """Replace the text of the one selected field, or what it cites, and accept what it is then.

    `evidence` names documents by their ids in the proposal; None leaves it as it is.

    Raises:
        ReviewRefused: an error finding stands against the new text, nothing changed, or the
            reviewer is not one of the artifact's.
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
        uris = now.stored.proposal.uris
        if evidence is not None and evidence_hash(evidence, uris) == state.evidence_sha256:
            evidence = None
        if evidence is None and normalise(text) == normalise(state.text):
            raise ReviewRefused(
                f"the text of {shown.path} is unchanged", hint="Approve it instead."
            )
        findings = now.findings(state, judgement.severities, text, evidence)
        against = judgement.open_errors(findings)
        if against:
            raise refusal(now.stored, Refusal(state, tuple(against)))
        answers = judgement.answers(findings)
        if evidence is not None:
            answers["evidence"] = tuple(_citation(item, uris) for item in evidence)
        return _decide(now, state, judgement, verdict="edit", text=text, **answers)


def _citation(item: Evidence, uris: Mapping[str, str]) -> Citation:
    return Citation(**{**item.model_dump(), "document": uris[item.document]})


def _is_approved_by(state: FieldState, reviewer: str) -> bool:
    return any(decision.reviewer == reviewer for decision in state.approvals)


def _changed(shown: FieldState, now: FieldState) -> bool:
    return shown.versions[-1].hashes != now.versions[-1].hashes


def _unchanged(now: Review, shown: FieldState) -> FieldState:
    """Return a field's state now.

    Raises:
        TextChanged: it reads differently than it was shown.
    """
    state = now.state(shown.capability.id, shown.name)
    if state is None or _changed(shown, state):
        raise TextChanged(
            f"{shown.path} {_what_changed(shown, state)}",
            where=now.stored.name,
            hint="Nothing was decided. Read it as it is now, and decide again.",
        )
    return state


def _what_changed(shown: FieldState, now: FieldState | None) -> str:
    if now is None:
        return "is not in the newest proposal any more"
    what = "its text" if shown.text_sha256 != now.text_sha256 else "what it cites"
    if now.edit is not None and now.edit != shown.edit:
        return f"was edited by {now.edit.reviewer} since it was shown: {what} changed"
    return f"reads differently than it was shown: {what} changed"


def refusal(stored: StoredProposal, refused: Refusal) -> ReviewRefused:
    """Return the error for a field that can't be approved as it is."""
    if refused.changed:
        return TextChanged(
            f"{refused.state.path} {refused.why}",
            where=stored.name,
            hint="Nothing was decided. Read it as it is now, and decide again.",
        )
    if refused.why:
        return ReviewRefused(
            f"your approval of {refused.state.path} would not count: {refused.why}",
            where=stored.name,
            hint="Somebody else has to approve it: see [review] in capdraft.toml.",
        )
    said = "; ".join(f"{finding.code} {finding.message}" for finding in refused.findings)
    despite = " ".join(f"--despite {code}" for code in refused.codes)
    hint = f"Edit or reject it, or accept it with a reason: {despite} --note TEXT"
    if UNANSWERABLE & set(refused.codes):
        hint = "Its document changed: draft it again, and decide on the new proposal."
    return ReviewRefused(
        f"{refused.state.path} has error findings: {said}", where=stored.name, hint=hint
    )


def _check_reviewer(review: Review, reviewer: str) -> None:
    if why := review.policy.may_decide(reviewer):
        raise ReviewRefused(
            f"your decision would not count: {why}",
            where=review.stored.name,
            hint="See [review] in capdraft.toml.",
        )


def undo(review: Review, reviewer: str) -> Decision:
    """Take back the reviewer's last decision on one of the selected fields.

    Raises:
        NotFound: there is none to take back.
        Busy: others keep deciding.
    """
    selected = {(state.capability.id, state.name) for state in review.selected}
    with review.workspace.deciding():
        for decision in reversed(standing_decisions(review.workspace.decisions(review.slug))):
            key = (decision.capability, decision.field)
            if key in selected and decision.reviewer == reviewer:
                return _take_back(review.workspace, review.slug, decision)
    raise NotFound(f"{reviewer} has no decision here to take back")


def undo_bulk(
    workspace: Workspace, reviewer: str, decisions: Iterable[tuple[str, str]]
) -> list[Decision]:
    """Take several of a reviewer's decisions back as one; each is an artifact's slug and its id.

    What was taken back before is passed over.

    Raises:
        Busy: others keep deciding.
    """
    taken: list[Decision] = []
    wanted: dict[str, set[str]] = {}
    for slug, identifier in decisions:
        wanted.setdefault(slug, set()).add(identifier)
    with workspace.deciding():
        for slug, ids in wanted.items():
            taken += [
                _take_back(workspace, slug, decision)
                for decision in standing_decisions(workspace.decisions(slug))
                if decision.reviewer == reviewer and decision.id in ids
            ]
    return taken


def _take_back(workspace: Workspace, slug: str, decision: Decision) -> Decision:
    undone = Decision.make(
        time=datetime.now(UTC),
        verdict="undo",
        undoes=decision.id,
        **{name: getattr(decision, name) for name in _SAME},
    )
    workspace.append_decision(slug, undone)
    return undone


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
