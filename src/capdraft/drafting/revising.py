"""An earlier proposal and what was written again become one: each capability's fate is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from capdraft.drafting.redrafting import Plan
from capdraft.records import (
    Alternative,
    Capability,
    Changes,
    Contradiction,
    Dropped,
    Field,
    FieldName,
    Proposal,
)
from capdraft.text import name_key


def merge_revision(plan: Plan, written: Sequence[Capability]) -> tuple[list[Capability], Changes]:
    """Return the capabilities of the new proposal, and what became of those of the earlier one.

    A text that was written again takes the place of one that was lost, or of one that stands if it
    cites something new or adds a comparison; else what stands stays as it was.
    """
    by_id = {capability.id: capability for capability in written}
    order = {capability.id: capability for capability in plan.earlier.capabilities}
    result: list[Capability] = []
    changed: list[str] = []
    carried: list[str] = []
    lost: list[Dropped] = []
    for id_ in order:
        kept, again = plan.kept.get(id_), by_id.pop(id_, None)
        now = _joined(plan, kept, again)
        without = [
            _dropped(id_, name, old)
            for (capability_id, name), old in plan.lost.items()
            if capability_id == id_ and (now is None or now.field(name) is None)
        ]
        lost += without
        if now is not None:
            result.append(now)
            (carried if now == kept and not without else changed).append(id_)
    added = [capability for capability in written if capability.id in by_id]
    changes = Changes(
        since=plan.since,
        added=tuple(capability.id for capability in added),
        changed=tuple(changed),
        carried_over=tuple(carried),
        lost=tuple(lost),
    )
    return result + added, changes


def compare_drafts(since: str, earlier: Proposal, now: Sequence[Capability]) -> Changes:
    """Return what became of an earlier proposal's capabilities when all of it was drafted anew."""
    before = {capability.id: capability for capability in earlier.capabilities}
    after = {capability.id: capability for capability in now}
    both = [id_ for id_ in after if id_ in before]
    same = [id_ for id_ in both if _texts(before[id_]) == _texts(after[id_])]
    return Changes(
        since=since,
        added=tuple(id_ for id_ in after if id_ not in before),
        changed=tuple(id_ for id_ in both if id_ not in same),
        carried_over=tuple(same),
        lost=tuple(
            Dropped(capability=id_, field=name, text=old.text, why="it was not drafted again")
            for id_, capability in before.items()
            for name, old in capability.fields()
            if id_ not in after or after[id_].field(name) is None
        ),
    )


def _texts(capability: Capability) -> list[tuple[str, str]]:
    return [(name, field.text) for name, field in capability.fields()]


def _joined(plan: Plan, kept: Capability | None, again: Capability | None) -> Capability | None:
    if kept is None or again is None:
        return kept or again
    taken: dict[str, Field] = {
        name: new
        for name, new in again.fields()
        if (old := kept.field(name)) is None
        or (any(item.passage in plan.fresh for item in new.evidence) and new.text != old.text)
        or (name == "vs_alternatives" and _proves_more(new, old))
    }
    return kept.model_copy(update=taken)


def _proves_more(new: Field, old: Field) -> bool:
    """Tell whether a comparison cites the other side where the one before it didn't."""
    sides = [{item.side for item in one.evidence} for one in (new, old)]
    return "alternative" in sides[0] - sides[1]


def _dropped(capability_id: str, name: FieldName, old: Field) -> Dropped:
    return Dropped(
        capability=capability_id,
        field=name,
        text=old.text,
        why="a passage that it cites has changed or is gone",
    )


def carried_alternatives(plan: Plan, catalog: Mapping[str, str]) -> list[Alternative]:
    """Return the earlier alternatives that the documents still name."""
    uris = plan.earlier.uris
    return [
        item.model_copy(update={"evidence": moved, "catalog": catalog.get(name_key(item.name))})
        for item in plan.earlier.alternatives
        if (moved := tuple(plan.index.moved(item.evidence, uris)))
    ]


def carried_contradictions(plan: Plan) -> list[Contradiction]:
    """Return the earlier contradictions, told by the model, of which both sides still stand."""
    uris = plan.earlier.uris
    found = []
    for item in plan.earlier.contradictions:
        one, two = (tuple(plan.index.moved(side, uris)) for side in (item.evidence, item.other))
        if item.found_by == "model" and one and two:
            found.append(item.model_copy(update={"evidence": one, "other": two}))
    return found
