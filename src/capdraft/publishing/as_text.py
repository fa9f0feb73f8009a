"""A comparison for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capdraft.comparing import Claim, Column, Comparison, Footnote, Row, ShownCapability
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

_GAP = "  "
_NARROWEST_CELL = 8
_NARROWEST_PAGE = 20


def text_page(comparison: Comparison, width: int) -> str:
    """Return the page, each line at most `width` columns (20 at the least)."""
    return "\n".join(_lines(comparison, max(width, _NARROWEST_PAGE))) + "\n"


def _lines(comparison: Comparison, width: int) -> Iterator[str]:
    yield from _heading(comparison.title, "=", width)
    yield from wrap(plain(comparison.headline), width)
    yield ""
    yield from _table(comparison, width)
    for artifact in comparison.artifacts:
        yield ""
        yield from _capabilities(artifact, width)
    yield ""
    yield from _heading("Verdict", "-", width)
    for reason in comparison.verdict.reasons:
        yield from wrap(plain(reason.text), width)
    if comparison.footnotes:
        yield ""
        yield from _heading("Evidence", "-", width)
        for note in comparison.footnotes:
            yield from _footnote(note, width)


def _heading(title: str, line: str, width: int) -> Iterator[str]:
    wrapped = wrap(plain(title), width)
    yield from wrapped
    yield line * max(map(columns, wrapped))
    yield ""


def _table(comparison: Comparison, width: int) -> Iterator[str]:
    names = [plain(artifact.name) for artifact in comparison.artifacts]
    grid = [["", *names]]
    grid += [[row.label, *map(plain, row.cells)] for row in comparison.rows]
    widths = _column_widths(grid, width)
    if widths is None:
        yield from _list(comparison.rows, names, width)
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
    label, cells = natural[0], natural[1:]
    share = (width - label) // len(cells) - len(_GAP)
    if share < _NARROWEST_CELL:
        return None
    return [label, *(min(cell, share) for cell in cells)]


def _list(rows: Sequence[Row], names: Sequence[str], width: int) -> Iterator[str]:
    for row in rows:
        yield row.label
        for name, cell in zip(names, row.cells, strict=True):
            yield from wrap(f"{name}: {plain(cell)}", width, _GAP)


def _capabilities(artifact: Column, width: int) -> Iterator[str]:
    yield from _heading(f"{artifact.name}: capabilities", "-", width)
    if not artifact.approved:
        yield "None approved yet."
    for number, capability in enumerate(artifact.capabilities):
        if number:
            yield ""
        yield from _capability(capability, width)
    if artifact.more:
        yield from ("", left_out(artifact.more))


def _capability(capability: ShownCapability, width: int) -> Iterator[str]:
    yield from wrap(plain(capability.name), width)
    for field, claim in claims(capability):
        label = f"{LABELS[field]}: " if LABELS[field] else ""
        yield from wrap(label + _with_marks(claim), width, _GAP)
    yield from wrap(f"({credits_line(capability)})", width, _GAP)


def _with_marks(claim: Claim) -> str:
    marks = "".join(f"[{number}]" for number in claim.footnotes)
    return " ".join(filter(None, (plain(claim.text), marks, notes(claim))))


def _footnote(note: Footnote, width: int) -> Iterator[str]:
    mark = f"[{note.number}] "
    first, *others = wrap(f'"{shortened(note.quote)}"', width, " " * len(mark))
    yield mark + first[len(mark) :]
    yield from others
    yield from wrap(", ".join((plain(note.document), *source(note))), width, " " * len(mark))
