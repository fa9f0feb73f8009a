"""A raw slice of a document as a person or a model reads it: the words without the markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from capdraft.records import PassageKind
from capdraft.records.documents import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Their content is for the browser, not for a reader.
SILENT_TAGS = frozenset({"script", "style"})
# Elements that a browser puts on lines of their own, or in cells.
_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main"
    " menu nav ol option p pre section select summary table tbody td tfoot th thead title tr"
    " ul"
)
BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())

DROPPED = "…"
"""Stands for data that `readable` leaves out."""
_DATA_LENGTH = 100
_DATA_URI = re.compile(
    r"data:[\w.+/-]{0,100}(?:;[\w.+-]{1,40}(?:=[\w.+-]{1,80})?){0,4};base64,[A-Za-z0-9+/=_%-]*+",
    re.IGNORECASE,
)
_DATA_CHARACTER = r"[A-Za-z0-9+/=_\\-]"
# Letters and digits both: a line of hyphens is none.
_DATA = re.compile(
    rf"(?<!{_DATA_CHARACTER})(?={_DATA_CHARACTER}{{0,200}}?\d)(?={_DATA_CHARACTER}{{0,200}}?[A-Za-z])"
    rf"{_DATA_CHARACTER}{{201,}}+"
)
# A key or a file in base64, broken into lines of one length.
_DATA_LINES = re.compile(r"(?m)^([ \t>]*)(?:[A-Za-z0-9+/]{60,76}={0,2}[ \t]*\n[ \t>]*){4,}+")

# Without one of these a text of one line shows itself.
_MARKUP = re.compile(r"[\\`*_~<&\[\n]|://")
# Markup that can be read in one way only: code, emphasis between spaces, words of several lines.
# Half of all texts with markup have no other, and need no parser.
_PLAIN = r"[^\\`*_~<&\[\n\r\x00]"
_CODE = r"(?<!`)`(?P<code>[^`\n\r\x00]+)`(?!`)"
_EMPHASIS = (
    rf"(?<![^ ])(?P<mark>\*\*?)(?=[^\s*])(?P<words>{_PLAIN}++)"
    r"(?:(?<=\S)(?P=mark)(?![^ ])|(?<=[^\W_])(?P=mark)(?=[.,;:!?)]))"
)
_SOFT_BREAK = r"(?<!  )\n"
_SIMPLE = re.compile(
    rf"(?>(?:{_PLAIN}++|(?<=[^\W_])_++(?=[^\W_])|{_SOFT_BREAK}|{_CODE}|{_EMPHASIS})*)"
)
_SIMPLE_MARKUP = re.compile(rf"{_SOFT_BREAK}|{_CODE}|{_EMPHASIS}")
_CODE_PADDING = re.compile(r"^ (.+) $")
_QUOTE_MARKER = re.compile(r"(</?[A-Za-z][^<>]*>)|\n(?:[ \t]*>)+")
_HTML_CELL = re.compile(r"</t[dh]\s*>|<t[dh]\b[^<>]*>", re.IGNORECASE)
_NEXT_HTML_CELL = re.compile(r"(?:</t[dh]\s*>\s*)?<t[dh]\b[^<>]*>", re.IGNORECASE)
_PIPE = re.compile(r"(?<!\\)\|")
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_ATTRIBUTE = r"""\s{}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))"""
_ALT = re.compile(_ATTRIBUTE.format("alt"), re.IGNORECASE)
_SRC = re.compile(_ATTRIBUTE.format("src"), re.IGNORECASE)
_BADGE = re.compile(r"badge|shields\.io", re.IGNORECASE)
# A closing bracket ends a URL unless its opening one is part of it.
_URL = re.compile(
    r"(?<![A-Za-z0-9])(?:https?|ftp)://(?:[A-Za-z0-9\-._~:/?#@!$&'*+,;=%]|\([^\s()]*\))+"
)
_URL_TAIL = ".,;:!?'*_~"
_REFERENCE = re.compile(r"""(?<![A-Za-z0-9_)\]])!?\[(?!["'])([^\[\]]*+)\]\[(?!["'])[^\[\]]*+\]""")
# How reStructuredText writes a link: `words <address>`__, which Markdown takes for code.
_RST_TARGET = re.compile(r"\s<(?:https?|ftp)://[^\s<>]*>$")
_SMALL_LETTER = re.compile(r"[^\W\dA-Z_]")
_HIDE = str.maketrans("[]:", "\ufdd0\ufdd1\ufdd2")
_REVEAL = str.maketrans("\ufdd0\ufdd1\ufdd2", "[]:")


@lru_cache(maxsize=16_384)
def readable(raw: str, kind: PassageKind, markup: Markup | None = None) -> str:
    """Return what `raw` shows: no markup, link targets or tags; a bare URL as its host.

    Code and text that has no `markup` stay as they are. The cells of a table row are separated by
    ` | `. Data written as text, such as a picture in base64, is left out everywhere.
    """
    raw = _drop_data(raw, kind)
    if kind == "code":
        return raw
    if markup == "none":
        return _plain(raw, kind)
    raw = _QUOTE_MARKER.sub(lambda found: found[1] or "\n", raw)
    if kind == "table-row":
        cells = [" ".join(_show(cell).split()) for cell in _cells(raw)]
        return " | ".join(cells).strip() if any(cells) else ""
    lines = (" ".join(line.split()) for line in _show(raw).split("\n"))
    return "\n".join(line for line in lines if line)


def _plain(raw: str, kind: PassageKind) -> str:
    """Return text without markup on one line; of a table row the cells."""
    if kind != "table-row":
        return " ".join(raw.split())
    cells = [" ".join(cell.split()) for cell in _columns(raw)]
    return " | ".join(cells).strip() if any(cells) else ""


def _drop_data(raw: str, kind: PassageKind) -> str:
    if len(raw) < _DATA_LENGTH:
        return raw
    # A link to nothing stays a link, and shows its words.
    raw = _DATA_URI.sub(DROPPED if kind == "code" else "", raw)
    return _DATA_LINES.sub(rf"\1{DROPPED}\n", _DATA.sub(DROPPED, raw))


def _cells(raw: str) -> list[str]:
    if _HTML_CELL.search(raw):
        cells = _NEXT_HTML_CELL.split(raw)
        return cells if cells[0].strip() else cells[1:]
    return _columns(raw)


def _columns(raw: str) -> list[str]:
    row = raw.strip().removeprefix("|")
    cells = _PIPE.split(row)
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return [cell.replace("\\|", "|") for cell in cells]


def _show(raw: str) -> str:
    if not _MARKUP.search(raw):
        return raw
    if _SIMPLE.fullmatch(raw):
        text = _SIMPLE_MARKUP.sub(_simple_words, raw)
    else:
        text = "".join(_words(_inline_parser().parseInline(raw)[0].children or []))
    text = _URL.sub(_host, text)
    return _resolve_references(text).translate(_REVEAL)


def _simple_words(found: re.Match[str]) -> str:
    if found["code"]:
        return _code_words(_CODE_PADDING.sub(r"\1", found["code"]))
    return found["words"] or " "


def _code_words(code: str) -> str:
    # Hidden from the search for references and URLs: code is shown as it is.
    return _RST_TARGET.sub("", code).translate(_HIDE)


def _resolve_references(text: str) -> str:
    for _ in range(2):  # A link around an image is a reference around a reference.
        text = _REFERENCE.sub(_reference_words, text)
    return text


def _reference_words(found: re.Match[str]) -> str:
    # Two special tokens side by side, such as [CLS][SEP], are no link.
    return found[1] if _SMALL_LETTER.search(found[1]) else found[0]


@cache
def _inline_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("strikethrough")


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    silent = False
    for token in tokens:
        if token.type == "html_inline":
            tag = tag_name(token.content)
            if tag in SILENT_TAGS:
                silent = not token.content.startswith("</")
            yield _tag_words(tag, token.content)
        elif not silent:
            yield _token_words(token)


def _token_words(token: Token) -> str:
    match token.type:
        case "text":
            return token.content
        case "code_inline":
            return _code_words(token.content)
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "image" if not _BADGE.search(str(token.attrs.get("src", ""))):
            return "".join(_words(token.children or []))
    return ""


def _tag_words(tag: str, source: str) -> str:
    if tag == "img":
        return image_text(source)
    if tag == "br":
        return "\n"
    if tag == "sup" and not source.startswith("</"):
        return "^"  # 10<sup>2</sup> is not 102
    return " " if tag in BLOCK_TAGS else ""


def tag_name(source: str) -> str:
    """Return the lower-case name of the HTML tag `source`, or an empty string."""
    found = _TAG_NAME.match(source)
    return found[1].lower() if found else ""


def image_text(source: str) -> str:
    """Return the alternative text of the HTML tag `source`, empty for a badge."""
    alt, src = _ALT.search(source), _SRC.search(source)
    if alt is None or (src and _BADGE.search(src[0])):
        return ""
    return unescape(alt[1] or alt[2] or alt[3] or "")


def _host(found: re.Match[str]) -> str:
    url = found[0].rstrip(_URL_TAIL)
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    return (host or url) + found[0][len(url) :]
