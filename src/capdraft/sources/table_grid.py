"""Tables of web pages whose cells span rows and columns: each row gets all of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_MAX_COLUMNS = 100
# Characters that the spanned cells of a table may repeat: a page may span 65,534 rows.
_MAX_REPEATED = 200_000


class Span(NamedTuple):
    """How many rows and columns a cell takes."""

    rows: int = 1
    columns: int = 1


def span_of(attributes: Mapping[str, str | None]) -> Span:
    """Return what the attributes of a `<td>` or `<th>` say; rows=0 is all that follow."""
    rows, columns = (attributes.get(name) or "1" for name in ("rowspan", "colspan"))
    return Span(
        rows=int(rows[:5]) or 65_534 if rows.isdecimal() else 1,
        columns=min(int(columns[:5]) or 1, _MAX_COLUMNS) if columns.isdecimal() else 1,
    )


class Grid:
    """What the rows above hand down to the next one, by column."""

    def __init__(self) -> None:
        self._from_above: dict[int, tuple[str, int]] = {}
        self._repeated = 0

    def fill(self, cells: Iterable[tuple[str, Span]], *, repeat: bool) -> list[str]:
        """Return the row that `cells` and those that reach into it from above make.

        With `repeat` a cell's text stands in each column that it takes, else in the first.
        """
        row: list[str] = []
        own: dict[int, tuple[str, int]] = {}
        for text, span in cells:
            row.extend(self._above(len(row)))
            for part in range(span.columns):
                shown = text if repeat or not part else ""
                if span.rows > 1 and len(row) < _MAX_COLUMNS:
                    own[len(row)] = (shown, span.rows - 1)
                row.append(shown)
        row.extend(self._above(len(row)))
        left = {column: (text, rows - 1) for column, (text, rows) in self._from_above.items()}
        self._from_above = {column: item for column, item in left.items() if item[1]} | own
        return row

    def _above(self, column: int) -> Iterator[str]:
        while column in self._from_above:
            text = self._from_above[column][0]
            self._repeated += len(text)
            yield text if self._repeated <= _MAX_REPEATED else ""
            column += 1
