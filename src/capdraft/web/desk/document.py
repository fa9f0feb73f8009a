"""A document beside a claim: its passages as blocks, those that are cited marked and numbered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from capdraft.records import Document, Passage, Side
from capdraft.reviewing.citing import OpenDocument
from capdraft.web.desk.citing import choice
from capdraft.web.desk.marks import Piece, marked

WHOLE = 400
"""Passages of a document that is shown whole."""
AROUND = 30
"""Passages that are shown before and behind each cited one of a longer document."""
AROUND_HIT = 2
AT_FIRST = 60
"""Passages of a longer document's start that are shown where none of it is cited."""
MOST_HITS = 100
_GROUPED = {"list-item": "list", "table-row": "table"}
_SIDES: tuple[Side, ...] = ("artifact", "alternative")


@dataclass(frozen=True, slots=True)
class Choice:
    """A box that cites a passage, for one side of a comparison."""

    side: Side
    value: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A passage as it is shown; `cells` are those of a table row."""

    number: int
    pieces: tuple[Piece, ...]
    cells: tuple[tuple[Piece, ...], ...] = ()
    citations: tuple[int, ...] = ()
    """Numbers of the citations that it is."""
    instead: tuple[int, ...] = ()
    """Numbers of citations that are not in the document any more, and read most like this."""
    suggested: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind under one another, a heading, or what is not shown."""

    kind: str
    """heading, paragraph, quote, code, list, table, boilerplate or gap"""
    lines: tuple[Line, ...] = ()
    text: str = ""
    level: int = 0
    header: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class Asked:
    """How documents are to be shown."""

    comparison: bool = False
    checked: frozenset[str] = frozenset()
    """Values of the form that are chosen."""
    words: str = ""
    whole: bool = False
    raw: bool = False
    citations: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """Numbers of the citations that a passage is, by its number."""
    instead: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    suggested: frozenset[int] = frozenset()

    @property
    def marked(self) -> set[int]:
        """The numbers of the passages that have to be seen."""
        chosen = {int(value.partition(":")[0]) for value in self.checked if value[:1].isdigit()}
        return {*self.citations, *self.instead, *self.suggested, *chosen}


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as the desk shows it."""

    id: str
    uri: str
    how: str
    """unchanged, changed, away (not at hand) or unreadable"""
    retrieved: str
    cited: bool = False
    passages: int = 0
    shown: int = 0
    hits: int = 0
    blocks: tuple[Block, ...] = ()


def view_document(item: OpenDocument, asked: Asked, *, away: bool) -> DocumentView:
    """Return a document as it is shown; `away` says that it is not at hand, not unreadable."""
    ref = item.ref
    when = f"{ref.retrieved:%Y-%m-%d %H:%M}"
    if item.document is None:
        return DocumentView(ref.id, ref.uri, "away" if away else "unreadable", when)
    passages = item.document.passages
    hits = _hits(passages, asked.words)
    wanted = asked.marked
    cited = [place for place, passage in enumerate(passages) if passage.number in wanted]
    places = _places(passages, cited, hits, asked.whole)
    return DocumentView(
        ref.id,
        ref.uri,
        "changed" if item.changed else "unchanged",
        when,
        bool(cited),
        len(passages),
        len(places),
        len(hits),
        tuple(_blocks(item.document, places, _Lines(item.document, item.ref.media_type, asked))),
    )


def _hits(passages: Sequence[Passage], words: str) -> list[int]:
    wanted = words.casefold().split()
    found = (
        place
        for place, passage in enumerate(passages)
        if wanted and all(word in passage.shown.casefold() for word in wanted)
    )
    return [place for place, _ in zip(found, range(MOST_HITS), strict=False)]


def _places(
    passages: Sequence[Passage], cited: Sequence[int], hits: Sequence[int], whole: bool
) -> list[int]:
    """Return which passages are shown: all of a short document, else those around what matters."""
    if whole or len(passages) <= WHOLE:
        return list(range(len(passages)))
    around = [(place, AROUND) for place in cited] + [(place, AROUND_HIT) for place in hits]
    shown = {
        near
        for place, far in around
        for near in range(max(0, place - far), min(len(passages), place + far + 1))
    }
    return sorted(shown or range(AT_FIRST))


def _blocks(document: Document, places: Sequence[int], lines: _Lines) -> Iterator[Block]:
    passages = document.passages
    above: tuple[str, ...] = ()
    following = 0
    # What follows without a gap has the same distance to its place among the shown ones.
    runs = groupby(enumerate(places), key=lambda at: (at[1] - at[0], _sort(at[1], passages[at[1]])))
    for _, run in runs:
        group = [place for _, place in run]
        if group[0] > following:
            yield Block("gap", left_out=group[0] - following)
        following = group[-1] + 1
        first = passages[group[0]]
        if first.boilerplate is None:
            yield from _headings(above, first.heading)
            above = first.heading
        yield lines.block([passages[place] for place in group])
    if following < len(passages):
        yield Block("gap", left_out=len(passages) - following)


def _sort(place: int, passage: Passage) -> tuple[object, ...]:
    """Return what passages that stand in one block have in common."""
    if passage.boilerplate is not None:
        return ("boilerplate",)
    if passage.kind in _GROUPED:
        return passage.kind, passage.heading, passage.header
    return (place,)


def _headings(above: tuple[str, ...], now: tuple[str, ...]) -> Iterator[Block]:
    same = 0
    while same < min(len(above), len(now)) and above[same] == now[same]:
        same += 1
    for level, text in enumerate(now[same:], same + 1):
        yield Block("heading", text=text, level=min(level + 2, 6))


class _Lines:
    """Makes the lines of one document."""

    def __init__(self, document: Document, media_type: str, asked: Asked) -> None:
        from capdraft.sources import RECORDS_MEDIA_TYPE

        self.document = document
        self.asked = asked
        # Another artifact's records speak for the other side only.
        self.sides = _SIDES[1:] if media_type == RECORDS_MEDIA_TYPE else _SIDES
        if not asked.comparison:
            self.sides = tuple(side for side in self.sides if side == "artifact")

    def block(self, passages: Sequence[Passage]) -> Block:
        """Return the block that `passages` are."""
        from capdraft.sources import readable

        first = passages[0]
        kind = "boilerplate" if first.boilerplate else _GROUPED.get(first.kind, first.kind)
        lines = tuple(self._line(passage) for passage in passages)
        header = _cells(readable(first.header, "table-row", first.markup)) if first.header else ()
        return Block(kind, lines, text=first.boilerplate or "", header=header)

    def _line(self, passage: Passage) -> Line:
        asked = self.asked
        text = self.document.text[passage.start : passage.end] if asked.raw else passage.shown
        is_row = passage.kind == "table-row" and not asked.raw
        return Line(
            number=passage.number,
            pieces=_found(text, asked.words),
            cells=tuple(_found(cell, asked.words) for cell in _cells(text)) if is_row else (),
            citations=asked.citations.get(passage.number, ()),
            instead=asked.instead.get(passage.number, ()),
            suggested=passage.number in asked.suggested,
            choices=tuple(self._choice(passage, side) for side in self.sides),
        )

    def _choice(self, passage: Passage, side: Side) -> Choice:
        value = choice(self.document, passage, side)
        return Choice(side, value, value in self.asked.checked)


def _cells(row: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row.split(" | "))


def _found(text: str, words: str) -> tuple[Piece, ...]:
    """Return `text` with what a search found in it marked."""
    folded = text.casefold()
    spans: list[tuple[int, int]] = []
    if len(folded) == len(text):  # else the places would be others
        for word in dict.fromkeys(words.casefold().split()):
            start = folded.find(word)
            while start >= 0 and len(spans) < MOST_HITS:
                spans.append((start, start + len(word)))
                start = folded.find(word, start + len(word))
    return marked(text, spans)
