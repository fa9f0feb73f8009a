"""What each kind of file that is not plain text says, passage by passage."""

from __future__ import annotations

import json
import logging
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import nbformat.v4
import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from capdraft.checking import present_passages, said_by
from capdraft.errors import SourceError
from capdraft.records import Document, DocumentRef, Proposal
from capdraft.sources import read_document
from capdraft.workspace import Workspace

HTML = """\
<!DOCTYPE html><html><head><title>Larch — home</title><style>p {}</style></head><body>
<nav><p>Menu 9</p></nav><div role="navigation">Menu 8</div>
<script>var a = 9</script><noscript>Off</noscript>
<template><p>Blank</p></template>
<h2>Use <em>it</em></h2>
<div>Larch sorts
  <b>mail</b><br>by *topic*, 10<sup>3</sup> a second.<p>Fast.</div>
<ul><li>one<ul><li>two</ul><li><p>three</ul>
<blockquote><p>Said once.</p></blockquote>
<pre><code>if a &lt; b:
    run()</code></pre>
<table><thead><tr><th>Task</th><th>Score</th></tr></thead>
<tr><th>mail</th><td>1 <p>of 2</td></tr><tr><td></td><td>a|b</td></tr></table>
<table><tr><th>Alone</th></tr></table>
<p><img src="x.png" alt="A larch"><img src="https://ci.example/badge.svg" alt="passing"></p>
</body></html>
"""
RST = """\
Larch
=====

It *sorts* ``a_b`` by :ref:`topic <topics>`, 10\\ :sup:`3` a second.

Use
---

- one

  - two
- three

term : kind
    What it is.

:Version: 2

.. autoclass:: larch.Larch
   :members:

.. note:: Mind the gap.

.. code-block:: python
   :caption: Setup

   for a in b:
       c()

.. include:: /etc/hostname

.. raw:: html

   <p>Raw</p>

Run::

    if a < b:
        run()

..

    Said once.

====  =====
Task  Score
====  =====
mail  a|b
====  =====

| one line
| and two

`broken

.. image:: tree.png
   :alt: A larch
"""


def notebook() -> bytes:
    v4 = nbformat.v4
    output = v4.new_output("stream", text="loss 9\n")  # type: ignore[no-untyped-call]
    cells = [
        v4.new_markdown_cell("# Larch\n\nIt *sorts*."),  # type: ignore[no-untyped-call]
        v4.new_code_cell("a = '*b*'\n", outputs=[output]),  # type: ignore[no-untyped-call]
        v4.new_markdown_cell("## Use\n| a |\n|---|\n| 1 |"),  # type: ignore[no-untyped-call]
        v4.new_raw_cell("One *raw*.\n\nTwo."),  # type: ignore[no-untyped-call]
        v4.new_markdown_cell("- item"),  # type: ignore[no-untyped-call]
    ]
    made = v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    return nbformat.writes(made).encode()  # type: ignore[no-untyped-call, no-any-return]


def pdf(*pages: str) -> bytes:
    made = FPDF()
    made.set_font("helvetica", size=12)
    for page in pages:
        made.add_page()
        for paragraph in page.split("\n\n"):
            made.multi_cell(0, 6, paragraph, align="L", new_x="LMARGIN", new_y="NEXT")
            made.ln(6)
    return bytes(made.output())


def encrypted_pdf() -> bytes:
    writer, buffer = PdfWriter(clone_from=PdfReader(BytesIO(pdf("Secret.")))), BytesIO()
    writer.encrypt("larch", algorithm="RC4-128")
    writer.write(buffer)
    return buffer.getvalue()


def word() -> bytes:
    made, buffer = docx.Document(), BytesIO()
    made.add_heading("Larch", 0)
    made.add_paragraph("It *sorts* mail.")
    made.add_heading("Use", 1)
    made.add_paragraph("one", "List Bullet")
    made.add_paragraph("two", "List Number 2")
    made.add_paragraph("Said once.", "Quote")
    table = made.add_table(3, 2)
    for row, words in zip(
        table.rows, [("Task", "Score"), ("mail", "a|b"), ("all", "")], strict=True
    ):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    last = table.rows[2].cells
    last[0].merge(last[1])
    made.add_table(1, 1).rows[0].cells[0].text = "Alone"
    made.save(buffer)
    return buffer.getvalue()


