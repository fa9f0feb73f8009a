"""How a decision is meant, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capdraft.errors import ReviewRefused, TextChanged, UsageProblem
from capdraft.records import Bulk, Finding
from capdraft.reviewing.states import FieldState
from capdraft.workspace import StoredProposal
from capdraft.workspace.naming import meant

WITHOUT_EVIDENCE = frozenset({"CD101", "CD201"})
"""Findings that `editorial` answers: the text is a reviewer's statement, and shown as that."""
UNANSWERABLE = frozenset({"CD104"})
"""Findings that only other evidence, or a new draft, answers: what was quoted is gone."""


def check_codes(despite: Sequence[str]) -> None:
    """Check that each code may be one of a rule.

    Raises:
        UsageProblem: one can't.
    """
    from capdraft.checking import RULES
    from capdraft.checking.plugin_rules import may_be_of_a_plugin

    unknown = [code for code in despite if code not in RULES and not may_be_of_a_plugin(code)]
    if unknown:
        near = meant(unknown[0], list(RULES))
        hint = f"{near} Rules: {', '.join(RULES)}".strip()
        raise UsageProblem(f"{unknown[0]!r} is no rule", hint=hint)


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
        hint = "Its document changed: cite it as it reads now, or draft it again."
    return ReviewRefused(
        f"{refused.state.path} has error findings: {said}", where=stored.name, hint=hint
    )
