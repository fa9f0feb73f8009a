"""Whose decisions count on a field, and how many approvals it needs: `[review]` in the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache

from capdraft.records import Decision, FieldName
from capdraft.settings import ReviewSettings, parse_settings
from capdraft.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Policy:
    """What decides on the fields of one artifact. Without settings, anybody's one approval does."""

    reviewers: frozenset[str] = frozenset()
    approvals: Mapping[FieldName, int] = field(default_factory=dict)
    self_approval: bool = True
    adjudicator: str | None = None

    def needed(self, name: FieldName, authors: Mapping[str, str] = {}) -> int:
        """Return how many approvals a field needs; `authors` as in `may_approve`.

        A comparison needs two where several reviewers may approve it: it speaks of somebody else's
        work.
        """
        able = [who for who in self.reviewers if not self.may_approve(who, authors)]
        several = name == "vs_alternatives" and len(able) > 1
        return self.approvals.get(name, 2 if several else 1)

    def objection(self, decision: Decision, authors: Mapping[str, str]) -> str:
        """Return why a decision doesn't count, or nothing; `authors` as in `may_approve`."""
        if decision.verdict == "reject":
            return self.may_decide(decision.reviewer)
        return self.may_approve(decision.reviewer, authors)

    def may_decide(self, who: str) -> str:
        """Return why nothing that `who` decides counts, or nothing."""
        known = not self.reviewers or who in self.reviewers or who == self.adjudicator
        return "" if known else f"{who} is not one of its reviewers"

    def may_approve(self, who: str, authors: Mapping[str, str]) -> str:
        """Return why an approval by `who` doesn't count, or nothing.

        `authors` says of who had a hand in the text what it was: edited it, or ran its draft.
        """
        own = authors.get(who, "") if not self.self_approval else ""
        return self.may_decide(who) or (f"{who} {own}" if own else "")


ANYBODY = Policy()


def policy_for(settings: ReviewSettings, slug: str) -> Policy:
    """Return the policy for the artifact `slug`."""
    owners = next((o for o in settings.owners if fnmatchcase(slug, o.artifacts)), None)
    reviewers = frozenset(owners.reviewers if owners else settings.reviewers)
    alone = len(reviewers) <= 1
    return Policy(
        reviewers=reviewers,
        approvals=dict(settings.approvals),
        self_approval=alone if settings.self_approval is None else settings.self_approval,
        adjudicator=settings.adjudicator,
    )


def workspace_policy(workspace: Workspace, slug: str) -> Policy:
    """Return the policy that a workspace's capdraft.toml sets for an artifact.

    Raises:
        SettingsError: capdraft.toml can't be read.
    """
    stored = workspace.settings_text()
    return policy_for(_review_settings(stored.text), slug) if stored else ANYBODY


@lru_cache(maxsize=4)
def _review_settings(text: str) -> ReviewSettings:
    """Return what capdraft.toml says of reviews; a queue asks for it once for each artifact."""
    return parse_settings(text).review


def adjudicated(decisions: Sequence[Decision], policy: Policy) -> list[Decision]:
    """Return the decisions that count: the adjudicator's, and those that agree with it."""
    words = [d.verdict == "reject" for d in decisions if d.reviewer == policy.adjudicator]
    return [d for d in decisions if not words or (d.verdict == "reject") == words[-1]]
