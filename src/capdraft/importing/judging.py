"""What a page claims and nothing on it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from capdraft.importing.layout import DASH
from capdraft.importing.page import Note, Page, PageList, PageRow, is_called
from capdraft.importing.splitting import shown_count
from capdraft.text import one_line

PARTS = ("adoption", "quality", "ecosystem", "match graph", "freshness")
KNOWN = ("type", "rank", *PARTS, "pricing", "capabilities", "times matched")
"""Rows that are read."""
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_OUT_OF = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)/100")
_GRAPH = re.compile(r"match graph evidence|real search data", re.IGNORECASE)


def judge(page: Page, lists: Sequence[PageList]) -> list[Note]:
    """Return the notes on `page`, by line."""
    checks = (_title, _types, _ranks, _matches, _sentences, _leads, _counts, _rows)
    found = [note for check in checks for note in check(page, lists)]
    return sorted([*page.notes, *found], key=lambda note: note.line)


def rank_of(page: Page, side: int) -> Decimal | None:
    """Return the rank that the table gives an artifact, of a hundred, or None."""
    row = page.row("rank")
    found = _OUT_OF.match(row.cells[side]) if row else None
    return Decimal(found[1]) if found else None


def cell_of(page: Page, label: str, side: int) -> str | None:
    """Return a cell of the table on one line, or None where it says nothing."""
    row = page.row(label)
    said = one_line(row.cells[side]) if row else ""
    return None if said in ("", DASH) else said


def _line(row: PageRow | None) -> int:
    return row.line if row else 1


def _title(page: Page, _: Sequence[PageList]) -> Iterator[Note]:
    expected = " vs ".join(page.names)
    if page.title != expected:
        message = f"the title {page.title!r} isn't '{expected}', as the table has it"
        yield Note("title", message, 1)


def _types(page: Page, _: Sequence[PageList]) -> Iterator[Note]:
    one, two = (cell_of(page, "type", side) for side in (0, 1))
    if one and two and one.casefold() != two.casefold():
        message = f"a {one.casefold()} and a {two.casefold()} are compared as if they were rivals"
        yield Note("not-rivals", message, _line(page.row("type")))


def _ranks(page: Page, _: Sequence[PageList]) -> Iterator[Note]:
    """Look at what holds of every formula in which a better part never lowers the total."""
    line = _line(page.row("rank"))
    totals = [rank_of(page, side) for side in (0, 1)]
    parts = [_parts(page, side) for side in (0, 1)]
    if any(total is not None for total in totals):
        message = "the ranks have no date, source or formula; they are kept with the proposals only"
        yield Note("rank-unsourced", message, line)
    for name, total, values in zip(page.names, totals, parts, strict=True):
        if total is not None and len(values) > 1 and len(set(values)) == 1:
            flat = values[0]
            if flat in (0, 1) and total != 100 * flat:
                message = f"{name} has {total}/100 where each part that is shown is {flat}"
                yield Note("rank-parts", message, line)
    if totals[0] is None or totals[1] is None or len(parts[0]) != len(parts[1]) or not parts[0]:
        return
    (low, worse), (high, better) = sorted(
        [(totals[0], 0), (totals[1], 1)], key=lambda found: found[0]
    )
    if low < high and all(a >= b for a, b in zip(parts[worse], parts[better], strict=True)):
        how = "the same" if parts[0] == parts[1] else "none of them lower for the first"
        message = (
            f"the parts that are shown can't give {low}/100 for {page.names[worse]} and "
            f"{high}/100 for {page.names[better]}: they are {how}"
        )
        yield Note("rank-parts", message, line)


def _parts(page: Page, side: int) -> list[Decimal]:
    cells = (cell_of(page, part, side) for part in PARTS)
    return [Decimal(cell) for cell in cells if cell and _NUMBER.fullmatch(cell)]


def _matches(page: Page, _: Sequence[PageList]) -> Iterator[Note]:
    counts = [cell_of(page, "times matched", side) for side in (0, 1)]
    if _GRAPH.search(page.headline) and not any(c and c.strip("0") for c in counts):
        told = " and ".join(count or "nothing" for count in counts)
        message = f"the headline speaks of match graph evidence; 'Times Matched' says {told}"
        yield Note("match-graph", message, page.headline_line)


def _sentences(page: Page, _: Sequence[PageList]) -> Iterator[Note]:
    said = (
        ("headline", page.headline, page.headline_line),
        ("verdict", page.verdict, page.verdict_line),
    )
    for where, sentence, line in said:
        for problem in _misquoted(page, sentence):
            yield Note(where, f"the {where} {problem}", line)


def _misquoted(page: Page, sentence: str) -> Iterator[str]:
    """Yield what `NAME scores higher at N/100 vs NAME at N/100` says otherwise than the table."""
    totals = {name: rank_of(page, side) for side, name in enumerate(page.names)}
    told: dict[str, Decimal] = {}
    for name in page.names:
        pattern = rf"(?:^|\bvs ){re.escape(name)}(?: (?:ranks|scores) higher)? at {_OUT_OF.pattern}"
        found = re.search(pattern, sentence)
        if found:
            told[name] = Decimal(found[1])
    for name, value in told.items():
        if value != totals[name]:
            table = "nothing" if totals[name] is None else f"{totals[name]}/100"
            yield f"gives {name} {value}/100, and the table says {table}"
    winner = next((n for n in page.names if re.match(_higher(n), sentence)), None)
    if winner:
        own = totals.pop(winner)
        (other,) = totals.values()
        if own is not None and other is not None and own <= other:
            yield f"puts {winner} first, and the table gives it {own}/100 against {other}/100"


def _higher(name: str) -> str:
    return rf"{re.escape(name)} (?:ranks|scores) higher\b"


def _leads(page: Page, _: Sequence[PageList]) -> Iterator[Note]:
    """Look up each part on which the verdict says that one of them is better."""
    for side, name in enumerate(page.names):
        leads = rf"(?:^|\. |, while ){re.escape(name)} (?:leads|is stronger) on ([^.]*)"
        said = re.search(leads, page.verdict)
        other = page.names[1 - side]
        clause = said[1].partition(f" {other} ")[0].casefold() if said else ""
        for part in (part for part in PARTS if part in clause):
            cells = [cell_of(page, part, s) for s in (side, 1 - side)]
            numbers = [Decimal(c) if c and _NUMBER.fullmatch(c) else None for c in cells]
            if numbers[0] is None or numbers[1] is None or numbers[0] <= numbers[1]:
                told = zip((name, other), cells, strict=True)
                table = " and ".join(f"{n} {c or 'nothing'}" for n, c in told)
                message = f"the verdict says that {name} leads on {part}; the table says {table}"
                yield Note("verdict", message, page.verdict_line)


def _counts(page: Page, lists: Sequence[PageList]) -> Iterator[Note]:
    for side, found in enumerate(lists):
        told, shown = shown_count(page, side), len(found.records)
        if told is not None and told != shown + found.more:
            more = f" and {found.more} more" if found.more else ""
            message = (
                f"the table counts {told} capabilities of {found.name}, and lists {shown}{more}"
            )
            yield Note("count", message, _line(page.row("capabilities")))
    left = [found for found in lists if found.more]
    if left:
        told_left = " and ".join(f"{found.more} of {found.name}" for found in left)
        line = next((more.line for more in page.more), 1)
        yield Note("not-on-page", f"{told_left} are counted and not on the page", line)


def _rows(page: Page, _: Sequence[PageList]) -> Iterator[Note]:
    for row in page.rows:
        if not any(is_called(row, label) for label in KNOWN):
            yield Note("row", f"the row {row.label!r} is not taken over", row.line)
