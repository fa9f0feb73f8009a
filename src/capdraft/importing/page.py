"""A known comparison page as read: every word of it, each with its line."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """What a page says and nothing on it carries, or what was not taken over from it."""

    code: str
    message: str
    line: int


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row of the table: its label and one cell for each artifact."""

    label: str
    cells: tuple[str, ...]
    line: int


@dataclass(slots=True)
class PageRecord:
    """A record as the page has it: its three paragraphs."""

    description: str
    line: int
    unique: str | None = None
    vs_alternatives: str | None = None


@dataclass(frozen=True, slots=True)
class More:
    """`+N more capabilities`, behind the first `after` records of the page.

    `under` is the artifact of the heading above it, if there is one.
    """

    number: int
    after: int
    line: int
    under: str = ""


@dataclass(slots=True)
class PageList:
    """The capabilities of one artifact: those that are shown, and how many more there are."""

    name: str
    records: list[PageRecord] = field(default_factory=list)
    more: int = 0


@dataclass(slots=True)
class Page:
    """A page about two artifacts.

    `starts` tells before which record the list of each artifact starts, where a heading says so.
    """

    name: str
    title: str = ""
    headline: str = ""
    headline_line: int = 1
    names: tuple[str, str] = ("", "")
    rows: list[PageRow] = field(default_factory=list)
    records: list[PageRecord] = field(default_factory=list)
    more: list[More] = field(default_factory=list)
    starts: dict[str, int] = field(default_factory=dict)
    verdict: str = ""
    verdict_line: int = 1
    notes: list[Note] = field(default_factory=list)

    def where(self, line: int) -> str:
        """Return FILE:LINE."""
        return f"{self.name}:{line}"

    def row(self, label: str) -> PageRow | None:
        """Return the row called `label`, in lower case, or None.

        The rank's is known by its last letters, as sites put their own name before them.
        """
        called = (row for row in self.rows if is_called(row, label))
        return next(called, None)


def is_called(row: PageRow, label: str) -> bool:
    """Tell whether `row` is the one called `label`."""
    said = row.label.casefold()
    return said == label or (label == "rank" and said.endswith(label))
