"""Which passages say nothing of the artifact: tables of contents, licence texts, placeholders, …

A passage that is taken for boilerplate wrongly can't be cited, and its fact is lost. So each rule
asks for the whole passage, and what may state a fact stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from capdraft.records import PassageKind
from capdraft.records.documents import Boilerplate
from capdraft.sources.markup import DROPPED, readable
from capdraft.sources.pieces import Piece

_LETTER = re.compile(r"[^\W\d_]")
_ANCHOR = re.compile(
    r"""\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?\#[^()\s]+(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"]*")?\s*\)"""
    r"""|<a\s[^<>]*?href\s*=\s*["']?\#\w[^<>]*>.*?</a\s*>""",
    re.DOTALL | re.IGNORECASE,
)
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]\([^()\s]*\)")
_MAX_LINKS = 5_000  # Characters of a passage that may be links only.
_CONTENTS = re.compile(
    r"\W*(?:(?P<sure>table of contents?|toc|on this page|table des matières|inhaltsverzeichnis"
    r"|tabla de contenidos?|目录|目次|目錄|목차)|contents?|index|sommaire|inhalt|índice)\W*",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"^[\d.)\s]+")
_WORD = re.compile(r"\w+")
_LEADERS = re.compile(r".*\S\s?(?:\.\s?){4,}\s*(?:\d+|[ivxl]+)\s*", re.IGNORECASE)
_NAVIGATION = re.compile(
    r"\W*(?:(?:go |return )?back to (?:the )?(?:top|table of contents|contents)"
    r"|edit (?:on github|this page)|view page source|skip to (?:main )?content)\W*",
    re.IGNORECASE,
)
_NEEDED = (
    r"(?:\W*(?:more (?:information|info) (?:is )?needed|needs more information|information needed"
    r"|todo|tbd|to be (?:added|filled in|completed))\W*)"
)
_HOLE = re.compile(_NEEDED, re.IGNORECASE)
_PLACEHOLDER = re.compile(rf"(?:[^:.!?]{{1,60}}:)?{_NEEDED}+", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"this model ?card aims to be a base template for new models\. it has been generated using .*"
    r"|users \(both direct and downstream\) should be made aware of the risks, biases and"
    r" limitations of the model\. more information needed for further recommendations\.?",
    re.IGNORECASE,
)
# At the start of a text of its own: a sentence in passing is none.
_LICENCE_TEXT = re.compile(
    r"""(?:\W|\bcopyright\b[^.]{0,120}\.?|\ball\ rights\ reserved\b)*?(?:
      permission\ is\ hereby\ granted,\ free\ of\ charge,\ to\ any\ person\ obtaining
    | the\ above\ copyright\ notice\ and\ this\ permission\ notice\ shall\ be
    | (?:the|this)\ software\ is\ provided\ (?:by\ the\ (?:copyright|author|regents).{0,80})?
      ["'“”‘’`]*as[ ]is
    | redistribution\ and\ use\ in\ source\ and\ binary\ forms
    | redistributions\ (?:of\ source\ code|in\ binary\ form)\ must
    | neither\ the\ names?\ of\ .{1,80}\ nor\ the\ names
    | licensed\ under\ the\ apache\ license,\ version\ 2\.0\ \(the\ .license.\)[;,.]\ you\ may\ not
    | you\ may\ not\ use\ this\ file\ except\ in\ compliance
    | you\ may\ obtain\ a\ copy\ of\ the\ license\ at
    | unless\ required\ by\ applicable\ law\ or\ agreed\ to\ in\ writing
    | see\ the\ license\ for\ the\ specific\ language\ governing
    | this\ program\ is\ (?:free\ software|distributed\ in\ the\ hope)
    | you\ should\ have\ received\ a\ copy\ of\ the\ gnu
    | spdx-(?:license-identifier|filecopyrighttext):
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LICENCE_NAMED = re.compile(
    r"apache license|gnu |mit license|\bbsd\b|mozilla|creative commons|spdx", re.IGNORECASE
)
_LICENCE_HEADING = re.compile(r"licen[sc]|lizenz|licencia|copyright|许可|ライセンス", re.IGNORECASE)
_COMMENT = re.compile(r"\s*(?:#|//|/\*|\*|--|;|%|<!--|$)")
_SIGNS = "\\ \t\n|[]()'\"`:=,;."
_TOP = 3  # Passages in which a header of the file is looked for.


class Shown(NamedTuple):
    """A piece that becomes a passage, with the raw text and what it shows."""

    piece: Piece
    quote: str
    shown: str


def boilerplate_of(found: Sequence[Shown]) -> list[Boilerplate | None]:
    """Return for each of a document's passages why it is boilerplate, or None if it is content."""
    headings = {_plain(heading) for item in found for heading in item.piece.heading}
    reasons: list[Boilerplate | None] = []
    for _, group in groupby(found, key=lambda item: (item.piece.heading, item.piece.kind)):
        items = list(group)
        # One feature of many may link to where it is told of; a table of contents is links only.
        links = all(map(_links_to_anchors, items))
        for item in items:
            at_top = len(reasons) < _TOP
            reasons.append(_reason(item, headings, among_links=links, at_top=at_top))
    return reasons


def _reason(
    item: Shown, headings: set[str], *, among_links: bool, at_top: bool
) -> Boilerplate | None:
    piece, _, shown = item
    if piece.boilerplate == "page":
        return "page"
    if not shown.replace(DROPPED, "").strip(_SIGNS):
        return "data" if DROPPED in shown else None
    if _is_licence(piece, shown, at_top=at_top):
        return "licence"
    if piece.kind == "code":
        return None
    if _is_placeholder(shown, piece.kind):
        return "placeholder"
    if _NAVIGATION.fullmatch(shown):
        return "navigation"
    return "contents" if _is_contents(item, headings, among_links=among_links) else None


def _is_contents(item: Shown, headings: set[str], *, among_links: bool) -> bool:
    piece, quote, shown = item
    if all(map(_LEADERS.fullmatch, shown.split("\n"))):
        return True
    if (found := _CONTENTS.fullmatch(shown)) and found["sure"]:
        return True
    title = _CONTENTS.fullmatch(piece.heading[-1]) if piece.heading else None
    is_heading = _plain(shown) in headings
    if title is None:
        return is_heading and among_links and piece.kind == "list-item"
    if is_heading or _links_to_anchors(item):
        return True
    return bool(title["sure"]) and piece.kind == "list-item" and _is_only(_LINK, quote, piece.kind)


def _links_to_anchors(item: Shown) -> bool:
    piece, quote, _ = item
    return piece.boilerplate == "contents" or _is_only(_ANCHOR, quote, piece.kind)


def _is_only(links: re.Pattern[str], quote: str, kind: PassageKind) -> bool:
    """Tell whether `quote` has `links`, and no letter beside them."""
    if len(quote) > _MAX_LINKS:
        return False
    rest = links.sub(" ", quote)
    return rest != quote and not _LETTER.search(readable(rest, kind))


def _plain(text: str) -> str:
    """Return the words of `text`, without numbering, signs and pictures."""
    return " ".join(_WORD.findall(_NUMBERING.sub("", text).casefold()))


def _is_placeholder(shown: str, kind: PassageKind) -> bool:
    if len(shown) > 400:
        return False
    if kind == "table-row":
        label, *cells = (cell.strip() for cell in shown.split(" | "))
        holes = [cell for cell in cells if cell] or [label]
        return all(map(_HOLE.fullmatch, holes))
    words = " ".join(shown.split())
    return bool(_PLACEHOLDER.fullmatch(words) or _TEMPLATE.fullmatch(words))


def _is_licence(piece: Piece, shown: str, *, at_top: bool) -> bool:
    if piece.kind == "table-row" or not _LICENCE_TEXT.match(" ".join(_bare(shown).split())):
        return False
    if piece.kind == "code" and not all(map(_COMMENT.match, shown.split("\n"))):
        return False  # A header comment, and then code.
    in_section = any(map(_LICENCE_HEADING.search, piece.heading))
    return not _LICENCE_NAMED.search(shown) or (at_top and not in_section)


def _bare(text: str) -> str:
    """Return the start of `text` without the marks of comments."""
    return re.sub(r"(?m)^\s*(?:#|//|/?\*+|--|;|%)+\s?", "", text[:1000])