# A file, then its passages as (kind, shown, headings, header).
Row = tuple[str, str, tuple[str, ...], str | None]
USE = ("Larch", "Use")
FILES: dict[str, tuple[bytes, str, str, list[Row]]] = {
    "page.html": (
        HTML.encode(),
        "text/html",
        "Larch — home",
        [
            ("paragraph", "Larch sorts mail by *topic*, 10^3 a second.", ("Use it",), None),
            ("paragraph", "Fast.", ("Use it",), None),
            ("list-item", "one", ("Use it",), None),
            ("list-item", "two", ("Use it",), None),
            ("list-item", "three", ("Use it",), None),
            ("quote", "Said once.", ("Use it",), None),
            ("code", "if a < b:\n    run()", ("Use it",), None),
            ("table-row", "mail | 1 of 2", ("Use it",), "Task | Score"),
            ("table-row", "| a|b", ("Use it",), "Task | Score"),
            ("table-row", "Alone", ("Use it",), None),
            ("paragraph", "A larch", ("Use it",), None),
        ],
    ),
    "notes.RST": (
        RST.encode(),
        "text/x-rst",
        "Larch",
        [
            ("paragraph", "It sorts a_b by topic, 10^3 a second.", ("Larch",), None),
            ("list-item", "one", USE, None),
            ("list-item", "two", USE, None),
            ("list-item", "three", USE, None),
            ("list-item", "What it is.", (*USE, "term", "kind"), None),
            ("list-item", "Version: 2", USE, None),
            ("paragraph", "Mind the gap.", USE, None),
            ("code", "for a in b:\n    c()", USE, None),
            ("paragraph", "Run:", USE, None),
            ("code", "if a < b:\n    run()", USE, None),
            ("quote", "Said once.", USE, None),
            ("table-row", "mail | a|b", USE, "Task | Score"),
            ("paragraph", "one line and two", USE, None),
            ("paragraph", "`broken", USE, None),
            ("paragraph", "A larch", USE, None),
        ],
    ),
    "run.ipynb": (
        notebook(),
        "application/x-ipynb+json",
        "Larch",
        [
            ("paragraph", "It sorts.", ("Larch",), None),
            ("code", "a = '*b*'", ("Larch",), None),
            ("table-row", "1", USE, "a"),
            ("paragraph", "One *raw*.", USE, None),
            ("paragraph", "Two.", USE, None),
            ("list-item", "item", USE, None),
        ],
    ),
    "paper.pdf": (
        pdf("Larch sorts mail with-\nout a net-\nWork, at *3* GB.\n\nIt is fast.", "Page two."),
        "application/pdf",
        "",
        [
            ("paragraph", "Larch sorts mail without a net- Work, at *3* GB.", ("page 1",), None),
            ("paragraph", "It is fast.", ("page 1",), None),
            ("paragraph", "Page two.", ("page 2",), None),
        ],
    ),
    "card.docx": (
        word(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Larch",
        [
            ("paragraph", "It *sorts* mail.", ("Larch",), None),
            ("list-item", "one", USE, None),
            ("list-item", "two", USE, None),
            ("quote", "Said once.", USE, None),
            ("table-row", "mail | a|b", USE, "Task | Score"),
            ("table-row", "all", USE, "Task | Score"),
            ("table-row", "Alone", USE, None),
        ],
    ),
}


def read(folder: Path, name: str, data: bytes) -> Document:
    (folder / name).write_bytes(data)
    return read_document(folder / name, uri=f"docs/{name}")


@pytest.mark.parametrize("name", FILES)
def test_passages(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data, media_type, title, expected = FILES[name]
    document = read(tmp_path, name, data)
    found = [(part.kind, part.shown, part.heading, part.header) for part in document.passages]
    assert found == expected
    assert (document.media_type, document.title or "") == (media_type, title)
    assert read(tmp_path, name, data).text == document.text
    assert capfd.readouterr() == ("", "")


def test_a_page_is_named_by_its_first_h1(tmp_path: Path) -> None:
    page = b"<title>a</title><h2>b</h2><h1> c <i>d</i></h1><h1>e</h1>text"
    assert read(tmp_path, "a.htm", page).title == "c d"


def test_a_page_may_be_nested_deeper_than_python_calls(tmp_path: Path) -> None:
    [passage] = read(tmp_path, "a.html", b"<div>" * 5000 + b"text").passages
    assert passage.shown == "text"


HEAD = "Task | Score | Score / Task | dev | test"


def test_a_page_may_have_many_elements_open(tmp_path: Path) -> None:
    started = time.process_time()
    assert len(read(tmp_path, "a.md", b"<div>" * 30_000 + b"a</p>" * 300).passages) == 300
    error = refusal(tmp_path, "a.html", b"<div>" * 60_000 + b"text")
    assert error.message == "the elements are nested 60000 deep; 10000 are read"
    assert len(read(tmp_path, "a.html", b"<p>a<br>" * 11_000).passages) == 11_000
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "<tr><th rowspan=2>Task<th colspan=2>Score<tr><th>dev<th>test"
            "<tr><td rowspan=3>mail<td>1<td>2<tr><td>3<td>4<tr><td colspan=2>none<tr><td>a<td>b",
            [
                (HEAD, "mail | 1 | 2"),
                (HEAD, "mail | 3 | 4"),
                (HEAD, "mail | none |"),
                (HEAD, "a | b"),
            ],
        ),
        (
            "<tr><td>a<td rowspan=0>b<td rowspan=2>c<tr><td>d<tr><td>e",
            [(None, "a | b | c"), (None, "d | b | c"), (None, "e | b")],
        ),
        ("<tr><td rowspan=x colspan=-1>a<td>b<tr><td>c", [(None, "a | b"), (None, "c")]),
        ("<tr><td>a<table><tr><td>b</table>c<td>d", [(None, "a"), (None, "b"), (None, "c")]),
    ],
)
def test_cells_that_span_rows_and_columns(
    table: str, rows: list[tuple[str | None, str]], tmp_path: Path
) -> None:
    passages = read(tmp_path, "a.html", f"<table>{table}</table>".encode()).passages
    assert [(row.header, row.shown) for row in passages][: len(rows)] == rows


