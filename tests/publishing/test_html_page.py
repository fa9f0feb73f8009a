"""The HTML page: self-contained, and what comes from documents is only ever text in it."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import entry, field, gravel, passage, record

from capdraft.comparing import Comparison, compare
from capdraft.publishing import FORMATS, PageFormat, render

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}'&lt;"


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, attribute: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(attribute)) is not None]


def everywhere(word: str) -> Comparison:
    """Compare two artifacts with `word` wherever a text may stand."""
    versus = field(word, passage(word, heading=word), alternative=word)
    capability = record(word, field(word, passage(word)), field(word), versus, drafted_by=word)
    return compare([entry("left", capability, name=word, pricing=word, uri=word), entry("right")])


def test_hostile_strings_are_only_text() -> None:
    page = Page(render(everywhere(HOSTILE), "html"))
    word = "w" * len(HOSTILE)
    harmless = Page(render(everywhere(word), "html"))
    swapped = [
        (tag, {name: value and value.replace(word, HOSTILE) for name, value in attributes.items()})
        for tag, attributes in harmless.tags
    ]
    assert page.tags == swapped
    assert page.text == harmless.text.replace(word, HOSTILE)


@settings(max_examples=40)
@given(st.text(min_size=1))
def test_any_string_renders_in_every_format(text: str) -> None:
    comparison = everywhere(text)
    pages = {format_: render(comparison, format_) for format_ in FORMATS}
    assert all(page.endswith("\n") for page in pages.values())
    tags = [tag for tag, _ in Page(pages["html"]).tags]
    assert tags == [tag for tag, _ in Page(render(everywhere("word"), "html")).tags]


def test_marks_and_evidence_link_to_each_other() -> None:
    page = Page(render(compare([gravel(), entry("twin", *gravel().capabilities)]), "html"))
    ids = page.all("id")
    targets = [href.removeprefix("#") for href in page.all("href")]
    assert len(ids) == len(set(ids))
    assert set(targets) <= set(ids)
    linked = {anchor for anchor in ids if anchor.startswith(("cited-", "evidence-"))}
    assert linked == set(targets)


def test_the_page_asks_nothing_of_anyone() -> None:
    page = Page(render(compare([gravel(), entry("tape")]), "html"))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "form", "base", "object"}
    assert page.all("content")[0] == "default-src 'none'; style-src 'unsafe-inline'"
    assert not any("url(" in style or "@import" in style for style in [page.text])


@pytest.mark.parametrize(
    ("uri", "links"),
    [
        ("https://e.example/a", ["https://e.example/a"]),
        ("HTTP://e.example", ["HTTP://e.example"]),
        ("javascript:alert(1)", []),
        ("java\nscript:https://e.example", []),
        ("data:text/html,x", []),
        ("https://e.example/ x", []),
        ("docs/readme.md", []),
        ("//e.example/a", []),
    ],
)
def test_only_a_web_address_becomes_a_link(uri: str, links: list[str]) -> None:
    left = entry("left", record("R", field("One.", passage("Quote."))), uri=uri)
    page = Page(render(compare([left, entry("right")]), "html"))
    found = [href for href in page.all("href") if not href.startswith("#")]
    assert found == 2 * links  # among the sources, and below the quote


@pytest.mark.parametrize(
    ("format_", "said"),
    [
        ("html", '<span class="muted">| Size | Score |</span>\n| small | 1.77 |'),
        (
            "md",
            '> columns: &#124; Size &#124; Score &#124;\n>\n> "&#124; small &#124; 1.77 &#124;"',
        ),
        ("text", '"| small | 1.77 |"\n        columns: | Size | Score |'),
    ],
)
def test_a_row_of_a_table_stands_with_its_header_beside_the_claim(
    format_: PageFormat, said: str
) -> None:
    update = {"kind": "table-row", "header": "| Size | Score |"}
    cell = passage("| small | 1.77 |").model_copy(update=update)
    east, west = (
        entry(slug, record("Grinds wheat", field("One.", cell))) for slug in ("east", "west")
    )
    page = render(compare([east, west]), format_)
    assert page.partition("Evidence\n")[0].count(said) == 2


def test_the_table_is_headed_and_quotes_are_whole() -> None:
    long = "A passage of many words. " * 40
    left = entry("left", record("R", field("One.", passage(long))))
    page = Page(render(compare([left, entry("right")]), "html"))
    assert page.all("scope").count("col") == 2
    assert page.all("scope").count("row") == 9
    assert long in page.text
    assert "drafted by draft-model-1, approved by ada on 2026-03-01" in page.text


def test_jinja_is_imported_for_html_only() -> None:
    """A fresh interpreter, because this one has it already."""
    code = (
        "import sys; from made_up import gravel, entry; from capdraft.comparing import compare;"
        "from capdraft.publishing import render; c = compare([gravel(), entry('tape')]);"
        "[render(c, f) for f in ('text', 'md', 'json')]; assert 'jinja2' not in sys.modules;"
        "render(c, 'html'); assert 'jinja2' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})
