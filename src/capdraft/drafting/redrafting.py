"""Drafting again: what changed since the newest proposal, and what can be carried over.

A capability whose cited passages are all still there keeps its texts, and with them its decisions.
Asked about are new passages, texts that lost theirs, and comparisons that a record proves now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from capdraft.drafting.passages import Citations, Part, parts_of
from capdraft.drafting.proposing import digest
from capdraft.drafting.writing import Revise
from capdraft.records import (
    Capability,
    Document,
    Evidence,
    Field,
    FieldName,
    Proposal,
    Side,
)
from capdraft.text import normalise, one_line

AROUND = 1
"""Passages of the same section that are shown before and behind a new one."""
Place = tuple[str, str, str]
"""URI, header and quote of a passage, normalised: what a carried-over citation is found by."""


class Index:
    """Where each quote of an earlier proposal stands in the documents now."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._citations = Citations(documents)
        self._numbers: dict[Place, int] = {}
        for document in documents:
            for passage in document.passages:
                quote = document.text[passage.start : passage.end]
                place = (document.uri, normalise(passage.header or ""), normalise(quote))
                self._numbers.setdefault(place, passage.number)

    def number(self, item: Evidence, uris: Mapping[str, str]) -> int | None:
        """Return the number that the quoted passage has now, or None if it is gone."""
        place = (uris[item.document], normalise(item.header or ""), normalise(item.quote))
        return self._numbers.get(place)

    def moved(self, items: Iterable[Evidence], uris: Mapping[str, str]) -> list[Evidence]:
        """Return the evidence that is still there, as it stands now."""
        found: list[Evidence] = []
        for item in items:
            number = self.number(item, uris)
            if number is not None:
                found += self._citations.evidence([number], item.side)
        return found


@dataclass
class Plan:
    """What an earlier proposal leaves to be done.

    `kept` are its capabilities with the fields that still stand; `lost` are the other fields, by
    capability and name; `parts` is what has to be shown; `fresh` the numbers of what is new in it;
    `gone` tells whether what it cites for an alternative or a contradiction is not there any more.
    """

    since: str
    earlier: Proposal
    index: Index
    kept: dict[str, Capability] = field(default_factory=dict)
    lost: dict[tuple[str, FieldName], Field] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    fresh: frozenset[int] = frozenset()
    revise: list[Revise] = field(default_factory=list)
    gone: bool = False

    @property
    def keeps(self) -> bool:
        """Whether a text still stands on passages that the documents have."""
        return any(item.description.evidence for item in self.kept.values())

    @property
    def asks(self) -> bool:
        """Whether anything has to be asked."""
        return bool(self.fresh or self.revise)

    @property
    def same(self) -> bool:
        """Whether the earlier proposal still says it all."""
        return not (self.asks or self.lost or self.gone)


def plan_revision(
    since: str,
    earlier: Proposal,
    documents: Sequence[Document],
    records: Sequence[Document],
    provable: Mapping[str, str],
    struck: Collection[tuple[str, FieldName]] = (),
) -> Plan | None:
    """Return what is left to do, or None if the earlier proposal doesn't tell what it read.

    `records` are the catalog records at hand; `provable` gives by capability id the alternative
    whose records were not there before. What is `struck`, by capability and field, is not asked for
    again when it loses its passages.
    """
    own = [ref for ref in earlier.documents if ref.seen is not None]
    if not own:
        return None
    plan = Plan(since, earlier, Index((*documents, *records)))
    seen = {ref.uri: frozenset((ref.seen or "").split()) for ref in own}
    plan.fresh = frozenset(_fresh(documents, seen))
    for capability in earlier.capabilities:
        _carry(plan, capability, struck)
    for capability in earlier.capabilities:
        if capability.id in plan.kept and capability.id in provable:
            named = one_line(provable[capability.id])
            _add_revision(plan, capability, f"compare it with {named}, whose records are below")
    plan.gone = any(plan.index.number(item, earlier.uris) is None for item in _beside(earlier))
    wanted = _around(documents, plan.fresh)
    wanted |= {number for again in plan.revise for number in again.passages}
    plan.parts = [part for part in parts_of(documents) if part.passage.number in wanted]
    return plan


