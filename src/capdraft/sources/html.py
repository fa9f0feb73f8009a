"""HTML blocks inside Markdown: each block element's run of text is a piece.

Not the standard library's HTMLParser: 60 kB of `<a <a <a` keep it busy for 40 seconds on Python
3.11, it fails on `<![x`, and what it makes of broken markup differs between Python versions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from capdraft.records import PassageKind
from capdraft.records.documents import Boilerplate
from capdraft.sources.markup import BLOCK_TAGS, image_text, readable
from capdraft.sources.pieces import Outline, Piece, trim

_KINDS: dict[str, PassageKind] = {
    "li": "list-item",
    "blockquote": "quote",
    "pre": "code",
    "tr": "table-row",
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LONE_TAGS = (
    "area base br col colgroup dd dt embed hr img input li link meta optgroup option p param rp rt"
    " source tbody td tfoot th thead tr track wbr"
)
# Without an end tag, most often: the next one ends it.
_ENDS_ITSELF = frozenset(_LONE_TAGS.split())
_TO_ANCHOR = re.compile(r"""\shref\s*=\s*["']?\#""", re.IGNORECASE)
# A quote character means something only behind an equals sign, as in a browser.
_MARKUP = re.compile(
    r"""
    <!--.*?(?:-->|\Z)
    | <(script|style)\b.*?(?:</\1\s*>|\Z)
    | <[!?][^>]*>
    | <(?P<slash>/?)(?P<tag>[a-z][a-z0-9-]*)
      # Each character fits one branch only, so that a tag without an end fails at once.
      (?:=\s*(?:"[^"]*"|'[^']*')|=(?!\s*(?:"[^"]*"|'[^']*'))|[^<>=])*>
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


class _Event(NamedTuple):
    """A tag or a text, with its offsets in the document."""

    type: Literal["start", "end", "text"]
    tag: str
    start: int
    end: int


class _Element(NamedTuple):
    """An open block element, and what it hands on to those inside of it."""

    tag: str
    kind: PassageKind
    in_row: bool


class HtmlReader:
    """Reads the HTML blocks of one document; a table may continue from one block to the next."""

    def __init__(self, text: str, outline: Outline, pieces: list[Piece]) -> None:
        self._text = text
        self._outline = outline
        self._pieces = pieces
        self._header: str | None = None
        self._pending: list[Piece] = []  # Header rows whose table has no body row yet.
        self._open: list[_Element] = []
        self._count: Counter[str] = Counter()  # Of the open elements by tag.
        self._run: tuple[int, int] | None = None
        self._cells: set[str] = set()
        self._in_anchor = False
        self._has_plain = False  # Words in no link to a place in the document.

    def read(self, content: str, place: Callable[[int], int], kind: PassageKind) -> None:
        """Add the pieces of one block; `place` maps its offsets to those of the document.

        `kind` is that of a text in no element with a kind of its own.
        """
        self._open = [_Element("", kind, in_row=False)]
        self._count.clear()
        for event in _events(content, place):
            self._take(event)
        self._flush()

    def finish(self) -> None:
        """Add the header rows of a table that had no other row."""
        self._pieces.extend(self._pending)
        self._pending = []
        self._header = None

    def _take(self, event: _Event) -> None:
        if event.type == "text":
            self._has_plain |= not self._in_anchor
            self._extend(event)
        elif event.tag == "a":
            tag = self._text[event.start : event.end]
            self._in_anchor = event.type == "start" and bool(_TO_ANCHOR.search(tag))
        elif event.tag == "img":
            if image_text(self._text[event.start : event.end]).strip():
                self._extend(event)
        elif self._open[-1].in_row and event.tag not in ("tr", "table"):
            if event.tag in ("td", "th"):
                self._cells.add(event.tag)
                self._extend(event)  # Empty cells count: they keep the columns in place.
        elif event.tag in BLOCK_TAGS:
            self._flush()
            self._enter_or_leave(event)

    def _enter_or_leave(self, event: _Event) -> None:
        tag, above = event.tag, self._open[-1]
        if tag == "table":
            self.finish()
        if event.type == "start" and tag != "hr":
            in_row = tag == "tr" or (above.in_row and tag != "table")
            self._open.append(_Element(tag, _KINDS.get(tag, above.kind), in_row))
            self._count[tag] += 1
        elif event.type == "end" and self._count[tag]:
            closed = ""
            while closed != tag:
                closed = self._open.pop().tag
                self._count[closed] -= 1

    def _extend(self, event: _Event) -> None:
        self._run = (self._run[0] if self._run else event.start, event.end)

    def _flush(self) -> None:
        run, cells = self._run, self._cells
        links_only, self._has_plain = not self._has_plain, False
        self._run, self._cells = None, set()
        if run is None:
            return
        element = self._open[-1]
        if element.tag in _HEADINGS:
            heading = " ".join(readable(self._text[slice(*run)], "paragraph").split())
            self._outline.enter(_HEADINGS[element.tag], heading)
        elif element.in_row:
            self._add_row(run, is_header=cells == {"th"})
        else:
            why: Boilerplate | None = "contents" if links_only else None
            self._pieces.append(Piece(element.kind, *run, self._outline.path, boilerplate=why))

    def _add_row(self, run: tuple[int, int], *, is_header: bool) -> None:
        if not is_header:
            self._pending = []
            self._pieces.append(Piece("table-row", *run, self._outline.path, self._header))
            return
        shown = readable(self._text[slice(*run)], "table-row")
        above = (self._header,) if self._pending and self._header else ()
        self._header = " / ".join((*above, shown)) or None
        self._pending.append(Piece("table-row", *run, self._outline.path))


def nesting(content: str) -> int:
    """Return how deep the elements of `content` are nested at most, those left open counted."""
    depth = deepest = 0
    for found in _MARKUP.finditer(content):
        tag = (found["tag"] or "").lower()
        if tag and tag not in _ENDS_ITSELF:
            depth = max(0, depth - 1) if found["slash"] else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _events(content: str, place: Callable[[int], int]) -> Iterator[_Event]:
    behind = 0
    for found in _MARKUP.finditer(content):
        start, end = found.span()
        yield from _text(content, behind, start, place)
        if found["tag"]:
            side: Literal["start", "end"] = "end" if found["slash"] else "start"
            yield _Event(side, found["tag"].lower(), place(start), place(end))
        behind = end
    yield from _text(content, behind, len(content), place)


def _text(content: str, start: int, end: int, place: Callable[[int], int]) -> Iterator[_Event]:
    # Trimmed here, where the markers of a quote or list around the block are out of the way.
    start, end = trim(content, start, end)
    if start < end:
        yield _Event("text", "", place(start), place(end))
