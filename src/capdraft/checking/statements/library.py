"""Passages made ready to look sentences up in, with what stands above each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from capdraft.checking.identifiers import spans_of
from capdraft.checking.quotes.windows import Window, WindowIndex
from capdraft.checking.quotes.words import stems
from capdraft.records import Document, Evidence, PassageKind


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage without markup: where it stands, what it says, and what stands above it."""

    document: str
    number: int
    text: str
    kind: PassageKind = "paragraph"
    above: tuple[str, ...] = ()
    header: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences of one passage, or of neighbours, that may say a sentence."""

    passages: tuple[Shown, ...]
    text: str
    before: str
    """The sentence in front of it, in the same passage."""
    is_joined: bool
    """Whether it is more than one sentence."""

    @property
    def above(self) -> tuple[str, ...]:
        return self.passages[0].above

    @property
    def header(self) -> str:
        return self.passages[0].header

    @property
    def is_row(self) -> bool:
        return self.passages[0].kind == "table-row"


class Library:
    """The passages that can be cited for one artifact, and what it is called.

    `kind` is its type: that a model is a model, no passage needs to say.
    """

    def __init__(self, passages: Iterable[Shown], name: str, kind: str = "") -> None:
        self.passages = list(passages)
        self.names = (name,)
        self.idle = frozenset(stems(f"{name} {kind}"))

    @cached_property
    def _index(self) -> WindowIndex:
        return WindowIndex([passage.text for passage in self.passages])

    def near(self, sentence: str) -> Iterator[Stretch]:
        """Yield what shares words with `sentence`, the nearest first."""
        for window in self._index.ranked(sentence):
            stretch = self._stretch(window)
            if stretch:
                yield stretch

    def _stretch(self, window: Window) -> Stretch | None:
        units = self._index.units[window.first : window.last + 1]
        places = sorted({unit.passage for unit in units})
        passages = tuple(self.passages[place] for place in places)
        first, last = passages[0], passages[-1]
        if last.document != first.document or last.number - first.number != len(passages) - 1:
            return None
        text = " ".join(self.passages[u.passage].text[u.start : u.end] for u in units)
        before = self._before(window.first)
        return Stretch(passages, self.without_name(text), before, window.last > window.first)

    def _before(self, number: int) -> str:
        units = self._index.units
        if number == 0 or units[number - 1].passage != units[number].passage:
            return ""
        unit = units[number - 1]
        return self.without_name(self.passages[unit.passage].text[unit.start : unit.end])

    def without_name(self, text: str) -> str:
        """Return `text` with "it" for each of the names."""
        for start, end in reversed(_outermost(spans_of(self.names, text))):
            text = f"{text[:start]}it{text[end:]}"
        return text


def _outermost(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans, in order, without those that overlap an earlier one."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def of_document(document: Document) -> Iterator[Shown]:
    """Yield the passages of a document that can be cited."""
    from capdraft.sources import readable

    for passage in document.passages:
        if passage.boilerplate is None and passage.kind != "code":
            header = readable(passage.header, "table-row", passage.markup) if passage.header else ""
            yield Shown(
                document.uri,
                passage.number,
                passage.shown,
                passage.kind,
                tuple(readable(part, "paragraph", passage.markup) for part in passage.heading),
                header,
            )


def of_evidence(evidence: Iterable[Evidence]) -> Iterator[Shown]:
    """Yield what is cited, in the order in which it stands in its documents."""
    from capdraft.sources import readable

    for item in sorted(evidence, key=lambda item: (item.document, item.passage)):
        header = readable(item.header, "table-row", item.markup) if item.header else ""
        yield Shown(
            item.document,
            item.passage,
            readable(item.quote, item.kind, item.markup),
            item.kind,
            tuple(readable(part, "paragraph", item.markup) for part in item.heading),
            header,
        )
