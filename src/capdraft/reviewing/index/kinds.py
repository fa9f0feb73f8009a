"""Fields that no filter but words and artifact tells apart are of one kind.

There are few kinds, however many fields there are: what is wanted is decided on the kinds, in
Python, and SQLite is only asked for the fields of those kinds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from capdraft.records import FIELDS, FieldName
from capdraft.reviewing.index.wanted import WAITING, Wanted, risk
from capdraft.reviewing.policy import Policy
from capdraft.reviewing.states import FieldState, Status

STATUSES: tuple[Status, ...] = Status.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a filter can ask of a field. Sent from process to process, and kept as JSON."""

    field: FieldName
    status: Status
    codes: tuple[str, ...]
    errors: int
    second: bool = False
    allowed: tuple[str, ...] | None = None
    """Who may approve it; None is anybody."""
    barred: tuple[str, ...] = ()
    """Who may not, for they wrote it or approved it before."""

    @classmethod
    def of(
        cls, state: FieldState, policy: Policy, codes: tuple[str, ...], errors: int, second: bool
    ) -> Kind:
        """Return the kind of a field under `policy`."""
        kind = cls(state.name, state.status, codes, errors, second)
        if not kind.is_open:
            return kind
        named = policy.reviewers | ({policy.adjudicator} if policy.adjudicator else set())
        barred = set() if policy.self_approval else set(state.authors)
        if state.status != "stale":
            barred |= {decision.reviewer for decision in state.approvals}
        allowed = tuple(sorted(named)) if policy.reviewers else None
        return replace(kind, allowed=allowed, barred=tuple(sorted(barred)))

    @classmethod
    def parse(cls, key: str) -> Kind:
        """Return the kind whose key that is."""
        return _parsed(key)

    @property
    def key(self) -> str:
        """Everything that makes it another kind than others."""
        said = [self.field, self.status, self.codes, self.errors, self.second]
        return json.dumps([*said, self.allowed, self.barred])

    @property
    def is_open(self) -> bool:
        """Whether it waits for anybody."""
        return self.status in WAITING or self.second

    @property
    def risk(self) -> int:
        """The rank of its fields in the queue."""
        return risk(self.field, self.codes, self.errors)

    def waits_for(self, who: str) -> bool:
        """Tell whether `who` could approve it and has not."""
        may = self.allowed is None or who in self.allowed
        return self.is_open and may and who not in self.barred

    def fits(self, wanted: Wanted) -> bool:
        """Tell whether its fields are wanted, as far as their kind decides that."""
        return (
            wanted.field in (None, self.field)
            and (wanted.rule is None or wanted.rule in self.codes)
            and self._stands_as(wanted)
            and (wanted.reviewer is None or self.waits_for(wanted.reviewer))
        )

    def _stands_as(self, wanted: Wanted) -> bool:
        if wanted.status is not None:
            return self.status == wanted.status
        return self.status in WAITING or (self.second and wanted.reviewer is not None)


@lru_cache(maxsize=10_000)
def _parsed(key: str) -> Kind:
    field, status, codes, errors, second, allowed, barred = json.loads(key)
    allowed = None if allowed is None else tuple(allowed)
    return Kind(field, status, tuple(codes), errors, second, allowed, tuple(barred))


Counted = list[tuple[Kind, int]]
"""Kinds, and how many fields of each there are."""


def facet_counts(counted: Counted, wanted: Wanted) -> dict[str, dict[str, int]]:
    """Return how many fields each value of each filter would leave."""
    kinds = [kind for kind, _ in counted]
    codes = {code for kind in kinds for code in kind.codes}
    names = {name for kind in kinds for name in (*(kind.allowed or ()), *kind.barred)}
    alternatives: dict[str, Iterable[tuple[str, Wanted]]] = {
        "fields": ((name, replace(wanted, field=name)) for name in FIELDS),
        "states": ((status, replace(wanted, status=status)) for status in STATUSES),
        "rules": ((code, replace(wanted, rule=code)) for code in sorted(codes)),
        "reviewers": ((name, replace(wanted, reviewer=name)) for name in sorted(names)),
    }
    return {
        facet: {
            value: number
            for value, look in looks
            if (number := sum(count for kind, count in counted if kind.fits(look)))
        }
        for facet, looks in alternatives.items()
    }
