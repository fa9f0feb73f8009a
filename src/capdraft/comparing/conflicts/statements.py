"""What the docs of one artifact say, sentence by sentence, and which artifact it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from capdraft.checking import content_words
from capdraft.checking.identifiers import spans_of
from capdraft.checking.quotes.words import sentences
from capdraft.records import CatalogEntry, Evidence
from capdraft.text import name_key, one_line

SUBJECT = "artifact"
"""Stands for the artifact's name, so that two ways of naming it are the same."""

_KINDS = {"dataset": "dataset|corpus|data set", "repository": "repository|repo|project"}
_VARIANT_BEHIND = re.compile(r"[-_/+]\w|\.[0-9]|\s*\(?v?[0-9]|\s+[A-Z]")
_PIECES = re.compile(
    r"[;,](?![0-9])|\b(?:where|whereas|while|but|although|though)\b", re.IGNORECASE
)
_OF = re.compile(r"['’]s?\b")
_PLAIN_HEADING = content_words(
    "about architecture card description details features highlights information introduction "
    "key license licence licensing overview specifications summary technical terms"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an artifact's docs or approved texts, and the passages that it rests on."""

    text: str
    evidence: tuple[Evidence, ...]
    heading: tuple[str, ...] = ()
    header: str = ""
    before: bool = False
    """Whether something stands in front of it in its passage."""

    @property
    def is_row(self) -> bool:
        return bool(self.evidence) and self.evidence[0].kind == "table-row"


@dataclass(frozen=True)
class Side:
    """One artifact of a comparison and what its docs say; `name` is what the page calls it."""

    place: int
    entry: CatalogEntry
    name: str
    is_named_alone: bool
    """Whether no other artifact of the comparison has its name."""

    @property
    def slug(self) -> str:
        return self.entry.artifact.slug

    @cached_property
    def passages(self) -> tuple[Statement, ...]:
        """The sentences of the passages that it cites for itself; a table row is one."""
        return tuple(statement for item in self._cited for statement in _read(item))

    @cached_property
    def claims(self) -> tuple[Statement, ...]:
        """The sentences of its approved texts."""
        found = []
        for record in self.entry.capabilities:
            for _, field in record.fields():
                own = tuple(item for item in field.evidence if item.side == "artifact")
                if own:
                    found += [
                        Statement(one_line(field.text[start:end]), own, before=start > 0)
                        for start, end in sentences(field.text)
                    ]
        return tuple(found)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """All that it says, to look numbers up in."""
        said = [f"{item.header}\n{item.text}" for item in self.passages]
        return (*said, *(item.text for item in self.claims), self.entry.artifact.name)

    @cached_property
    def _cited(self) -> tuple[Evidence, ...]:
        items = (
            item
            for record in self.entry.capabilities
            for _, field in record.fields()
            for item in field.evidence
            if item.side == "artifact" and item.kind != "code"
        )
        return tuple({(i.document, i.start, i.quote): i for i in items}.values())

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where `text` names it, and not a variant such as NAME 7B and NAME-XL."""
        name = self.entry.artifact.name
        exact = not re.search(r"[0-9\s-]", name)
        return [
            (start, end)
            for start, end in spans_of((name,), text)
            if not _VARIANT_BEHIND.match(text, end) and not (exact and text[start:end] != name)
        ]

    def is_named(self, text: str) -> bool:
        """Tell whether `text` says its name, a variant's too."""
        return bool(spans_of((self.entry.artifact.name,), text))

    def as_subject(self, text: str) -> str:
        """Return `text` with `SUBJECT` for its name, where the name is the subject; else ""."""
        opened = re.match(r"(?:the\s+)?", text, re.IGNORECASE)
        start = opened.end() if opened else 0
        end = next((end for first, end in self.spans(text) if first == start), 0)
        return f"{SUBJECT}{_OF.sub('', text[end:], count=1)}" if end else ""

    def as_itself(self, statement: Statement) -> str:
        """Return what a statement of its own docs says of it, with `SUBJECT`; else ""."""
        text = statement.text
        if named := self.as_subject(text):
            return named
        kind = _KINDS.get(self.entry.artifact.type, re.escape(self.entry.artifact.type))
        found = re.match(rf"(?:(?:the|this|our) (?:{kind})|its?)\b", text, re.IGNORECASE)
        if found is None or (statement.before and found[0].casefold().startswith("it")):
            return ""
        return f"{SUBJECT}{text[found.end() :]}" if self.is_at_home(statement) else ""

    def is_at_home(self, statement: Statement) -> bool:
        """Tell whether no heading above speaks of a part of it, or of something else."""
        return all(
            content_words(part) <= _PLAIN_HEADING | content_words(self.entry.artifact.name)
            for part in statement.heading[-1:]
        )


def sides_of(entries: Sequence[CatalogEntry], names: Sequence[str]) -> list[Side]:
    """Return the sides of a comparison; `names` are what the page calls them."""
    keys = [name_key(entry.artifact.name) for entry in entries]
    return [
        Side(place, entry, name, bool(keys[place]) and keys.count(keys[place]) == 1)
        for place, (entry, name) in enumerate(zip(entries, names, strict=True))
    ]


def said_of(speaker: Side, subject: Side, sides: Sequence[Side]) -> Iterator[tuple[str, Statement]]:
    """Yield what `speaker` says of `subject` and of no other, with `SUBJECT` for its name."""
    for statement in (*speaker.passages, *speaker.claims):
        if statement.is_row or not subject.is_named(statement.text):
            continue
        for piece in _PIECES.split(statement.text):
            said = subject.as_subject(piece.strip())
            if said and not any(side.is_named(said) for side in sides):
                yield said, statement


def _read(item: Evidence) -> Iterator[Statement]:
    from capdraft.sources import readable

    heading = tuple(readable(part, "paragraph", item.markup) for part in item.heading)
    header = readable(item.header, "table-row", item.markup) if item.header else ""
    text = readable(item.quote, item.kind, item.markup)
    if item.kind == "table-row":
        yield Statement(text, (item,), heading, header)
        return
    for start, end in sentences(text):
        yield Statement(one_line(text[start:end]), (item,), heading, before=start > 0)
