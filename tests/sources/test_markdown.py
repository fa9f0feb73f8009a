"""Which passages a Markdown text has: kind, heading path, raw quote, and what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capdraft.records import Document
from capdraft.sources import readable
from capdraft.sources.markdown import read_markdown
from capdraft.sources.pieces import read_paragraphs, trim
from capdraft.sources.reading import read_document
from capdraft.text import clean

# A text, then its passages as (kind, quote, shown); shown is left out where it is the quote.
CONSTRUCTS: dict[str, tuple[str, list[tuple[str, ...]]]] = {
    "paragraph over two lines": (
        "Larch sorts\nmail by topic.\n\nIt is *fast*.\n",
        [
            ("paragraph", "Larch sorts\nmail by topic.", "Larch sorts mail by topic."),
            ("paragraph", "It is *fast*.", "It is fast."),
        ],
    ),
    "tight and nested list": (
        "- one\n  more\n  - two\n    1. three\n* four\n",
        [
            ("list-item", "one\n  more", "one more"),
            ("list-item", "two"),
            ("list-item", "three"),
            ("list-item", "four"),
        ],
    ),
    "loose list with code": (
        "1. first\n\n   second\n\n   ```sh\n   run\n     it\n   ```\n",
        [("list-item", "first"), ("list-item", "second"), ("code", "run\n     it")],
    ),
    "list indented with tabs": (
        "-\tone\n\n\t-\ttwo\n",
        [("list-item", "one"), ("list-item", "two")],
    ),
    "table": (
        "| Task | Score |\n|---|---|\n| *mail* | 1 \\| 2 |\n| chat |\n",
        [
            ("table-row", "| *mail* | 1 \\| 2 |", "mail | 1 | 2"),
            ("table-row", "| chat |", "chat"),
        ],
    ),
    "table of a header only": (
        "- | a | b |\n  |---|---|\n",
        [("table-row", "| a | b |", "a | b")],
    ),
    "empty cells keep their column": (
        "a | b | c\n-|-|-\n|| 2 | |\n| | | |\n",
        [("table-row", "|| 2 | |", "| 2 |")],
    ),
    "fences, closed and not": (
        "~~~\na  b\n\n~~~\n```\n```\n```py\n*c*\n",
        [("code", "a  b"), ("code", "*c*")],
    ),
    "indented code": ("    a\n\n      b\n", [("code", "a\n\n      b")]),
    "quote": (
        "> said\n> *twice*\nand lazily\n>\n> - item\n>   more\n> > deep\n",
        [
            ("quote", "said\n> *twice*\nand lazily", "said twice and lazily"),
            ("list-item", "item\n>   more", "item more"),
            ("quote", "deep"),
        ],
    ),
    "table and code in a quote": (
        "> a | b\n> -|-\n> 1 | 2\n>\n> ```\n>\n> x\n> ```\n",
        [("table-row", "1 | 2"), ("code", "x")],
    ),
    "code that looks like a quote": (
        "> ```\n>\n> >\n> b\n> ```\n",
        [("code", ">\n> b")],
    ),
    "nothing to read": (
        "---\n\n<!-- 5 GB -->\n\n![](x.png)\n\n[![Tests](https://ci.example/badge.svg)](x)\n\n"
        "[label]: https://example.org/7\n\n# Only a heading\n",
        [],
    ),
    "no-break space is white space": (
        "\u00a0\ntext\n\u00a0\n\n> \u00a0\n> said\n> \u00a0\n",
        [("paragraph", "text"), ("quote", "said")],
    ),
    "deep nesting": (
        "\n".join("  " * depth + f"- level{depth}" for depth in range(30)),
        [("list-item", f"level{depth}") for depth in range(30)],
    ),
    "html elements": (
        '<div align="center">\n<p>Larch <b>sorts</b><br>mail</p> loose\n</div>\n'
        "<ul><li>one<li>two</ul><blockquote>said</blockquote><pre>a &lt; b</pre>\n",
        [
            ("paragraph", "Larch <b>sorts</b><br>mail", "Larch sorts\nmail"),
            ("paragraph", "loose"),
            ("list-item", "one"),
            ("list-item", "two"),
            ("quote", "said"),
            ("code", "a &lt; b"),
        ],
    ),
    "html that ends what is not open": (
        "<div><b>a</div></div></p><ul><li>b</ul></li>c\n",
        [("paragraph", "a"), ("list-item", "b"), ("paragraph", "c")],
    ),
    "html that shows nothing": (
        "<div><script>var a = 1</script><style>b {}</style><!-- c --><![d[>\n"
        '<img src="e.png"><hr></div>\n\n<div>f <!-- cut off\n',
        [("paragraph", "f")],
    ),
    "html image": (
        '<p>\n  <img src="7.png" alt="A larch"/>\n</p>\n',
        [("paragraph", '<img src="7.png" alt="A larch"/>', "A larch")],
    ),
    "html table over two blocks": (
        "<table>\n<tr><th>Task</th><th>Score</th></tr>\n\n"
        "<tr><td></td><td><p>1</p><p>2</p></td></tr>\n</table>\n",
        [("table-row", "<td></td><td><p>1</p><p>2</p></td>", "| 1 2")],
    ),
    "html table of a header only": (
        "<table><tr><th>Task</th></tr></table>\n\nText\n",
        [("table-row", "<th>Task</th>", "Task"), ("paragraph", "Text")],
    ),
    "html in a quote": (
        "> <p>\n>  said\n> twice\n> </p>\n",
        [("quote", "said\n> twice", "said twice")],
    ),
    "details": (
        "<details>\n<summary>More</summary>\n\n- *item*\n\n</details>\n",
        [("paragraph", "More"), ("list-item", "*item*", "item")],
    ),
}


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_constructs(name: str, tmp_path: Path) -> None:
    source, expected = CONSTRUCTS[name]
    # The first paragraph keeps a text without passages from being refused.
    document = read(tmp_path, "Top.\n\n" + source)
    found = [
        (passage.kind, document.text[passage.start : passage.end], passage.shown)
        for passage in document.passages[1:]
    ]
    assert found == [(kind, quote, *(shown or (quote,))) for kind, quote, *shown in expected]


def read(folder: Path, text: str, name: str = "card.md") -> Document:
    path = folder / name
    path.write_bytes(text.encode())
    return read_document(path, uri=name)


def test_headings_make_the_path_and_the_title(tmp_path: Path) -> None:
    text = """\
