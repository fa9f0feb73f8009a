"""reStructuredText: docutils reads it, and its tree becomes blocks.

What Sphinx adds to it is read by `directives`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from capdraft.errors import SourceError
from capdraft.records import PassageKind
from capdraft.sources.blocks import Block, extra_needed, join_blocks, literal, parsing, table_row
from capdraft.sources.decoding import Source
from capdraft.sources.markup import readable
from capdraft.sources.pieces import Reading

if TYPE_CHECKING:
    from docutils import nodes

_KINDS: dict[str, PassageKind] = {
    "list_item": "list-item",
    "definition": "list-item",
    "block_quote": "quote",
}
_CODE = {"literal_block", "doctest_block", "math_block"}
# A name in front of what it names: `Version: 2`, `--fast: one pass only`.
_PAIRS = {"field", "option_list_item", "footnote", "citation"}
_HEADINGS = {"title", "term", "classifier"}
_SILENT = {"comment", "substitution_definition", "target", "raw", "pending"}
_ROLE = re.compile(r":[A-Za-z][\w:+.-]*:`~?([^`<]*[^`<\s])(?:\s*<[^`>]*>)?`")
# Sphinx gives it options that docutils refuses, and the code with them.
_REFUSED_CODE = re.compile(
    r"\.\. (?:code|code-block|sourcecode)::[^\n]*\n(?:[ \t]+:[^\n]*\n)*[ \t]*\n(.*)", re.DOTALL
)
_BADGE = re.compile(r"badge|shields\.io", re.IGNORECASE)
_LINE_LENGTH = 10_000  # docutils itself reads nothing of a text with a longer one.
# Each reference inside of a definition multiplies what it stands for.
_MAX_NESTED = 20
_DEFINITION = re.compile(r"\|\s*replace\s*::\s*", re.IGNORECASE)
_DEFINITION_END = re.compile(r"\n[ \t]*(?:\n|\.\. )|\Z")
_REFERENCE = re.compile(r"\|[^\s|][^|]*\|")


def read_restructured(source: Source) -> Reading:
    """Return what a reStructuredText file says; nothing that it names is included or run.

    Raises:
        ExtraMissing: docutils is not installed.
        SourceError: the file is not UTF-8 text, would unfold to too much, or docutils gives up.
    """
    with extra_needed("rst", ".rst", source.uri):
        from capdraft.sources.directives import parse

    text = source.text()
    _refuse_bombs(text, source.uri)
    with parsing("reStructuredText", source.uri):
        tree = parse(text, line_length=_LINE_LENGTH)
        blocks = list(_blocks(tree, (), "paragraph"))
    return Reading(*join_blocks(blocks), title=_title(tree))


def _refuse_bombs(text: str, uri: str) -> None:
    """Raise SourceError for what keeps docutils busy for minutes, or fills the memory."""
    longest = max(map(len, text.split("\n")))
    if longest > _LINE_LENGTH:
        raise SourceError(
            f"the longest line has {longest} characters; {_LINE_LENGTH} are read",
            where=uri,
            hint="Break it into lines, or give the text as .txt.",
        )
    nested = 0
    for definition in _DEFINITION.finditer(text):
        end = _DEFINITION_END.search(text, definition.end())
        content = text[definition.end() : end.start() if end else None]
        nested += len(_REFERENCE.findall(content))
    if nested > _MAX_NESTED:
        raise SourceError(
            f"the substitutions hold {nested} others; {_MAX_NESTED} are read",
            where=uri,
            hint="Write out the words behind `replace::`, without |names|.",
        )


def _title(tree: nodes.document) -> str | None:
    from docutils import nodes

    titles = (_words(title) for title in tree.findall(nodes.title))
    return next(filter(None, titles), None)


def _blocks(node: Any, path: tuple[str, ...], kind: PassageKind) -> Iterator[Block]:
    name = node.tagname
    if name in _SILENT:
        return
    if name in _CODE:
        yield Block("code", node.astext(), path)
    elif name == "system_message":
        found = _REFUSED_CODE.match(node.children[-1].astext()) if node.children else None
        yield Block("code", dedent(found[1]) if found else "", path)
    elif name == "image":
        yield Block(kind, literal(_image_text(node)), path)
    elif name == "tgroup":
        yield from _rows(node, path)
    elif name in _PAIRS:
        first, *others = (_words(child) for child in node.children)
        yield Block("list-item", literal(": ".join((first, " ".join(others)))), path)
    elif name == "line_block":
        yield Block(kind, literal("\n".join(_lines(node))), path)
    elif _is_text(node):
        yield Block(kind, literal(_words(node)), path)
    else:
        yield from _children(node, path, _KINDS.get(name, kind))


def _children(node: Any, path: tuple[str, ...], kind: PassageKind) -> Iterator[Block]:
    for child in node.children:
        if child.tagname in _HEADINGS:
            # Each is the heading of what comes behind it.
            path = (*path, *filter(None, [_words(child)]))
        elif child.tagname != "#text":
            yield from _blocks(child, path, kind)


def _is_text(node: Any) -> bool:
    from docutils import nodes

    return isinstance(node, nodes.TextElement)


def _rows(group: Any, path: tuple[str, ...]) -> Iterator[Block]:
    header: str | None = None
    for part in group.children:
        rows = [table_row(map(_words, row.children)) for row in part.children]
        if part.tagname == "thead":
            header = " / ".join(readable(row, "table-row") for row in rows if row) or None
        elif part.tagname == "tbody":
            yield from (Block("table-row", row, path, header) for row in rows)


def _lines(block: Any) -> Iterator[str]:
    for child in block.children:
        if child.tagname == "line_block":
            yield from _lines(child)
        else:
            yield _words(child)


def _words(node: Any) -> str:
    """Return the words of `node` on one line."""
    return " ".join("".join(_parts(node)).split())


def _parts(node: Any) -> Iterator[str]:
    match node.tagname:
        case "#text":
            yield node.astext()
        case "problematic":
            yield _ROLE.sub(r"\1", node.astext())
        case "image":
            yield _image_text(node)
        case "system_message":
            return
        case tag:
            if tag == "superscript":
                yield "^"  # 10 with a raised 2 is not 102
            for child in node.children:
                yield from _parts(child)
            if not _is_inline(node):
                yield " "


def _is_inline(node: Any) -> bool:
    from docutils import nodes

    return isinstance(node, nodes.Inline)


def _image_text(node: Any) -> str:
    return "" if _BADGE.search(node.get("uri", "")) else str(node.get("alt", ""))
