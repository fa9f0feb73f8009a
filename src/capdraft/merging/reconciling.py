"""Three ways: what was approved, what the catalog file says, and what its reviews give now.

What nobody touched in the file is written as the reviews give it. What was changed there by hand
stays as it is, field by field, until somebody keeps it (and so approves it) or discards it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from capdraft.errors import NotFound
from capdraft.merging.deriving import Derived
from capdraft.merging.numbering import Documents
from capdraft.merging.recalling import Memory
from capdraft.merging.statements import Aspect, Statement, statement
from capdraft.records import (
    FIELDS,
    Artifact,
    CatalogEntry,
    FieldName,
    Record,
    RecordField,
    Withdrawn,
)

ALL = "all"
UNSEALED = "0" * 12
"""The seal of a text that nobody approved: no text has it."""

Kind = Literal["by-hand", "conflict", "unknown", "kept-along"]


@dataclass(frozen=True, slots=True)
class ThreeTexts:
    """One aspect of a field, said three ways; None where there is nothing that says it."""

    aspect: Aspect
    approved: str | None
    catalog: str
    reviews: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in a catalog file that merging didn't write, and left as it is.

    by-hand: what the reviews give is what was approved, only the file differs; conflict: the
    reviews give something else now, too; unknown: no approval on file covers it; kept-along: it is
    not approved any more, and stays while another field of its record is undecided.
    """

    path: str
    kind: Kind
    texts: tuple[ThreeTexts, ...]

    @property
    def can_be_kept(self) -> bool:
        """Whether a decision, or a withdrawal, may say what the file says; keeping it tells."""
        said = all(item.aspect in ("text", "evidence") for item in self.texts)
        return said or self.kind == "unknown"


def reconcile(
    catalog: CatalogEntry | None, derived: Derived, memory: Memory, discard: Collection[str] = ()
) -> tuple[CatalogEntry, list[Difference]]:
    """Return the entry to write, and what of the file is left in it as it is.

    `discard` names what is written as the reviews give it all the same: paths, or "all".

    Raises:
        NotFound: nothing differs at a path to discard.
    """
    if catalog is None:
        _check_discarded(discard, ())
        return derived.entry, []
    found = _differences(catalog, derived, memory)
    _check_discarded(discard, [item.path for item in found])
    if ALL in discard:
        return derived.entry, []
    left = [item for item in found if item.path not in discard]
    if not left:
        return derived.entry, []
    entry = _with_facts_of(catalog, derived.entry, {item.path for item in left})
    held, along = _held(catalog, entry, {item.path for item in left})
    return _composed(catalog, entry, held), sorted([*left, *along], key=lambda item: item.path)


def _check_discarded(discard: Collection[str], paths: Collection[str]) -> None:
    for path in discard:
        if path != ALL and path not in paths:
            listed = ", ".join(paths) or "nothing"
            raise NotFound(f"nothing differs at {path!r}", hint=f"What differs: {listed}")


def _differences(catalog: CatalogEntry, derived: Derived, memory: Memory) -> list[Difference]:
    found = [*_of_artifact(catalog.artifact, derived.entry.artifact, memory)]
    found += _of_withdrawals(catalog, derived.entry, memory)
    records = {record.id: record for record in derived.approved.capabilities}
    for record in catalog.capabilities:
        for name, recorded in record.fields():
            ours = statement(catalog, record, name)
            other = records.get(record.id)
            theirs = statement(derived.approved, other, name) if other else None
            base = memory.approved(record.id, name, recorded)
            if ours is not None:
                texts = [*_three(base, ours, theirs)]
                texts += _tampered(record, name, recorded, memory) if base else []
                if texts:
                    path = f"{record.id}.{name}"
                    found.append(Difference(path, _kind(texts, base), tuple(texts)))
    return found


def _three(
    base: Statement | None, ours: Statement, theirs: Statement | None
) -> Iterator[ThreeTexts]:
    """Yield the aspects in which the file has neither what was approved nor what is now."""
    differing = ours.differing(base) if base else set(ours.aspects())
    if theirs is not None:
        differing &= ours.differing(theirs)
    said = ours.aspects()
    for aspect in said:
        if aspect in differing and (said[aspect] or base):
            yield ThreeTexts(
                aspect,
                base.aspects()[aspect] if base else None,
                said[aspect],
                theirs.aspects()[aspect] if theirs else None,
            )


def _tampered(
    record: Record, name: FieldName, recorded: RecordField, memory: Memory
) -> Iterator[ThreeTexts]:
    given, there = memory.approvals(record.id, name, recorded)
    if given != there:
        yield ThreeTexts("approvals", given, there, given)


def _kind(texts: list[ThreeTexts], base: Statement | None) -> Kind:
    if base is None:
        return "unknown"
    same = all(item.approved == item.reviews for item in texts)
    return "by-hand" if same else "conflict"


