"""Read a known comparison page, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from capdraft.errors import SourceError
from capdraft.importing.layout import (
    CAPABILITIES,
    CHROME_LINE,
    MORE_LINE,
    SCORES_HIGHER,
    UNIQUE_LINE,
    VERDICT,
    VERSUS_LINE,
    is_closed,
    is_rule,
    split_cells,
    unescape_line,
)
from capdraft.importing.page import More, Note, Page, PageRecord, PageRow
from capdraft.text import clean, name_key, without_turns

_HINT = (
    "A known page has a title, a headline, a table `| Feature | A | B |`, and for each artifact "
    "`A Capabilities` with records of up to three lines: what it does, `Unique: …`, "
    "`vs alternatives: …`."
)
Line = tuple[int, str]


def read_page(text: str, name: str) -> Page:
    """Return the page that `text` holds; `name` is what messages call it.

    Raises:
        SourceError: it isn't laid out as the known pages are; its `where` tells the line.
    """
    shown = without_turns(clean(text))
    lines = [(n, line.strip()) for n, line in enumerate(shown.split("\n"), 1) if line.strip()]
    if not lines:
        raise SourceError("the page is empty", where=name, hint=_HINT)
    page = Page(name, title=lines[0][1])
    unseen = len(clean(text)) - len(shown)
    if unseen:
        what = (
            "1 character that shows nothing is"
            if unseen == 1
            else f"{unseen} characters that show nothing are"
        )
        page.notes.append(Note("unseen", f"{what} left out", 1))
    start = next((place for place, (_, line) in enumerate(lines) if place and line[0] == "|"), 0)
    if not start:
        raise _unexpected(page, lines[0][0], "no table follows the title", "| Feature | A | B |")
    body = _read_table(page, lines[start:])
    page.headline = " ".join(line for _, line in lines[1:start])
    page.headline_line = lines[min(1, start - 1)][0]
    _Body(page).read(body)
    if not page.records:
        raise _unexpected(page, lines[-1][0], "the page has no record", "a description")
    return page


def _unexpected(page: Page, line: int, problem: str, expected: str) -> SourceError:
    return SourceError(f"{problem}: expected {expected}", where=page.where(line), hint=_HINT)


def _read_table(page: Page, lines: list[Line]) -> list[Line]:
    """Read the table that `lines` start with, and return the lines behind it."""
    width = next((place for place, (_, line) in enumerate(lines) if is_rule(line)), 0)
    first = lines[0][0]
    if not width:
        raise _unexpected(page, first, "the table has no line below its header", "|---|---|---|")
    header = split_cells(_joined([line for _, line in lines[:width]]))
    if len(header) != 3 or not all(header[1:]):
        problem = f"the table's header has {len(header)} cells"
        raise _unexpected(page, first, problem, "three, as in | Feature | A | B |")
    if header[1] == header[2]:
        raise _unexpected(page, first, f"both artifacts are called {header[1]!r}", "two names")
    page.names = (header[1], header[2])
    rest = lines[width:]
    while rest and is_rule(rest[0][1]):
        rest = rest[1:]
    while rest and rest[0][1].startswith("|"):
        rest = _read_row(page, rest)
    return rest


def _read_row(page: Page, lines: list[Line]) -> list[Line]:
    """Read a row, however many lines it is broken over, and return the lines behind it."""
    number = lines[0][0]
    for taken in range(1, len(lines) + 1):
        row = _joined([line for _, line in lines[:taken]])
        cells = split_cells(row)
        if len(cells) >= 3 and is_closed(row):
            break
    if len(cells) != 3:
        problem = f"the row {cells[0]!r} has {len(cells)} cells"
        raise _unexpected(page, number, problem, "a label and two cells")
    label, *values = cells
    twice = next((row for row in page.rows if row.label.casefold() == label.casefold()), None)
    if twice:
        problem = f"the row {label!r} is there twice, first on line {twice.line}"
        raise _unexpected(page, number, problem, "each row once")
    page.rows.append(PageRow(label, tuple(values), number))
    return lines[taken:]


def _joined(pieces: list[str]) -> str:
    """Return the pieces of a broken row as one."""
    row = pieces[0]
    for piece in pieces[1:]:
        row += piece[1:] if is_closed(row) and piece.startswith("|") else " " + piece
    return row


class _Body:
    """What stands below the table."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._in_verdict = self._behind_chrome = False

    def read(self, lines: list[Line]) -> None:
        for (number, line), (_, after) in pairwise([*lines, (0, "")]):
            if not self._is_furniture(number, line) and not self._is_labelled(number, line):
                self._add_text(number, line, after)

    def _is_furniture(self, number: int, line: str) -> bool:
        """Take in what is no part of a record, and tell whether `line` is that."""
        if self._is_verdict(line):
            self._add_verdict(number, line)
        elif line == VERDICT:
            self._in_verdict = True
        elif CHROME_LINE.match(line):
            self._in_verdict, self._behind_chrome = False, True
        elif line.endswith(CAPABILITIES) and not (line[0] == "\\" or _has_label(line)):
            self._open(number, line)
        elif found := MORE_LINE.fullmatch(line):
            page = self._page
            under = next(reversed(page.starts), "")
            page.more.append(More(int(found[1]), len(page.records), number, under))
        elif self._in_verdict:
            if _has_label(line):
                raise self._wrong(number, "a record stands in the verdict", "it in a list above")
            self._add_verdict(number, line)
        else:
            return False
        return True

    def _add_verdict(self, number: int, line: str) -> None:
        page = self._page
        page.verdict_line = page.verdict_line if page.verdict else number
        page.verdict = " ".join(filter(None, (page.verdict, line)))

    def _is_verdict(self, line: str) -> bool:
        return any(line.startswith(name + SCORES_HIGHER) for name in self._page.names)

    def _open(self, number: int, line: str) -> None:
        page = self._page
        name = _called(line.removesuffix(CAPABILITIES), page.names)
        if name is None:
            expected = " or ".join(f"'{name}{CAPABILITIES}'" for name in page.names)
            raise self._wrong(number, f"{line!r} is of no artifact of the table", expected)
        if name in page.starts:
            raise self._wrong(number, f"{line!r} is there twice", "one list for each artifact")
        page.starts[name] = len(page.records)
        self._in_verdict = self._behind_chrome = False

    def _is_labelled(self, number: int, line: str) -> bool:
        """Add a line with a label to the last record, and tell whether `line` is one."""
        labelled: Iterator[tuple[str, str]] = (
            (field, found[1].strip())
            for field, pattern in (("unique", UNIQUE_LINE), ("vs_alternatives", VERSUS_LINE))
            if (found := pattern.fullmatch(line))
        )
        field, text = next(labelled, ("", ""))
        if not field:
            return False
        page = self._page
        fresh = len(page.records) in (0, *page.starts.values(), *(m.after for m in page.more))
        record = None if fresh else page.records[-1]
        if record is None or record.vs_alternatives or getattr(record, field):
            expected = "a description above it, one Unique, one vs alternatives, in this order"
            raise self._wrong(number, f"{line[:40]!r} is out of place", expected)
        if not text:
            raise self._wrong(number, f"nothing stands behind {line!r}", "a text")
        setattr(record, field, text)
        return True

    def _add_text(self, number: int, line: str, after: str) -> None:
        page = self._page
        if self._behind_chrome and not _has_label(after):
            note = f"{line[:60]!r} stands behind the page's end and is left out"
            page.notes.append(Note("left-out", note, number))
            return
        page.records.append(PageRecord(unescape_line(line, page.names), number))

    def _wrong(self, number: int, problem: str, expected: str) -> SourceError:
        return _unexpected(self._page, number, problem, expected)


def _has_label(line: str) -> bool:
    return bool(UNIQUE_LINE.match(line) or VERSUS_LINE.match(line))


def _called(said: str, names: tuple[str, str]) -> str | None:
    """Return which of `names` a heading says, letters and digits deciding, or None."""
    if said in names:
        return said
    same = [name for name in names if name_key(name) == name_key(said) != ""]
    return same[0] if len(same) == 1 else None
