"""The layout of the known pages: what its lines look like, for reading and for writing them.

A page is lines. One paragraph is one line, so a line end in a text is written as a space. A text
that looks like another part of the page gets one backslash in front, and so does one that looks
like that behind backslashes of its own; reading takes one away. Pipes in cells are treated alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from capdraft.text import clean, without_turns

DASH = "—"
"""A cell of which nothing is known."""
UNIQUE, VERSUS = "Unique: ", "vs alternatives: "
CAPABILITIES = " Capabilities"
VERDICT = "Verdict"
SIDE_BY_SIDE = "Side-by-side comparison to help you choose."
SCORES_HIGHER = " scores higher at "
MATCH_EVIDENCE = "backed by match graph evidence"

UNIQUE_LINE = re.compile(r"unique\s*:(.*)", re.IGNORECASE)
VERSUS_LINE = re.compile(r"vs\.?\s+alternatives\s*:(.*)", re.IGNORECASE)
MORE_LINE = re.compile(r"\+\s*(\d{1,9}) more capabilit(?:y|ies)", re.IGNORECASE)
CHROME_LINE = re.compile(r"Need something different\?$|Search the match graph(?: *→|$)", re.I)
_RULE_LINE = re.compile(r"\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?\s*)?")
_BREAK = re.compile(r"\s*\n\s*")
_PIPE = re.compile(r"\\*\|")
_ESCAPED_PIPE = re.compile(r"\\(\\*\|)")
_CELL_END = re.compile(r"(?<!\\)\|")


def as_line(text: str) -> str:
    """Return `text` as a page holds it: one line, nothing unseen in it, no space at its ends."""
    return _BREAK.sub(" ", without_turns(clean(text)).strip())


def is_rule(line: str) -> bool:
    """Tell whether `line` is the one below a table's header."""
    return _RULE_LINE.fullmatch(line) is not None


def is_structure(line: str, names: Sequence[str]) -> bool:
    """Tell whether `line` is anything but a text, on a page about `names`."""
    return bool(
        UNIQUE_LINE.match(line)
        or VERSUS_LINE.match(line)
        or MORE_LINE.fullmatch(line)
        or CHROME_LINE.match(line)
        or line == VERDICT
        or line.endswith(CAPABILITIES)
        or any(line.startswith(name + SCORES_HIGHER) for name in names)
    )


def can_head_list(name: str, other: str) -> bool:
    """Tell whether the heading of the list of `name` is read as that, beside `other`."""
    heading = name + CAPABILITIES
    return not (
        UNIQUE_LINE.match(heading)
        or VERSUS_LINE.match(heading)
        or MORE_LINE.fullmatch(heading)
        or CHROME_LINE.match(heading)
        or heading.startswith(("|", "\\", other + SCORES_HIGHER))
    )


def escape_line(line: str, names: Sequence[str]) -> str:
    """Return a text of one line so that it is read as a text."""
    return "\\" + line if is_structure(line.lstrip("\\"), names) else line


def unescape_line(line: str, names: Sequence[str]) -> str:
    """Return the text that `escape_line` wrote."""
    escaped = line.startswith("\\") and is_structure(line.lstrip("\\"), names)
    return line[1:] if escaped else line


def escape_cell(cell: str) -> str:
    """Return `cell` so that its pipes end no cell."""
    return _PIPE.sub(r"\\\g<0>", cell)


def is_closed(row: str) -> bool:
    """Tell whether `row` ends with a pipe that ends a cell."""
    return row.endswith("|") and not row.endswith("\\|")


def split_cells(row: str) -> list[str]:
    """Return the cells of a table's row, with or without pipes at its ends."""
    body = row.removeprefix("|")
    body = body[:-1] if is_closed(body) else body
    return [_ESCAPED_PIPE.sub(r"\1", cell.strip()) for cell in _CELL_END.split(body)]