def _of_artifact(ours: Artifact, theirs: Artifact, memory: Memory) -> Iterator[Difference]:
    """Yield the facts of the artifact that no proposal ever gave."""
    for key in Artifact.model_fields:
        mine, now = getattr(ours, key), getattr(theirs, key)
        if mine != now and all(getattr(p.artifact, key) != mine for p in memory.proposals()):
            texts = ThreeTexts("value", _shown(now), _shown(mine), _shown(now))
            yield Difference(f"artifact.{key}", "by-hand", (texts,))


def _shown(value: Any) -> str:
    return "\n".join(value) if isinstance(value, tuple) else str(value or "")


def _of_withdrawals(
    catalog: CatalogEntry, entry: CatalogEntry, memory: Memory
) -> Iterator[Difference]:
    """Yield what the file says is withdrawn and nobody withdrew."""
    out = {item.id for item in entry.withdrawn_records}
    told = [(item.id, item) for item in catalog.withdrawn_records if item.id not in out]
    whole = [("artifact", catalog.withdrawn)] if catalog.withdrawn and not entry.withdrawn else []
    known = {(w.capability, w.told) for w in memory.withdrawals if w.verdict == "withdraw"}
    for id_, item in (*whole, *told):
        said = Withdrawn(by=item.by, at=item.at, reason=item.reason, note=item.note)
        if (None if item is catalog.withdrawn else id_, said) not in known:
            texts = ThreeTexts("value", "", f"by {said.by}, {said.reason}: {said.note}", "")
            yield Difference(f"{id_}.withdrawn", "unknown", (texts,))


def _with_facts_of(
    catalog: CatalogEntry, entry: CatalogEntry, paths: Collection[str]
) -> CatalogEntry:
    """Return `entry` with the facts of the file at `paths`, and without what that withdraws."""
    facts = {
        key: getattr(catalog.artifact, key)
        for key in Artifact.model_fields
        if f"artifact.{key}" in paths
    }
    whole = catalog.withdrawn if "artifact.withdrawn" in paths else None
    told = [item for item in catalog.withdrawn_records if f"{item.id}.withdrawn" in paths]
    out = {item.id for item in told}
    told += [item for item in entry.withdrawn_records if item.id not in out]
    return entry.model_copy(
        update={
            "artifact": entry.artifact.model_copy(update=facts),
            "withdrawn": whole or entry.withdrawn,
            "withdrawn_records": tuple(sorted(told, key=lambda item: item.id)),
            "capabilities": tuple(
                record for record in entry.capabilities if not whole and record.id not in out
            ),
        }
    )


def _held(
    catalog: CatalogEntry, entry: CatalogEntry, paths: Collection[str]
) -> tuple[dict[str, list[FieldName]], list[Difference]]:
    """Return the fields that stay as the file has them, and what stays along with them."""
    held, along = {}, []
    present = {record.id for record in entry.capabilities}
    for record in catalog.capabilities:
        names = [name for name, _ in record.fields() if f"{record.id}.{name}" in paths]
        if names and record.id not in present and "description" not in names:
            # No record stands without its description.
            text = ThreeTexts("text", record.description.text, record.description.text, None)
            along.append(Difference(f"{record.id}.description", "kept-along", (text,)))
            names.insert(0, "description")
        if names:
            held[record.id] = names
    return held, along


def _composed(
    catalog: CatalogEntry, entry: CatalogEntry, held: Mapping[str, Sequence[FieldName]]
) -> CatalogEntry:
    """Return `entry` with the held fields of the file, its documents numbered anew."""
    ours = {record.id: record for record in catalog.capabilities if record.id in held}
    present = {record.id: record for record in entry.capabilities}
    bare: dict[str, None] = dict.fromkeys(FIELDS)
    stays = {id_: ours[id_].model_copy(update=bare) for id_ in ours if id_ not in present}
    of_file = {ref.id: ref for ref in catalog.documents}
    derived = {ref.id: ref for ref in entry.documents}
    documents, records = Documents(), []
    for id_, record in {**present, **stays}.items():
        names = held.get(id_, ())
        mixed = _with_held(record, catalog, ours[id_], names) if names else record
        records.append(
            documents.renumbered(mixed, {n: of_file if n in names else derived for n in FIELDS})
        )
    return entry.model_copy(
        update={"documents": documents.listed(), "capabilities": tuple(records)}
    )


def _with_held(
    record: Record, catalog: CatalogEntry, ours: Record, names: Sequence[FieldName]
) -> Record:
    """Return `record` with fields of the file: no seal holds on them, so no reader sees them."""
    fields: dict[str, object] = {}
    seals = catalog.seals(ours)
    for name, field in ours.fields():
        if name in names:
            broken = field.seal not in (None, seals[name])
            fields[name] = field.model_copy(update={"seal": field.seal if broken else UNSEALED})
    if "description" in names:
        fields |= {key: getattr(ours, key) for key in ("name", "intents", "drafted_by")}
    return record.model_copy(update=fields)
