"""Every passage of every format is an exact span of the document's text, in order."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capdraft.errors import SourceError
from capdraft.records import Document
from capdraft.sources import read_bytes, readable
from capdraft.text import clean

BLOB = "iVBORw0KGgo" * 20
LINES = [
    *["Larch *sorts* mail.", "- one", "  - two", "> said", "```", "# Head", "====", "   in", "::"],
    *[
        "| a | b |",
        "|-|-|",
        "| c | `d` |",
        "",
        "    code",
        ".. note:: mind",
        ".. tab-item:: T",
        "é 日本",
    ],
    *["<p>x<b>y", "<table><tr><td rowspan=2>a<td>b", "<tr><td>c", "</table>"],
    *["a\x07b\x1b[0m", "\ufeff\u2028z", "[More Information Needed]"],
    *[f"![a](data:image/png;base64,{BLOB})", BLOB, f"    {BLOB}"],
]
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"])
TEXTS = st.lists(st.tuples(st.sampled_from(LINES) | st.text(max_size=9), ENDS), max_size=12).map(
    lambda lines: "".join(line + end for line, end in lines)
)


def check_spans(document: Document) -> None:
    assert document.text == clean(document.text)
    for above, below in pairwise(document.passages):
        assert above.end <= below.start
        assert above.number + 1 == below.number
    for part in document.passages:
        quote = document.text[part.start : part.end]
        assert quote
        assert quote == quote.strip()
        assert readable(quote, part.kind, part.markup) == part.shown
        assert BLOB not in part.shown


@pytest.mark.parametrize("suffix", [".md", ".txt", ".html", ".rst"])
@given(text=TEXTS)
@example(text="a\r\n\r\n- b\r\n  c\rd\n")
@example(text=f"- {BLOB}\r\n\r\n    {BLOB}\r\n")
def test_text(suffix: str, text: str) -> None:
    data = text.encode("utf-8", "replace").replace(b"\0", b" ")
    try:
        document = read_bytes(data, f"a{suffix}", uri="a")
    except SourceError as error:
        assert error.message.startswith(("there is no text", "the file is empty", "the front"))  # noqa: PT017
        return
    check_spans(document)


@given(texts=st.lists(st.tuples(st.sampled_from(["markdown", "code", "raw"]), TEXTS), max_size=4))
def test_notebooks(texts: list[tuple[str, str]]) -> None:
    cells: list[dict[str, Any]] = [
        {"cell_type": kind, "metadata": {}, "source": text} for kind, text in texts
    ]
    picture = {"image/png": BLOB}
    for cell in cells:
        if cell["cell_type"] == "code":
            output = {"output_type": "display_data", "data": picture, "metadata": {}}
            cell |= {"outputs": [output], "execution_count": None}
        elif cell["cell_type"] == "markdown":
            cell["attachments"] = {"a.png": picture}
    cells.append({"cell_type": "raw", "metadata": {}, "source": "end"})
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    check_spans(read_bytes(json.dumps(notebook).encode(), "a.ipynb", uri="a"))
