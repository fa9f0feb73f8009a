"""Planting an error: a waiting field's claim, made wrong in a way that can be proven."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from capdraft.checking.claims import evidence_text
from capdraft.records import Evidence
from capdraft.records.evidence import evidence_hash
from capdraft.records.seeds import SEED_KINDS, SeedKind
from capdraft.reviewing.review import Review
from capdraft.reviewing.sampling import draw
from capdraft.reviewing.seeding.directions import turned
from capdraft.reviewing.seeding.hedges import overstated
from capdraft.reviewing.seeding.negations import negated
from capdraft.reviewing.seeding.numbers import other_numbers
from capdraft.reviewing.seeding.passages import other_passages
from capdraft.reviewing.seeding.wording import Spoil, sentences
from capdraft.reviewing.states import FieldState
from capdraft.reviewing.versions import Version, with_evidence
from capdraft.text import name_key

_WORDINGS: dict[SeedKind, Spoil] = {
    "turned": turned,
    "negated": negated,
    "overstated": overstated,
}

Drawn = tuple[str, str, str, str, str]
"""What decides on a field: its artifact, capability and name, the hashes of text and evidence."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A planted error: the field as it is shown, as it is, and what is to be told afterwards."""

    state: FieldState
    true: FieldState
    kind: SeedKind
    truth: str


def plant(
    review: Review,
    state: FieldState,
    reviewer: str,
    severities: Mapping[str, str],
    *,
    share: float,
    secret: str,
    answered: Container[tuple[str, str]] = (),
) -> Seed | None:
    """Return what a reviewer is shown instead of `state`, or None: nearly always.

    The same inputs give the same seed. `answered` are the texts that were planted for the reviewer
    before, as `Outcome.seen` names them.
    """
    what = (review.slug, state.capability.id, state.name, state.text_sha256, state.evidence_sha256)
    if not is_drawn(what, reviewer, share, secret, answered) or not _is_open(state):
        return None
    codes = _codes(review, state, severities)
    if codes is None:
        return None
    for kind in sorted(SEED_KINDS, key=lambda kind: draw(secret, reviewer, kind, *what)):
        found = list(_spoiled(review, state, kind))
        found.sort(key=lambda item: draw(secret, reviewer, item[0].text, *what))
        for spoiled, truth in found:
            told = _codes(review, spoiled, severities)
            if told is not None and told <= codes and _is_new(review, state, spoiled):
                return Seed(spoiled, state, kind, truth)
    return None


def is_drawn(
    what: Drawn, reviewer: str, share: float, secret: str, answered: Container[tuple[str, str]]
) -> bool:
    """Tell whether an error is planted in that field where one can be: nothing is read for it."""
    slug, _, _, text_sha256, _ = what
    return draw(secret, reviewer, *what) < share and (slug, text_sha256) not in answered


def _is_open(state: FieldState) -> bool:
    """Tell whether nobody's word stands on the text: it would speak for the planted one."""
    decided = state.approvals or state.rejections or state.ignored or state.edit
    return state.status in ("pending", "stale") and not decided and bool(state.field.evidence)


def _codes(review: Review, state: FieldState, severities: Mapping[str, str]) -> set[str] | None:
    """Return what the rules find in a field; None if it has an error."""
    found = review.findings(state, severities)
    if any(finding.severity == "error" for finding in found):
        return None
    return {finding.code for finding in found}


def _is_new(review: Review, state: FieldState, spoiled: FieldState) -> bool:
    """Tell whether it differs from the true field, and the text is no other field's."""
    texts = {name_key(text) for item in review.states for text in (item.text, item.drafted.text)}
    if spoiled.evidence_sha256 != state.evidence_sha256:
        return True
    return name_key(spoiled.text) not in texts


def _spoiled(review: Review, state: FieldState, kind: SeedKind) -> Iterator[tuple[FieldState, str]]:
    text, cited = state.text, state.field.evidence
    if kind == "other-passage":
        if state.name == "vs_alternatives":
            return  # its passages have to name the alternative
        proposal = review.stored.proposal
        others = [other for other in proposal.capabilities if other.id != state.capability.id]
        for evidence, truth in other_passages(text, cited, others, proposal.artifact.name):
            yield _with(review, state, text, evidence), truth
        return
    if kind == "other-number":
        found = other_numbers(text, cited)
    else:
        said = [line for item in cited for line in sentences(evidence_text(item))]
        found = _WORDINGS[kind](text, said)
    for spoiled in found:
        yield _with(review, state, spoiled.text, cited), spoiled.truth


def _with(
    review: Review, state: FieldState, text: str, evidence: tuple[Evidence, ...]
) -> FieldState:
    """Return `state` as if `text` had been drafted with `evidence`."""
    planted = Version(
        text,
        evidence,
        state.capability.text_hash(state.name, text),
        evidence_hash(evidence, review.stored.proposal.uris),
        names=state.versions[-1].names,
    )
    field = with_evidence(state.field, evidence).model_copy(update={"text": text})
    return replace(state, field=field, versions=(planted,))
