"""Taking decisions: what the rules allow, written down with the hash of what was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from capdraft.checking import Said, by_document, check_text
from capdraft.errors import NotFound, ReviewRefused, UsageProblem
from capdraft.records import Decision, Finding
from capdraft.reviewing.policy import ANYBODY, Policy
from capdraft.reviewing.states import FieldState, standing_decisions
from capdraft.text import clean, normalise
from capdraft.workspace import StoredProposal, Workspace

WITHOUT_EVIDENCE = frozenset({"CD101", "CD201"})
"""Findings that `editorial` answers: the text is a reviewer's statement, and shown as that."""
UNANSWERABLE = frozenset({"CD104"})
"""Findings that no decision answers: what was quoted is gone, and has to be drafted again."""


@dataclass(frozen=True)
class Review:
    """A proposal with the states of all its fields and of those that a command selected."""

    workspace: Workspace
    stored: StoredProposal
    states: tuple[FieldState, ...]
    selected: tuple[FieldState, ...]
    present: Mapping[str, Said | None]
    policy: Policy = ANYBODY

    def findings(
        self, state: FieldState, severities: Mapping[str, str], text: str | None = None
    ) -> tuple[Finding, ...]:
        """Return what the rules say of a field now, or with `text` in it."""
        proposal = self.stored.proposal
        return check_text(
            proposal.artifact,
            state.capability,
            state.name,
            state.text if text is None else text,
            earlier=proposal.capabilities[: proposal.capabilities.index(state.capability)],
            present=by_document(proposal, self.present),
            contradictions=proposal.contradictions,
            severities=severities,
        )


@dataclass(frozen=True)
class Judgement:
    """How a decision is meant: who takes it, and despite what."""

    reviewer: str
    severities: Mapping[str, str]
    note: str | None = None
    despite: tuple[str, ...] = ()
    editorial: bool = False

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
    """A field that could not be approved: the findings, or the policy, that stand against it."""

    state: FieldState
    findings: tuple[Finding, ...] = ()
    why: str = ""

    @property
    def codes(self) -> list[str]:
        """The codes that --despite would have to name."""
        return sorted({finding.code for finding in self.findings})


def approve(review: Review, judgement: Judgement) -> tuple[list[Decision], list[Refusal]]:
    """Accept each selected field that the rules allow; return the decisions and the refusals.

    A field that the reviewer approved already is passed over.
    """
    taken, refused = [], []
    for state in review.selected:
        if (
            any(d.reviewer == judgement.reviewer for d in state.approvals)
            and state.status != "stale"
        ):
            continue
        why = review.policy.may_approve(judgement.reviewer, state.authors)
        findings = review.findings(state, judgement.severities)
        against = judgement.open_errors(findings)
        if why or against:
            refused.append(Refusal(state, tuple(against), why))
        else:
            answers = judgement.answers(findings)
            taken.append(_decide(review, state, judgement, verdict="accept", **answers))
    return taken, refused


def reject(review: Review, judgement: Judgement, reason: str) -> list[Decision]:
    """Reject each selected field.

    Raises:
        ReviewRefused: the reviewer is not one of the artifact's.
    """
    _check_reviewer(review, judgement.reviewer)
    return [
        _decide(review, state, judgement, verdict="reject", reason=reason)
        for state in review.selected
    ]


def edit(review: Review, judgement: Judgement, text: str) -> Decision:
    """Replace the text of the one selected field, which accepts the new text.

    Raises:
        ReviewRefused: an error finding stands against the new text, nothing changed, or the
            reviewer is not one of the artifact's.
    """
    _check_reviewer(review, judgement.reviewer)
    (state,) = review.selected
    text = clean(text).strip()
    if not text:
        raise ReviewRefused(f"the new text of {state.path} is empty", hint="Reject it instead.")
    if normalise(text) == normalise(state.text):
        raise ReviewRefused(f"the text of {state.path} is unchanged", hint="Approve it instead.")
    findings = review.findings(state, judgement.severities, text)
    against = judgement.open_errors(findings)
    if against:
        raise refusal(review.stored, Refusal(state, tuple(against)))
    answers = judgement.answers(findings)
    return _decide(review, state, judgement, verdict="edit", text=text, **answers)


def refusal(stored: StoredProposal, refused: Refusal) -> ReviewRefused:
    """Return the error for a field that can't be approved as it is."""
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
    """
    selected = {(state.capability.id, state.name): state for state in review.selected}
    slug = review.stored.proposal.artifact.slug
    decisions = review.workspace.decisions(slug)
    for decision in reversed(standing_decisions(decisions)):
        state = selected.get((decision.capability, decision.field))
        if state and decision.reviewer == reviewer:
            judgement = Judgement(reviewer, {})
            return _decide(review, state, judgement, verdict="undo", undoes=decision.id)
    raise NotFound(f"{reviewer} has no decision here to take back")


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
        **said,
    )
    review.workspace.append_decision(review.stored.proposal.artifact.slug, decision)
    return decision
