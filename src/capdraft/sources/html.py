"""HTML blocks inside Markdown: each block element's run of text is a piece."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

from capdraft.records import PassageKind
from capdraft.sources.markup import BLOCK_TAGS, SILENT_TAGS, image_text, readable
from capdraft.sources.pieces import Outline, Piece

_KINDS: dict[str, PassageKind] = {
    "li": "list-item",
    "blockquote": "quote",
    "pre": "code",
    "tr": "table-row",
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BROKEN_MARKUP = re.compile(r"<[A-Za-z/!?]")


@dataclass(slots=True)
class _Event:
    """A tag or a text; `end` is where the next event begins."""

    type: Literal["start", "end", "text", "other"]
    start: int
    end: int = 0
    tag: str = ""


class _EventParser(HTMLParser):
    def __init__(self, place: Callable[[int, int], int]) -> None:
        super().__init__(convert_charrefs=True)
        self._place = place
        self.events: list[_Event] = []

    def _add(self, kind: Literal["start", "end", "text", "other"], tag: str = "") -> None:
        start = self._place(*self.getpos())
        if self.events:
            self.events[-1].end = start
        self.events.append(_Event(kind, start, tag=tag))

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._add("start", tag)

    def handle_startendtag(self, tag: str, _attrs: object) -> None:
        # HTMLParser would report an end here too; a browser ignores the slash.
        self._add("start" if tag not in SILENT_TAGS else "other", tag)

    def handle_endtag(self, tag: str) -> None:
        self._add("end", tag)

    def handle_data(self, _data: str) -> None:
        self._add("text")

    def handle_comment(self, _data: str) -> None:
        self._add("other")

    def handle_decl(self, _decl: str) -> None:
        self._add("other")

    def handle_pi(self, _data: str) -> None:
        self._add("other")

    def unknown_decl(self, _data: str) -> None:
        self._add("other")


class HtmlReader:
    """Reads the HTML blocks of one document; a table may continue from one block to the next."""

    def __init__(self, text: str, outline: Outline, pieces: list[Piece]) -> None:
        self._text = text
        self._outline = outline
        self._pieces = pieces
        self._header: str | None = None
        self._pending: Piece | None = None  # A header row whose table has no body row yet.
        self._start_block("paragraph")

    def read(
        self, content: str, end: int, place: Callable[[int, int], int], kind: PassageKind
    ) -> None:
        """Add the pieces of one block; `place` maps its lines and columns to document offsets.

        `kind` is that of a text in no element with a kind of its own; `end` is the block's end.
        """
        self._start_block(kind)
        for event in _events(content, end, place):
            if event.type == "text" and self._text.startswith("<!--", event.start):
                break  # A comment that the blank line behind this block cuts off.
            self._take(event)
        self._flush()

    def finish(self) -> None:
        """Add the header row of a table that had no other row."""
        if self._pending:
            self._pieces.append(self._pending)
        self._pending = self._header = None

    def _start_block(self, kind: PassageKind) -> None:
        self._kind = kind
        self._open: list[str] = []
        self._silent = ""
        self._run: tuple[int, int] | None = None
        self._cells: set[str] = set()

    def _take(self, event: _Event) -> None:
        if event.tag in SILENT_TAGS:
            self._silent = event.tag if event.type == "start" else ""
        elif self._silent:
            return
        elif event.type == "text":
            self._take_text(event)
        elif event.tag == "img":
            if image_text(self._text[event.start : event.end]).strip():
                self._extend(event)
        elif event.tag in BLOCK_TAGS:
            self._take_block_tag(event)

    def _take_text(self, event: _Event) -> None:
        raw = self._text[event.start : event.end]
        if raw.strip() and not _BROKEN_MARKUP.match(raw):
            self._extend(event)

    def _take_block_tag(self, event: _Event) -> None:
        if self._in_row() and event.tag not in ("tr", "table"):
            if event.tag in ("td", "th"):
                self._cells.add(event.tag)
                self._extend(event)  # Empty cells count: they keep the columns in place.
            return
        self._flush()
        if event.tag == "table":
            self.finish()
        if event.type == "start" and event.tag != "hr":
            self._open.append(event.tag)
        elif event.tag in self._open:
            while self._open.pop() != event.tag:
                pass

    def _in_row(self) -> bool:
        nearest = (tag for tag in reversed(self._open) if tag in ("tr", "table"))
        return next(nearest, "") == "tr"

    def _extend(self, event: _Event) -> None:
        self._run = (self._run[0] if self._run else event.start, event.end)

    def _flush(self) -> None:
        run, cells = self._run, self._cells
        self._run, self._cells = None, set()
        if run is None:
            return
        if self._open and self._open[-1] in _HEADINGS:
            heading = " ".join(readable(self._text[slice(*run)], "paragraph").split())
            self._outline.enter(_HEADINGS[self._open[-1]], heading)
        elif self._in_row():
            self._flush_row(run, is_header=cells == {"th"})
        else:
            own = (_KINDS[tag] for tag in reversed(self._open) if tag in _KINDS)
            self._pieces.append(Piece(next(own, self._kind), *run, self._outline.path))

    def _flush_row(self, run: tuple[int, int], *, is_header: bool) -> None:
        if not is_header:
            self._pending = None
            self._pieces.append(Piece("table-row", *run, self._outline.path, self._header))
            return
        above = self._pending  # A header of two rows is one header.
        shown = readable(self._text[slice(*run)], "table-row")
        self._header = f"{self._header} / {shown}" if above and self._header else shown or None
        start = above.start if above else run[0]
        self._pending = Piece("table-row", start, run[1], self._outline.path)


def _events(content: str, end: int, place: Callable[[int, int], int]) -> list[_Event]:
    parser = _EventParser(place)
    # HTMLParser gives up on an unknown `<![`, which a browser takes for a comment.
    parser.feed(content.replace("<![", "<!-["))
    parser.close()
    if parser.events:
        parser.events[-1].end = end
    return parser.events
