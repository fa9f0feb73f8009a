"""HTML pages: each block element's run of text becomes a block, what is for the browser none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING, Literal, NamedTuple

from capdraft.errors import SourceError
from capdraft.records import PassageKind
from capdraft.records.documents import Boilerplate
from capdraft.sources.blocks import Block, extra_needed, join_blocks, literal, parsing, table_row
from capdraft.sources.decoding import Source, declared_charset
from capdraft.sources.html import nesting
from capdraft.sources.markup import BLOCK_TAGS, SILENT_TAGS, image_text, readable
from capdraft.sources.pieces import Outline, Reading
from capdraft.sources.table_grid import Grid, Span, span_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SILENT = SILENT_TAGS | {"head", "iframe", "nav", "noscript", "svg", "template"}
_KINDS: dict[str, PassageKind] = {"li": "list-item", "blockquote": "quote", "pre": "code"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SHOWN_AS = {"br": "\n", "sup": "^"}  # 10<sup>2</sup> is not 102


_LETTER = re.compile(r"[^\W\d_]")
# What a permalink beside a heading shows.
_PERMALINKS = frozenset({"¶", "#", "🔗"})
# Deeper, the parser takes minutes: it looks through all open elements for each new one.
_MAX_NESTED = 10_000


class _Event(NamedTuple):
    type: Literal["start", "end", "text"]
    value: str
    to_anchor: bool = False
    """Of a link: to a place in the same page."""
    span: Span = Span()


class _Cell(NamedTuple):
    tag: str
    span: Span
    words: list[str]


def read_web_page(source: Source) -> Reading:
    """Return what an HTML page shows; its first `<h1>`, else its `<title>`, is the title.

    Raises:
        SourceError: selectolax is missing, or the file is not UTF-8 text.
    """
    with extra_needed("html", ".html", source.uri):
        from selectolax.lexbor import LexborHTMLParser

    markup = source.text(declared_charset(source.data))
    _refuse_bombs(markup, source.uri)
    with parsing("HTML page", source.uri):
        page = LexborHTMLParser(markup)
        reader = _PageReader()
        if page.root is not None:
            silent = {node.mem_id for node in page.css('[role="navigation"]')}
            for event in _events(page.root, silent):
                reader.take(event)
        reader.flush()
        named = page.css_first("title")
    title = " ".join(named.text().split()) if named else ""
    title_found = reader.first_h1 or title or reader.outline.title
    return Reading(*join_blocks(reader.blocks), title=title_found)


def _refuse_bombs(markup: str, uri: str) -> None:
    """Raise SourceError for elements that are nested deeper than any page's are."""
    if markup.count("<") > _MAX_NESTED and (deepest := nesting(markup)) > _MAX_NESTED:
        raise SourceError(
            f"the elements are nested {deepest} deep; {_MAX_NESTED} are read",
            where=uri,
            hint="Close what is open in the page, or give its text as .txt.",
        )


def _events(root: LexborNode, silent: Set[int]) -> Iterator[_Event]:
    """Yield the tags and texts below `root`; a page may be nested deeper than Python calls."""
    stack: list[LexborNode | _Event] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            yield node
        elif node.is_text_node:
            yield _Event("text", node.text_content or "")
        elif node.tag == "img":
            yield _Event("text", image_text(node.html or ""))
        elif node.is_element_node and node.tag not in _SILENT and node.mem_id not in silent:
            yield _start(node)
            stack.append(_Event("end", node.tag or ""))
            child = node.last_child
            while child is not None:
                stack.append(child)
                child = child.prev


def _start(node: LexborNode) -> _Event:
    tag = node.tag or ""
    if tag == "a":
        to_anchor = (node.attributes.get("href") or "")[:1] == "#"
        return _Event("start", tag, to_anchor=to_anchor)
    if tag in ("td", "th"):
        return _Event("start", tag, span=span_of(node.attributes))
    return _Event("start", tag)