before

<h1 align="center"><img src="logo.png"> Larch</h1>

one

Use *it*
--------
two

### Deep [link](x) #
three

- # In an item
  four

five

## Last
six
"""
    document = read(tmp_path, text)
    assert document.title == "Larch"
    assert {passage.shown: passage.heading for passage in document.passages} == {
        "before": (),
        "one": ("Larch",),
        "two": ("Larch", "Use it"),
        "three": ("Larch", "Use it", "Deep link"),
        "four": ("In an item",),
        "five": ("Larch", "Use it", "Deep link"),
        "six": ("Larch", "Last"),
    }


def test_a_table_row_knows_its_header(tmp_path: Path) -> None:
    text = """\
| Task | *Score* |
|------|---------|
| mail | 1       |

<table>
<tr><th>Size</th><th>Speed</th></tr> <tr><th>GB</th><th>ms</th></tr>
<tr><th>2</th><td>7</td></tr>
</table>
<table><tr><td>3</td></tr></table>

| | |
|-|-|
| chat | 2 |
"""
    rows = read(tmp_path, text).passages
    assert [(row.header, row.shown) for row in rows] == [
        ("Task | Score", "mail | 1"),
        ("Size | Speed / GB | ms", "2 | 7"),
        (None, "3"),
        (None, "chat | 2"),
    ]


# Lines that meet each other in every order reach further than free text.
LINES = """\
> q
- item
  - sub
1. one
```
~~~ py
    code
# head
===
---
| a | b |
a | b
:-:|--
<div>
</div>
<table><tr><th>h
<td>c</td>
</tr></table>
<li>x
<!-- c
-->
<h2>t</h2>
<pre>
<script>
</script>
<![CDATA[
<![x[
<img alt='a'>
[r]: u
**b**
\t- tab
> > deep
>

\u00a0
\u2028
![a](b) &amp; <https://e.example/1>
"""
TEXTS = st.text() | st.lists(st.sampled_from(LINES.split("\n"))).map("\n".join)


@given(text=TEXTS)
@example(text="- a | b\n  --|--\n  <![x[ y")
@example(text="<table><tr><th>a\n\nb\n<tr><th>c")
@example(text="> ```\n>\n> >\n> ```")
def test_offsets_are_exact_ordered_and_apart(text: str) -> None:
    text = clean(text)
    for pieces in (read_markdown(text)[0], list(read_paragraphs(text))):
        behind = 0
        for piece in pieces:
            start, end = trim(text, piece.start, piece.end)
            quote = text[start:end]
            assert behind <= start < end
            assert quote == quote.strip()
            readable(quote, piece.kind)
            behind = end


@given(
    words=st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), min_size=1),
    depth=st.integers(0, 5),
)
def test_no_word_is_lost(words: list[str], depth: int) -> None:
    text = "\n\n".join("> " * depth + f"- {word}" for word in words)
    pieces, _ = read_markdown(text)
    assert [text[piece.start : piece.end] for piece in pieces] == words
