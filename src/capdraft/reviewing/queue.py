"""What waits for a decision, over all artifacts, the riskiest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from capdraft.records import FieldName, Finding
from capdraft.reviewing.review import Review, open_review
from capdraft.reviewing.states import FieldState, Status
from capdraft.reviewing.targets import Target
from capdraft.workspace import Workspace

WAITING: frozenset[Status] = frozenset({"pending", "stale", "conflicting"})
_FIELDS: dict[FieldName, int] = {"vs_alternatives": 0, "unique": 1, "description": 2}
"""Comparisons come first: they speak of somebody else's work."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the fields that wait are looked for; None is any."""

    field: FieldName | None = None
    rule: str | None = None
    status: Status | None = None
    reviewer: str | None = None
    """Fields on which this reviewer's approval would count, and that they did not approve."""
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A field that waits: where it is, how it stands, what the rules say, since when."""

    slug: str
    capability: str
    field: FieldName
    status: Status
    codes: tuple[str, ...]
    errors: int
    since: datetime

    @property
    def target(self) -> Target:
        """What a review of it is opened with."""
        return Target(self.slug, self.capability, self.field)

    @property
    def path(self) -> str:
        """Return SLUG/CAPABILITY.FIELD, for messages."""
        return f"{self.slug}/{self.capability}.{self.field}"


def waiting(
    workspace: Workspace,
    slugs: Iterable[str],
    severities: Mapping[str, str],
    wanted: Wanted | None = None,
) -> list[Waiting]:
    """Return the fields of the newest proposals of `slugs` that wait, the riskiest first.

    Errors come before warnings and those before what no rule found, comparisons before other
    fields, and the oldest first.

    Raises:
        NotFound: an artifact has no proposal.
        FileInvalid: a file isn't what its schema says.
    """
    look = wanted or Wanted()
    found = []
    for slug in slugs:
        review = open_review(workspace, Target(slug))
        for state in review.states:
            if state.status in WAITING and _may_be_wanted(review, state, look):
                findings = review.findings(state, severities)
                if look.rule is None or any(f.code == look.rule for f in findings):
                    found.append(_waiting(slug, review, state, findings))
    return sorted(found, key=_risk)


def _may_be_wanted(review: Review, state: FieldState, look: Wanted) -> bool:
    who = look.reviewer
    mine = who is None or (
        not review.policy.may_approve(who, state.authors)
        and (state.status == "stale" or all(d.reviewer != who for d in state.approvals))
    )
    said = " ".join((state.capability.name, state.text)).casefold()
    return (
        mine
        and look.field in (None, state.name)
        and look.status in (None, state.status)
        and all(word in said for word in (look.words or "").casefold().split())
    )


def _waiting(
    slug: str, review: Review, state: FieldState, findings: tuple[Finding, ...]
) -> Waiting:
    return Waiting(
        slug=slug,
        capability=state.capability.id,
        field=state.name,
        status=state.status,
        codes=tuple(dict.fromkeys(finding.code for finding in findings)),
        errors=sum(1 for finding in findings if finding.severity == "error"),
        since=review.stored.proposal.run.started,
    )


def _risk(item: Waiting) -> tuple[int, int, datetime, str, str]:
    alarm = 0 if item.errors else 1 if item.codes else 2
    return alarm, _FIELDS[item.field], item.since, item.slug, item.capability
