"""How a claim came to read as it does: edited, or drafted again since somebody decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capdraft.reviewing import Version, find_version, word_diff
from capdraft.reviewing.diffing import Changed, Kind, names_diff
from capdraft.reviewing.screens import Screen
from capdraft.reviewing.states import standing_decisions


@dataclass(frozen=True, slots=True)
class Difference:
    """How a text came to read as it does: what it said before, and the difference."""

    title: str
    before: str
    pieces: tuple[tuple[Kind, str], ...]
    cites: bool = False
    """Whether it cited other passages then."""
    names: tuple[Changed, ...] = ()
    """What is judged with it, where that changed."""


def differences(screen: Screen) -> Iterator[Difference]:
    """Yield how the text came to read as it does: edited since it was drafted, or drafted anew."""
    state = screen.state
    if state.edit is not None:
        edit, before, now = state.edit, state.versions[0], state.versions[-1]
        day = f"{edit.time:%Y-%m-%d %H:%M}"
        yield version_difference(f"Edited by {edit.reviewer} on {day}", before, now)
    elif not (screen.blind or state.approvals or state.rejections):
        judged = _decided_before(screen)
        if judged is not None:
            title = "Drafted again since somebody decided"
            yield version_difference(title, judged, state.versions[-1])


def difference(title: str, before: str, now: str, names: tuple[Changed, ...] = ()) -> Difference:
    """Return how `now` differs from `before`, word by word; `names` is what changed with it."""
    return Difference(title, before, tuple(word_diff(before, now)), names=names)


def version_difference(title: str, before: Version, now: Version) -> Difference:
    """Return how one version of a field differs from another."""
    cites = before.evidence_sha256 != now.evidence_sha256
    names = names_diff(before.names, now.names)
    return Difference(title, before.text, tuple(word_diff(before.text, now.text)), cites, names)


def _decided_before(screen: Screen) -> Version | None:
    """Return what was decided on last, where it is not what the field says now."""
    review, state = screen.review, screen.true
    decisions = [
        decision
        for decision in standing_decisions(review.workspace.decisions(review.slug))
        if (decision.capability, decision.field) == (state.capability.id, state.name)
    ]
    if not decisions:
        return None
    hashes = decisions[-1].text_sha256, decisions[-1].evidence_sha256
    if hashes in {version.hashes for version in state.versions}:
        return None
    return find_version(review.workspace, review.slug, state.capability.id, state.name, hashes)
