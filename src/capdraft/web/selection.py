"""What was selected in a list: each field as it stands now, or why it is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from capdraft.errors import CapdraftError, UsageProblem
from capdraft.records import Finding
from capdraft.reviewing import FieldState, Judgement, Review, Target, open_review
from capdraft.reviewing.seeding import Planter, Seed
from capdraft.web.house import House, desk_url

Verdict = Literal["accept", "reject"]
Hashes = Callable[[FieldState], tuple[str, ...]]
"""What of a state tells whether it is the one that was shown."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A field that was selected, and the hashes of what was shown of it."""

    slug: str
    capability: str
    field: str
    hashes: tuple[str, ...]

    @classmethod
    def parse(cls, key: str) -> Picked:
        """Return the field that a form's `key` names.

        Raises:
            UsageProblem: it names none.
        """
        slug, *said = key.split("/")
        if len(said) < 3:
            raise UsageProblem(f"{key!r} is no field of a list", hint="Select it in the queue.")
        return cls(slug, said[0], said[1], tuple(said[2:]))

    @property
    def path(self) -> str:
        """Return SLUG/CAPABILITY.FIELD, for messages."""
        return f"{self.slug}/{self.capability}.{self.field}"

    @property
    def url(self) -> str:
        """Where it is decided by itself."""
        return desk_url(self.slug, self.capability, self.field)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selected field that can be decided: as it is shown now."""

    picked: Picked
    review: Review
    state: FieldState
    seed: Seed | None
    findings: tuple[Finding, ...]

    @property
    def key(self) -> str:
        """Which field it is, and the hashes of the text and the evidence that are shown."""
        picked, state = self.picked, self.state
        where = (picked.slug, picked.capability, picked.field)
        return "/".join((*where, state.text_sha256, state.evidence_sha256))


@dataclass(frozen=True, slots=True)
class Left:
    """A selected field that stays as it is, and why."""

    picked: Picked
    why: str


@dataclass(frozen=True)
class Selection:
    """A selection, sorted into what can be decided and what can't."""

    chosen: tuple[Chosen, ...]
    left: tuple[Left, ...]

    def by_artifact(self) -> Mapping[str, Sequence[Chosen]]:
        """Return what can be decided, by slug."""
        found: dict[str, list[Chosen]] = {}
        for item in self.chosen:
            found.setdefault(item.picked.slug, []).append(item)
        return found


def selection(
    here: House, who: str, verdict: Verdict, picked: Iterable[Picked], hashes: Hashes
) -> Selection:
    """Return how `picked` stand now; what isn't as it was shown is left out."""
    planter = Planter.of(here.workspace, here.settings(), who)
    reviews: dict[str, Review | CapdraftError] = {}
    chosen, left = [], []
    for item in dict.fromkeys(picked):
        review = reviews.get(item.slug) or _open(here, item.slug)
        reviews[item.slug] = review
        found = _look(item, review, planter, hashes)
        why = found if isinstance(found, str) else _objection(found, who, verdict, planter)
        if isinstance(found, str) or why:
            left.append(Left(item, why))
        else:
            chosen.append(found)
    return Selection(tuple(chosen), tuple(left))


def _open(here: House, slug: str) -> Review | CapdraftError:
    try:
        return open_review(here.workspace, Target(slug))
    except CapdraftError as error:
        return error


def _look(
    item: Picked, review: Review | CapdraftError, planter: Planter, hashes: Hashes
) -> Chosen | str:
    """Return a field as it is shown now, or why it isn't what was shown."""
    if isinstance(review, CapdraftError):
        return f"can't be read: {review}"
    true = review.state(item.capability, item.field)
    if true is None:
        return "is not in the newest proposal any more"
    seed = planter.seed(review, true)
    state = seed.state if seed else true
    if hashes(state) != item.hashes:
        return "changed since it was shown"
    return Chosen(item, review, state, seed, review.findings(state, planter.severities))


def _objection(item: Chosen, who: str, verdict: Verdict, planter: Planter) -> str:
    """Return why `who` can't decide so on a field with others, or nothing."""
    policy, state = item.review.policy, item.state
    if verdict == "reject":
        mine = any(decision.reviewer == who for decision in state.rejections)
        return "was rejected by you before" if mine else policy.may_decide(who)
    if state.status != "stale" and any(d.reviewer == who for d in state.approvals):
        return "was approved by you before"
    errors = Judgement(who, planter.severities).open_errors(item.findings)
    codes = ", ".join(dict.fromkeys(finding.code for finding in errors))
    found = f"has error findings ({codes}): decide on it by itself" if errors else ""
    return policy.may_approve(who, state.authors) or found
