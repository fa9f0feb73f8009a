"""Markdown blocks become pieces with exact offsets into the document's text."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from capdraft.records import PassageKind
from capdraft.sources.html import HtmlReader
from capdraft.sources.markup import readable
from capdraft.sources.pieces import Outline, Piece

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_CONTAINERS: dict[str, PassageKind] = {"list_item": "list-item", "blockquote": "quote"}
_QUOTE_MARKERS = re.compile(r"[ \t>]*")
_LIST_MARKER = re.compile(r"[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+")


def read_markdown(
    text: str, start: int = 0, *, outline: Outline | None = None
) -> tuple[list[Piece], str | None]:
    """Return the pieces of `text` from offset `start` on, and its first heading.

    `outline` holds the headings of what comes before it, and takes those of `text`.
    """
    reader = _Reader(text, start, outline or Outline())
    reader.read()
    return sorted(reader.pieces, key=lambda piece: piece.start), reader.outline.title


@cache
def _block_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Blocks only: `readable` reads what is inside of them. What is nested deeper than
    # maxNesting is dropped, and each list takes two levels.
    parser = MarkdownIt("commonmark", {"maxNesting": 100})
    return parser.enable("table").disable("inline")


class _Reader:
    def __init__(self, text: str, start: int, outline: Outline) -> None:
        self._text = text
        self._source = text[start:]
        # Only \n ends a line for markdown-it; splitlines() knows nine more.
        self._lines = self._source.split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in self._lines), initial=start))
        self._containers: list[tuple[Token, tuple[tuple[int, str], ...]]] = []
        self._header: Piece | None = None
        self._has_rows = False
        self.pieces: list[Piece] = []
        self.outline = outline
        self._html = HtmlReader(text, self.outline, self.pieces)

    def read(self) -> None:
        tokens = _block_parser().parse(self._source)
        for before, token in pairwise([tokens[0], *tokens] if tokens else []):
            self._take(token, before)
        self._html.finish()

    def _take(self, token: Token, before: Token) -> None:
        name, _, side = token.type.rpartition("_")
        if name in _CONTAINERS:
            self._take_container(token, side)
        elif token.type == "inline":
            self._take_inline(token, before)
        elif token.type in ("fence", "code_block"):
            self._add_code(token)
        elif token.type == "html_block":
            self._add_html(token)
        elif token.type == "tr_open":
            self._take_row(token, is_header=before.type == "thead_open")
        elif token.type == "table_close" and self._header and not self._has_rows:
            self.pieces.append(self._header)

    def _take_container(self, token: Token, side: str) -> None:
        if side == "open":
            self._containers.append((token, self.outline.mark()))
        else:
            self.outline.back_to(self._containers.pop()[1])

    def _take_inline(self, token: Token, before: Token) -> None:
        if before.type == "heading_open":
            heading = " ".join(readable(token.content, "paragraph").split())
            self.outline.enter(int(before.tag[1]), heading)
        elif before.type == "paragraph_open":
            self._add(self._kind(), token.content, *_lines_of(token))

    def _kind(self) -> PassageKind:
        if not self._containers:
            return "paragraph"
        return _CONTAINERS[self._containers[-1][0].type.removesuffix("_open")]

    def _add(self, kind: PassageKind, content: str, first: int, last: int) -> None:
        """Add the piece whose `content` markdown-it found on the lines from `first` to `last`.

        A line of content ends as its source line does; what was before it are markers.
        """
        lines = content.strip().split("\n")
        top, bottom = lines[0].rstrip(), lines[-1]
        if not top:
            return
        while not self._lines[first].rstrip().endswith(top):
            first += 1
        while not self._lines[last].rstrip().endswith(bottom.strip()):
            last -= 1
        start = self._line_end(first) - len(top)
        self.pieces.append(Piece(kind, start, self._line_end(last), self.outline.path))

    def _line_end(self, line: int) -> int:
        return self._starts[line] + len(self._lines[line].rstrip())

    def _add_code(self, token: Token) -> None:
        first, last = _lines_of(token)
        if token.type == "fence":
            first += 1
            last = first + len(token.content.removesuffix("\n").split("\n")) - 1
        blank = len(token.content) - len(token.content.lstrip())
        first += token.content.count("\n", 0, blank)
        self._add("code", token.content, first, last)

    def _add_html(self, token: Token) -> None:
        first, last = _lines_of(token)
        lines = token.content.split("\n")
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))

        def place(offset: int) -> int:
            line = bisect_right(starts, offset) - 1
            source = min(first + line, last)
            # What the content lacks are markers and indentation, at the start of a line.
            cut = len(self._lines[source]) - len(lines[line])
            column = max(0, cut + offset - starts[line])
            return self._starts[source] + min(column, len(self._lines[source]))

        self._html.read(token.content, place, self._kind())

    def _take_row(self, token: Token, *, is_header: bool) -> None:
        line = _lines_of(token)[0]
        start, end = self._row_start(line), self._line_end(line)
        path = self.outline.path
        if is_header:
            self._header = Piece("table-row", start, end, path)
            self._has_rows = False
            self._header_text = readable(self._text[start:end], "table-row") or None
        else:
            self._has_rows = True
            self.pieces.append(Piece("table-row", start, end, path, self._header_text))

    def _row_start(self, line: int) -> int:
        source, start = self._lines[line], 0
        for container, _ in self._containers:
            if container.type == "list_item_open" and _lines_of(container)[0] == line:
                marker = _LIST_MARKER.match(source, start)
                start = marker.end() if marker else start
        found = _QUOTE_MARKERS.match(source, start)
        return self._starts[line] + (found.end() if found else start)


def _lines_of(token: Token) -> tuple[int, int]:
    """Return the first and the last line of a block token."""
    first, behind = token.map or [0, 1]
    return first, behind - 1
