"""What a reviewer is shown of a field: as it is, with a planted error, or without others' word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capdraft.errors import NotFound
from capdraft.records import Finding
from capdraft.reviewing.review import Review, open_review
from capdraft.reviewing.sampling import alone, blind
from capdraft.reviewing.seeding import Planter, Seed
from capdraft.reviewing.states import FieldState
from capdraft.reviewing.targets import Target
from capdraft.settings import Settings
from capdraft.workspace import Workspace


@dataclass(frozen=True)
class Screen:
    """A field as a reviewer sees it: `state` is shown, `true` is what there is."""

    review: Review
    who: str
    severities: Mapping[str, str]
    true: FieldState
    state: FieldState
    seed: Seed | None = None
    blind: bool = False
    """Whether what others decided is hidden."""

    @property
    def target(self) -> Target:
        """What it is about."""
        return Target(self.review.slug, self.state.capability.id, self.state.name)

    @property
    def path(self) -> str:
        """Return SLUG/CAPABILITY.FIELD, for messages."""
        return f"{self.review.slug}/{self.state.path}"

    @property
    def hashes(self) -> tuple[str, str]:
        """The hashes of the text and the evidence that are shown."""
        return self.state.text_sha256, self.state.evidence_sha256

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules say of what is shown."""
        return self.review.findings(self.state, self.severities)

    @property
    def refused(self) -> str:
        """Why nothing that the reviewer decides here counts, or nothing."""
        return self.review.policy.may_decide(self.who)


def open_screen(workspace: Workspace, settings: Settings, target: Target, who: str) -> Screen:
    """Return a field as `who` is shown it now: somebody may have decided on it meanwhile.

    Raises:
        NotFound: there is no such field.
    """
    review = open_review(workspace, target)
    if len(review.selected) != 1:
        raise NotFound(f"{target.slug}/{target.capability} has no {target.field}")
    (true,) = review.selected
    seed = Planter.of(workspace, settings, who).seed(review, true)
    state = seed.state if seed else true
    hidden = blind(review.slug, true, who, settings.review.second_opinions)
    return Screen(
        review=review,
        who=who,
        severities=settings.rules,
        true=true,
        state=alone(state) if hidden else state,
        seed=seed,
        blind=hidden,
    )
