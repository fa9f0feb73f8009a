"""What the readers of extracted text share: blocks become one text and the pieces of it.

HTML, PDF and the like hold no text that could be cited as it stands. Their readers yield blocks,
and the document's text is those blocks, so that every piece is an exact span of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from capdraft.errors import ExtraMissing, SourceError
from capdraft.records import PassageKind
from capdraft.records.documents import Boilerplate, Markup
from capdraft.sources.markup import readable
from capdraft.sources.pieces import Piece
from capdraft.text import clean

_GAP = "\n\n"
PIPE = "\\|"
"""A pipe in a cell."""
_MARKS = re.compile(r"[\\`*_~<>&\[\]!]")


@dataclass(frozen=True, slots=True)
class Block:
    """A passage to be: its text, the headings above it, and the header of its table."""

    kind: PassageKind
    text: str
    heading: tuple[str, ...] = ()
    header: str | None = None
    boilerplate: Boilerplate | None = None
    markup: Markup | None = None


def join_blocks(blocks: Iterable[Block]) -> tuple[str, list[Piece]]:
    """Return the text that `blocks` make, a blank line between two, and where each is in it."""
    texts: list[str] = []
    pieces: list[Piece] = []
    start = 0
    for block in blocks:
        text = clean(block.text).strip()
        if text:
            end = start + len(text)
            above = (block.heading, block.header)
            pieces.append(Piece(block.kind, start, end, *above, block.boilerplate, block.markup))
            texts.append(text)
            start = end + len(_GAP)
    return _GAP.join(texts), pieces


def literal(text: str, kind: PassageKind = "paragraph") -> str:
    """Return `text`, which holds no markup, so that `readable` shows it whole.

    What Markdown would take for markup is escaped, in a text where that changes what is shown.
    """
    if kind == "code":
        return text
    text = "\n".join(line for line in clean(text).split("\n") if line.strip())
    escaped = _MARKS.sub(r"\\\g<0>", text)
    if text == escaped or readable(text, kind) == readable(escaped, kind):
        return text
    return escaped


def table_row(cells: Iterable[str]) -> str:
    """Return the table row that shows `cells` without markup; it is empty if they all are."""
    return plain_row(literal(" ".join(clean(cell).split())) for cell in cells)


def plain_row(cells: Iterable[str]) -> str:
    """Return the table row, without markup, that `cells` make; it is empty if they all are."""
    words = [" ".join(clean(cell).split()) for cell in cells]
    if not any(words):
        return ""
    # The outer pipes keep empty cells at both ends in place.
    return f"| {' | '.join(word.replace('|', PIPE) for word in words)} |"


@contextmanager
def extra_needed(extra: str, suffix: str, uri: str) -> Iterator[None]:
    """Turn the ImportError of a library that an extra brings into an error that names it.

    Raises:
        ExtraMissing: the library is not installed.
    """
    try:
        yield
    except ImportError as error:
        raise ExtraMissing(
            f"capdraft needs the extra [{extra}] to read {suffix}",
            where=uri,
            hint=f"pip install 'capdraft[{extra}]'",
        ) from error


@contextmanager
def parsing(what: str, uri: str) -> Iterator[None]:
    """Turn whatever a parser raises over a broken file into a SourceError.

    Raises:
        SourceError: the parser gave up.
    """
    try:
        yield
    except SourceError:
        raise
    except Exception as error:  # Parsers raise what they stumble over: KeyError, struct.error, …
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise SourceError(
            f"this is no {what} that can be read: {reason}",
            where=uri,
            hint="Open it in the program that made it, save it anew, or give the text as .txt.",
        ) from error