def _fresh(documents: Sequence[Document], seen: Mapping[str, frozenset[str]]) -> Iterator[int]:
    for document in documents:
        before = seen.get(document.uri, frozenset())
        for passage in document.passages:
            if passage.boilerplate is None and digest(document, passage) not in before:
                yield passage.number


def _beside(earlier: Proposal) -> Iterator[Evidence]:
    """Yield what a proposal quotes beside its capabilities."""
    for alternative in earlier.alternatives:
        yield from alternative.evidence
    for item in earlier.contradictions:
        yield from (*item.evidence, *item.other)


def _carry(plan: Plan, capability: Capability, struck: Collection[tuple[str, FieldName]]) -> None:
    uris = plan.earlier.uris
    standing: dict[str, Field | None] = {}
    for name, old in capability.fields():
        moved = plan.index.moved(old.evidence, uris)
        if len(moved) == len(old.evidence):
            standing[name] = _renumbered(old, moved)
        else:
            standing[name] = None
            plan.lost[capability.id, name] = old
    if standing["description"] is None:
        plan.lost.update(((capability.id, name), old) for name, old in capability.fields())
        if (capability.id, "description") not in struck:
            said = one_line(capability.description.text)
            _add_revision(plan, capability, f"what it rested on has changed; it said: {said}")
        return
    plan.kept[capability.id] = capability.model_copy(update=standing)
    gone = [n for n, old in standing.items() if old is None and (capability.id, n) not in struck]
    if gone and (capability.id, "description") not in struck:
        _add_revision(plan, capability, f"what its {', '.join(gone)} rested on has changed")


def _add_revision(plan: Plan, capability: Capability, why: str) -> None:
    """Have a capability written again from what is left of all that it rested on."""
    numbers = {
        number
        for _, old in capability.fields()
        for item in old.evidence
        if item.side == "artifact"
        and (number := plan.index.number(item, plan.earlier.uris)) is not None
    }
    plan.revise = [again for again in plan.revise if again.name != capability.name]
    if numbers or plan.fresh:
        plan.revise.append(Revise(one_line(capability.name), why, tuple(sorted(numbers))))


def _renumbered(old: Field, evidence: Sequence[Evidence]) -> Field:
    """Return a field with the numbers that its passages have now."""
    sides: tuple[Side, Side] = ("artifact", "alternative")
    own, other = (
        _numbers(cited, old.evidence, evidence, side)
        for cited, side in zip((old.passages, old.alternative_passages), sides, strict=True)
    )
    return old.model_copy(
        update={
            "passages": own,
            "alternative_passages": other,
            "evidence": tuple(dict.fromkeys(evidence)),
        }
    )


def _numbers(
    cited: Sequence[int], before: Sequence[Evidence], now: Sequence[Evidence], side: Side
) -> tuple[int, ...]:
    """Return the cited numbers as they are now; one that never was a passage stays one that isn't.

    It would be taken for a passage if there is one of its number now: then it becomes 0.
    """
    known = {item.passage for item in before if item.side == side}
    numbers = tuple(dict.fromkeys(item.passage for item in now if item.side == side))
    invented = (n for n in cited if n not in known)
    return (*numbers, *(0 if n in numbers else n for n in invented))


def _around(documents: Sequence[Document], fresh: frozenset[int]) -> set[int]:
    """Return the fresh passages and those of their section right beside them."""
    wanted: set[int] = set()
    for document in documents:
        said = [passage for passage in document.passages if passage.boilerplate is None]
        for place, passage in enumerate(said):
            if passage.number in fresh:
                near = said[max(0, place - AROUND) : place + AROUND + 1]
                wanted |= {other.number for other in near if other.heading == passage.heading}
    return wanted
