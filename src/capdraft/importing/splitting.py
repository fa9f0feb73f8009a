"""Which records of a page belong to which of its two artifacts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from capdraft.errors import SourceError, UsageProblem
from capdraft.importing.page import More, Page, PageList

_COUNT = re.compile(r"\d{1,9}")


def assign(page: Page, split: int | None = None) -> tuple[PageList, PageList]:
    """Return the list of each artifact; `split` is how many records the first one has.

    Headings tell. Where one is missing, the table's counts and `+N more capabilities` must agree
    with one way to split the records, and with no other.

    Raises:
        UsageProblem: `split` is given where headings tell, or beyond the records.
        SourceError: it can't be told for sure.
    """
    if len(page.starts) == 2:
        if split is not None:
            hint = "Leave out --split."
            raise UsageProblem("the page's headings tell whose records are whose", hint=hint)
        return _headed(page)
    place = _told(page) if split is None else split
    if place > len(page.records):
        raise UsageProblem(f"the page has {len(page.records)} records, --split says {place}")
    own, others = _shared(page.more, place)
    return _lists(page, place, own, others)


def shown_count(page: Page, side: int) -> int | None:
    """Return how many capabilities the table gives an artifact, or None."""
    row = page.row("capabilities")
    found = _COUNT.match(row.cells[side]) if row else None
    return int(found[0]) if found else None


def _headed(page: Page) -> tuple[PageList, PageList]:
    """Return the lists under two headings, whichever stands first."""
    upper, lower = page.starts
    place, total = page.starts[lower], len(page.records)
    if page.starts[upper]:
        raise _loose(page, page.records[0].line, "a record stands above the first heading")
    for name, end in ((upper, place), (lower, total)):
        told = [more for more in page.more if more.under == name]
        if any(more.after != end for more in told) or len(told) > 1:
            problem = f"{name!r} goes on behind '+{told[0].number} more capabilities'"
            raise _loose(page, told[0].line, problem)
    own, others = ([m for m in page.more if m.under == name] for name in (upper, lower))
    if any(not more.under for more in page.more):
        raise _loose(page, page.more[0].line, "'+N more' stands above the first heading")
    one, two = _lists(page, place, own, others)
    return (one, two) if upper == page.names[0] else (_named(two, lower), _named(one, upper))


def _named(found: PageList, name: str) -> PageList:
    return PageList(name, found.records, found.more)


def _loose(page: Page, line: int, problem: str) -> SourceError:
    expected = "each record below its artifact's heading and above '+N more capabilities'"
    return SourceError(f"{problem}: expected {expected}", where=page.where(line))


def _lists(
    page: Page, place: int, own: Sequence[More], others: Sequence[More]
) -> tuple[PageList, PageList]:
    one = PageList(page.names[0], page.records[:place], sum(more.number for more in own))
    two = PageList(page.names[1], page.records[place:], sum(more.number for more in others))
    return one, two


def _shared(more: Sequence[More], place: int) -> tuple[list[More], list[More]]:
    """Return what ends the first list, of so many records, and what ends the second."""
    return [m for m in more if m.after <= place], [m for m in more if m.after > place]


def _told(page: Page) -> int:
    places = list(_possible(page))
    if len(places) == 1:
        return places[0]
    total, counts = len(page.records), [shown_count(page, side) for side in (0, 1)]
    told = " and ".join("nothing" if count is None else str(count) for count in counts)
    more = [f"+{m.number} behind record {m.after}" for m in page.more]
    raise SourceError(
        f"which of the {total} records are {page.names[0]}'s can't be told: a heading is missing, "
        f"the table counts {told}, and the lists say {', '.join(more) or 'no more'}",
        where=page.where(page.records[0].line),
        hint=f"Say how many of them, from the top, are {page.names[0]}'s: --split N",
    )


def _possible(page: Page) -> Iterator[int]:
    """Yield how many records the first artifact may have."""
    counts, total = (shown_count(page, 0), shown_count(page, 1)), len(page.records)
    headed = page.starts.get(page.names[1])
    for place in range(total + 1) if headed is None else [headed] if headed else []:
        own, others = _shared(page.more, place)
        ends = all(m.after == place for m in own) and all(m.after == total for m in others)
        sums = (place + sum(m.number for m in own), total - place + sum(m.number for m in others))
        agrees = sums == counts or place == headed
        if ends and agrees and max(len(own), len(others)) < 2:
            yield place
