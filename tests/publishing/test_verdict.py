"""A verdict never contradicts its table: a page is read again, and the verdict recomputed."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from capdraft.comparing import Standing, StandingPart, compare
from capdraft.publishing import render
from capdraft.publishing.phrases import plain
from mills import TASKS, mill

PARTS = ("adoption", "match graph")
HUNDREDTHS = st.integers(0, 100).map(lambda number: f"{number / 100:.2f}")
TOTALS = st.sampled_from(["", "41.00", "57.00", "58.50"])


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    values = [draw(HUNDREDTHS | st.just("")) for _ in PARTS]
    parts = (
        StandingPart(name=name, value=value, weight="0.50", points=value)
        for name, value in zip(PARTS, values, strict=True)
    )
    return Standing(version="rank/1", total=draw(TOTALS), parts=tuple(parts))


ARTIFACTS = st.lists(
    st.tuples(
        st.sampled_from(["tool", "tool", "tool", "model", "unknown"]),
        st.integers(0, 4),
        st.text(max_size=8),
        standings(),
    ),
    min_size=2,
    max_size=4,
)


def read(page: str) -> tuple[list[str], dict[str, list[str]], list[str]]:
    """Return the names, the cells by label and the verdict of a page."""
    html = LexborHTMLParser(page)
    names = [node.text() for node in html.css("thead th")]
    cells = {
        node.text(): [cell.text() for cell in node.parent.css("td")]
        for node in html.css("tbody th[scope=row]")
        if node.parent is not None
    }
    return names, cells, [node.text() for node in html.css("section.box li")]


def recomputed(names: list[str], cells: dict[str, list[str]], least: int) -> tuple[str, str]:
    """Return how the verdict has to begin, and whom it has to name as the winner."""
    types, totals = cells["Type"], cells["Rank"]
    if "unknown" in types:
        return "No winner: a type is unknown", ""
    if len(set(types)) > 1:
        return "Not rivals: ", ""
    common = [row for label, row in cells.items() if label.startswith("Found in common")]
    counts = [int(cell) for cell in cells["Capabilities"]]
    for one, two in combinations(range(len(names)), 2):
        shared = common[0][0] if len(names) == 2 else common[one][two]
        if int(shared) < min(least, max(2, min(counts[one], counts[two]))):
            return "Not rivals: ", ""
    if "not ranked" in totals:
        return "No winner: ", ""
    numbers = [Decimal(total.removesuffix(" of 100")) for total in totals]
    best = [name for name, number in zip(names, numbers, strict=True) if number == max(numbers)]
    return ("A tie: ", "") if len(best) > 1 else (f"{best[0]} ranks high", best[0])


@given(ARTIFACTS, st.integers(1, 4))
def test_the_verdict_of_a_page_is_that_of_its_table(
    artifacts: list[tuple[str, int, str, Standing]], least: int
) -> None:
    entries = [
        mill(f"m-{n}", f"{n} {name}", *TASKS[:count], type_=kind)
        for n, (kind, count, name, _) in enumerate(artifacts)
    ]
    comparison = compare(entries, [item[3] for item in artifacts], least=least)
    names, cells, verdict = read(render(comparison, "html"))
    begins, winner = recomputed(names, cells, least)
    assert plain(verdict[0]).startswith(plain(begins))
    assert plain(begins) in plain(comparison.headline)
    found = [
        column.name for column in comparison.artifacts if column.slug == comparison.verdict.winner
    ]
    assert [plain(name) for name in found] == [plain(name) for name in [winner] if name]
    for label in ("Adoption", "Match graph"):
        values = [re.sub(r" \(.*", "", cell) for cell in cells[label]]
        known = "unknown" not in values and comparison.verdict.reasons[0].rule in ("rank", "tie")
        leads = [v for v in values if v == max(values)] if known else []
        said = [text for text in verdict if re.search(rf" leads on .*\b{label.lower()}\b", text)]
        assert bool(said) == (len(leads) == 1)
        if said:
            assert plain(said[0]).startswith(plain(names[values.index(max(values))]))
