"""Long documents in windows: every passage once, within the limit, cut at headings."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from capdraft.drafting.passages import Part, lay_out, parts_of
from capdraft.drafting.windows import cut_windows, size_of
from capdraft.records import Document, Passage
from capdraft.sources import read_document


def passage(number: int, shown: str, *heading: str) -> Passage:
    return Passage(number=number, kind="paragraph", start=0, end=1, heading=heading, shown=shown)


PASSAGES = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=400),
        st.lists(st.sampled_from("abc"), max_size=2),
    ),
    min_size=1,
    max_size=40,
)


@settings(deadline=None)
@given(PASSAGES, st.integers(40, 300))
def test_each_passage_is_in_the_windows_once_and_each_window_holds_what_it_may(
    given_passages: list[tuple[int, str, list[str]]], limit: int
) -> None:
    ordered = sorted(given_passages, key=lambda item: item[0])
    parts = [
        Part(document, found := passage(number, shown, *heading), found.shown)
        for number, (document, shown, heading) in enumerate(ordered, 1)
    ]
    windows = cut_windows(parts, limit)
    shown_again: dict[int, str] = {}
    for part in (part for window in windows for part in window):
        number = part.passage.number
        shown_again[number] = shown_again.get(number, "") + part.shown
    assert shown_again == {part.passage.number: part.shown for part in parts}
    assert list(shown_again) == sorted(shown_again)
    assert all(sum(map(size_of, window)) <= limit for window in windows)


CARD = "\n\n".join(
    [
        "# Guide",
        *(
            f"## Part {part}\n\n" + "\n\n".join([f"Sentence of {part}. " * 9] * 6)
            for part in "abcdef"
        ),
    ]
)


def read(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "guide.md"
    path.write_text(text, encoding="utf-8")
    return read_document(path, uri="guide.md")


def test_a_window_ends_where_a_section_does(tmp_path: Path) -> None:
    windows = cut_windows(parts_of([read(tmp_path, CARD)]), 900)
    headings = [{part.passage.heading[-1] for part in window} for window in windows]
    assert headings == [{"Part a", "Part b", "Part c"}, {"Part d", "Part e", "Part f"}]


def test_a_passage_longer_than_a_window_is_told_in_parts(tmp_path: Path) -> None:
    document = read(tmp_path, "# Data\n\n" + "one row of it and then some more. " * 300)
    windows = cut_windows(parts_of([document]), 1000)
    assert len(windows) > 2
    laid = "".join(lay_out([document], window) for window in windows)
    slices = windows[0][0].slices
    assert [f"[1] (part {number} of {slices}) " in laid for number in range(1, slices + 1)]
    assert laid.count("more.") == 300


def test_boilerplate_is_in_no_prompt(tmp_path: Path) -> None:
    document = read(tmp_path, "# Card\n\nReads tickets.\n\n[More Information Needed]\n")
    assert "More Information" not in lay_out([document])
    assert "Reads tickets." in lay_out([document])
