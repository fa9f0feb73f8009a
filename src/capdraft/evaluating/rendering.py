"""A report for a terminal, as Markdown, and as one HTML page that needs nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, assert_never

from jinja2 import Template

from capdraft.evaluating.pages import Page, Section, SideBySide, Table
from capdraft.evaluating.plotting import curve_plot, interval_plot
from capdraft.evaluating.wording_diffs import marked, pieces
from capdraft.publishing.columns import columns, pad, wrap
from capdraft.publishing.escaping import html_environment

ReportFormat = Literal["text", "md", "html"]
FORMATS: tuple[ReportFormat, ...] = ("text", "md", "html")
WIDTH = 120
_GAP = "  "
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")


def render(page: Page, layout: ReportFormat, width: int = WIDTH) -> str:
    """Return the report, ending in a newline; `width` counts terminal columns."""
    match layout:
        case "text":
            return "\n".join(_text(page, width)).rstrip() + "\n"
        case "md":
            return "\n".join(_markdown(page)).rstrip() + "\n"
        case "html":
            return _template().render(
                page=page, interval_plot=interval_plot, curve_plot=curve_plot, pieces=pieces
            )
    assert_never(layout)


def _text(page: Page, width: int) -> Iterator[str]:
    yield from wrap(page.title, width)
    yield "=" * min(columns(page.title), width)
    yield from wrap(page.lead, width)
    for name, value in page.facts:
        yield from wrap(f"{name}: {value}", width)
    for section in page.sections:
        if not _is_empty(section):
            yield from ("", *wrap(section.title, width), "-" * min(columns(section.title), width))
            yield from _section_text(page, section, width)


def _section_text(page: Page, section: Section, width: int) -> Iterator[str]:
    for line in section.prose:
        yield from wrap(line, width)
    if section.table:
        yield from _grid(section.table, width)
    for item in section.items:
        first, *rest = wrap(item, width, _GAP)
        yield from (f"- {first.strip()}", *rest)
    for side in section.sides:
        yield from wrap(f"{side.title}: {side.note}", width)
        for head, text in _both(page, side):
            yield from wrap(f"{head}: {text}", width, _GAP)


def _grid(table: Table, width: int) -> Iterator[str]:
    """Yield the rows; columns that find no room follow below, behind the names of the rows."""
    lines = [table.columns, *table.rows]
    widths = [max(map(columns, cells)) for cells in zip(*lines, strict=True)]
    for number, places in enumerate(_blocks(widths, width)):
        if number:
            yield ""
        for line in lines:
            yield _GAP.join(pad(line[at], widths[at]) for at in places).rstrip()


def _blocks(widths: Sequence[int], width: int) -> Iterator[list[int]]:
    """Yield the columns that stand beside each other, with the first in each block."""
    places, taken = [0], widths[0]
    for at in range(1, len(widths)):
        taken += len(_GAP) + widths[at]
        if taken > width and len(places) > 1:
            yield places
            places, taken = [0], widths[0] + len(_GAP) + widths[at]
        places.append(at)
    yield places


def _markdown(page: Page) -> Iterator[str]:
    yield from (f"# {_plain(page.title)}", "", _plain(page.lead), "")
    yield from (f"- {name}: {_plain(value)}" for name, value in page.facts)
    for section in page.sections:
        if _is_empty(section):
            continue
        yield from ("", f"## {_plain(section.title)}", "")
        for line in section.prose:
            yield from (_plain(line), "")
        if section.table:
            yield _row(section.table.columns)
            yield _row(["---"] * len(section.table.columns))
            yield from (_row(map(_plain, row)) for row in section.table.rows)
        yield from (f"- {_plain(item)}" for item in section.items)
        for side in section.sides:
            yield f"- **{_plain(side.title)}**: {_plain(side.note)}"
            yield from (f"    - {head}: {_plain(text)}" for head, text in _both(page, side))


def _both(page: Page, side: SideBySide) -> Iterator[tuple[str, str]]:
    for head, text in zip(page.sides, marked(side), strict=True):
        if text is not None:
            yield head, text


def _row(cells: Iterator[str] | Sequence[str] | map[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Return a text on one line, with nothing in it that Markdown would read."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _is_empty(section: Section) -> bool:
    return not (section.prose or section.table or section.items or section.sides or section.curve)


@cache
def _template() -> Template:
    return html_environment("capdraft.evaluating").get_template("report.html.jinja")
