"""What is asked of the queue, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from capdraft.records import FieldName, Verdict
from capdraft.reviewing.states import Status
from capdraft.reviewing.targets import Target

WAITING: frozenset[Status] = frozenset({"pending", "stale", "conflicting"})
_FIELDS: dict[FieldName, int] = {"vs_alternatives": 0, "unique": 1, "description": 2}
"""Comparisons come first: they speak of somebody else's work."""
# What SQLite can't compare or keep as text.
_UNFIT = re.compile("[\0\ud800-\udfff]")


def risk(field: FieldName, codes: Sequence[str], errors: int) -> int:
    """Return the rank of a field in the queue: errors, warnings, clean; comparisons first."""
    alarm = 0 if errors else 1 if codes else 2
    return alarm * len(_FIELDS) + _FIELDS[field]


def storable(text: str) -> str:
    """Return `text` as the index can hold it."""
    return _UNFIT.sub("\ufffd", text)


def searched(text: str) -> str:
    """Return `text` as words are looked for in it."""
    return storable(text.casefold())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which fields are looked for; None is any of those that wait."""

    field: FieldName | None = None
    rule: str | None = None
    status: Status | None = None
    """None is every state that waits. The other states can be asked for by name."""
    reviewer: str | None = None
    """What waits for this reviewer: their approval would count, and they did not give it. A field
    that is sampled for a second opinion waits for everybody else who may approve it."""
    words: str | None = None
    artifact: str | None = None
    """A slug, or a pattern of slugs: gemma-*"""


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
    name: str
    text: str
    second_opinion: bool = False
    """One reviewer approved it, and it is in the sample that somebody else decides again."""
    why: str = ""
    """Why it stands as it does."""
    text_sha256: str = ""
    evidence_sha256: str = ""

    @property
    def target(self) -> Target:
        """What a review of it is opened with."""
        return Target(self.slug, self.capability, self.field)

    @property
    def path(self) -> str:
        """Return SLUG/CAPABILITY.FIELD, for messages."""
        return f"{self.slug}/{self.capability}.{self.field}"

    @property
    def risk(self) -> int:
        """Its rank among all fields; the lowest comes first."""
        return risk(self.field, self.codes, self.errors)


@dataclass(frozen=True, slots=True)
class Facets:
    """How many fields each value of a filter would leave, the other filters as they are."""

    total: int
    """How many fields are wanted, with all filters."""
    fields: Mapping[str, int]
    states: Mapping[str, int]
    rules: Mapping[str, int]
    reviewers: Mapping[str, int]
    """What waits for each reviewer that the settings or the decisions name."""
    artifacts: Mapping[str, int]
    """The artifacts that have the most, at most 50."""


@dataclass(frozen=True, slots=True)
class IndexedArtifact:
    """An artifact, how many of its fields are in which state, and why it can't be read, if so."""

    slug: str
    name: str
    type: str
    proposal: str
    since: datetime | None
    counts: Mapping[Status, int]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision as the index keeps it."""

    slug: str
    id: str
    time: datetime
    reviewer: str
    verdict: Verdict
    capability: str
    field: FieldName
    reason: str | None
    seconds: float | None
    bulk: str | None
    bulk_size: int | None
    undone: bool


class Judged(NamedTuple):
    """A decision as figures are made of it: on what, by whom, how."""

    slug: str
    capability: str
    field: str
    text_sha256: str
    evidence_sha256: str
    reviewer: str
    verdict: Verdict
    seconds: float | None
    bulk_size: int | None
    undone: bool | int


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is at a field, and until when nobody else is sent there."""

    target: Target
    who: str
    until: datetime
