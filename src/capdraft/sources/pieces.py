"""What the readers of every format share: pieces of a text, and the headings above them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from capdraft.records import PassageKind
from capdraft.records.documents import Boilerplate, Markup


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that may become a passage, if it shows anything."""

    kind: PassageKind
    start: int
    end: int
    heading: tuple[str, ...] = ()
    header: str | None = None
    boilerplate: Boilerplate | None = None
    """What a reader sees in the markup: "page" is sure, "contents" is links to the same page."""
    markup: Markup | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a file."""

    text: str
    pieces: Iterable[Piece]
    title: str | None = None
    front_matter: dict[str, object] = field(default_factory=dict)


class Outline:
    """The headings above the place that a reader has reached."""

    def __init__(self) -> None:
        self.title: str | None = None
        self._open: tuple[tuple[int, str], ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The open headings, outermost first."""
        return tuple(text for _, text in self._open)

    def enter(self, level: int, text: str) -> None:
        """Open a heading, and close those of its level and below; an empty one changes nothing."""
        if text:
            above = tuple(heading for heading in self._open if heading[0] < level)
            self._open = (*above, (level, text))
            self.title = self.title or text

    def mark(self) -> tuple[tuple[int, str], ...]:
        """Return what `back_to` needs to undo the headings entered from here on."""
        return self._open

    def back_to(self, mark: tuple[tuple[int, str], ...]) -> None:
        """Close the headings entered since `mark`: those of a list item end with it."""
        self._open = mark


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return `start` and `end` without the white space at both ends of `text[start:end]`."""
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip())
    return start, start + len(raw.strip())


def read_paragraphs(text: str) -> Iterator[Piece]:
    """Yield the paragraphs of a plain text: lines between blank lines; nothing in it is markup."""
    start: int | None = None
    offset = 0
    for line in text.split("\n"):
        if line.strip():
            start = offset if start is None else start
        elif start is not None:
            yield Piece("paragraph", start, offset, markup="none")
            start = None
        offset += len(line) + 1
    if start is not None:
        yield Piece("paragraph", start, len(text), markup="none")