class _PageReader:
    """Turns events into blocks: the words met since the last block tag are one."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.outline = Outline()
        self.first_h1: str | None = None
        self._kinds: list[PassageKind] = ["paragraph"]
        self._words: list[str] = []
        self._in_anchor = False
        self._plain_words = False  # Some are in no link to a place in the page.
        self._row: list[_Cell] | None = None
        self._grid = Grid()
        self._header: str | None = None
        self._pending: list[Block] = []  # Header rows whose table has no other row yet.

    def take(self, event: _Event) -> None:
        """Read on by one tag or text."""
        tag = event.value
        if event.type == "text":
            in_code = self._kinds[-1] == "code" and self._row is None
            # Else a line of the source is no line of the page.
            self._add(event.value if in_code else event.value.replace("\n", " "))
        elif tag == "a":
            self._in_anchor = event.to_anchor
        elif tag in _SHOWN_AS:
            self._add(_SHOWN_AS[tag] if event.type == "start" else "")
        elif tag in ("table", "tr"):
            self._take_table(event)
        elif tag in ("td", "th"):
            self._take_cell(event)
        elif tag in BLOCK_TAGS:
            self._take_block(event)

    def _take_cell(self, event: _Event) -> None:
        if self._row is None:  # A table inside of the cell has ended its row.
            self.flush()
        elif event.type == "start":
            self._row.append(_Cell(event.value, event.span, []))

    def flush(self) -> None:
        """End the block that has been gathering words."""
        text = "".join(self._words)
        is_links, self._plain_words = not self._plain_words, False
        self._words = []
        kind = self._kinds[-1]
        if kind != "code":
            lines = (" ".join(line.split()) for line in text.split("\n"))
            text = literal("\n".join(lines), kind)
        if text.strip():
            why: Boilerplate | None = "contents" if is_links and kind != "code" else None
            self.blocks.append(Block(kind, text, self.outline.path, boilerplate=why))

    def _add(self, text: str) -> None:
        if self._in_anchor and text.strip() in _PERMALINKS:
            return
        if not self._in_anchor and self._row is None and _LETTER.search(text):
            self._plain_words = True
        (self._row[-1].words if self._row else self._words).append(text)

    def _take_block(self, event: _Event) -> None:
        tag = event.value
        if self._row is not None:
            self._add(" ")
        elif tag in _HEADINGS and event.type == "end":
            self._enter_heading(tag)
        else:
            self.flush()
        if event.type == "start":
            self._kinds.append(_KINDS.get(tag, self._kinds[-1]))
        else:
            self._kinds.pop()

    def _enter_heading(self, tag: str) -> None:
        words = readable(literal("".join(self._words)), "paragraph")
        heading = " ".join(words.split())
        self._words, self._plain_words = [], False
        self.outline.enter(_HEADINGS[tag], heading)
        if tag == "h1" and heading:
            self.first_h1 = self.first_h1 or heading

    def _take_table(self, event: _Event) -> None:
        self._end_row()
        self.flush()
        if event.value == "table":
            self.blocks.extend(self._pending)
            self._pending = []
            self._header = None
            self._grid = Grid()
        elif event.type == "start":
            self._row = []

    def _end_row(self) -> None:
        if self._row is None:
            return
        cells, self._row = self._row, None
        is_header = not any(cell.tag == "td" for cell in cells)
        spanned = ((" ".join("".join(cell.words).split()), cell.span) for cell in cells)
        row = table_row(self._grid.fill(spanned, repeat=is_header))
        if not row:
            return
        if not is_header:
            self._pending = []
            self.blocks.append(Block("table-row", row, self.outline.path, self._header))
            return
        shown = readable(row, "table-row")
        above = (self._header,) if self._pending and self._header else ()
        self._header = " / ".join((*above, shown))
        self._pending.append(Block("table-row", row, self.outline.path))
