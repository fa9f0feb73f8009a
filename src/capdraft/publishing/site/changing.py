"""What one version of an artifact's entry says differently from the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from capdraft.publishing.phrases import plain, shortened
from capdraft.records import CatalogEntry, Record, RecordField
from capdraft.records.model import Model
from capdraft.reviewing.diffing import Kind, word_diff

Piece = tuple[Kind, str]
What = Literal["added", "removed", "withdrawn", "reworded", "evidence", "facts"]
MARKS: dict[Kind, str] = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
FIELD_WORDS = {"description": "description", "unique": "unique", "vs_alternatives": "comparison"}


class Difference(Model):
    """One thing that differs; its pieces are those of both texts, in order."""

    what: What
    capability: str = ""
    name: str = ""
    field: str = ""
    """In words: description, needs, licence, …"""
    pieces: tuple[Piece, ...] = ()
    note: str = ""


class Change(Model):
    """What became of an entry from one version to the next."""

    kind: Literal["published", "changed", "withdrawn", "restored", "removed"]
    who: tuple[str, ...] = ()
    note: str = ""
    """Why it was withdrawn."""
    differences: tuple[Difference, ...] = ()


def change_between(
    before: CatalogEntry | None, after: CatalogEntry | None, *, restored: bool = False
) -> Change:
    """Return what became of an entry; None stands for a file that is not there.

    What is `restored` was away in between, and `before` is what it was before that.
    """
    if after is None:
        return Change(kind="removed")
    if after.withdrawn:
        told = after.withdrawn
        return Change(
            kind="withdrawn", who=(told.by,), note=f"{told.reason}: {shortened(told.note)}"
        )
    who = _approvers(after) - (_approvers(before) if before else set())
    return Change(
        kind="restored" if restored else "changed" if before else "published",
        who=tuple(sorted({by for _, by in who})),
        differences=tuple(_differences(before, after) if before else _first(after)),
    )


def summary(change: Change) -> str:
    """Return a change in plain text: what was taken away as [-…-], what came as {+…+}."""
    head = f"{change.kind} by {', '.join(change.who)}" if change.who else change.kind
    lines = [f"{head}: {change.note}" if change.note else head]
    for item in change.differences:
        about = ", ".join(filter(None, (item.name, item.field)))
        text = "".join(MARKS[kind].format(piece) for kind, piece in item.pieces)
        lines.append(": ".join(filter(None, (f"{item.what} {about}", text, item.note))))
    return "\n".join(lines)


def _approvers(entry: CatalogEntry) -> set[tuple[str, str]]:
    """Return each decision that an entry rests on, with who took it."""
    fields = (field for record in entry.capabilities for _, field in record.fields())
    return {(approval.decision, approval.by) for field in fields for approval in field.approved}


def _first(entry: CatalogEntry) -> Iterator[Difference]:
    for record in entry.capabilities:
        yield Difference(what="added", capability=record.id, name=_name(record))


def _differences(before: CatalogEntry, after: CatalogEntry) -> Iterator[Difference]:
    yield from _facts(before, after)
    old = {record.id: record for record in before.capabilities}
    new = {record.id: record for record in after.capabilities}
    for id_, record in new.items():
        if id_ in old:
            yield from _within(before, old[id_], after, record)
        else:
            yield from _whole("added", record)
    withdrawn = {item.id for item in after.withdrawn_records}
    for id_, record in old.items():
        if id_ not in new and id_ not in withdrawn:
            yield from _whole("removed", record)
    known = {item.id for item in before.withdrawn_records} - old.keys()
    for told in after.withdrawn_records:
        if told.id not in known:
            note = f"by {told.by}, {told.reason}: {shortened(told.note)}"
            name = _name(old[told.id]) if told.id in old else plain(told.name) or told.id
            yield Difference(what="withdrawn", capability=told.id, name=name, note=note)


def _whole(what: Literal["added", "removed"], record: Record) -> Iterator[Difference]:
    for name, field in record.fields():
        yield Difference(
            what=what,
            capability=record.id,
            name=_name(record),
            field=FIELD_WORDS[name],
            pieces=((what, field.text.strip()),),
        )


def _within(
    before: CatalogEntry, old: Record, after: CatalogEntry, new: Record
) -> Iterator[Difference]:
    about = {"capability": new.id, "name": _name(new)}
    for field, one, two in (
        ("name", old.name, new.name),
        ("needs", "; ".join(old.intents), "; ".join(new.intents)),
    ):
        if plain(one) != plain(two):
            pieces = _pieces(plain(one), plain(two))
            yield Difference(what="reworded", field=field, pieces=pieces, **about)
    texts, fresh = dict(old.fields()), dict(new.fields())
    for key, word in FIELD_WORDS.items():
        was, now = texts.get(key), fresh.get(key)  # type: ignore[call-overload]
        yield from _field(before, was, after, now, about | {"field": word})


def _field(
    before: CatalogEntry,
    was: RecordField | None,
    after: CatalogEntry,
    now: RecordField | None,
    about: dict[str, str],
) -> Iterator[Difference]:
    """Yield what differs in one field, text and evidence each by itself."""
    if was is None or now is None:
        if whole := now or was:
            what: Literal["added", "removed"] = "added" if now else "removed"
            yield Difference(what=what, pieces=((what, whole.text.strip()),), **about)
        return
    sides = [f"{field.alternative or ''}\n{field.text}".strip() for field in (was, now)]
    if sides[0].split() != sides[1].split():
        yield Difference(what="reworded", pieces=_pieces(*sides), **about)
    pieces = _passages(_cited(before, was), _cited(after, now))
    if pieces:
        yield Difference(what="evidence", pieces=pieces, **about)


def _cited(entry: CatalogEntry, field: RecordField) -> list[tuple[str, str]]:
    return [(entry.document(item).uri, item.quote) for item in field.evidence]


def _passages(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> tuple[Piece, ...]:
    gone = [item for item in dict.fromkeys(old) if item not in new]
    fresh = [item for item in dict.fromkeys(new) if item not in old]
    return (
        *(("removed", shortened(quote)) for _, quote in gone),
        *(("added", shortened(quote)) for _, quote in fresh),
    )


def _facts(before: CatalogEntry, after: CatalogEntry) -> Iterator[Difference]:
    for field, one, two in zip(
        ("name", "type", "licence", "pricing", "languages", "links"),
        _told(before),
        _told(after),
        strict=True,
    ):
        if one != two:
            yield Difference(what="facts", field=field, pieces=_pieces(one, two))


def _told(entry: CatalogEntry) -> tuple[str, ...]:
    artifact = entry.artifact
    said = (artifact.name, artifact.type, artifact.license, artifact.pricing)
    many = (", ".join(artifact.languages), ", ".join(artifact.links))
    return tuple(plain(text or "") for text in (*said, *many))


def _pieces(one: str, two: str) -> tuple[Piece, ...]:
    return tuple(word_diff(one, two))


def _name(record: Record) -> str:
    return plain(record.name) or record.id
