"""A comparison for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capdraft.comparing import (
    Claim,
    Column,
    Comparison,
    Conflict,
    Footnote,
    Group,
    Row,
    label_in_full,
)
from capdraft.comparing import ShownCapability as Shown
from capdraft.publishing import outline
from capdraft.publishing.columns import columns, pad, wrap
from capdraft.publishing.phrases import (
    LABELS,
    claims,
    credits_line,
    left_out,
    notes,
    plain,
    shortened,
    source,
)

RULES_LEFT_OUT = "The rules behind this page: add --rules."
_GAP = "  "
_NARROWEST_CELL = 8
_NARROWEST_LABEL = 14
_NARROWEST_PAGE = 20


def text_page(comparison: Comparison, width: int, *, rules: bool = False) -> str:
    """Return the page, each line at most `width` columns (20 at the least)."""
    return "\n".join(_lines(comparison, max(width, _NARROWEST_PAGE), rules)) + "\n"


def _lines(page: Comparison, width: int, rules: bool) -> Iterator[str]:
    yield from _heading(page.title, "=", width)
    yield from wrap(plain(page.headline), width)
    if about := outline.on_the_rank(page):
        yield from wrap(about, width)
    if said := outline.dateline(page):
        yield ""
        yield from wrap(f"{'; '.join(said)}.", width)
    yield ""
    yield from _table(page, width)
    yield ""
    yield from _heading(outline.VERDICT, "-", width)
    for reason in page.verdict.reasons:
        yield from wrap(plain(reason.text), width)
    if about := outline.on_the_rank(page, verdict=True):
        yield from wrap(about, width)
    yield ""
    yield from _conflicts(page, width)
    yield ""
    yield from _in_common(page, width)
    for column in page.artifacts:
        yield ""
        yield from _rest(page, column, width)
    yield from _sources(page, width)
    yield from _evidence(page, width)
    if rules:
        yield from _rules(page, width)
    else:
        yield from ("", *wrap(RULES_LEFT_OUT, width))


def _heading(title: str, line: str, width: int) -> Iterator[str]:
    wrapped = wrap(plain(title), width)
    yield from wrapped
    yield line * max(map(columns, wrapped))
    yield ""


def _table(page: Comparison, width: int) -> Iterator[str]:
    names = [plain(artifact.name) for artifact in page.artifacts]
    grid = [["", *names]]
    grid += [[plain(label_in_full(row.label)), *map(plain, row.cells)] for row in page.rows]
    widths = _column_widths(grid, width)
    if widths is None:
        yield from _list(page.rows, names, width)
        return
    for line in grid:
        cells = [wrap(cell, room) for cell, room in zip(line, widths, strict=True)]
        for height in range(max(map(len, cells))):
            parts = [cell[height] if height < len(cell) else "" for cell in cells]
            padded = map(pad, parts, widths)
            yield _GAP.join(padded).rstrip()


def _column_widths(grid: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Share `width` among the columns, or return None where it is not enough."""
    natural = [max(map(columns, column)) for column in zip(*grid, strict=True)]
    label, cells = min(natural[0], max(width // 3, _NARROWEST_LABEL)), natural[1:]
    share = (width - label) // len(cells) - len(_GAP)
    if share < _NARROWEST_CELL:
        return None
    return [label, *(min(cell, share) for cell in cells)]


def _list(rows: Sequence[Row], names: Sequence[str], width: int) -> Iterator[str]:
    for row in rows:
        yield from wrap(plain(label_in_full(row.label)), width)
        for name, cell in zip(names, row.cells, strict=True):
            yield from wrap(f"{name}: {plain(cell)}", width, _GAP)


def _conflicts(page: Comparison, width: int) -> Iterator[str]:
    yield from _heading(outline.CONFLICTS, "-", width)
    if not page.conflicts:
        yield from wrap(outline.NO_CONFLICT, width)
    for place, conflict in enumerate(page.conflicts):
        if place:
            yield ""
        yield from _conflict(page, conflict, width)


def _conflict(page: Comparison, conflict: Conflict, width: int) -> Iterator[str]:
    yield from wrap(plain(conflict.about), width)
    for said in conflict.sides:
        text = f'{outline.says(page, said)}: "{shortened(said.text)}" {_marks(said.footnotes)}'
        yield from wrap(plain(text), width, _GAP)
    yield from wrap(outline.conflict_rule(conflict), width, _GAP)


def _in_common(page: Comparison, width: int) -> Iterator[str]:
    yield from _heading(outline.IN_COMMON, "-", width)
    if not page.groups and not page.more_groups:
        yield from wrap(outline.NOTHING_IN_COMMON, width)
    else:
        yield from wrap(outline.BY_WORDS, width)
    for group in page.groups:
        yield ""
        yield from _group(page, group, width)
    if page.more_groups:
        yield from ("", outline.left_groups(page.more_groups))


def _group(page: Comparison, group: Group, width: int) -> Iterator[str]:
    yield from wrap(f"{outline.who_can(page, group)}:", width)
    quotes = {note.number: note for note in page.footnotes}
    for column, _, capability in outline.sides(page, group):
        yield from wrap(f"{plain(column.name)}: {plain(capability.name)}", width, _GAP)
        yield from _claims(capability, width, _GAP * 2)
        for number in outline.cited(capability):
            note = quotes[number]
            yield from _quoted(note, width, _GAP * 2)
            if note.header:
                under = _GAP * 2 + " " * len(f"[{number}] ")
                yield from wrap(f"columns: {shortened(note.header)}", width, under)
    for words in outline.why(page, group):
        yield from wrap(plain(words), width, _GAP)


def _rest(page: Comparison, column: Column, width: int) -> Iterator[str]:
    yield from _heading(outline.rest(column), "-", width)
    alone = page.alone(column)
    yield from wrap(outline.on_the_rest(page, column), width)
    for capability in alone:
        yield ""
        yield from wrap(plain(capability.name), width)
        yield from _claims(capability, width, _GAP)
        if near := outline.also_like(page, capability):
            yield from wrap(near, width, _GAP)
    if more := column.rest - len(alone):
        yield from ("", left_out(more))


def _claims(capability: Shown, width: int, indent: str) -> Iterator[str]:
    for field, claim in claims(capability):
        label = f"{LABELS[field]}: " if LABELS[field] else ""
        yield from wrap(label + _with_marks(claim), width, indent)
    yield from wrap(f"({credits_line(capability)})", width, indent)


def _with_marks(claim: Claim) -> str:
    return " ".join(filter(None, (plain(claim.text), _marks(claim.footnotes), notes(claim))))


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _sources(page: Comparison, width: int) -> Iterator[str]:
    sources = list(outline.sources(page))
    if sources:
        yield ""
        yield from _heading(outline.SOURCES, "-", width)
        for name, uri, said in sources:
            yield from wrap(f"{plain(name)}: {', '.join(filter(None, (plain(uri), said)))}", width)


def _evidence(page: Comparison, width: int) -> Iterator[str]:
    if page.footnotes:
        yield ""
        yield from _heading(outline.EVIDENCE, "-", width)
        for note in page.footnotes:
            indent = " " * len(f"[{note.number}] ")
            yield from _quoted(note, width)
            yield from wrap(", ".join((plain(note.document), *source(note))), width, indent)


def _quoted(note: Footnote, width: int, indent: str = "") -> Iterator[str]:
    mark = f"{indent}[{note.number}] "
    first, *others = wrap(f'"{shortened(note.quote)}"', width, " " * len(mark))
    yield mark + first[len(mark) :]
    yield from others


def _rules(page: Comparison, width: int) -> Iterator[str]:
    yield ""
    yield from _heading(outline.RULES, "-", width)
    for name, texts in outline.rules(page):
        yield from wrap(f"{name}:", width)
        for text in texts:
            yield from wrap(text, width, _GAP)