def test_a_cell_may_not_span_a_page_full_of_text(tmp_path: Path) -> None:
    cell = b"<td rowspan=65534 colspan=1000>" + b"a" * 1000
    document = read(tmp_path, "a.html", b"<table><tr>" + cell * 99 + b"<tr><td>b" * 500)
    assert len(document.text) < 700_000


def test_running_heads_and_page_numbers(tmp_path: Path) -> None:
    pages = [f"Larch, for 5 GB\n\nTask {n * n}\nis\nmail.\n\n{n} of 4\n{n}" for n in range(1, 5)]
    passages = read(tmp_path, "a.pdf", pdf(*pages)).passages
    told = [(part.shown, part.boilerplate) for part in passages if part.heading == ("page 3",)]
    assert told == [
        ("Larch, for 5 GB", "page"),
        ("Task 9 is mail.", None),
        ("3 of 4", "page"),
        ("3", "page"),
    ]
    # What may be a fact stays where it is first said.
    first = [(part.shown, part.boilerplate) for part in passages if part.heading == ("page 1",)]
    assert [why for _, why in first] == [None, None, None, "page"]
    two = read(tmp_path, "a.pdf", pdf(*pages[:2])).passages
    assert {part.boilerplate for part in two} == {None}


@pytest.mark.parametrize(
    ("name", "library", "extra"),
    [
        ("page.html", "selectolax.lexbor", "html"),
        ("run.ipynb", "nbformat.reader", "notebooks"),
        ("paper.pdf", "pypdf", "pdf"),
        ("card.docx", "docx", "docx"),
    ],
)
def test_a_missing_extra_is_named(
    name: str, library: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    error = refusal(tmp_path, name, FILES[name][0])
    assert error.message == f"capdraft needs the extra [{extra}] to read {Path(name).suffix}"
    assert error.hint == f"pip install 'capdraft[{extra}]'"


def test_what_an_installation_cannot_read_is_not_called_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a reviewer without the extra would see every approval as stale."""
    document = read(tmp_path, "a.rst", b"Larch\n=====\n\n- one\n- two\n")
    assert [part.shown for part in document.passages] == ["one", "two"]
    reference = DocumentRef(
        id="d1",
        uri="a.rst",
        sha256=document.sha256,
        retrieved=document.retrieved,
        media_type=document.media_type,
        passages=2,
    )
    drafted: Any = Proposal
    proposal = drafted.model_construct(documents=(reference,))
    assert present_passages(Workspace(tmp_path), proposal) == {"a.rst": said_by(document)}
    monkeypatch.setitem(sys.modules, "capdraft.sources.directives", None)
    (tmp_path / "a.rst").write_bytes(b"Larch\n=====\n\n- one\n- three\n")
    assert present_passages(Workspace(tmp_path), proposal) == {"a.rst": None}


def bomb() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 100_000_001)
    return buffer.getvalue()


def substitutions() -> bytes:
    lines = [f".. |a{level}| replace:: " + f"|a{level + 1}| " * 10 for level in range(9)]
    return "\n".join([*lines, ".. |a9| replace:: x", "", "|a0|"]).encode()


def refusal(folder: Path, name: str, data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(folder, name, data)
    assert caught.value.where == f"docs/{name}"
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.pdf", b"%PDF-1.7\n\0", "this is no PDF that can be read: "),
        ("a.pdf", encrypted_pdf(), "this PDF is encrypted"),
        ("a.pdf", pdf(""), "this PDF has no text"),
        ("a.pdf", b"", "the file is empty"),
        ("a.docx", b"PK\3\4\0", "this is no Word document that can be read: "),
        ("a.docx", word()[:-300], "this is no Word document that can be read: "),
        ("a.docx", bomb(), "this file unpacks to 100 MB"),
        ("a.ipynb", b"{", "this is no notebook that can be read: "),
        ("a.ipynb", b'{"nbformat": 4}', "this is no notebook that can be read: "),
        ("a.ipynb", json.dumps({"nbformat": 4, "cells": [[]]}).encode(), "this is no notebook"),
        ("a.html", b"a\0b", "the file is binary"),
        ("a.html", b"<script>a</script>", "there is no text to cite"),
        ("a.rst", b"*a `b |c " * 2000, "the longest line has 18000 characters"),
        ("a.rst", substitutions(), "the substitutions hold 90 others"),
        ("a.rst", b"Larch\n=====\n", "there is no text to cite"),
    ],
    # What a file holds may hold the time: two processes would name the tests differently.
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_cannot_be_read(name: str, data: bytes, message: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, name, data).message.startswith(message)


def test_what_pypdf_works_around_is_not_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = pdf("Larch sorts.").replace(b"startxref\n", b"startxref\n9")
    assert read(tmp_path, "a.pdf", data).passages[0].shown == "Larch sorts."
    assert [record for record in caplog.records if record.levelno < logging.CRITICAL] == []
