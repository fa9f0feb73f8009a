"""What a raw quote shows, and so which numbers it states."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.records import PassageKind
from capdraft.sources import markup, readable


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("**Larch** is ~~slow~~ _fast_", "Larch is slow fast"),
        ("[Larch 2](https://larch.example/v3) ![a tree](tree-4.png)", "Larch 2 a tree"),
        ("[![Larch](logo.svg)](https://larch.example/5)", "Larch"),
        ("[the paper][6] and ![tree][7]", "the paper and tree"),
        ("[![tree][7]][8]", "tree"),
        ("tokens [CLS][SEP], [MASK] and row[0][key]", "tokens [CLS][SEP], [MASK] and row[0][key]"),
        (
            "see https://larch.example/2024/9 (http://a.example/b_(1)).",
            "see larch.example (a.example).",
        ),
        (
            "<https://larch.example:8080/1> 见https://larch.example/2。好",
            "larch.example 见larch.example。好",
        ),
        (
            "at https://larch.example/1, or *ftp://larch.example:2*",
            "at larch.example, or larch.example",
        ),
        ("https://[7", "https://[7"),
        ("`Larch <https://larch.example/3>`__", "Larch__"),
        ("`a*b` `x[0][key]` ``http://127.0.0.1``", "a*b x[0][key] http://127.0.0.1"),
        ('<a href="v7" id=8>Larch</a><sup>2</sup> <!-- 9 -->', "Larch^2"),
        ('a<br/>b<img alt="c &amp; d" src="10.png"> <img src=11.png>', "a\nbc & d"),
        ("a<script>var b = 12</script>c", "ac"),
        ("one</p><p>two", "one two"),
        ("1 &lt; 2 &amp;&nbsp;3 &#52;", "1 < 2 & 3 4"),
        ("a < b and c > d", "a < b and c > d"),
        (r"\*not\* 2\_3", "*not* 2_3"),
        ("a  b\n   c  \nd\\\ne", "a b c\nd\ne"),
    ],
)
def test_readable(raw: str, shown: str) -> None:
    assert readable(raw, "paragraph") == shown


@pytest.mark.parametrize(
    ("raw", "kind", "shown"),
    [
        ("a *b*\n> c\n> > 5 GB", "quote", "a b c 5 GB"),
        ('<a href="1"\n>b</a\n>', "list-item", "b"),
        ("| a | `b` \\| c |", "table-row", "a | b | c"),
        ("a | | b", "table-row", "a |  | b"),
        ("||", "table-row", ""),
        ("<td>a</td>\n<td colspan=2>b<br>c</td>", "table-row", "a | b c"),
        ("about 10<sup>2</sup>", "paragraph", "about 10^2"),
        ("a</td><td>b", "table-row", "a | b"),
        ("*p = &lt;\n  [x](y)", "code", "*p = &lt;\n  [x](y)"),
    ],
)
def test_readable_by_kind(raw: str, kind: PassageKind, shown: str) -> None:
    assert readable(raw, kind) == shown


@given(raw=st.text(st.sampled_from("ab 1:/!]>)(.#-+=|$@\u00a0\u3000")))
def test_a_text_without_markup_is_shown_as_a_parser_would(raw: str) -> None:
    # The comment shows nothing and makes the parser look at the rest.
    assert readable(raw, "paragraph") == readable(f"{raw}<!-- -->", "paragraph")


@given(raw=st.text(), kind=st.sampled_from(["paragraph", "list-item", "table-row", "quote"]))
def test_what_is_shown_has_single_white_space_only(raw: str, kind: PassageKind) -> None:
    shown = readable(raw, kind)
    assert shown == shown.strip()
    if kind != "table-row":
        assert all(line == " ".join(line.split()) != "" for line in shown.split("\n") if shown)


BLOB = "aGVsbG8gbGFyY2g4" * 16


@pytest.mark.parametrize(
    ("raw", "kind", "shown"),
    [
        (f"![A larch](data:image/png;base64,{BLOB}==) grows", "paragraph", "A larch grows"),
        (f'<img alt="A larch" src="data:image/gif;base64,{BLOB}">', "list-item", "A larch"),
        (f"as data:text/plain;charset=utf-8;base64,{BLOB} says", "paragraph", "as says"),
        (f"a | ![b](data:image/svg+xml;base64,{BLOB})", "table-row", "a | b"),
        (f"url('data:font/woff2;base64,{BLOB}')", "code", "url('…')"),
        (f"key = '{BLOB}'", "code", "key = '…'"),
        (f"hash {'0a' * 101} is\nkept", "quote", "hash … is kept"),
        (f"{BLOB[:76]}\n" * 9 + "end", "code", "…\nend"),
        (f"{BLOB[:64]}\n> " * 9 + "end", "quote", "… end"),
    ],
)
def test_data_is_left_out(raw: str, kind: PassageKind, shown: str) -> None:
    assert readable(raw, kind) == shown


@pytest.mark.parametrize(
    "raw",
    ["-" * 300, "word " * 80, "日本語" * 100, "a1" * 100, f"{BLOB[:64]}\n" * 3 + "end"],
)
def test_what_is_no_data_stays(raw: str) -> None:
    assert readable(raw, "code") == raw


@given(st.text("ab1 `*_\n.:(é|", max_size=30))
def test_simple_markup_is_read_as_the_parser_reads_it(raw: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(markup, "_SIMPLE", re.compile(r"(?!)"))
        by_parser = readable.__wrapped__(raw, "paragraph")
    assert readable.__wrapped__(raw, "paragraph") == by_parser
